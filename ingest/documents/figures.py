"""Where the figures of a page of a PDF are: its images, and what is drawn beside a caption. Pure but for the drawing itself."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import pypdfium2 as pdfium
from PIL import Image

from ingest.documents.glyphs import Box, Sheet, Word
from ingest.documents.lines import Line, body_size
from ingest.documents.pictures import Gallery

CAPTION = re.compile(r"^(?:figure|fig\.|graphique|schéma|illustration|carte|photo)\s*\d*\s*[:.–—-]", re.IGNORECASE)
_SMALL = (60.0, 40.0)  # points: the least width and height of a figure
_LEAST, _GREATEST = 0.01, 0.85  # share of the page: less is a logo, more is what the page is printed on
_THIN, _BORDER = 5.0, 6.5  # points: images no thicker are rules, other shapes the edges of a box
_TEXT = 400  # characters: what has more on it is the ground of a text
_NEAR = 60.0  # points between a figure and its caption at most
_STEP = 24.0  # points between two things of one drawing at most
_TOUCH = 2.0  # points between the strips of one image at most
_LABEL = 40  # characters: what is longer is no label of a drawing
_ENDS = re.compile(r"[.;:!?]$")  # what no label ends with
_WORD, _LEADING = 15, 1.6  # characters that stand by themselves at most; lines of a paragraph, in sizes of type
_SHAPES = 2000  # of a page that are looked at for drawings without a caption
_AREAS = 3  # filled shapes that make a drawing, where nothing of it is curved
_MOST = 200  # images of a page: more are the tiles of something else
_TIMES = 3  # pages on which the same image stands at the same place: it is part of the paper
_EDGE = 2.0  # points around what is drawn: lines have a width
_PIXELS, _SCALE = 1600.0, 3.0  # longer side, and pixels for a point, of what is drawn


@dataclass(slots=True)
class Shown:
    """A figure of a page: its box from the page's top, the lines that are written on it, the number of its picture."""

    box: Box
    labels: list[Line] = field(default_factory=list)
    number: int = 0


@dataclass(slots=True)
class Figures:
    """Draws the figures of a document, page by page, and tells at the end which they were."""

    gallery: Gallery = field(default_factory=Gallery)
    _found: list[tuple[int, Shown]] = field(default_factory=list)
    _seen: Counter[tuple[int, ...]] = field(default_factory=Counter)

    def take(self, page: pdfium.PdfPage, sheet: Sheet, lines: Sequence[Line]) -> None:
        """Draw what a page shows."""
        for shown in shown_on(sheet, lines):
            self._seen[_place(shown.box)] += 1
            if self._seen[_place(shown.box)] > _TIMES:
                continue
            shown.number = self.gallery.put(_drawn(page, sheet, shown.box))
            if shown.number:
                self._found.append((sheet.number, shown))

    def placed(self, pages: Sequence[list[Line]]) -> list[list[Line]]:
        """Return the lines of all pages with their figures among them."""
        of_page: dict[int, list[Shown]] = {}
        kept = [found for found in self._found if self._seen[_place(found[1].box)] < _TIMES]
        self.gallery.pictures = [self.gallery.pictures[shown.number - 1] for _, shown in kept]
        for number, (page, shown) in enumerate(kept, 1):
            shown.number = number
            of_page.setdefault(page, []).append(shown)
        return [with_figures(lines, of_page.get(number, [])) for number, lines in enumerate(pages, 1)]


