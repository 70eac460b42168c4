"""A summary drafted from a transcript: key points, each linked to its second. Pure.

Its key points are sentences that were said, chosen and tidied; or those that a language model wrote, once
`ingest.writing` has checked them. It is a draft for a person to correct.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from ingest.chapters import Vectors
from ingest.writing import Point
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
_QUESTIONS, _NAMED = 4, 10
_LATE = 0.6  # share of the talk after which questions come from the audience
# A sentence that opens like this leans on the one before and cannot stand alone.
_LEANING = re.compile(
    r"(?:alors|après|ben|bref|ça|car|ce|c|cela|celui|celle|celles|ceux|cet|cette|ces|donc|elle|elles|enfin|ensuite|et|il|ils|là"
    r"|lui|mais|non|or|ou|oui|parce|puis|sinon|y|eux|leurs?|l'autre|les deux|le (?:premier|second|dernier)"
    r"|la (?:première|seconde|dernière)|avec (?:ses|ces|cette|ça)|dans (?:ce|ces|cet|cette)|l'(?:avantage|inconvénient|idée|erreur"
    r"|exemple)|le (?:reste|problème|but|principe|total)|la (?:différence|difficulté|réponse)|pour (?:ça|cela|elle|eux|lui)|chez nous)\b"
    r"|.*\b(?:ça (?:fait|donne|veut)|qu'(?:il|elle)s? (?:appelle|nomme))\b",
    re.IGNORECASE,
)
_DEFINES = re.compile(
    r", c['’]est (?:un|une|le|la|l['’]|ce|du|de)|\b(?:sert à|consiste à|signifie|permet d[e'’])", re.IGNORECASE
)
# Talk about the talk.
_TALKING = re.compile(
    r"\b(?:vous me dire|je (?:vous|m['’]appelle|lis|propose|crois|pense|reviens)|tout à l['’]heure|aujourd['’]hui,? (?:on|nous)|bonjour|merci"
    r"|on (?:me|nous) demande|imaginons|prenons|comptons|dans l['’]exemple)\b"
    # Advice for one case, and what somebody told of himself.
    r"|^(?:\w{3,}ez)\b|\b(?:j['’]ai|je|moi|notre|nos)\b"
    r"|\bquestion\b",
    re.IGNORECASE,
)
_FILLERS = re.compile(r"(?:^|(?<=[\s,]))(?:euh|heu|hein|ben|bah|hum)\b[ ,]*(?:…|\.\.\.)?\s*", re.IGNORECASE)
_OPENINGS = re.compile(r"^(?:(?:voilà|bon|bref|du coup|donc|alors|eh bien)\b[ ,]+)+", re.IGNORECASE)
_TWICE = re.compile(
    r"\b(l[ea]s?|une?|des?|du|à|et|que|qui|on|il|je|c'est|dans|pour|avec|vous|nous)\s+\1\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Reach:
    """How long something is, in hours of talk, and how a place in it is written and named in an address."""

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
    """Return Markdown: what to keep in mind, more key points, the audience's questions with answers, the terms named.

    Times are links (``#t=…``), other places as ``reach`` says. ``written`` are the key points where a model wrote them; else they are chosen among the
    sentences that stand alone.
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
    asked = list(_questions(sentences)) if reach.spoken else []
    if asked:
        pairs = (
            f"- **{_linked(tidy(question.text), question.start, reach)}** {markdown_text(tidy(answer.text))}"
            for question, answer in asked
        )
        blocks.append("## Questions de la salle\n\n" + "\n".join(pairs))
    named = list(_named(sentences, terms))
    if named:
        blocks.append(
            "## Termes et organisations\n\n" + ", ".join(_linked(name, at, reach) for name, at in named) + "."
        )
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


def tidy(text: str) -> str:
    """Return a sentence fit to read: without hesitations and words said twice, with French spaces. Its meaning stays."""
    text = _FILLERS.sub("", text)
    text = _OPENINGS.sub("", text)
    text = _TWICE.sub(r"\1", text)
    text = re.sub(r"\s+", " ", text).strip(" ,")
    text = re.sub(r" ?([;:!?»])(?=\s|$)", "\u00a0\\1", text)
    text = re.sub(r"« ?", "«\u00a0", text).replace("'", "’")
    return text[:1].upper() + text[1:]


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
    """Return the sentences that say most, in order, the best of each chapter first.

    By maximal marginal relevance (Carbonell and Goldstein, 1998) among those that stand alone.
    """
    able = [i for i, s in enumerate(sentences) if _stands_alone(s.text)] or list(range(len(sentences)))
    least, most = length
    chosen: list[int] = []

    def merit(i: int) -> float:
        return float(worth[i]) - 0.6 * max((float(vectors[i] @ vectors[j]) for j in chosen), default=0.0)

    def room(i: int) -> bool:
        said = sum(len(sentences[j].text.split()) for j in [*chosen, i])
        return not chosen or said <= most

    for chapter in chapters:
        inside = [i for i in able if chapter.start <= sentences[i].start < chapter.end and i not in chosen and room(i)]
        if inside:
            chosen.append(max(inside, key=merit))
    while sum(len(sentences[i].text.split()) for i in chosen) < least:
        left = [i for i in able if i not in chosen and room(i)]
        if not left:
            break
        chosen.append(max(left, key=merit))
    return sorted(chosen)


def _worths(sentences: Sequence[Sentence], vectors: Vectors, terms: Sequence[Term]) -> npt.NDArray[np.float32]:
    """Return how much each sentence says of its talk: nearness to the whole, terms, definitions."""
    own = np.array([_worth(sentence.text, terms) for sentence in sentences], dtype=np.float32)
    worths: npt.NDArray[np.float32] = vectors @ vectors.mean(axis=0) + own
    return worths


def _worth(text: str, terms: Sequence[Term]) -> float:
    """Return what a sentence gains, in cosine, by terms of the field and by telling what something is."""
    named = {name.term.term for _, _, name in occurrences(words_of(text), lexicon(tuple(terms)))}
    return 0.02 * min(3, len(named)) + 0.05 * bool(_DEFINES.search(text)) - 0.05 * bool(_TALKING.search(text))


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
