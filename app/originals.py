"""The document that a study was made of: a page of it as a picture, with the quote that brought somebody there marked."""

from __future__ import annotations

import io
import math
import threading
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
from PIL import Image, ImageChops

from app.turns import Turns
from transcripts.errors import DamagedFile
from transcripts.folders import stamp

_WIDE = 1400  # pixels of a page's width
_PIXELS = 6_000_000  # at most, however the page is shaped
_MARK = (255, 229, 154)
_FEWEST = 4  # words of a quote that runs on, for what is here of it to be marked
# pdfium is not made for several threads at once.
_LOCK = threading.Lock()
_TURNS = Turns("page", 1, 8, 10.0)


def has_pages(original: Path | None) -> bool:
    """Say whether the pages of a document can be shown as pictures."""
    return original is not None and original.suffix == ".pdf"


def picture(original: Path, page: int, quote: str = "") -> bytes | None:
    """Return a page (from 1) as WebP, the words of a quote marked where they stand; None where there is no such page.

    Raises `Busy`, `DamagedFile`.
    """
    return _picture(original, stamp(original), page, quote)


@lru_cache(maxsize=64)
def _picture(original: Path, version: tuple[int, ...], page: int, quote: str) -> bytes | None:
    with _TURNS.turn(), _LOCK:
        try:
            document = pdfium.PdfDocument(original)
        except (pdfium.PdfiumError, OSError) as error:
            raise DamagedFile(original, "ce PDF ne s’ouvre pas") from error
        try:
            if not 1 <= page <= len(document):
                return None
            return _drawn(document[page - 1], quote)
        except pdfium.PdfiumError as error:
            raise DamagedFile(original, f"la page {page} ne se lit pas") from error
        finally:
            document.close()


def _drawn(page: Any, quote: str) -> bytes:
    width, height = page.get_size()
    scale = min(_WIDE / max(1.0, width), math.sqrt(_PIXELS / max(1.0, width * height)))
    bitmap = page.render(scale=scale)
    image = bitmap.to_pil().convert("RGB")
    place = bitmap.get_posconv(page)
    for left, bottom, right, top in _where(page, quote):
        x, y = zip(*(place.to_bitmap(*corner) for corner in ((left, bottom), (right, top))), strict=True)
        box = (max(0, min(x) - 2), max(0, min(y) - 2), min(image.width, max(x) + 2), min(image.height, max(y) + 2))
        if box[0] < box[2] and box[1] < box[3]:
            part = image.crop(box)
            image.paste(ImageChops.multiply(part, Image.new("RGB", part.size, _MARK)), box[:2])
    file = io.BytesIO()
    image.save(file, "WEBP", quality=80)
    return file.getvalue()


def _where(page: Any, quote: str) -> Iterator[tuple[float, float, float, float]]:
    """Yield the rectangles (left, bottom, right, top in points) of a quote, one a line; its beginning where it runs on."""
    if not quote:
        return
    text = page.get_textpage()
    letters, places = _letters(text.get_text_range())
    words = quote.split()
    for most in range(len(words), min(len(words), _FEWEST) - 1, -1):
        wanted, _ = _letters(" ".join(words[:most]))
        at = letters.find(wanted)
        if at >= 0 and wanted:
            first, last = places[at], places[at + len(wanted) - 1]
            for n in range(text.count_rects(first, last - first + 1)):
                yield text.get_rect(n)
            return


def _letters(text: str) -> tuple[str, list[int]]:
    """Return the letters and figures of a text, however they are set, and where each stands in it."""
    letters: list[str] = []
    places: list[int] = []
    for at, sign in enumerate(text):
        for letter in unicodedata.normalize("NFKC", sign).casefold():
            if letter.isalnum():
                letters.append(letter)
                places.append(at)
    return "".join(letters), places
