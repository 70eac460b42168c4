"""The document that a study was made of: a page of it as a picture, with the quote that brought somebody there marked.

Documents come from anywhere and PDFium is C++: pages are drawn by a process of their own, which may fail alone.
"""

from __future__ import annotations

import subprocess
import sys
from functools import lru_cache
from pathlib import Path

from app.settings import ROOT
from app.turns import Turns
from transcripts.errors import DamagedFile
from transcripts.folders import stamp

_PATIENCE = 30.0  # seconds that a page may take
_NO_PAGE = 3
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
    with _TURNS.turn():
        try:
            drawn = subprocess.run(  # noqa: S603 - our own arguments
                [sys.executable, "-m", "app.drawing", str(original.absolute()), str(page)],
                cwd=ROOT,
                input=quote.encode(),
                capture_output=True,
                check=False,
                timeout=_PATIENCE,
            )
        except subprocess.TimeoutExpired as error:
            raise DamagedFile(original, f"la page {page} demande trop de temps") from error
    if drawn.returncode == _NO_PAGE:
        return None
    if drawn.returncode or not drawn.stdout:
        raise DamagedFile(original, f"la page {page} ne se lit pas")
    return drawn.stdout
