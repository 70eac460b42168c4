"""Documents become blocks of text: each format is one module here, behind one protocol.

What comes from outside is read by a process of its own, with bounds (`ingest.documents.apart`); nothing in a document is run.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from transcripts.study import Block

SUFFIXES = {".pdf", ".docx", ".odt", ".html", ".htm", ".xhtml", ".md", ".markdown"}
MOST_PAGES = 5_000
LARGEST = 300_000_000  # bytes, pictures and all

# Hears how many of how many pages are read (0 of 0: unknown).
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Document:
    """What a document holds: ``blocks`` as in `transcripts.study`, how many ``pages``, what it says of itself.

    ``notes`` are sentences for the reviewer: what was left out, what could not be read. ``pictures`` are those of its
    figures, WebP, which blocks name by their number from 1.
    """

    blocks: tuple[Block, ...]
    pages: int
    title: str = ""
    authors: tuple[str, ...] = ()
    date: dt.date | None = None
    description: str = ""
    notes: tuple[str, ...] = ()
    pictures: tuple[bytes, ...] = ()


class Reader(Protocol):
    """Reads one format."""

    def __call__(self, path: Path, progress: Progress) -> Document:
        """Return what a file holds. Raises `BadDocument`, whose sentence names the file."""


def reader(suffix: str) -> Reader:
    """Return what reads files with this suffix, one of `SUFFIXES`."""
    if suffix == ".pdf":
        from ingest.documents.pdf import read_pdf

        return read_pdf
    if suffix == ".docx":
        from ingest.documents.docx import read_docx

        return read_docx
    if suffix == ".odt":
        from ingest.documents.odt import read_odt

        return read_odt
    if suffix in (".md", ".markdown"):
        from ingest.documents.markdown import read_markdown

        return read_markdown
    from ingest.documents.html import read_html

    return read_html
