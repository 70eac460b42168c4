"""A summary drafted from a transcript: sentences that were said, chosen and tidied, each linked to its second. Pure.

Extractive: nothing is written that nobody said. It is a draft for a person to correct.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from ingest.chapters import Vectors
from ingest.matching import lexicon, occurrences, words_of
from transcripts.formats import markdown_text
from transcripts.glossary import Term
from transcripts.model import Chapter, clock
from transcripts.sentences import Sentence

_WORDS = 150  # of key points in a talk of an hour
_LEAST = 60  # words of key points in a short one
_QUESTIONS, _NAMED = 4, 10
_LATE = 0.6  # share of the talk after which questions come from the audience
# A sentence that opens like this leans on the one before and cannot stand alone.
_LEANING = re.compile(
    r"(?:alors|après|ben|bref|ça|car|ce|c|cela|celui|celle|celles|ceux|cet|cette|ces|donc|elle|elles|enfin|ensuite|et|il|ils|là"
    r"|lui|mais|non|or|ou|oui|parce|puis|sinon|y|eux|leurs?|l'autre|les deux|le (?:premier|second|dernier)"
    r"|la (?:première|seconde|dernière))\b",
    re.IGNORECASE,
)
_DEFINES = re.compile(
    r", c['’]est (?:un|une|le|la|l['’]|ce|du|de)|\b(?:sert à|consiste à|signifie|permet d[e'’])", re.IGNORECASE
)
# Talk about the talk.
_TALKING = re.compile(
    r"\b(?:vous me dire|je (?:vous|m['’]appelle|lis|propose|crois|pense|reviens)|tout à l['’]heure|aujourd['’]hui,? (?:on|nous)|bonjour|merci)\b"
    r"|\bquestion\b",
    re.IGNORECASE,
)
_FILLERS = re.compile(r"(?:^|(?<=[\s,]))(?:euh|heu|hein|ben|bah|hum)\b[ ,]*(?:…|\.\.\.)?\s*", re.IGNORECASE)
_OPENINGS = re.compile(r"^(?:(?:voilà|bon|bref|du coup|donc|alors|eh bien)\b[ ,]+)+", re.IGNORECASE)
_TWICE = re.compile(
    r"\b(l[ea]s?|une?|des?|du|à|et|que|qui|on|il|je|c'est|dans|pour|avec|vous|nous)\s+\1\b", re.IGNORECASE
)


def draft_summary(
    sentences: Sequence[Sentence], vectors: Vectors, chapters: Sequence[Chapter], terms: Sequence[Term] = ()
) -> str:
    """Return Markdown: key points, the audience's questions with what was answered, the terms that were named.

    Key points by maximal marginal relevance (Carbonell and Goldstein, 1998) among sentences that stand alone, one in each
    chapter first; times are links (``#t=…``).
    """
    chosen = _key_points(sentences, vectors, chapters, terms)
    if not chosen:
        return ""
    blocks = ["\n".join(f"- {_linked(tidy(sentences[i].text), sentences[i].start)}" for i in chosen)]
    asked = list(_questions(sentences))
    if asked:
        pairs = (
            f"- **{_linked(tidy(question.text), question.start)}** {markdown_text(tidy(answer.text))}"
            for question, answer in asked
        )
        blocks.append("## Questions de la salle\n\n" + "\n".join(pairs))
    named = list(_named(sentences, terms))
    if named:
        blocks.append("## Termes et organisations\n\n" + ", ".join(_linked(name, at) for name, at in named) + ".")
    return "\n\n".join(blocks)


def tidy(text: str) -> str:
    """Return a sentence fit to read: without hesitations and words said twice, with French spaces. Its meaning stays."""
    text = _FILLERS.sub("", text)
    text = _OPENINGS.sub("", text)
    text = _TWICE.sub(r"\1", text)
    text = re.sub(r"\s+", " ", text).strip(" ,")
    text = re.sub(r" ?([;:!?»])(?=\s|$)", "\u00a0\\1", text)
    text = re.sub(r"« ?", "«\u00a0", text).replace("'", "’")
    return text[:1].upper() + text[1:]


def _linked(text: str, second: float) -> str:
    return f"{markdown_text(text)} ([{clock(second)}](#t={int(second)}))"


def _key_points(
    sentences: Sequence[Sentence], vectors: Vectors, chapters: Sequence[Chapter], terms: Sequence[Term]
) -> list[int]:
    """Return the sentences that say most, in order."""
    able = [i for i, s in enumerate(sentences) if _stands_alone(s.text)] or list(range(len(sentences)))
    if not able:
        return []
    centre = vectors.mean(axis=0)
    relevance = vectors @ centre + np.array([_worth(sentence.text, terms) for sentence in sentences])
    minutes = (sentences[-1].end - sentences[0].start) / 60
    words = _LEAST + (_WORDS - _LEAST) * min(1.0, minutes / 60)
    chosen: list[int] = []

    def merit(i: int) -> float:
        return float(relevance[i]) - 0.6 * max((float(vectors[i] @ vectors[j]) for j in chosen), default=0.0)

    for chapter in chapters:
        inside = [i for i in able if chapter.start <= sentences[i].start < chapter.end and i not in chosen]
        if inside:
            chosen.append(max(inside, key=merit))
    while sum(len(sentences[i].text.split()) for i in chosen) < words and len(chosen) < len(able):
        chosen.append(max((i for i in able if i not in chosen), key=merit))
    return sorted(chosen)


def _worth(text: str, terms: Sequence[Term]) -> float:
    """Return what a sentence gains, in cosine, by terms of the field and by telling what something is."""
    named = {name.term.term for _, _, name in occurrences(words_of(text), lexicon(tuple(terms)))}
    return 0.02 * min(3, len(named)) + 0.03 * bool(_DEFINES.search(text)) - 0.05 * bool(_TALKING.search(text))


def _stands_alone(text: str) -> bool:
    tidied = tidy(text).replace("’", "'")
    return 8 <= len(tidied.split()) <= 32 and not _LEANING.match(tidied) and tidied.endswith(".")


def _questions(sentences: Sequence[Sentence]) -> Iterator[tuple[Sentence, Sentence]]:
    """Yield what was asked late in the talk, with the first sentence of the answer."""
    late = sentences[0].start + _LATE * (sentences[-1].end - sentences[0].start)
    found = 0
    for question, answer in pairwise(sentences):
        asked = question.start >= late and question.text.endswith("?") and 6 <= len(question.text.split()) <= 30
        if asked and not answer.text.endswith("?") and len(answer.text.split()) >= 5 and found < _QUESTIONS:
            found += 1
            yield question, answer


def _named(sentences: Sequence[Sentence], terms: Sequence[Term]) -> Iterator[tuple[str, float]]:
    """Yield the terms of the field with the second at which they were first said, the most frequent ones."""
    said: dict[str, list[float]] = {}
    known = lexicon(tuple(terms))
    for sentence in sentences:
        for _, _, name in occurrences(words_of(sentence.text), known):
            said.setdefault(name.term.term, []).append(sentence.start)
    often = sorted(said, key=lambda term: (-len(said[term]), said[term][0]))[:_NAMED]
    yield from sorted(((term, said[term][0]) for term in often), key=lambda pair: pair[1])
