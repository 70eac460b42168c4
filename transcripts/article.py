"""A study as an article to read: its blocks with the marks of pages, its tables as rows, and the sentence that is cited. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from transcripts.sentences import Sentence
from transcripts.study import Block, Study, cells, rows

Row = tuple[str, ...]

_BULLET = "• "
_FINE = 100_000  # parts of a page in an address


@dataclass(frozen=True, slots=True)
class Piece:
    """Some text; ``page`` is the page that begins with it, 0 for none; ``cited`` what somebody was sent to read."""

    text: str
    page: int = 0
    cited: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """A block of an article. ``begins`` are the pages that begin before it, ``number`` is that of a table or heading, from 1.

    ``picture`` is the number of a figure's picture, 0 for none, ``labels`` are the words on it.
    Of a table ``header`` and ``rows`` hold the cells, and ``cited`` is the place of the row that is cited, -1 for none.
    """

    kind: Literal["heading", "text", "item", "table", "note", "figure"]
    page: int
    begins: tuple[int, ...] = ()
    level: int = 0
    number: int = 0
    pieces: tuple[Piece, ...] = ()
    header: Row = ()
    rows: tuple[Row, ...] = ()
    cited: int = -1
    picture: int = 0
    labels: str = ""

    @property
    def text(self) -> str:
        """The words alone."""
        return "".join(piece.text for piece in self.pieces)


def article(study: Study, cited: Sentence | None = None) -> list[Item]:
    """Return a study as it is read, with a sentence of it marked."""
    found = []
    page = tables = headings = level = 0
    for block in study.blocks:
        begins = tuple(range(page + 1, block.page + 1))
        page = max(page, block.page + len(block.breaks))
        if block.kind == "table":
            tables += 1
            header, *lines = table(block)
            at = _row(block, cited)
            found.append(Item("table", block.page, begins, 0, tables, (), header, tuple(lines), at))
            continue
        headings += block.kind == "heading"
        number = headings if block.kind == "heading" else 0
        if block.kind == "heading":
            level = min(block.level, level + 1)  # a document that skips a level is read as if it did not
        skip = len(_BULLET) if block.kind == "text" and block.text.startswith(_BULLET) else 0
        kind: Literal["heading", "text", "item", "note", "figure"] = "item" if skip else block.kind
        deep = level if block.kind == "heading" else 0
        pieces = tuple(_pieces(block, cited, skip))
        labels = block.labels
        found.append(Item(kind, block.page, begins, deep, number, pieces, picture=block.picture, labels=labels))
    return found


def on_page(items: Iterable[Item], page: int) -> Iterator[Item]:
    """Yield what stands on a page: of what runs over several, the part that does; its headings are all of one level."""
    for item in items:
        parts: list[Piece] = []
        at = item.page
        for piece in item.pieces:
            at = piece.page or at
            if at == page:
                parts.append(Piece(piece.text, 0, piece.cited))
        if parts or (item.page == page and (item.kind == "table" or item.picture)):
            yield replace(item, page=page, begins=(), level=min(item.level, 1), pieces=tuple(parts))


def table(block: Block) -> list[Row]:
    """Return the rows of a table, the header first, each with as many cells."""
    lines = [cells(block.text[begin:end]) for begin, end in rows(block.text)] or [()]
    width = max(map(len, lines))
    return [(*row, *[""] * (width - len(row))) for row in lines]


def row_with_header(study: Study, page: int, quote: str) -> tuple[Row, Row] | None:
    """Return the header of a table and the row of it that a quote on a page is, None where it is none."""
    for block in tables(study):
        lines = [block.text[begin:end] for begin, end in rows(block.text)]
        if block.page == page and quote in lines[1:]:
            header, *others = table(block)
            return header, others[lines.index(quote) - 1]
    return None


def tables(study: Study) -> list[Block]:
    """Return the tables of a study in order: the first has number 1."""
    return [block for block in study.blocks if block.kind == "table"]


def pictures(study: Study) -> list[int]:
    """Return the numbers of the pictures that a study shows."""
    return [block.picture for block in study.blocks if block.picture]


def sentence_at(study: Study, page: int, part: int) -> Sentence | None:
    """Return the sentence that begins on a page at a `fraction` of it, None where none does."""
    return next((s for s in study.sentences() if int(s.start) == page and fraction(s.start) == part), None)


def fraction(place: float) -> int:
    """Return how far down its page a place is, in hundred thousandths."""
    return round(place % 1 * _FINE)


def _pieces(block: Block, cited: Sentence | None, skip: int) -> Iterator[Piece]:
    marked = _marked(block, cited)
    edges = sorted({skip, *block.breaks, *marked, len(block.text)})
    for begin, end in pairwise(edges):
        if begin < skip:
            continue
        page = block.page + 1 + block.breaks.index(begin) if begin in block.breaks else 0
        inside = bool(marked) and marked[0] <= begin < marked[1]
        yield Piece(block.text[begin:end], page, inside)


def _marked(block: Block, cited: Sentence | None) -> tuple[int, ...]:
    """Return where the cited sentence begins and ends in a block, () where it is not there."""
    if cited is None or not block.start <= cited.start <= block.end:
        return ()
    begin = block.text.find(cited.text)
    while begin >= 0:
        if fraction(block.place(begin)) == fraction(cited.start):
            return begin, begin + len(cited.text)
        begin = block.text.find(cited.text, begin + 1)
    return ()


def _row(block: Block, cited: Sentence | None) -> int:
    """Return which row below the header is cited, -1 for none."""
    marked = _marked(block, cited)
    starts = [begin for begin, _ in rows(block.text)]
    return starts.index(marked[0]) - 1 if marked and marked[0] in starts else -1
