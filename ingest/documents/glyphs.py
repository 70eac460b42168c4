"""What PDFium says of a page: its words with their boxes, its rules, and whether it shows images.

Lengths in points; ``x`` from the left, ``y`` from the top of the page as it is seen.
"""

from __future__ import annotations

import ctypes
import math
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as raw

_MOST_OBJECTS = 20_000  # drawn things of a page that are looked at: maps have millions
_MOST_CHARS = 200_000  # of a page
_PAPER = 0.85  # share of a page: what is larger is the paper
_DEEP = 3  # forms within forms that are opened
_WHOLE = 0.8  # of the height of a page: a form as high is another page on it, as programs put pages together
_THIN = 3.0  # points: a path no thicker is a rule
_PIXELS = 40_000_000  # of an image that is drawn again
_CORNERS = 8  # segments of a path: one with more is a drawing
_LEVEL = 0.1  # radians by which a line of text may lean
_GAP = 0.22  # of the size of type: a wider gap parts two words
_HYPHENS = {
    0x02: "-",
    0xFFFE: "-",
    0xAD: "\u00ad",
}  # what PDFium says for a hyphen at the end of a line, and the soft hyphen

_SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"

Box = tuple[float, float, float, float]
Turn = Callable[[float, float], tuple[float, float]]


@dataclass(slots=True)
class Word:
    """A word, ``base`` is its baseline; ``glued``: no space before it; ``raised``: above the line and smaller."""

    x0: float
    y0: float
    x1: float
    y1: float
    text: str
    size: float
    base: float
    bold: bool = False
    glued: bool = False
    raised: bool = False


@dataclass(slots=True)
class Sheet:
    """A page as it is drawn."""

    number: int
    width: float
    height: float
    words: list[Word] = field(default_factory=list)
    rules: list[Box] = field(default_factory=list)
    images: float = 0.0  # share of the page that they cover
    pictures: list[Box] = field(default_factory=list)  # where images are
    shapes: list[Box] = field(default_factory=list)  # where anything else is drawn
    drawings: list[Box] = field(default_factory=list)  # those of them that are neither rules nor plain boxes


def read_sheet(page: pdfium.PdfPage, number: int) -> Sheet:
    """Return what a page shows; ``number`` from 1."""
    turned = _turn(page)
    left, bottom, right, top = page.get_bbox()
    width, height = right - left, top - bottom
    if page.get_rotation() in (90, 270):
        width, height = height, width
    sheet = Sheet(number, width, height)
    text = page.get_textpage()
    try:
        sheet.words = list(_words(text.raw, turned))
    finally:
        text.close()
    covered = 0.0
    for kind, small, curved, box in _drawn(page, turned, height):
        area = max(0.0, box[2] - box[0]) * max(0.0, box[3] - box[1])
        if kind == raw.FPDF_PAGEOBJ_IMAGE:
            covered += area
            if small:
                sheet.pictures.append(box)
            continue
        if small and box[2] - box[0] < width * 1.5 and box[3] - box[1] < height * 1.5:
            sheet.rules += _rules(box)
        if area < _PAPER * width * height:
            sheet.shapes.append(box)
            if curved or not small:
                sheet.drawings.append(box)
    sheet.images = covered / max(1.0, width * height)
    return sheet


def _turn(page: pdfium.PdfPage) -> Turn:
    """Return what turns a point of the page's own space into one of the page as it is seen."""
    left, bottom, right, top = page.get_bbox()
    return {
        90: lambda x, y: (y - bottom, x - left),
        180: lambda x, y: (right - x, y - bottom),
        270: lambda x, y: (top - y, right - x),
    }.get(page.get_rotation(), lambda x, y: (x - left, top - y))


