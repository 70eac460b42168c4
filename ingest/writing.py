"""Key points written by a language model, of which only those that the transcript bears out are kept.

The model sees numbered lines of the transcript and answers with sentences that name theirs. What it answers is never
believed: `transcripts.support` compares each sentence with its lines. So what a transcript may tell the model to do, and
whatever the model does, decides only how many sentences are left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ingest.chapters import Embed
from transcripts.cited import ask_for, cited_sentences, orders
from transcripts.glossary import Term
from transcripts.model import Chapter
from transcripts.sentences import Sentence
from transcripts.support import Support

# Words of transcript that the model sees at once, so that a modest context holds them with its answer; from the half
# on, a part ends where a chapter does.
_PART = 1200
# Words of transcript for which one sentence is asked, about twice as many as will be shown.
_EACH = 300
_ASK = "Écris {count} phrases qui disent l’essentiel de cette partie à qui n’y était pas."
_EXAMPLE = "3,4: Première phrase du résumé.\n7: Deuxième phrase du résumé."


@dataclass(frozen=True, slots=True)
class Writer:
    """A language model: its name, and how it answers a prompt. ``write`` raises `Unavailable`.

    ``embed`` turns sentences into the unit vectors by which what it writes is compared with what was said.
    """

    name: str
    write: Callable[[str], str]
    embed: Embed


@dataclass(frozen=True, slots=True)
class Point:
    """A sentence of a summary, and the index of the first line that it rests on."""

    text: str
    line: int


def write_points(
    said: Sequence[Sentence], chapters: Sequence[Chapter], terms: Sequence[Term], writer: Writer
) -> list[Point]:
    """Return what a model writes of a talk and the talk bears out, in order, no line twice.

    Raises `Unavailable` when the model gives no answer.
    """
    support = Support(said, writer.embed([sentence.text for sentence in said]), terms)
    points: dict[int, Point] = {}
    for part in _parts(said, chapters):
        shown = [i for i in part if not orders(said[i].text)]
        if not shown:
            continue
        words = sum(len(said[i].text.split()) for i in shown)
        prompt = ask_for(
            "Voici une partie de la transcription d’une conférence",
            ((i, said[i].text) for i in shown),
            _ASK.format(count=max(2, round(words / _EACH))),
            purpose=" à résumer",
            example=_EXAMPLE,
        )
        answers = list(cited_sentences(writer.write(prompt)))
        if not answers:
            continue
        for (cited, text), vector in zip(answers, writer.embed([text for _, text in answers]), strict=True):
            fault, places = support.placed(text, cited, vector)
            if fault is None and set(places) <= set(shown):
                points.setdefault(min(places), Point(text, min(places)))
    return [points[line] for line in sorted(points)]


def _parts(said: Sequence[Sentence], chapters: Sequence[Chapter]) -> Iterator[range]:
    starts = [chapter.start for chapter in chapters]
    begin = words = 0
    for i, sentence in enumerate(said):
        length = len(sentence.text.split())
        opens = i > 0 and any(said[i - 1].start < start <= sentence.start for start in starts)
        if i > begin and (words + length > _PART or (opens and words >= _PART / 2)):
            yield range(begin, i)
            begin, words = i, 0
        words += length
    if begin < len(said):
        yield range(begin, len(said))
