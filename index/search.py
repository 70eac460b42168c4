"""A question finds passages: by meaning, by words, both fused."""

from __future__ import annotations

import datetime as dt
import heapq
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from index.embedder import Reading
from index.links import place_url
from index.passages import Passage
from index.question import clean, language_of
from index.spelling import corrected
from index.store import Index
from index.synonyms import in_full
from index.tokens import nearness as nearness_of_tokens
from index.vectors import VectorsAway
from transcripts.glossary import glossary
from transcripts.model import Kind
from transcripts.phonetics import fold
from transcripts.resources import About

_POOL = 100  # passages taken from each search before they are fused
_WORDS = 0.4  # weight of the words beside the meaning
_TOKENS, _REORDERED = 1.0, 30  # weight of the tokens, and how many of the best are told apart by them
_CLEARLY = 1.2  # how much better the words of a suggestion must match
_SENTENCE = 0.7  # share of the nearest sentence in a passage's nearness

BY_WORDS = "Seuls les mots exacts sont cherchés en ce moment : la recherche par le sens revient dès que possible."

# What finds: both searches fused, as everybody gets it, or one alone, to compare.
By = Literal["fused", "words", "meaning"]
SEARCHES: tuple[By, ...] = get_args(By)


@dataclass(frozen=True, slots=True)
class Filters:
    """What results must be: of a theme, by a speaker or author, from ``since`` until ``until`` (included), of one kind."""

    theme: str | None = None
    speaker: str | None = None
    since: dt.date | None = None
    until: dt.date | None = None
    kind: Kind | None = None

    def accept(self, details: About) -> bool:
        """Say whether a masterclass or a study passes."""
        return (
            (not self.theme or details.theme == self.theme)
            and (not self.speaker or self.speaker.casefold() in (name.casefold() for name in details.speakers))
            and (not self.since or details.date >= self.since)
            and (not self.until or details.date <= self.until)
            and (not self.kind or details.kind == self.kind)
        )


EVERYTHING = Filters()


