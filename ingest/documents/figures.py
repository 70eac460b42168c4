"""Where the figures of a page of a PDF are: its images, and what is drawn beside a caption. Pure but for the drawing itself."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations

import pypdfium2 as pdfium
from PIL import Image

from ingest.documents.glyphs import Box, Sheet, Word
from ingest.documents.lines import Line
from ingest.documents.pictures import Gallery

CAPTION = re.compile(r"^(?:figure|fig\.|graphique|schéma|illustration|carte|photo)\s*\d*\s*[:.–—-]", re.IGNORECASE)
_SMALL = (60.0, 40.0)  # points: the least width and height of a figure
_LEAST, _GREATEST = 0.01, 0.85  # share of the page: less is a logo, more is what the page is printed on
_THIN = 5.0  # points
_TEXT = 400  # characters: what has more on it is the ground of a text
_NEAR = 60.0  # points between a figure and its caption at most
_STEP = 24.0  # points between two things of one drawing at most
_LABEL = 40  # characters: what is longer is no label of a drawing
_MOST = 200  # images of a page: more are the tiles of something else
_TIMES = 3  # pages on which the same image stands at the same place: it is part of the paper
_EDGE = 2.0  # points around what is drawn: lines have a width
_PIXELS, _SCALE = 1600.0, 3.0  # longer side, and pixels for a point, of what is drawn


@dataclass(slots=True)
class Figures:
    """Draws the figures of a document, page by page, and tells at the end which they were."""

    gallery: Gallery = field(default_factory=Gallery)
    _found: list[tuple[int, Box, int]] = field(default_factory=list)
    _seen: Counter[tuple[int, ...]] = field(default_factory=Counter)

    def take(self, page: pdfium.PdfPage, sheet: Sheet, lines: Sequence[Line]) -> None:
        """Draw what a page shows."""
        for box in boxes(sheet, lines):
            self._seen[_place(box)] += 1
            if self._seen[_place(box)] > _TIMES:
                continue
            number = self.gallery.put(_drawn(page, sheet, box))
            if number:
                self._found.append((sheet.number, box, number))

    def placed(self, pages: Sequence[list[Line]]) -> list[list[Line]]:
        """Return the lines of all pages with their figures among them."""
        shown: dict[int, list[tuple[Box, int]]] = {}
        kept = [found for found in self._found if self._seen[_place(found[1])] < _TIMES]
        self.gallery.pictures = [self.gallery.pictures[drawn - 1] for _, _, drawn in kept]
        for number, (page, box, _) in enumerate(kept, 1):
            shown.setdefault(page, []).append((box, number))
        return [with_figures(lines, shown.get(number, [])) for number, lines in enumerate(pages, 1)]


def boxes(sheet: Sheet, lines: Sequence[Line]) -> list[Box]:
    """Return where the figures of a page are, from its top."""
    whole = max(1.0, sheet.width * sheet.height)
    # Some programs draw the rules of tables as images.
    images = [box for box in sheet.pictures[:_MOST] if min(box[2] - box[0], box[3] - box[1]) > _THIN]
    found = [
        box
        for box in _joined(images)
        if _sized(box) and _LEAST < _area(box) / whole < _GREATEST and _words(box, lines) < _TEXT
    ]
    for line in lines:
        if CAPTION.match(line.text) and not any(_beside(box, line) for box in found):
            box = _drawing(sheet.shapes, line, lines)
            if box and _area(box) / whole < _GREATEST and _words(box, lines) < _TEXT:
                found.append(box)
    return sorted(found, key=lambda box: (box[1], box[0]))


def with_figures(lines: list[Line], shown: Sequence[tuple[Box, int]]) -> list[Line]:
    """Return lines with figures: each at its caption, else before what stands below it."""
    lines = list(lines)
    for box, number in shown:
        captions = [line for line in lines if CAPTION.match(line.text) and not line.picture and _beside(box, line)]
        if captions:
            min(captions, key=lambda line: _distance(box, line)).picture = number
            continue
        below = (n for n, line in enumerate(lines) if _overlap(box, line) and line.top >= box[3] - 2)
        at = next(below, len(lines))
        beside = lines[min(at, len(lines) - 1)] if lines else None
        line = Line(
            [Word(*box, "", beside.size if beside else 10.0, box[3])], beside.region if beside else 0, box[0], box[2]
        )
        line.picture = number
        lines.insert(at, line)
    return lines


def _drawn(page: pdfium.PdfPage, sheet: Sheet, box: Box) -> Image.Image:
    x0, y0, x1, y1 = box[0] - _EDGE, box[1] - _EDGE, box[2] + _EDGE, box[3] + _EDGE
    scale = min(_SCALE, _PIXELS / max(x1 - x0, y1 - y0))
    crop = (max(0.0, x0), max(0.0, sheet.height - y1), max(0.0, sheet.width - x1), max(0.0, y0))
    drawn: Image.Image = page.render(scale=scale, crop=crop).to_pil()
    return drawn


def _joined(images: Sequence[Box]) -> list[Box]:
    """Return images, those that touch as one: a picture is often cut into strips."""
    found = list(images)
    merged = True
    while merged:
        merged = False
        for one, other in combinations(found, 2):
            if one[0] - 2 < other[2] and other[0] - 2 < one[2] and one[1] - 2 < other[3] and other[1] - 2 < one[3]:
                found = [*(box for box in found if box is not one and box is not other), _union([one, other])]
                merged = True
                break
    return found


def _drawing(shapes: Sequence[Box], caption: Line, lines: Sequence[Line]) -> Box | None:
    """Return what is drawn above a caption, else below it, with the words that stand in it."""
    own = [box for box in shapes if _overlap(box, caption)]
    labels = [line for line in lines if line is not caption and not line.table and len(line.text) <= _LABEL]
    for box in (_above(own, caption.top), _below(own, caption.bottom)):
        if box and _sized(box):
            near = (box[0] - _STEP, box[1] - _STEP, box[2] + _STEP, box[3] + _STEP)
            inside = [
                (line.x0, line.top, line.x1, line.bottom)
                for line in labels
                if line.x0 > near[0] and line.x1 < near[2] and line.top > near[1] and line.bottom < near[3]
            ]
            return _union([box, *inside])
    return None


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
