"""Running heads and page numbers, told from the text by coming back page after page at the same place. Pure."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from ingest.documents.lines import Line

_EDGE = 0.13  # share of a page's height, at its top and bottom, where they stand
_DIGITS = re.compile(r"\d+")
_NUMBER = re.compile(
    r"(?:page\s*)?[-–—|]?\s*(\d{1,4}|[ivxlc]{1,7})\s*[-–—|]?(?:\s*(?:/|sur|of|de)\s*\d{1,4})?", re.IGNORECASE
)
_MARKED = re.compile(r"\d{1,3}\s*[^\W\d]|[*†]")
_SLACK = 4.0  # points
_APART = 0.8  # of the size of type, between a running head and the text


def without_margins(pages: Sequence[Sequence[Line]], heights: Sequence[float]) -> list[list[Line]]:
    """Return the lines of each page without what is no part of the text; ``heights`` of the pages in points."""
    seen: Counter[tuple[str, int, bool]] = Counter()
    places: Counter[tuple[int, bool]] = Counter()
    numbers: dict[int, set[int]] = defaultdict(set)  # page number minus place in the document: the same all along
    edges = [list(_edges(lines, height)) for lines, height in zip(pages, heights, strict=True)]
    for at, some in enumerate(edges):
        for key in {_key(line, high, height) for line, high, height in some}:
            seen[key] += 1
        for line, _, _ in some:
            if (found := _NUMBER.fullmatch(line.text.strip())) and found[1].isdigit():
                numbers[int(found[1]) - at].add(at)
    least = 2 if len(pages) <= 4 else max(3, len(pages) // 40)
    for (_, place, high), times in seen.items():
        if times >= least:
            places[place, high] += times
    usual = {where for where, times in places.items() if times >= max(2, 0.3 * len(pages))}
    gone: set[int] = set()
    for at, some in enumerate(edges):
        outer = _outer(pages[at])
        inside = {True: False, False: False}  # whether a line of the text was met on the way from the edge
        for line, high, height in some:
            key = _key(line, high, height)
            found = _NUMBER.fullmatch(line.text.strip())
            counted = found is not None and (not found[1].isdigit() or len(numbers[int(found[1]) - at]) > 1)
            placed = line is outer.get(high) and any((key[1] + slack, high) in usual for slack in (-1, 0, 1))
            # « 1 Ibid. » comes again at the foot of some pages, a running foot on most.
            often = seen[key] >= (0.4 * len(pages) if not high and _MARKED.match(line.text) else least)
            if (often or counted or placed) and not inside[high]:
                gone.add(id(line))
            else:
                inside[high] = True
    return [_narrowed([line for line in lines if id(line) not in gone]) for lines in pages]


def _narrowed(lines: list[Line]) -> list[Line]:
    """Return lines with the edges of their columns as what is left there has them: a running head goes across."""
    for region in {line.region for line in lines}:
        own = [line for line in lines if line.region == region]
        left, right = min(line.x0 for line in own), max(line.x1 for line in own)
        for line in own:
            line.left, line.right = left, right
    return lines


def _edges(lines: Sequence[Line], height: float) -> list[tuple[Line, bool, float]]:
    """Return the few lines at the top (True) and bottom of a page."""
    text = [line for line in lines if not line.table]
    high = sorted((line for line in text if line.bottom < _EDGE * height), key=lambda line: line.top)[:4]
    low = sorted((line for line in text if line.top > (1 - _EDGE) * height), key=lambda line: -line.bottom)[:4]
    return [*((line, True, height) for line in high), *((line, False, height) for line in low)]


def _outer(lines: Sequence[Line]) -> dict[bool, Line]:
    """Return the first (True) and the last line of a page, where it stands apart from the others."""
    order = sorted(lines, key=lambda line: line.top)
    found: dict[bool, Line] = {}
    if len(order) > 1 and order[1].top - order[0].bottom > _APART * order[0].size:
        found[True] = order[0]
    if len(order) > 1 and order[-1].top - max(line.bottom for line in order[:-1]) > _APART * order[-1].size:
        found[False] = order[-1]
    return found


def _key(line: Line, high: bool, height: float) -> tuple[str, int, bool]:
    """Return what a running head has in common on all its pages."""
    from_edge = line.base if high else height - line.base
    return (_DIGITS.sub("#", line.text.lower())[:80], round(from_edge / _SLACK), high)