@dataclass(frozen=True, slots=True)
class Result:
    """A passage as it is shown; times in seconds. One element of ``results`` in the contract's JSON.

    ``score`` orders results, those with a phrase that the query has in quotes before all others.

    ``moment`` is when the sentence begins that is nearest to the query. In a study there are no seconds: ``start``,
    ``end`` and ``moment`` are None, and ``page``, from 1, is where that sentence begins. ``url`` plays or shows it.
    """

    slug: str
    title: str
    date: dt.date
    chapter: str | None
    start: float | None
    end: float | None
    text: str
    score: float
    moment: float | None = 0.0
    kind: Kind = "masterclass"
    page: int | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class SearchReply:
    """The contract's JSON of ``hub search``; ``suggestion`` is a query that finds clearly more, empty where none does.

    ``results`` are passages: two neighbours share up to half of their time. What is shown joins them, see `moments`.
    ``notice`` says in a sentence what could not be searched, empty where all was.
    """

    query: str
    took_ms: float
    results: tuple[Result, ...]
    suggestion: str = ""
    notice: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found, with what each search thought of it: cosine, BM25, and both fused.

    ``cosines`` compare the question with each sentence of the passage, in its place.
    """

    passage: Passage
    details: About
    cosine: float
    bm25: float
    fused: float
    cosines: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Scored:
    """What the stores know of a passage: cosines of the whole and of its sentences, BM25, and both fused."""

    id: str
    slug: str
    cosines: tuple[float, ...]
    words: float
    fused: float


def nearness(cosines: Sequence[float]) -> float:
    """Return how near a passage is in meaning: its nearest sentence's cosine, and a little of the whole's. Pure."""
    return _SENTENCE * max(cosines[1:]) + (1 - _SENTENCE) * cosines[0]


def z_sum(searches: Sequence[tuple[Mapping[str, float], float]]) -> dict[str, float]:
    """Fuse {id: score} of several searches, each with its weight, by the sum of z-scores.

    An id that a search did not return gets that search's lowest score: it is known to be no better.
    """
    fused = dict.fromkeys((place for scores, weight in searches if weight for place in scores), 0.0)
    for scores, weight in searches:
        if not scores or not weight:
            continue
        values = np.array(list(scores.values()))
        spread = float(values.std()) or 1.0
        least, mean = float(values.min()), float(values.mean())
        for place in fused:
            fused[place] += weight * (scores.get(place, least) - mean) / spread
    return fused


def merge_moments(hits: Iterable[Hit], limit: int | None = None) -> list[Hit]:
    """Keep the better of two passages that share most of their time: one result for one moment.

    ``hits`` are taken only until ``limit`` are kept.
    """
    kept: list[Hit] = []
    for hit in hits:
        if limit is not None and len(kept) == limit:
            break
        if not any(_shared(hit.passage, other.passage) > 0.5 for other in kept):
            kept.append(hit)
    return kept


def _shared(a: Passage, b: Passage) -> float:
    """Return the share of the shorter passage that lies in the other."""
    if a.slug != b.slug:
        return 0.0
    common = min(a.end, b.end) - max(a.start, b.start)
    return common / max(0.001, min(a.end - a.start, b.end - b.start))


def moments(results: Iterable[Result]) -> list[Result]:
    """Join passages that share sentences, so that none is shown twice: each moment in the place of its best passage. Pure."""
    kept: list[Result] = []
    for result in results:
        whole, place = result, len(kept)
        # It may join two that were apart; the best comes last, and says where the moment is and where it stands.
        for at in reversed(range(len(kept))):
            if both := _joined(kept[at], whole):
                whole, place = both, at
                del kept[at]
        kept.insert(place, whole)
    return kept


def _joined(one: Result, other: Result) -> Result | None:
    """Return the better of two passages, ``one``, with what the other adds; None where they share no sentence."""
    starts = [r.start for r in (one, other) if r.start is not None]
    ends = [r.end for r in (one, other) if r.end is not None]
    # What a talk or a study repeats elsewhere is not shared.
    near = max(starts) < min(ends) if starts else abs((one.page or 0) - (other.page or 0)) <= 1
    if one.slug != other.slug or not near:
        return None
    for first, then in ((one.text, other.text), (other.text, one.text)):
        ends_of_words = (at for at in range(len(then), 0, -1) if at == len(then) or then[at].isspace())
        shared = next((at for at in ends_of_words if first.endswith(then[:at])), 0)
        if shared or then in first:
            text = first + then[shared:] if shared else first
            return replace(one, text=text, start=min(starts, default=None), end=max(ends, default=None))
    return None


class Searcher:
    """Searches an open index."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._terms = glossary()
        self._threads = ThreadPoolExecutor(4, "words")

    def search(self, text: str, limit: int = 10, filters: Filters = EVERYTHING, by: By = "fused") -> SearchReply:
        """Return the best passages. Raises `BadInput` for a query without words."""
        began = time.perf_counter()
        query = clean(text)
        slugs = self._slugs(filters)
        suggestion = self._threads.submit(self._suggest, query, slugs)
        hits = merge_moments(self._looked_up(query, slugs, by), limit)
        results = tuple(result(hit) for hit in hits)
        better = suggestion.result()
        notice = BY_WORDS if by != "words" and self._index.vectors.away else ""
        return SearchReply(query, round((time.perf_counter() - began) * 1000, 1), results, better, notice)

    def hits(self, query: str, filters: Filters = EVERYTHING, by: By = "fused") -> list[Hit]:
        """Return every hit of a clean query, best first; each is what the library has published now."""
        return list(self._looked_up(query, self._slugs(filters), by))

    def _looked_up(self, query: str, slugs: Sequence[str] | None, by: By) -> Iterator[Hit]:
        if slugs is not None and not slugs:
            return
        talks: dict[str, dict[str, Passage]] = {}
        for found in self.scored(query, slugs, by):
            if found.slug not in talks:
                talks[found.slug] = self._index.passages(found.slug)
            passage = talks[found.slug].get(found.id)
            if passage:
                whole, *sentences = found.cosines or (0.0,)
                details = self._index.resources.details(found.slug)
                yield Hit(passage, details, whole, found.words, found.fused, tuple(sentences))

    def scored(self, query: str, slugs: Sequence[str] | None = None, by: By = "fused") -> list[Scored]:
        """Return what the stores find for a clean query, best first, whether the library still has it or not.

        Passages that hold a phrase in quotes come before all others, unless meaning alone is asked.
        """
        index = self._index
        # Neither search holds the interpreter while it works: both run at once.
        words = None if by == "meaning" else self._threads.submit(index.words.matching, query, _POOL, slugs)
        quoting = index.words.quoting(query, _POOL, slugs) if words else {}
        near: dict[str, tuple[str, float]] = {}
        cosines: dict[str, tuple[float, ...]] = {}
        if by != "words":
            asked = self._asked(query)
            vector = asked.vectors[0]
            with suppress(VectorsAway):  # what words find is still ranked by meaning
                near = index.vectors.near(vector, _POOL, slugs)
        matching = quoting | words.result() if words else {}
        slug_of = {place: slug for place, (slug, _) in (near | matching).items()}
        if by != "words":
            cosines = index.windows.cosines(vector, list(slug_of))
        scores = {place: score for place, (_, score) in matching.items()}
        nearest = sorted(((nearness(found), place) for place, found in cosines.items()), reverse=True)[:_POOL]
        searches = [({place: value for value, place in nearest}, 1.0), (scores, _WORDS)]
        fused = z_sum(searches)
        if by != "words":
            best = heapq.nlargest(_REORDERED, fused, key=lambda place: (fused[place], place))
            fused = z_sum([*searches, (nearness_of_tokens(asked.tokens, index.windows.tokens(best)), _TOKENS)])
        return [
            Scored(place, slug_of[place], cosines.get(place, ()), scores.get(place, 0.0), score)
            for place, score in sorted(fused.items(), key=lambda item: (item[0] not in quoting, -item[1], item[0]))
        ]

    def vector(self, query: str) -> npt.NDArray[np.float32]:
        """Return the unit vector of a clean query, as it is searched."""
        vector: npt.NDArray[np.float32] = self._asked(query).vectors[0]
        return vector

    def _asked(self, query: str) -> Reading:
        """Return what a query is read as, its terms by all their names: a term is near what is said of it by any."""
        return self._index.embedder.question(in_full(query, self._terms))

    def _suggest(self, query: str, slugs: Sequence[str] | None) -> str:
        """Return the query with its misspelt words put right, empty unless it then finds clearly more."""
        words = self._index.words
        better = corrected(query, lambda stem: words.frequency((stem,)) > 0, words.vocabulary)
        # Without its accents a word has another stem, and yet finds the same by meaning and by its letters.
        if fold(better) == fold(query) or language_of(query) != "fr":
            return ""
        found, most = (max((s for _, s in words.matching(q, 1, slugs).values()), default=0.0) for q in (query, better))
        return better if most > _CLEARLY * found else ""

    def _slugs(self, filters: Filters) -> list[str] | None:
        if filters == EVERYTHING:
            return None
        return [details.slug for details in self._index.resources.published() if filters.accept(details)]


def result(hit: Hit) -> Result:
    """Return a hit as it is shown."""
    passage = hit.passage
    best = max(range(len(hit.cosines)), key=hit.cosines.__getitem__, default=0)
    moment = passage.sentences[best].start
    spoken = hit.details.kind == "masterclass"
    return Result(
        slug=passage.slug,
        title=hit.details.title,
        date=hit.details.date,
        chapter=passage.chapter.title if passage.chapter else None,
        start=passage.start if spoken else None,
        end=passage.end if spoken else None,
        text=passage.text,
        score=round(hit.fused, 4),
        moment=moment if spoken else None,
        kind=hit.details.kind,
        page=None if spoken else int(moment),
        url=place_url(hit.details.kind, passage.slug, moment),
    )