class _Fonts:
    """Sizes and weights, looked up once for each piece of text that was drawn at once."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[float, bool]] = {}
        self._fonts: dict[int, bool] = {}

    def of(self, piece: Any) -> tuple[float, bool]:
        """Return the size of type (points) and whether it is bold."""
        key = ctypes.cast(piece, ctypes.c_void_p).value or 0
        if key not in self._known:
            size, matrix = ctypes.c_float(), raw.FS_MATRIX()
            raw.FPDFTextObj_GetFontSize(piece, size)
            raw.FPDFPageObj_GetMatrix(piece, matrix)
            scale = math.hypot(matrix.c, matrix.d) or 1.0
            # Some programs write invisible text in no size at all.
            self._known[key] = (max(1.0, abs(size.value) * scale), self._bold(raw.FPDFTextObj_GetFont(piece)))
        return self._known[key]

    def _bold(self, font: Any) -> bool:
        key = ctypes.cast(font, ctypes.c_void_p).value or 0
        if key not in self._fonts:
            name = ctypes.create_string_buffer(256)
            raw.FPDFFont_GetBaseFontName(font, name, 256)
            said = name.value.decode("utf-8", "replace").lower()
            heavy = any(word in said for word in ("bold", "black", "heavy", "semib", "demi", "cmbx", "cmssbx"))
            self._fonts[key] = heavy or raw.FPDFFont_GetWeight(font) >= 600
        return self._fonts[key]


@dataclass(slots=True)
class _Letter:
    """A character as a word of its own; ``drawn`` is the same for the letters of one ligature, ``high``: above its line."""

    word: Word
    drawn: tuple[int, float, float]
    high: bool
    apart: bool
    level: bool


def _letters(page: Any, turned: Turn) -> Iterator[_Letter | None]:
    """Yield the characters in the order in which they were drawn, None for a hyphen that PDFium took away."""
    fonts, box = _Fonts(), raw.FS_RECTF()
    x, y = ctypes.c_double(), ctypes.c_double()
    apart = True
    for at in range(min(raw.FPDFText_CountChars(page), _MOST_CHARS)):
        code = raw.FPDFText_GetUnicode(page, at)
        character = _HYPHENS.get(code) or (chr(code) if code < 0x110000 else "")
        if not character or character.isspace() or unicodedata.category(character) in ("Cc", "Cs", "Cn"):
            apart = True
            continue
        piece = raw.FPDFText_GetTextObject(page, at)
        if not piece or not raw.FPDFText_GetLooseCharBox(page, at, box):
            if code in _HYPHENS:
                yield None
            continue
        raw.FPDFText_GetCharOrigin(page, at, x, y)
        size, bold = fonts.of(piece)
        (xa, ya), (xb, yb) = turned(box.left, box.top), turned(box.right, box.bottom)
        base = turned(x.value, y.value)[1]
        one = Word(min(xa, xb), min(ya, yb), max(xa, xb), max(ya, yb), character, size, base, bold)
        drawn = (ctypes.cast(piece, ctypes.c_void_p).value or 0, one.x0, one.x1)
        high = _high(page, at, one, turned)
        if character in _SUPERSCRIPTS:
            one.text, high = str(_SUPERSCRIPTS.index(character)), True
        yield _Letter(one, drawn, high, apart, _level(page, at))
        apart = False


def _words(page: Any, turned: Turn) -> Iterator[Word]:
    """Yield words in the order in which they were drawn."""
    word: Word | None = None
    last: _Letter | None = None
    for letter in _letters(page, turned):
        if letter is None or (word and last and letter.drawn == last.drawn):
            if word:  # a hyphen at the end of a line, or the next letter of a ligature
                word.text += letter.word.text if letter else "-"
            continue
        one = letter.word
        if word and last and not letter.apart and letter.high == last.high and _belongs(word, one):
            word.text += one.text
            word.x1, word.y0, word.y1 = max(word.x1, one.x1), min(word.y0, one.y0), max(word.y1, one.y1)
        elif not (word and _twice(word, one)):
            if word:
                yield word
            if letter.level:
                one.glued = bool(word and not letter.apart and _touches(word, one))
                one.raised = bool(word and one.glued and (letter.high or _above(one, word)))
            word = one if letter.level else None
        last = letter
    if word:
        yield word


def _twice(word: Word, one: Word) -> bool:
    """Say whether a letter is drawn a second time, to look bold."""
    return one.text == word.text[-1:] and abs(one.x1 - word.x1) < 0.1 * one.size and abs(one.base - word.base) < 1


def _belongs(word: Word, one: Word) -> bool:
    """Say whether a character goes on with a word."""
    if word.raised and one.text.isdigit() and _touches(word, one) and abs(one.base - word.base) < 0.3 * word.size:
        return True
    same = abs(one.base - word.base) < 0.12 * word.size and abs(one.size - word.size) < 0.15 * word.size
    return same and -0.5 * word.size < one.x0 - word.x1 < _GAP * word.size


def _high(page: Any, at: int, digit: Word, turned: Turn) -> bool:
    """Say whether a digit stands above its line by its shape alone, in type of the line's own size."""
    if not digit.text.isdigit():
        return False
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    raw.FPDFText_GetCharBox(page, at, left, right, bottom, top)
    lower = max(turned(left.value, bottom.value)[1], turned(left.value, top.value)[1])
    return lower < digit.base - 0.2 * digit.size


