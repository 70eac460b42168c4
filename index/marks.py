"""What catches the eye in a result: the words that match, and results of one talk side by side. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from index.analysis import asked_stems, numbered, stems
from index.search import Result
from transcripts.phonetics import fold, sound

_WORD = re.compile(r"\w+")
_ALIKE = 0.8  # likeness of spellings from which a word counts as a misspelt one
_LONG = 5  # letters; shorter words are too like each other
_NEAR = 90.0  # seconds between results that are read together; those of a study are where they share a page


def marks(text: str, query: str) -> list[tuple[int, int]]:
    """Return where the words of a query stand in a text, as (begin, end); neighbours are one mark."""
    asked, spellings = _looked_for(query)
    found: list[tuple[int, int]] = []
    for begin, end, said, written in _runs(text):
        known = any(asked.intersection(_stems(word)) for word in written)
        if known or any(_misspelt(word, spellings) for word in said):
            if found and not text[found[-1][1] : begin].strip(" '’-"):
                begin = found.pop()[0]
            found.append((begin, end))
    return found


def named(texts: Iterable[str], query: str) -> bool:
    """Say whether a word of a query stands in any of the texts; of one that has no word to be marked nothing is denied."""
    return not any(_looked_for(query)) or any(marks(text, query) for text in texts)


def _looked_for(query: str) -> tuple[set[str], list[str]]:
    """Return the stems of a query, and its words that may be misspelt: a number is another one, not a misspelt one."""
    words = _WORD.findall(numbered(query))
    return set(asked_stems(query)), [word for word in words if len(word) >= _LONG and word.isalpha() and _stems(word)]


@lru_cache(maxsize=1_000)
def _runs(text: str) -> list[tuple[int, int, list[str], list[str]]]:
    """Return where each word of a text stands, as it is said and with its numbers in digits; a number of several words is one."""
    matches, found = list(_WORD.finditer(text)), []
    said, written = [match[0] for match in matches], _WORD.findall(numbered(text))
    for _, first, last, begin, end in SequenceMatcher(None, said, written, autojunk=False).get_opcodes():
        step = 1 if last - first == end - begin else max(1, last - first)
        for at in range(first, last, step):
            words = written[begin + at - first : begin + at - first + 1] if step == 1 else written[begin:end]
            found.append((matches[at].start(), matches[at + step - 1].end(), said[at : at + step], words))
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