def shown_on(sheet: Sheet, lines: Sequence[Line]) -> list[Shown]:
    """Return the figures of a page, from its top."""
    whole = max(1.0, sheet.width * sheet.height)
    # Some programs draw the rules of tables as images.
    images = [box for box in sheet.pictures[:_MOST] if min(box[2] - box[0], box[3] - box[1]) > _THIN]
    found = [
        Shown(box)
        for box in _joined(images, _TOUCH)
        if _sized(box) and _LEAST < _area(box) / whole < _GREATEST and _words(box, lines) < _TEXT
    ]
    for line in lines:
        if CAPTION.match(line.text) and not any(_beside(shown.box, line) for shown in found):
            shown = _drawing(sheet.shapes, line, lines)
            if shown and _area(shown.box) / whole < _GREATEST and _words(shown.box, lines) < _TEXT:
                found.append(shown)
    for shown in _without_caption(sheet, lines):
        if _LEAST < _area(shown.box) / whole < _GREATEST and not any(_meet(shown.box, other.box, 0) for other in found):
            found.append(shown)
    return sorted(found, key=lambda shown: (shown.box[1], shown.box[0]))


def with_figures(lines: list[Line], figures: Sequence[Shown]) -> list[Line]:
    """Return lines with figures: each at its caption, else before what stands below it; what is written on them is theirs."""
    on_them = {id(line) for shown in figures for line in shown.labels}
    lines = [line for line in lines if id(line) not in on_them]
    for shown in figures:
        box, labels = shown.box, " ".join(line.text for line in shown.labels)
        captions = [line for line in lines if CAPTION.match(line.text) and not line.picture and _beside(box, line)]
        if captions:
            caption = min(captions, key=lambda line: _distance(box, line))
            caption.picture, caption.labels = shown.number, labels
            continue
        column = (n for n, line in enumerate(lines) if box[0] < line.right and line.left < box[2])
        below = (n for n in column if lines[n].top >= box[3] - 2)
        at = next(below, len(lines))
        beside = lines[min(at, len(lines) - 1)] if lines else None
        line = Line(
            [Word(*box, "", beside.size if beside else 10.0, box[3])], beside.region if beside else 0, box[0], box[2]
        )
        line.picture, line.labels = shown.number, labels
        lines.insert(at, line)
    return lines


def _drawn(page: pdfium.PdfPage, sheet: Sheet, box: Box) -> Image.Image:
    x0, y0, x1, y1 = box[0] - _EDGE, box[1] - _EDGE, box[2] + _EDGE, box[3] + _EDGE
    scale = min(_SCALE, _PIXELS / max(x1 - x0, y1 - y0))
    crop = (max(0.0, x0), max(0.0, sheet.height - y1), max(0.0, sheet.width - x1), max(0.0, y0))
    drawn: Image.Image = page.render(scale=scale, crop=crop).to_pil()
    return drawn


def _joined(boxes: Sequence[Box], gap: float) -> list[Box]:
    """Return boxes, those that touch, or nearly so, as one: a picture is often cut into strips."""
    found: list[Box] = []
    for box in boxes:
        while near := [other for other in found if _meet(box, other, gap)]:
            found = [other for other in found if other not in near]
            box = _union([box, *near])
        found.append(box)
    return found


def _drawing(shapes: Sequence[Box], caption: Line, lines: Sequence[Line]) -> Shown | None:
    """Return what is drawn above a caption, else below it, with the words that stand in it."""
    own = [box for box in shapes if _overlap(box, caption)]
    for box in (_above(own, caption.top), _below(own, caption.bottom)):
        if box and _sized(box):
            return _labelled(box, [line for line in lines if line is not caption])
    return None


def _without_caption(sheet: Sheet, lines: Sequence[Line]) -> Iterator[Shown]:
    """Yield what is drawn nowhere near a caption where it is surely a drawing: of curves or several areas, without a paragraph."""
    tables = [_of(line) for line in lines if line.table]
    shapes = [box for box in sheet.shapes if not any(_meet(box, table, _TOUCH) for table in tables)]
    for box in filter(_sized, _joined(sorted(shapes, key=_area, reverse=True)[:_SHAPES], _STEP)):
        curves = any(_within(curve, box) and _sized(curve) for curve in sheet.drawings)
        areas = [area for area in shapes if _within(area, box) and min(area[2] - area[0], area[3] - area[1]) > _BORDER]
        # All as wide as each other are the ground of lines, of a program's for instance.
        if curves or (len(areas) >= _AREAS and len({(round(area[0]), round(area[2])) for area in areas}) > 1):
            inside = [line for line in lines if _meet(_of(line), box, 0)]
            if not any(len(line.text) > _LABEL or _paragraph(line, inside) for line in inside):
                yield _labelled(box, lines)


