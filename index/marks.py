"""What catches the eye in a result: the words that match, and results of one talk side by side. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from index.analysis import asked_stems, stems
from index.search import Result
from transcripts.phonetics import fold, sound

_WORD = re.compile(r"\w+")
_ALIKE = 0.8  # likeness of spellings from which a word counts as a misspelt one
_LONG = 5  # letters; shorter words are too like each other
_NEAR = 90.0  # seconds between results that are read together; those of a study are where they share a page


def marks(text: str, query: str) -> list[tuple[int, int]]:
    """Return where the words of a query stand in a text, as (begin, end); neighbours are one mark."""
    asked = set(asked_stems(query))
    spellings = [word for word in _WORD.findall(query) if len(word) >= _LONG and _stems(word)]
    found: list[tuple[int, int]] = []
    for match in _WORD.finditer(text):
        if asked.intersection(_stems(match[0])) or _misspelt(match[0], spellings):
            begin, end = match.span()
            if found and not text[found[-1][1] : begin].strip(" '’-"):
                begin = found.pop()[0]
            found.append((begin, end))
    return found


@lru_cache(maxsize=20_000)
def _stems(word: str) -> tuple[str, ...]:
    return tuple(stems(word))


def _misspelt(word: str, spellings: Sequence[str]) -> bool:
    if len(word) < _LONG or not _stems(word):
        return False
    return any(
        sound(word) == sound(other) or Levenshtein.normalized_similarity(fold(word), fold(other)) >= _ALIKE
        for other in spellings
    )


def pieces(text: str, query: str) -> Iterator[tuple[str, bool]]:
    """Yield the parts of a text in order, each with whether it matches the query."""
    at = 0
    for begin, end in marks(text, query):
        if text[at:begin]:
            yield text[at:begin], False
        yield text[begin:end], True
        at = end
    if text[at:]:
        yield text[at:], False


def grouped(results: Sequence[Result]) -> list[list[Result]]:
    """Put results near each other in one talk together, in the order of the whole; the best group first."""
    groups: list[list[Result]] = []
    for result in results:
        for group in groups:
            if group[0].slug == result.slug and any(_near(r, result) for r in group):
                group.append(result)
                break
        else:
            groups.append([result])
    return [sorted(group, key=lambda r: (r.page or 0, r.start or 0.0)) for group in groups]


def _near(one: Result, other: Result) -> bool:
    if one.start is None or one.end is None or other.start is None or other.end is None:
        return one.page == other.page
    return one.start - _NEAR <= other.end and other.start <= one.end + _NEAR
