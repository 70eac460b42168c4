"""What people wrote in a survey, found by meaning and put in themes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from app.statistics import Asked
from app.wanted import Vectors, group
from transcripts.disclosure import K, rounded
from transcripts.glossary import Term

_SURVEYS = 4  # surveys whose texts are held as vectors
_COMPARED = 2000  # texts put in themes, the most frequent: what is compared grows with their square
_EXAMPLES = 3  # texts shown for a theme


@dataclass(frozen=True, slots=True)
class Theme:
    """Free texts of one meaning: what they are about, about how many there are, some of them."""

    about: str
    count: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Known:
    """The distinct texts of a survey with their vectors, and their themes."""

    texts: list[str]
    vectors: Vectors
    themes: list[Theme]


class Opinions:
    """What people wrote, by meaning. Texts are read in a thread of their own: a page asks again, and is never held up."""

    def __init__(
        self,
        embed: Callable[[Sequence[str]], Vectors],
        query: Callable[[str], Vectors],
        terms: Callable[[], Sequence[Term]],
    ) -> None:
        self._embed, self._query, self._terms = embed, query, terms
        self._thread = ThreadPoolExecutor(1, "opinions")
        self._known: dict[tuple[str, ...], Future[_Known]] = {}

    def find(self, texts: tuple[str, ...], query: str, limit: int) -> list[str] | None:
        """Return the texts nearest in meaning, None while they are being prepared."""
        read = self._ready(texts)
        if read is None:
            return None
        nearest = np.argsort(-(read.vectors @ self._query(query)))[:limit]
        return [read.texts[place] for place in nearest]

    def themes(self, texts: tuple[str, ...]) -> list[Theme] | None:
        """Return the texts in themes, the most frequent first; what fewer than `K` people wrote is in none."""
        read = self._ready(texts)
        return None if read is None else read.themes

    def _ready(self, texts: tuple[str, ...]) -> _Known | None:
        made = self._known.get(texts)
        if made is None:
            for oldest in list(self._known)[: 1 - _SURVEYS]:
                self._known.pop(oldest, None)
            self._known[texts] = made = self._thread.submit(self._made, texts)
        if made.done() and made.exception():
            self._known.pop(texts, None)  # whoever asks next tries again
        return made.result() if made.done() else None

    def _made(self, texts: tuple[str, ...]) -> _Known:
        times = Counter(texts)
        distinct = sorted(times)
        vectors = self._embed(distinct)
        often = sorted(range(len(distinct)), key=lambda place: -times[distinct[place]])[:_COMPARED]
        asked = [Asked(distinct[place], times[distinct[place]], True, 0, 0) for place in often]
        themes = [
            Theme(wish.about, rounded(wish.count), tuple(each.question for each in wish.questions[:_EXAMPLES]))
            for wish in group(asked, vectors[often], self._terms())
            if wish.count >= K
        ]
        return _Known(distinct, vectors, themes)