def _labelled(box: Box, lines: Sequence[Line]) -> Shown:
    """Return a drawing with the short lines in it and beside it that are no part of the text."""
    near = (box[0] - _STEP, box[1] - _STEP, box[2] + _STEP, box[3] + _STEP)
    usual = body_size([lines])
    short = [line for line in lines if not line.table and len(line.text) <= _LABEL and line.size <= usual]
    labels = [line for line in short if _within(_of(line), near) and _label(line, box, lines, usual)]
    return Shown(_union([box, *map(_of, labels)]), labels)


def _label(line: Line, box: Box, lines: Sequence[Line], usual: float) -> bool:
    """Say whether a line in or beside a drawing is no part of a paragraph, nor, beside it, a heading or a sentence."""
    if not any(map(str.isalpha, line.text)):
        return True
    heading = line.bold and line.size == usual
    beside = not _within(_of(line), box)
    return not (_paragraph(line, lines) or (beside and (heading or _ENDS.search(line.text))))


def _paragraph(line: Line, lines: Sequence[Line]) -> bool:
    """Say whether a line stands right above or below another one of the same type that is more than a word."""
    return any(
        abs(other.base - line.base) < _LEADING * line.size and _overlap(_of(other), line) and len(other.text) > _WORD
        for other in lines
        if other is not line and other.region == line.region and other.size == line.size
    )


def _above(shapes: Sequence[Box], top: float) -> Box | None:
    """Return what is drawn without a gap from below upwards."""
    found: Box | None = None
    for box in sorted((box for box in shapes if box[3] <= top + 4), key=lambda box: -box[3]):
        if box[3] < (found[1] - _STEP if found else top - _NEAR):
            break
        found = _union([found, box]) if found else box
    return found


def _below(shapes: Sequence[Box], bottom: float) -> Box | None:
    found: Box | None = None
    for box in sorted((box for box in shapes if box[1] >= bottom - 4), key=lambda box: box[1]):
        if box[1] > (found[3] + _STEP if found else bottom + _NEAR):
            break
        found = _union([found, box]) if found else box
    return found


def _union(some: Sequence[Box]) -> Box:
    left, top, right, bottom = zip(*some, strict=True)
    return min(left), min(top), max(right), max(bottom)


def _of(line: Line) -> Box:
    return line.x0, line.top, line.x1, line.bottom


def _meet(box: Box, other: Box, gap: float) -> bool:
    return box[0] - gap < other[2] and other[0] - gap < box[2] and box[1] - gap < other[3] and other[1] - gap < box[3]


def _within(inner: Box, box: Box) -> bool:
    return inner[0] >= box[0] and inner[1] >= box[1] and inner[2] <= box[2] and inner[3] <= box[3]


def _sized(box: Box) -> bool:
    return box[2] - box[0] >= _SMALL[0] and box[3] - box[1] >= _SMALL[1]


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _words(box: Box, lines: Sequence[Line]) -> int:
    """Return how many characters stand inside a box."""
    inside = (
        x for line in lines for x in line.words if box[0] < x.x0 < x.x1 < box[2] and box[1] < x.y1 and x.y0 < box[3]
    )
    return sum(len(word.text) for word in inside)


def _overlap(box: Box, line: Line) -> bool:
    return box[0] < line.x1 and line.x0 < box[2]


def _distance(box: Box, line: Line) -> float:
    return min(abs(line.top - box[3]), abs(box[1] - line.bottom))


def _beside(box: Box, line: Line) -> bool:
    return _overlap(box, line) and _distance(box, line) < _NEAR


def _place(box: Box) -> tuple[int, ...]:
    return tuple(round(value / 3) for value in box)
