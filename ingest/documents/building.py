"""Blocks put together by readers of formats that say what is a heading, a table or a note."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace

from ingest.documents.pictures import Gallery, described
from transcripts.formats import clean
from transcripts.study import Block, Kind, placed

_MOST = 5_000_000  # characters of text


class Builder:
    """Takes text piece by piece; ``flush`` makes a block of what has come, on the page where it began."""

    def __init__(self) -> None:
        self.page = 1
        self._blocks: list[Block] = []
        self._notes: list[Block] = []
        self._pieces: list[str] = []
        self._breaks: list[int] = []  # how many pieces had come where a page began
        self._size = 0
        self.gallery = Gallery()
        self._shown: list[tuple[int, str]] = []  # pictures in the text that has come

    def show(self, picture: int, about: str) -> None:
        """Add a picture of the gallery, 0 for none; ``about`` is what the document says of it."""
        if picture:
            self._shown.append((picture, described(about)))

    def say(self, text: str) -> None:
        """Add running text; what goes beyond a size that no report has is left out."""
        if text and self._size < _MOST:
            self._pieces.append(text)
            self._size += len(text)

    def turn(self, page: int | None = None) -> None:
        """Begin a page: the next one, or that which is named."""
        if page is None and any(piece.strip() for piece in self._pieces):
            self._breaks.append(len(self._pieces))
            return
        self.flush()
        self._part(page or self.page + 1)

    def _part(self, page: int) -> None:
        self._blocks += self._notes
        self._notes, self.page = [], page

    def flush(self, kind: Kind = "text", level: int = 0, lead: str = "") -> None:
        """Make a block of the text that has come, if there is any."""
        text, breaks = lead, []
        for n, edge in enumerate([*self._breaks, len(self._pieces)]):
            begin = self._breaks[n - 1] if n else 0
            part = clean("".join(self._pieces[begin:edge]).replace("\u00ad", ""))
            if n and part:
                text += " "
                breaks.append(len(text))
            text += part
        late = len(self._breaks) - len(breaks)
        self._pieces, self._breaks = [], []
        shown, self._shown = self._shown, []
        if text != lead:
            captioned = kind == "figure" and len(shown) > 0
            picture = shown.pop(0)[0] if captioned else 0
            block = Block(self.page, kind, text.strip(), level, breaks=tuple(breaks), picture=picture)
            (self._notes if kind == "note" else self._blocks).append(block)
        self._blocks += [Block(self.page, "figure", about, picture=picture) for picture, about in shown]
        if breaks or late:
            self._part(self.page + len(breaks) + late)

    def table(self, markdown: str) -> None:
        """Add a table."""
        self.flush()
        if markdown:
            self._blocks.append(Block(self.page, "table", markdown))

    def note(self, text: str) -> None:
        """Add a footnote, without disturbing the paragraph that is under way."""
        if text := clean(text.replace("\u00ad", "")):
            self._notes.append(Block(self.page, "note", text))

    def blocks(self) -> tuple[Block, ...]:
        """Return all blocks, with their places."""
        self.flush()
        self._part(self.page)
        return placed(_tame(_captioned(self._blocks)))


def _captioned(blocks: Sequence[Block]) -> list[Block]:
    """Return blocks in which a picture and the caption that stands below or above it are one figure."""
    found: list[Block] = []
    alone = False  # whether the last block is a figure that waits for its other half
    for block in blocks:
        before = found[-1] if found else None
        if before and alone and block.kind == "figure" and bool(before.picture) != bool(block.picture):
            caption = before if block.picture else block
            found[-1] = replace(caption, page=before.page, picture=before.picture or block.picture)
            alone = False
            continue
        # The reader of a paragraph with its own picture has put both together.
        alone = block.kind == "figure"
        found.append(block)
    return found


def _tame(blocks: Sequence[Block]) -> Iterator[Block]:
    """Yield blocks with headings whose levels begin at 1."""
    least = min((block.level for block in blocks if block.kind == "heading"), default=1)
    for block in blocks:
        yield replace(block, level=block.level - least + 1) if block.kind == "heading" else block


def spanned(rows: Sequence[Sequence[tuple[str, int, int]]]) -> list[list[str]]:
    """Return a table as rows of equal length from cells as (text, columns, rows): merged ones say it once, the others are empty."""
    table: list[list[str]] = []
    below: dict[int, int] = {}  # column: rows that a cell above still fills
    for row in rows:
        line: list[str] = []
        for text, columns, height in row:
            _filled(line, below)
            for n in range(min(columns, 100)):
                if height > 1:
                    below[len(line)] = height - 1
                line.append(text if n == 0 else "")
        _filled(line, below)
        table.append(line)
    width = max((len(line) for line in table), default=0)
    return [line + [""] * (width - len(line)) for line in table if any(line)]


def _filled(line: list[str], below: dict[int, int]) -> None:
    while below.get(len(line), 0) > 0:
        below[len(line)] -= 1
        line.append("")


def squeezed(text: str) -> str:
    """Return a text with white space as single spaces."""
    return re.sub(r"\s+", " ", text)


def day_of(said: str) -> dt.date | None:
    """Return the day that a document's own description names in ISO form, None where it names none."""
    with suppress(ValueError):
        return dt.date.fromisoformat(said[:10])
    return None
