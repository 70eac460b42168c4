"""What a study is: a document's text in reading order, each part with its place in the pages.

A place is a page as a number: page 12 runs from 12.0 to 13.0, and the fraction says how far down its text (in characters)
something stands. A document without pages, such as HTML, is one page, or has those that its author marked.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise, zip_longest
from typing import Literal

from transcripts.model import Chapter, Origin, Status, Summary
from transcripts.sentences import Sentence, spans

Kind = Literal["heading", "text", "table", "note", "figure"]

_BAR = re.compile(r"(?<!\\)\|")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_FINE = 100_000  # places on a page that can be told apart
_DEEPEST = 3  # level of headings that are chapters
_MARKS = re.compile(r"(?:\[\d{1,3}\]\s*)+")
_NUMBER = re.compile(r"(?:\[?\d{1,3}\]?[.)]?|[*†‡])\s+(?=\S)")  # of a note, at its beginning
_AFTER = re.compile(r"(?<=\S)(?:\s*\[\d{1,3}\])+$")  # marks of notes at the end of a sentence
_TITLE = 5  # words: a sentence as short as that, at the beginning of a paragraph, is the title of what follows


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, paragraph, table (GFM Markdown), footnote or the caption of a figure, on one page or over several.

    ``picture`` is the number of the picture of a figure, from 1; 0 where there is none. ``labels`` are the words on it.
    ``page`` is the one it begins on, ``breaks`` are the offsets (characters of ``text``) at which further pages begin;
    ``start`` and ``end`` are places. ``level`` is that of a heading, from 1.
    """

    page: int
    kind: Kind
    text: str
    level: int = 0
    start: float = 0.0
    end: float = 0.0
    breaks: tuple[int, ...] = ()
    picture: int = 0
    labels: str = ""

    def place(self, offset: int) -> float:
        """Return the place of a character of the text; of its length, where the text ends."""
        edges = (0, *self.breaks, len(self.text))
        at = max(n for n, edge in enumerate(edges[:-1]) if edge <= offset)
        first = self.start if at == 0 else float(self.page + at)
        last = self.end if at == len(edges) - 2 else float(self.page + at + 1)
        share = (offset - edges[at]) / max(1, edges[at + 1] - edges[at])
        return math.floor((first + (last - first) * share) * _FINE + 1e-6) / _FINE


@dataclass(frozen=True, slots=True)
class StudyDetails:
    """What ``study.toml`` says: everything about a study but its words.

    ``original`` is the name of the document kept beside it, ``source`` what it was called by whoever gave it; ``pages`` is
    how many it has, ``event`` the identifier of the event at which it was shown. A draft with ``publish_at`` is
    planned, as a masterclass can be.
    """

    slug: str
    title: str
    date: dt.date
    authors: tuple[str, ...]
    theme: str
    status: Status
    language: str
    source: str
    origin: Origin
    pages: int
    original: str = ""
    description: str = ""
    demonstration: bool = False
    event: str = ""
    publish_at: dt.datetime | None = None

    @property
    def kind(self) -> Literal["study"]:
        """What this is, among the resources of the hub."""
        return "study"

    @property
    def speakers(self) -> tuple[str, ...]:
        """The authors, where a masterclass has speakers."""
        return self.authors


@dataclass(frozen=True, slots=True)
class Study:
    """A study whole. ``blocks`` are in reading order; the footnotes of a page come after its text."""

    details: StudyDetails
    blocks: tuple[Block, ...]
    summary: Summary = field(default_factory=Summary)

    @property
    def chapters(self) -> tuple[Chapter, ...]:
        """The headings down to the third level, each to the next one; from and to places in pages."""
        headings = [b for b in self.blocks if b.kind == "heading" and b.level <= _DEEPEST]
        starts = [b.start for b in headings]
        ends = [*starts, float(self.details.pages + 1)][1:]
        return tuple(Chapter(b.start, max(b.start, end), b.text) for b, end in zip(headings, ends, strict=True))

    def sentences(self) -> tuple[Sentence, ...]:
        """Return what the text says, sentence by sentence: to the letter as in the file, ``start`` and ``end`` are places.

        A row of a table counts as one (its cells between bars); footnotes come last; headings are left out.
        """
        order = sorted((b for b in self.blocks if b.kind != "heading"), key=lambda b: b.kind == "note")
        return tuple(sentence for block in order for sentence in said(block))


