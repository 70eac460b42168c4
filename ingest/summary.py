"""A summary drafted from a transcript: key points, each linked to its second. Pure.

Its key points are sentences that were said, chosen and tidied; or those that a language model wrote, once
`ingest.writing` has checked them. It is a draft for a person to correct.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
import numpy.typing as npt

from ingest.chapters import Vectors
from ingest.mentions import named, questions, telling_figures
from ingest.quotes import about_the_talk, punctuated, stands_alone, tidy
from ingest.writing import Point
from transcripts.figures import figures
from transcripts.formats import markdown_text
from transcripts.glossary import Term
from transcripts.matching import lexicon, occurrences, words_of
from transcripts.model import Chapter, clock
from transcripts.sentences import Sentence

# Words of key points, at least and at most: in a very short talk, and in one of an hour.
_SHORT, _HOUR = (60, 100), (150, 250)
# Of a talk's words, the share that a summary has at most.
_SHARE = 0.3
_FIRST = 3  # key points that stand first, by themselves
# What being like the rest of the talk is worth, by standard deviation, and what being like a chosen sentence costs, by cosine.
_CENTRAL, _ALIKE = 0.6, 0.3
_ROWS = 1000  # sentences compared with all at once
_AMOUNT = 100  # euros from which a sum is mostly that of an example
# Whoever is meant, the sentence before said.
_PERSONS = re.compile(r"\b(?:vous|votre|vos|elles?|ils?|leurs?)\b", re.IGNORECASE)
_QUESTIONS, _FIGURES, _NAMED = 6, 5, 10
_DEFINES = re.compile(
    r", c['’]est (?:un|une|le|la|l['’]|ce|du|de)|\b(?:sert à|consiste à|signifie|permet d[e'’])", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Reach:
    """How long something is, in hours of talk, and how a place in it is written and named in an address.

    Only in what is ``spoken`` does an audience ask.
    """

    hours: float
    place: Callable[[float], tuple[str, str]]
    spoken: bool = False


def _heard(sentences: Sequence[Sentence]) -> Reach:
    hours = (sentences[-1].end - sentences[0].start) / 3600 if sentences else 0.0
    return Reach(hours, lambda second: (clock(second), f"t={int(second)}"), spoken=True)


def draft_summary(
    sentences: Sequence[Sentence],
    vectors: Vectors,
    chapters: Sequence[Chapter],
    terms: Sequence[Term] = (),
    written: Sequence[Point] | None = None,
    reach: Reach | None = None,
) -> str:
    """Return Markdown: what to keep in mind, more key points, the audience's questions with answers where it is spoken, the
    figures that hold in general, the organisations and terms named.

    Times are links (``#t=…``), other places as ``reach`` says. ``written`` are the key points where a model wrote them; else
    they are chosen among the sentences that stand alone.
    """
    if not sentences:
        return ""
    reach = reach or _heard(sentences)
    worth = _worths(sentences, vectors, terms)
    length = _length(sentences, reach.hours)
    chosen = _key_points(sentences, vectors, chapters, worth, length)
    points = written or [Point(tidy(sentences[i].text), i) for i in chosen]
    first = sorted(sorted(points, key=lambda point: -worth[point.line])[:_FIRST], key=lambda point: point.line)
    rest = [point for point in points if point not in first]
    blocks = [
        f"## {title}\n\n" + "\n".join(f"- {_linked(point.text, sentences[point.line].start, reach)}" for point in some)
        for title, some in (("À retenir", first), ("Points clés", rest))
        if some
    ]
    asked = islice(questions(sentences), _QUESTIONS) if reach.spoken else ()
    answered = [f"- **{_linked(question, at, reach)}** {markdown_text(answer)}" for at, question, answer in asked]
    known = {point.line for point in points}
    told = sorted((i for i in telling_figures(sentences) if i not in known), key=lambda i: -worth[i])[:_FIGURES]
    amounts = [f"- {_linked(tidy(sentences[i].text), sentences[i].start, reach)}" for i in sorted(told)]
    blocks += [
        f"## {title}\n\n" + "\n".join(some)
        for title, some in (("Questions de la salle", answered), ("Chiffres", amounts))
        if some
    ]
    blocks += [
        f"## {title}\n\n" + ", ".join(_linked(name, at, reach) for name, at in some) + "."
        for title, some in zip(("Organisations", "Termes"), named(sentences, terms, _NAMED), strict=True)
        if some
    ]
    return "\n\n".join(blocks)


def choose(
    points: Sequence[Point], sentences: Sequence[Sentence], vectors: Vectors, terms: Sequence[Term] = ()
) -> list[Point]:
    """Return the key points that fit in a summary, the worthiest when there are too many; none when there are too few."""
    least, most = _length(sentences, _heard(sentences).hours)
    worth = _worths(sentences, vectors, terms)
    chosen: list[Point] = []
    for point in sorted(points, key=lambda point: -worth[point.line]):
        if _count([*chosen, point]) <= most:
            chosen.append(point)
    return sorted(chosen, key=lambda point: point.line) if _count(chosen) >= least else []


def _count(points: Sequence[Point]) -> int:
    return sum(len(point.text.split()) for point in points)


def _length(sentences: Sequence[Sentence], hours: float) -> tuple[int, int]:
    """Return the least and the most words that the key points should have of what takes so many hours."""
    hours = min(1.0, hours)
    said = int(_SHARE * sum(len(s.text.split()) for s in sentences))
    least, most = (int(short + (long - short) * hours) for short, long in zip(_SHORT, _HOUR, strict=True))
    return min(least, said), max(min(most, said), 1)


def _linked(text: str, place: float, reach: Reach) -> str:
    written, address = reach.place(place)
    return f"{markdown_text(text)} ([{written}](#{address}))"


def _key_points(
    sentences: Sequence[Sentence],
    vectors: Vectors,
    chapters: Sequence[Chapter],
    worth: npt.NDArray[np.float32],
    length: tuple[int, int],
) -> list[int]:
    """Return the sentences that say most, in order: one of each chapter, the best ones first, then others.

    By maximal marginal relevance (Carbonell and Goldstein, 1998) among those that stand alone.
    """
    able = [i for i, s in enumerate(sentences) if stands_alone(s.text)]
    if not able and punctuated(s.text for s in sentences):  # else whatever is taken would be half a sentence
        able = list(range(len(sentences)))
    least, most = length
    own = _apart(vectors)
    chapter = {i: sum(chapter.start <= sentences[i].start for chapter in chapters) for i in able}
    words = {i: len(tidy(sentences[i].text).split()) for i in able}
    chosen: list[int] = []

    def merit(i: int) -> float:
        return float(worth[i]) - _ALIKE * max((float(own[i] @ own[j]) for j in chosen), default=0.0)

    while (said := sum(words[i] for i in chosen)) < least:
        left = [i for i in able if i not in chosen and (said + words[i] <= most or not chosen)]
        told = {chapter[i] for i in chosen}
        left = [i for i in left if chapter[i] not in told] or left
        if not left:
            break
        chosen.append(max(left, key=merit))
    return sorted(chosen)


def _worths(sentences: Sequence[Sentence], vectors: Vectors, terms: Sequence[Term]) -> npt.NDArray[np.float32]:
    """Return how much each sentence says of its talk: how much is like it, and what it has of its own."""
    own = _apart(vectors)
    like = np.concatenate(
        [np.maximum(own[at : at + _ROWS] @ own.T, 0).mean(axis=1) for at in range(0, len(own), _ROWS)]
    )
    worths: npt.NDArray[np.float32] = _CENTRAL * (like - like.mean()) / (like.std() + 1e-9)
    return worths + np.array([_worth(sentence.text, terms) for sentence in sentences], dtype=np.float32)


def _apart(vectors: Vectors) -> Vectors:
    """Return unit vectors of how sentences differ from the talk as a whole: all of one talk are alike."""
    apart = vectors - vectors.mean(axis=0)
    unit: Vectors = apart / (np.linalg.norm(apart, axis=1, keepdims=True) + 1e-9)
    return unit


def _worth(text: str, terms: Sequence[Term]) -> float:
    """Return what a sentence gains by terms of the field, by telling what something is and by its length, and loses by speaking
    of somebody, of an example or of the talk.
    """
    tokens, known = words_of(text), lexicon(tuple(terms))
    named = {name.term.term for _, _, name in occurrences(tokens, known)}
    somebody = any(token.text[0].isupper() and token.folded not in known.written for token in tokens[1:])
    example = any(figure.unit == "€" and figure.value >= _AMOUNT for figure in figures(text))
    gained = 0.2 * min(3, len(named)) + 0.2 * bool(_DEFINES.search(text)) + 0.3 * min(1.0, len(tokens) / 25)
    return gained - 0.3 * somebody - 0.4 * example - 0.2 * bool(_PERSONS.search(text)) - about_the_talk(text)