def _above(one: Word, word: Word) -> bool:
    return one.size < 0.85 * word.size and one.base < word.base - 0.1 * word.size


def _touches(word: Word, one: Word) -> bool:
    return abs(one.base - word.base) < 0.6 * word.size and -0.5 * word.size < one.x0 - word.x1 < _GAP * word.size


def _level(page: Any, at: int) -> bool:
    angle: float = raw.FPDFText_GetCharAngle(page, at) % (2 * math.pi)
    return min(angle % (math.pi / 2), math.pi / 2 - angle % (math.pi / 2)) < _LEVEL


def _drawn(page: pdfium.PdfPage, turned: Turn, height: float) -> Iterator[tuple[int, bool, bool, Box]]:
    """Yield the kinds and boxes of what is drawn on a page; what is inside a form is one with it.

    Between them stands whether it is small enough, a path to be a rule, an image to be drawn again; and whether a small path
    is curved.
    """
    across, down = ctypes.c_uint(), ctypes.c_uint()
    for thing, placed in _things(page, turned, height):
        kind = raw.FPDFPageObj_GetType(thing)
        if kind == raw.FPDF_PAGEOBJ_TEXT:
            continue
        corners = raw.FPDFPath_CountSegments(thing) if kind == raw.FPDF_PAGEOBJ_PATH else _CORNERS + 1
        small = corners <= _CORNERS
        curved = small and _curved(thing, corners)
        if kind == raw.FPDF_PAGEOBJ_IMAGE:
            known = raw.FPDFImageObj_GetImagePixelSize(thing, across, down)
            small = bool(known) and across.value * down.value <= _PIXELS
        if box := _bounds(thing, placed):
            yield kind, small, curved, box


def _things(page: pdfium.PdfPage, turned: Turn, height: float) -> Iterator[tuple[Any, Turn]]:
    """Yield the objects of a page, and what turns their points."""
    for n in range(min(raw.FPDFPage_CountObjects(page.raw), _MOST_OBJECTS)):
        yield from _opened(raw.FPDFPage_GetObject(page.raw, n), turned, height, 0)


def _opened(thing: Any, turned: Turn, height: float, depth: int) -> Iterator[tuple[Any, Turn]]:
    """Yield an object, or what is in it: a form as high as the page is a page by itself."""
    box = _bounds(thing, turned) if raw.FPDFPageObj_GetType(thing) == raw.FPDF_PAGEOBJ_FORM else None
    m = raw.FS_MATRIX()
    if not box or box[3] - box[1] < _WHOLE * height or depth > _DEEP or not raw.FPDFPageObj_GetMatrix(thing, m):
        yield thing, turned
        return

    def placed(x: float, y: float) -> tuple[float, float]:
        return turned(m.a * x + m.c * y + m.e, m.b * x + m.d * y + m.f)

    for n in range(min(raw.FPDFFormObj_CountObjects(thing), _MOST_OBJECTS)):
        yield from _opened(raw.FPDFFormObj_GetObject(thing, n), placed, height, depth + 1)


def _bounds(thing: Any, turned: Turn) -> Box | None:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    if not raw.FPDFPageObj_GetBounds(thing, left, bottom, right, top):
        return None
    (xa, ya), (xb, yb) = turned(left.value, top.value), turned(right.value, bottom.value)
    return min(xa, xb), min(ya, yb), max(xa, xb), max(ya, yb)


def _curved(path: Any, corners: int) -> bool:
    """Say whether a path bends, or goes up and down: lines of tables and edges of boxes do neither."""
    x, y, before = ctypes.c_float(), ctypes.c_float(), None
    for n in range(corners):
        segment = raw.FPDFPath_GetPathSegment(path, n)
        kind = raw.FPDFPathSegment_GetType(segment)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        here = x.value, y.value
        if kind == raw.FPDF_SEGMENT_BEZIERTO:
            return True
        if before and kind == raw.FPDF_SEGMENT_LINETO and min(abs(here[0] - before[0]), abs(here[1] - before[1])) > 1:
            return True
        before = here
    return False


def _rules(box: Box) -> Iterator[Box]:
    """Yield a path that is a rule, or the four edges of one that is a box."""
    x0, y0, x1, y1 = box
    if x1 - x0 <= _THIN or y1 - y0 <= _THIN:
        if max(x1 - x0, y1 - y0) > 2 * _THIN:
            yield box
        return
    yield from ((x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1))