def said(block: Block) -> Iterator[Sentence]:
    """Yield what a block says, sentence by sentence, row by row where it is a table, to the letter.

    Numbers of notes, and their marks after a sentence, are left out; a title that runs in (« Quotité. Part du prêt… ») stands
    with the sentence after it.
    """
    whole = list(parts(block))
    if block.kind == "text" and len(whole) > 1 and _titled(block.text[slice(*whole[0])]):
        whole[:2] = [(whole[0][0], whole[1][1])]
    heads = block.text[slice(*whole[0])] if block.kind == "table" and whole else ""
    for begin, end in whole:
        number = _NUMBER.match(block.text, begin, end) if block.kind == "note" and begin == whole[0][0] else None
        begin = number.end() if number else begin
        text = _AFTER.sub("", block.text[begin:end])
        yield Sentence(block.place(begin), block.place(begin + len(text)), text, heads=heads)


def read_out(sentence: Sentence) -> str:
    """Return a row of a table with the head of each cell before it, in brackets; any other sentence as it stands."""
    if not sentence.heads:
        return sentence.text
    pairs = zip_longest(cells(sentence.heads), cells(sentence.text), fillvalue="")
    return " ; ".join(f"[{head}] {cell}" if head else cell for head, cell in pairs if cell)


def cells(row: str) -> tuple[str, ...]:
    """Return the cells of a row as `rows` gives it."""
    return tuple(_ESCAPED.sub(r"\1", cell.strip()) for cell in _BAR.split(row))


def _titled(text: str) -> bool:
    return text.endswith(".") and len(text.split()) <= _TITLE


def parts(block: Block) -> Iterator[tuple[int, int]]:
    """Yield where the sentences of a block begin and end (characters), its rows where it is a table."""
    return rows(block.text) if block.kind == "table" else _with_marks(block.text)


def _with_marks(text: str) -> Iterator[tuple[int, int]]:
    """Yield where sentences begin and end; the mark of a note belongs to the sentence before it."""
    last: tuple[int, int] | None = None
    for begin, end in spans(text):
        marks = _MARKS.match(text, begin, end) if last else None
        if marks and last:
            last = (last[0], len(text[: marks.end()].rstrip()))
            begin = marks.end()
        if last:
            yield last
        last = (begin, end) if begin < end else None
    if last:
        yield last


def rows(table: str) -> Iterator[tuple[int, int]]:
    """Yield where the rows of a Markdown table begin and end (characters), without their outer bars; its rule is no row."""
    begin = 0
    for line in table.splitlines(keepends=True):
        row = line.strip().removeprefix("|").removesuffix("|").strip()
        if row.strip("|-: "):
            at = begin + line.index(row)
            yield at, at + len(row)
        begin += len(line)


def placed(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """Return blocks with their places, which follow from their pages and the lengths of their texts."""
    blocks = tuple(blocks)
    lengths: dict[int, int] = {}
    for block in blocks:
        for page, length in _parts(block):
            lengths[page] = lengths.get(page, 0) + length
    done: dict[int, int] = {}
    found = []
    for block in blocks:
        parts = list(_parts(block))
        start = _at(parts[0][0], done.get(parts[0][0], 0), lengths)
        for page, length in parts:
            done[page] = done.get(page, 0) + length
        end = _at(parts[-1][0], done[parts[-1][0]], lengths)
        found.append(replace(block, start=start, end=end))
    return tuple(found)


def _parts(block: Block) -> Iterator[tuple[int, int]]:
    """Yield the pages of a block and how many characters it has on each."""
    edges = (0, *block.breaks, len(block.text))
    for n, (begin, end) in enumerate(pairwise(edges)):
        yield block.page + n, end - begin


def _at(page: int, before: int, lengths: dict[int, int]) -> float:
    return page + math.floor(before / max(1, lengths[page]) * _FINE + 1e-6) / _FINE


def page_of(place: float) -> int:
    """Return the number of the page at a place."""
    return int(place)
