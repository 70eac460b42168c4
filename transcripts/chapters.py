"""Chapters as people change them: in order, each until the next, the last until the end of the talk. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from transcripts.errors import BadInput
from transcripts.formats import clean
from transcripts.model import Chapter

Chapters = tuple[Chapter, ...]


def added(chapters: Chapters, start: float, title: str, duration: float) -> Chapters:
    """Return chapters with one more, in a talk of ``duration`` seconds. Raises `BadInput`, as what follows does."""
    return _ordered([*chapters, Chapter(_free(chapters, start, duration), duration, _title(title))], duration)


def changed(chapters: Chapters, at: int, start: float, title: str, duration: float) -> Chapters:
    """Return chapters one of which begins elsewhere, or is called otherwise."""
    one, others = _parted(chapters, at)
    if start != one.start:
        start = _free(others, start, duration)
    return _ordered([*others, replace(one, start=start, title=_title(title))], duration)


def without(chapters: Chapters, at: int, duration: float) -> Chapters:
    """Return chapters without one of them."""
    return _ordered(_parted(chapters, at)[1], duration)


def _parted(chapters: Chapters, at: int) -> tuple[Chapter, Chapters]:
    if not 0 <= at < len(chapters):
        raise BadInput("Ce chapitre n’existe plus : rien n’a changé ; rechargez la page.")
    return chapters[at], (*chapters[:at], *chapters[at + 1 :])


def _free(others: Chapters, start: float, duration: float) -> float:
    """Return where a chapter can begin. Others may stand beyond the end, as after a shorter recording came: they go or move one by one."""
    start = round(start, 3)
    if not 0 <= start < max(duration, 1.0):
        raise BadInput("Ce moment n’existe pas dans l’enregistrement : rien n’a changé.")
    if any(other.start == start for other in others):
        raise BadInput("Un chapitre commence déjà là : rien n’a changé.")
    return start


def _title(text: str) -> str:
    title = clean(text)
    if not title:
        raise BadInput("Un chapitre a besoin d’un titre : rien n’a changé.")
    return title[:300]


def _ordered(chapters: Sequence[Chapter], duration: float) -> Chapters:
    ordered = sorted(chapters, key=lambda chapter: chapter.start)
    ends = [*(chapter.start for chapter in ordered), max(duration, 1.0)][1:]
    return tuple(
        replace(chapter, end=end) if end > chapter.start else chapter
        for chapter, end in zip(ordered, ends, strict=True)
    )
