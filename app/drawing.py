"""One page of a PDF drawn as a picture, a quote marked in it, by a process of its own: see `app.originals`.

python -m app.drawing FILE PAGE < QUOTE > WEBP    exit code 3 where there is no such page
"""

from __future__ import annotations

import io
import math
import resource
import sys
import unicodedata
from collections.abc import Iterator
from typing import Any

import pypdfium2 as pdfium
from PIL import Image, ImageChops

_NO_PAGE = 3
_MEMORY = 1_200_000_000  # bytes of address space
_SECONDS = 20  # of work
_WIDE = 1400  # pixels of a page's width
_PIXELS = 6_000_000  # at most, however the page is shaped
_MARK = (255, 229, 154)
_FEWEST = 4  # words of a quote that runs on, for what is here of it to be marked


def main(file: str, number: int) -> None:
    """Draw a page (from 1), with the quote on stdin, to stdout."""
    quote = sys.stdin.buffer.read().decode()
    for limit, most in (
        (resource.RLIMIT_AS, _MEMORY),
        (resource.RLIMIT_CPU, _SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))
    document = pdfium.PdfDocument(file)
    if not 1 <= number <= len(document):
        sys.exit(_NO_PAGE)
    sys.stdout.buffer.write(_drawn(document[number - 1], quote))


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


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
