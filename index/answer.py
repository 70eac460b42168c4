"""A question is answered with sentences that speakers said, to the letter, or not at all."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from index.question import Language, clean, language_of
from index.search import Hit, Result, Searcher, merge_moments, result
from index.store import Index
from index.words import Term, terms
from transcripts.sentences import Sentence, content_words

_PASSAGES = 6  # the best hits are read for sentences
_MOST = 4  # quotes of an answer
_CLOSEST = 3  # passages shown when there is no answer
# A sentence that opens like this needs the one before it to be understood.
_LEANING = re.compile(
    r"(?:(?:et|mais|donc|alors|bon|voilà|oui|non|euh|du coup),? )*"
    r"(?:il|ils|elle|elles|ça|cela|ce|c'est|c’est|celui|celle|ceux|lui|leur|y)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Citation:
    """What a speaker said, to the letter, in the cues between ``start`` and ``end`` (seconds)."""

    n: int
    slug: str
    title: str
    speaker: str | None
    start: float
    end: float
    quote: str
    url: str


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of an answer and the numbers of the citations it rests on."""

    text: str
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """The contract's JSON of ``hub ask``. ``closest`` holds the nearest passages when there is no answer."""

    question: str
    answered: bool
    took_ms: float
    answer: tuple[Statement, ...] = ()
    citations: tuple[Citation, ...] = ()
    closest: tuple[Result, ...] = ()


def moment_url(slug: str, second: float) -> str:
    """Return the address of the page that plays a masterclass from a second on."""
    return f"/masterclass?m={slug}&t={second:g}"


@dataclass(frozen=True, slots=True)
class _Candidate:
    sentence: Sentence
    hit: Hit
    position: int  # in the passage
    cosine: float  # of the sentence and the question
    score: float


class ExtractiveAnswerer:
    """Answers from the sentences of the best passages."""

    def __init__(self, index: Index, searcher: Searcher) -> None:
        self._index = index
        self._searcher = searcher

    def ask(self, text: str) -> Answer:
        """Answer a question. Raises `BadInput` for a question without words."""
        began = time.perf_counter()
        question = clean(text)
        language = language_of(question)
        hits = merge_moments(self._searcher.hits(question, language=language))
        chosen: list[_Candidate] = []
        candidates = self._candidates(question, language, hits[:_PASSAGES])
        nearest = max((candidate.cosine for candidate in candidates), default=0.0)
        if supported(language, nearest, self._unknown(question)):
            chosen = choose(candidates)
        citations = tuple(
            Citation(
                n=n,
                slug=c.hit.passage.slug,
                title=c.hit.details.title,
                speaker=c.sentence.speaker or ", ".join(c.hit.details.speakers) or None,
                start=c.sentence.start,
                end=c.sentence.end,
                quote=c.sentence.text,
                url=moment_url(c.hit.passage.slug, c.sentence.start),
            )
            for n, c in enumerate(chosen, 1)
        )
        return Answer(
            question=question,
            answered=bool(citations),
            took_ms=round((time.perf_counter() - began) * 1000, 1),
            answer=tuple(Statement(c.quote, (c.n,)) for c in citations),
            citations=citations,
            closest=() if citations else tuple(result(hit) for hit in hits[:_CLOSEST]),
        )

    def _candidates(self, question: str, language: Language, hits: Sequence[Hit]) -> list[_Candidate]:
        """Score the whole sentences of the passages against the question."""
        places: dict[tuple[str, float, str], tuple[Sentence, Hit, int]] = {}
        for hit in hits:
            for position, sentence in enumerate(hit.passage.sentences):
                if _quotable(sentence.text):
                    places.setdefault((hit.passage.slug, sentence.start, sentence.text), (sentence, hit, position))
        found = list(places.values())
        if not found:
            return []
        cosines = self._index.embedder.passages([s.text for s, _, _ in found]) @ self._index.embedder.query(question)
        weights = self._weights(question) if language == "fr" else {}
        total = sum(weights.values()) or 1.0

        def overlap(text: str) -> float:
            return sum(weights.get(term, 0.0) for term in terms(content_words(text))) / total

        scores = (
            _z(cosines)
            + 0.8 * _z(np.array([overlap(sentence.text) for sentence, _, _ in found]))
            + 0.5 * _z(np.array([hit.fused for _, hit, _ in found]))
        )
        return [
            _Candidate(sentence, hit, at, float(cosine), float(score))
            for (sentence, hit, at), cosine, score in zip(found, cosines, scores, strict=True)
        ]

    def _unknown(self, question: str) -> float:
        """Return the share of the question's words, weighted by rarity, that no masterclass holds."""
        words = {term: weight for term, weight in self._weights(question).items() if len(term) == 1}
        unknown = sum(weight for term, weight in words.items() if not self._index.words.frequency(term))
        return unknown / (sum(words.values()) or 1.0)

    def _weights(self, question: str) -> dict[Term, float]:
        """Return how much each term of the question tells (inverse document frequency)."""
        count = self._index.words.count()
        return {
            term: float(np.log(1 + (count - df + 0.5) / (df + 0.5)))
            for term in terms(content_words(question))
            for df in [self._index.words.frequency(term)]
            if df or len(term) == 1
        }


