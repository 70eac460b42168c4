"""Text on a scanned page, by tesseract where the machine has it."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
from functools import lru_cache

import pypdfium2 as pdfium

from ingest.documents.glyphs import Word

_SCALE = 300 / 72  # pixels a point
_MOST_PIXELS = 40_000_000
_PATIENCE = 120.0  # seconds a page
_SURE, _LETTERS = 30.0, 3  # per cent: what is recognised with less, and has not even three letters, is a stain


@lru_cache(maxsize=1)
def ocr_there() -> bool:
    """Say whether tesseract is installed with French."""
    program = shutil.which("tesseract")
    if not program:
        return False
    try:
        known = subprocess.run([program, "--list-langs"], capture_output=True, timeout=20, check=False)  # noqa: S603 - our own arguments
    except (OSError, subprocess.TimeoutExpired):
        return False
    return b"fra" in known.stdout.split()


def ocr_lines(page: pdfium.PdfPage) -> list[Word]:
    """Return the words on the picture of a page; none where tesseract fails."""
    width, height = page.get_size()
    scale = min(_SCALE, (_MOST_PIXELS / max(1.0, width * height)) ** 0.5)
    picture = io.BytesIO()
    page.render(scale=scale, grayscale=True, may_draw_forms=False).to_pil().save(picture, "PNG")
    command = ["tesseract", "stdin", "stdout", "-l", "fra", "--dpi", str(round(scale * 72)), "tsv"]
    try:
        done = subprocess.run(command, input=picture.getvalue(), capture_output=True, timeout=_PATIENCE, check=True)  # noqa: S603 - our own arguments
    except (OSError, subprocess.SubprocessError):
        return []
    table = csv.DictReader(io.StringIO(done.stdout.decode("utf-8", "replace")), delimiter="\t", quoting=csv.QUOTE_NONE)
    return [word for row in table if (word := _word(row, scale))]


def _word(row: dict[str, str], scale: float) -> Word | None:
    text = (row.get("text") or "").strip()
    stain = float(row["conf"]) < _SURE and sum(map(str.isalpha, text)) < _LETTERS
    if row.get("level") != "5" or not text or stain:
        return None
    left, top, width, height = (float(row[name]) / scale for name in ("left", "top", "width", "height"))
    # Letters differ in height; the size of type is told by the median of the line only, so all count as ordinary text.
    return Word(left, top, left + width, top + height, text, 10.0, top + height)
