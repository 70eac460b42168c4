"""An answer written by a language model, of which only the sentences stay that their quotes bear out.

The model is given numbered sentences of the talks and answers with sentences that name theirs. As with summaries, what
it says is never believed: `transcripts.support` compares each sentence with its quotes. An English sentence comes with
the French one it translates: the French is compared with the quotes, the English with the French.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from rapidfuzz.fuzz import token_sort_ratio

from index.answer import Draft, Quote, Tell
from index.embedder import Vectors
from index.question import Language
from transcripts.cited import ask_for, cited_lines, orders
from transcripts.errors import Unavailable
from transcripts.glossary import Term
from transcripts.study import read_out
from transcripts.support import Support
from transcripts.translation import differs

# Words of an answer: fewer are too little to stand for the quotes, more are cut at a sentence.
_LEAST, _MOST = 60, 150
_LINES = 40  # sentences shown to the model
_SAME = 85  # likeness (0 to 100) from which a sentence repeats another
_REST = 60.0  # seconds for which a model that failed is not asked: nobody waits for it again and again
_ASK = """\
Un membre d’une association demande :

<question>
{question}
</question>

Réponds à cette question en trois à six phrases, 60 à 150 mots en tout, avec ce que disent ces lignes."""
_NOTHING = ", et rien du tout si les lignes ne répondent pas à la question"
_TRANSLATED: dict[Language, str] = {"fr": "", "en": ", et finit par « || » et sa traduction fidèle en anglais"}
_EXAMPLE: dict[Language, str] = {
    "fr": "3,4: Première phrase de la réponse.\n7: Deuxième phrase de la réponse.",
    "en": "3,4: Première phrase de la réponse. || First sentence of the answer.\n"
    "7: Deuxième phrase de la réponse. || Second sentence of the answer.",
}

_log = logging.getLogger(__name__)


class Written:
    """A language model as an `index.answer.Answerer`.

    Args:
        name: of the model.
        stream: yields the model's answer to a prompt in pieces; raises `Unavailable`, also halfway.
        embed: returns the unit vectors of sentences.
        terms: the terms of the field.
    """

    def __init__(
        self,
        name: str,
        stream: Callable[[str], Iterator[str]],
        embed: Callable[[Sequence[str]], Vectors],
        terms: Sequence[Term],
    ) -> None:
        self.name = name
        self._stream, self._embed, self._terms = stream, embed, terms
        self._rests_until = 0.0

    def draft(
        self, question: str, language: Language, chosen: Sequence[Quote], around: Sequence[Quote], tell: Tell
    ) -> Sequence[Draft]:
        """See `index.answer.Answerer`."""
        lines = [q for q in around if not q.sentence.is_header and not orders(read_out(q.sentence))][:_LINES]
        if not lines or time.monotonic() < self._rests_until:
            return ()
        prompt = ask_for(
            "Voici des phrases que des intervenants ont dites",
            ((n, read_out(quote.sentence)) for n, quote in enumerate(lines)),
            _ASK.format(question=question),
            alone="à la suite des autres",
            nothing=_NOTHING,
            translated=_TRANSLATED[language],
            example=_EXAMPLE[language],
        )
        drafts = []
        for draft in self._borne_out(lines, self._read(prompt), language):
            drafts.append(draft)
            tell(draft.text)
        answers = any(best.holds(quote) for draft in drafts for quote in draft.quotes for best in chosen)
        return drafts if answers and sum(len(d.text.split()) for d in drafts) >= _LEAST else ()

    def _read(self, prompt: str) -> Iterator[str]:
        """Yield the lines that the model says, as they come, each with its line end but the last."""
        said = ""
        try:
            for piece in self._stream(prompt):
                *whole, said = (said + piece).split("\n")
                yield from (f"{line}\n" for line in whole)
        except Unavailable as error:
            self._rests_until = time.monotonic() + _REST
            _log.warning("%s", error)
        yield said

    def _borne_out(self, lines: Sequence[Quote], answer: Iterator[str], language: Language) -> Iterator[Draft]:
        """Yield the sentences that their quotes bear out, up to a good length, none twice."""
        support: Support | None = None
        kept: list[str] = []
        for cited, written in cited_lines(answer):
            if support is None:
                said = [replace(q.sentence, text=read_out(q.sentence)) for q in lines]
                support = Support(said, self._embed([s.text for s in said]), self._terms)
            french, bars, english = (part.strip() for part in written.partition("||"))
            text = english or french
            fault, places = self._placed(support, cited, french, english)
            if bool(bars) != (language == "en"):
                fault = "language"
            if fault is None and len({lines[i].details.slug for i in places}) > 1:
                fault = "talks"
            if fault is None and any(token_sort_ratio(text, earlier) >= _SAME for earlier in kept):
                fault = "repeated"
            if fault is None and sum(len(t.split()) for t in (*kept, text)) > _MOST:
                fault = "length"
            if fault:
                _log.debug("%s: %s", fault, written)
                continue
            kept.append(text)
            yield Draft(text, tuple(lines[i] for i in places))

    def _placed(
        self, support: Support, cited: Sequence[int], french: str, english: str
    ) -> tuple[str | None, Sequence[int]]:
        """Return what is wrong with a sentence or its translation, and the lines that bear it out."""
        vector, *other = self._embed([french, english] if english else [french])
        fault, places = support.placed(french, cited, vector)
        if fault or not other:
            return fault, places
        difference = differs(english, french, float(vector @ other[0]), self._terms)
        return difference and f"translation, {difference}", places