def supported(language: Language, nearest: float, unknown: float) -> bool:
    """Decide whether the library answers at all. Pure.

    Args:
        language: of the question.
        nearest: cosine of the question and the sentence nearest to it.
        unknown: share of the question's words that nobody ever said, weighted by rarity; tells nothing of an English one.

    The bounds suit multilingual-e5-small (docs/decisions.md).
    """
    return nearest >= 0.785 if language == "en" else nearest - 0.05 * unknown >= 0.815


def choose(candidates: Sequence[_Candidate]) -> list[_Candidate]:
    """Choose two to four sentences, best first, then put them in an order that reads well. Pure."""
    ranked = sorted(candidates, key=lambda c: (-c.score, c.hit.passage.slug, c.sentence.start))
    if not ranked:
        return []
    chosen: list[_Candidate] = []
    for candidate in ranked:
        wanted = [candidate]
        if _LEANING.match(candidate.sentence.text):
            before = [c for c in candidates if c.hit is candidate.hit and c.position == candidate.position - 1]
            wanted = before + wanted
        new = [c for c in wanted if c not in chosen]
        good_enough = len(chosen) < 2 or candidate.score > 0.6 * ranked[0].score
        if good_enough and len(chosen) + len(new) <= _MOST:
            chosen += new
        if len(chosen) >= _MOST - 1:
            break
    # The best talk first, and inside a talk what was said first.
    talks = list(dict.fromkeys(c.hit.passage.slug for c in chosen))
    return sorted(chosen, key=lambda c: (talks.index(c.hit.passage.slug), c.sentence.start, c.position))


def frame(answer: Answer) -> str:
    """Return the sentence that introduces an answer, or says kindly that there is none, in the question's language."""
    english = language_of(answer.question) == "en"
    if answer.answered:
        return (
            "Here is what was said, in the speakers’ own words:"
            if english
            else "Voici ce qui a été dit, mot pour mot :"
        )
    if english:
        return "The library does not answer this question. These passages come closest:"
    return "La bibliothèque ne répond pas à cette question. Voici les passages les plus proches :"


def _quotable(text: str) -> bool:
    """Say whether a sentence can stand as a quote: whole, not a question, neither a scrap nor a speech."""
    return text.rstrip('»") ').endswith((".", "!", "…")) and 5 <= len(text.split()) <= 60


def _z(values: npt.NDArray[np.floating[Any]]) -> npt.NDArray[np.floating[Any]]:
    spread = float(values.std())
    return (values - values.mean()) / spread if spread else np.zeros(len(values))
