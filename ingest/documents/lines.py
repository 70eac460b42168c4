"""The words of a page in the order in which they are read: columns told apart, each line whole. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from ingest.documents.glyphs import Word

_GUTTER = 0.8  # of the size of type: the narrowest space between columns
_DEEP = 4  # how often a column may be cut into columns again
_COLUMN = 0.14  # of the width of what is cut: the narrowest column
_FULL = 0.6  # of the width of a column: how far its lines reach on average, unlike those of a table

Span = tuple[float, float]


@dataclass(slots=True)
class Line:
    """A line as it is read, ``region`` tells those of one column of one page together."""

    words: list[Word]
    region: int = 0
    left: float = 0.0  # of its column
    right: float = 0.0
    table: str = ""  # Markdown, where this is a table instead
    picture: int = 0  # number of the figure that stands here, whose caption this may be
    labels: str = ""  # what is written on it
    x0: float = field(init=False)
    x1: float = field(init=False)
    top: float = field(init=False)
    bottom: float = field(init=False)
    base: float = field(init=False)
    size: float = field(init=False)
    bold: bool = field(init=False)

    def __post_init__(self) -> None:
        words = self.words
        self.x0, self.x1 = min(w.x0 for w in words), max(w.x1 for w in words)
        self.top, self.bottom = min(w.y0 for w in words), max(w.y1 for w in words)
        letters: dict[float, int] = {}
        for word in words:
            size = round(word.size * 2) / 2
            letters[size] = letters.get(size, 0) + len(word.text)
        self.size = max(letters, key=lambda size: letters[size])
        self.base = median(w.base for w in words if not w.raised) if any(not w.raised for w in words) else words[0].base
        heavy = sum(len(w.text) for w in words if w.bold)
        self.bold = heavy > 0.8 * sum(len(w.text) for w in words)

    @property
    def text(self) -> str:
        """The words with the spaces between them."""
        return written(self.words)


def written(words: Sequence[Word]) -> str:
    """Return words with the spaces between them."""
    return "".join(("" if w.glued or not n else " ") + w.text for n, w in enumerate(words))


def body_size(pages: Sequence[Sequence[Line]]) -> float:
    """Return the size of type of most of the text (points)."""
    sizes: Counter[float] = Counter()
    for lines in pages:
        for line in lines:
            if not line.table:
                sizes[line.size] += sum(len(w.text) for w in line.words)
    return sizes.most_common(1)[0][0] if sizes else 10.0


def regions(words: Sequence[Word]) -> list[list[Word]]:
    """Return the words of a page in what is read one after the other: columns, and what stands across them.

    A word without text is a box in whose place something else is read.
    """
    return list(_regions(list(words), 0))


def rows(words: Sequence[Word]) -> list[list[Word]]:
    """Return words line by line from the top, each from the left; what is raised stays with what it is glued to."""
    found: list[list[Word]] = []
    for word in sorted(words, key=lambda w: (w.base, w.x0)):
        height = 0.45 * word.size
        near = next((row for row in reversed(found[-4:]) if abs(row[0].base - word.base) < max(2.0, height)), None)
        if near is None:
            found.append([word])
        else:
            near.append(word)
    for row in found:
        row.sort(key=lambda w: w.x0)
    return sorted(found, key=lambda row: median(w.base for w in row))


def _regions(words: list[Word], depth: int) -> Iterator[list[Word]]:
    """Yield what is read one after the other: columns, and what stands across them."""
    if not words:
        return
    waiting: list[Word] = []
    for zone, gutters in _zones(words):
        columns = _columns(zone, gutters) if depth < _DEEP else None
        if columns is None:
            waiting += zone
            continue
        if waiting:
            yield waiting
            waiting = []
        for column in columns:
            yield from _regions(column, depth + 1)
    if waiting:
        yield waiting


def _zones(words: list[Word]) -> Iterator[tuple[list[Word], list[Span]]]:
    """Yield stretches of a page, from the top, with the gutters that go through each from end to end."""
    edges = (min(w.x0 for w in words), max(w.x1 for w in words))
    least = _GUTTER * median(w.size for w in words)
    zones: list[list[list[Word]]] = []
    free: list[Span] = []
    for band in _bands(words):
        own = _free(band, *edges)
        if not zones:
            zones.append([band])
            free = own
            continue
        zone = [w for some in zones[-1] for w in some]
        both = _common(free, own)
        now, then = _inner(zone, free, least), _inner([*zone, *band], both, least)
        if any(_split(gutter, own, 0.8 * least) for gutter in now):
            then = []  # a page's number, or a title: it stands in the gutter
        if (now and not then) or (not now and _inner(band, own, least) and not then):
            zones.append([band])
            free = own
        else:
            zones[-1].append(band)
            free = both
    whole = [(_flat(zone), _gutters(zone, edges, least)) for zone in zones]
    for n in reversed(range(len(zones) - 1)):
        if _columns(*whole[n]) is None and _columns(*whole[n + 1]) is not None:
            # What a heading above has closed too early belongs to the columns below.
            while zones[n] and _fits(zones[n][-1], zones[n + 1], edges, least):
                zones[n + 1].insert(0, zones[n].pop())
            whole[n + 1] = (_flat(zones[n + 1]), _gutters(zones[n + 1], edges, least))
            whole[n] = (_flat(zones[n]), _gutters(zones[n], edges, least) if zones[n] else [])
    yield from (zone for zone in whole if zone[0])


def _split(gutter: Span, free: Sequence[Span], least: float) -> bool:
    """Say whether something stands by itself in the midst of a gutter."""
    return sum(b - a >= least for a, b in _common([gutter], free)) > 1


def _flat(bands: Sequence[list[Word]]) -> list[Word]:
    return [word for band in bands for word in band]


def _gutters(bands: Sequence[list[Word]], edges: Span, least: float) -> list[Span]:
    """Return the gutters that go through all of some bands."""
    words = _flat(bands)
    return _inner(words, _free(words, *edges), least)


def _fits(band: list[Word], below: Sequence[list[Word]], edges: Span, least: float) -> bool:
    """Say whether a band leaves the gutters of what is below free."""
    free = _free(band, *edges)
    return all(any(b - a >= least for a, b in _common(free, [gutter])) for gutter in _gutters(below, edges, least))


def _bands(words: Sequence[Word]) -> Iterator[list[Word]]:
    """Yield words that overlap in height, from the top."""
    band: list[Word] = []
    bottom = 0.0
    for word in sorted(words, key=lambda w: w.base - 0.7 * w.size if w.text else w.y0):
        top = word.base - 0.7 * word.size if word.text else word.y0
        if band and top > bottom:
            yield band
            band, bottom = [], 0.0
        band.append(word)
        bottom = max(bottom, word.base if word.text else word.y1)
    if band:
        yield band


def _free(words: Sequence[Word], left: float, right: float) -> list[Span]:
    """Return where nothing is written between two edges."""
    free, at = [], left
    for x0, x1 in sorted((w.x0, w.x1) for w in words):
        if x0 > at:
            free.append((at, x0))
        at = max(at, x1)
    return [*free, (at, right)] if right > at else free


def _common(some: Sequence[Span], others: Sequence[Span]) -> list[Span]:
    found = ((max(a, c), min(b, d)) for a, b in some for c, d in others)
    return [(a, b) for a, b in found if b > a]


def _inner(words: Sequence[Word], free: Sequence[Span], least: float) -> list[Span]:
    """Return the free spans that have words on both sides and are wide enough."""
    left, right = min(w.x0 for w in words), max(w.x1 for w in words)
    return [(a, b) for a, b in free if b - a >= least and a > left and b < right]


def _columns(zone: list[Word], gutters: list[Span]) -> list[list[Word]] | None:
    """Return the columns of a zone, None where its gaps are those of a list, a table, or of chance."""
    if not gutters:
        return None
    edges = [float("-inf"), *((a + b) / 2 for a, b in gutters), float("inf")]
    columns = [[w for w in zone if a <= (w.x0 + w.x1) / 2 < b] for a, b in pairwise(edges)]
    width = max(w.x1 for w in zone) - min(w.x0 for w in zone)
    for column in columns:
        lines = rows(column)
        own = max(w.x1 for w in column) - min(w.x0 for w in column)
        reach = [row[-1].x1 - row[0].x0 for row in lines]
        said = sum(len(w.text) for w in column) / len(lines)
        if any(not w.text for w in column):
            continue  # a table stands in it
        if len(lines) < 3 or own < _COLUMN * width or said < 12 or sum(reach) / len(reach) < _FULL * own:
            return None
    return columns
