"""A page as lines in reading order, its tables as they are. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.documents.glyphs import Sheet, Word
from ingest.documents.lines import Line, regions, rows
from ingest.documents.tables import ruled, unruled


def lay_out(sheet: Sheet) -> list[Line]:
    """Return the lines of a page; a table is one line."""
    boxes: dict[int, str] = {}
    words = sheet.words
    for inside, table in ruled(words, sheet.rules):
        gone = {id(w) for w in inside}
        box = _box(inside)
        boxes[id(box)] = table
        words = [*(w for w in words if id(w) not in gone), box]
    return [line for n, region in enumerate(regions(words)) for line in _lines(region, n, boxes)]


def _lines(region: list[Word], number: int, boxes: dict[int, str]) -> Iterator[Line]:
    left, right = min(w.x0 for w in region), max(w.x1 for w in region)
    found = rows(region)
    # What stands beside a table in the same row is read before it.
    found = [part for row in found for part in ([w for w in row if w.text], *([w] for w in row if not w.text)) if part]
    tables = {first: (end, table) for first, end, table in unruled(found)}
    at = 0
    while at < len(found):
        end, table = tables.get(at, (at + 1, ""))
        words = [w for row in found[at:end] for w in row]
        yield Line(words, number, left, right, table or (boxes[id(words[0])] if not words[0].text else ""))
        at = end


def _box(words: list[Word]) -> Word:
    """Return a word without text where words stand."""
    top, bottom = min(w.y0 for w in words), max(w.y1 for w in words)
    size = words[0].size
    left, right = min(w.x0 for w in words), max(w.x1 for w in words)
    return Word(left, top, right, bottom, "", size, top + size)
