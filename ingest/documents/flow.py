"""The lines of all pages become headings, paragraphs, tables and notes. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field

from ingest.documents.figures import CAPTION
from ingest.documents.headings import Styles
from ingest.documents.joining import Joiner, finish, raised, tidy, vocabulary
from ingest.documents.lines import Line
from transcripts.study import Block, Kind

_SMALL = 0.93  # of the size of the text: what notes have at most
_STEP = 1.3  # of the usual distance of lines: more parts two paragraphs
_INDENT = 0.7  # of the size of type
_BULLET = re.compile(r"^[•◦▪▫●○■□►▶✓✔➢➔→‣⁃]\s*|^[-–—]\s+")
_NUMBERED = re.compile(r"^(?:\(?\d{1,2}[.)°]|\(?[a-z]\))\s+\S")
_MARK = re.compile(r"^(?:\[?(\d{1,3})\]?[.)]?|[*†‡])(?:\s+|(?=[^\W\d]))")
_CONTENTS = re.compile(r"(?:[.…·]\s?){5,}\s*(?:\d{1,4}|[ivxl]{1,6})$")  # a line of a table of contents
_ENDS = re.compile(r"[.!?:;…»)\]]\s*$")
_HEAVY = re.compile(r"[.!?…»]\s*(?:\[\d+\])?$")


@dataclass(slots=True)
class _Paragraph:
    """A paragraph under way, ``pages`` are the offsets at which further pages begin."""

    page: int
    kind: Kind
    text: str
    last: Line
    level: int = 0
    breaks: list[int] = field(default_factory=list)
    steps: int = 1
    picture: int = 0
    labels: str = ""


class Flow:
    """Makes blocks of the pages of one document; ``styles`` know its headings."""

    def __init__(self, pages: Sequence[Sequence[Line]], styles: Styles) -> None:
        self._pages, self._styles = pages, styles
        self._joiner = Joiner(vocabulary(tidy(line.text) for lines in pages for line in lines if not line.table))

    def blocks(self) -> Iterator[Block]:
        """Yield the blocks in reading order; the notes of a page come before what goes on to the next one."""
        going: _Paragraph | None = None
        for number, lines in enumerate(self._pages, 1):
            text, notes = self._apart(lines)
            marks = {mark[1] for note in notes if (mark := _MARK.match(_words(note[0]))) and mark[1]}
            found = list(self._paragraphs(number, text, marks))
            if found and going and self._goes_on(going, found[0]):
                first = found.pop(0)
                before = len(self._joiner.join(going.text, "")) - going.text.endswith(("-", "\u00ad"))
                joined = self._joiner.join(going.text, first.text)
                # The page begins where what comes from it begins.
                cut = len(joined) - len(first.text)
                going.breaks.append(max(before, cut))
                going.text, going.last = joined, first.last
                if not found:
                    yield from self._notes(number, notes)
                    continue
            if going:
                yield from _made(going)
            for paragraph in found[:-1]:
                yield from _made(paragraph)
            going = found[-1] if found else None
            if going and (going.kind != "text" or _HEAVY.search(going.text)):
                yield from _made(going)
                going = None
            yield from self._notes(number, notes)
        if going:
            yield from _made(going)

    def _goes_on(self, before: _Paragraph, first: _Paragraph) -> bool:
        return (
            before.kind == first.kind == "text"
            and before.page + len(before.breaks) + 1 == first.page
            and self._unfinished(before, first.text)
        )

    def _unfinished(self, before: _Paragraph, text: str) -> bool:
        """Say whether a paragraph at the end of a column goes on with a text at the top of the next one."""
        last = before.last
        if before.kind != "text" or _ENDS.search(before.text) or _BULLET.match(text) or text.startswith("•"):
            return False
        full = last.x1 > last.right - 0.1 * (last.right - last.left)
        return text[:1].islower() or before.text.endswith(("-", "\u00ad", ",")) or (full and not _NUMBERED.match(text))

    def _apart(self, lines: Sequence[Line]) -> tuple[list[Line], list[list[Line]]]:
        """Return the text of a page, and its notes: small lines at the end of a column, the first of them with a mark."""
        text: list[Line] = []
        notes: list[list[Line]] = []
        for region in sorted({line.region for line in lines}):
            column = [line for line in lines if line.region == region]
            end = len(column)
            while (
                end
                and not (column[end - 1].table or column[end - 1].picture)
                and column[end - 1].size <= _SMALL * self._styles.body
            ):
                end -= 1
            while end < len(column) and not _MARK.match(_words(column[end])):
                end += 1
            # A number that counts on: else it is a list in small type.
            text += column[:end]
            for line in column[end:]:
                if not notes or (_MARK.match(_words(line)) and line.x0 < line.left + 3 * line.size):
                    notes.append([])
                notes[-1].append(line)
        return text, notes

    def _notes(self, page: int, notes: Sequence[Sequence[Line]]) -> Iterator[Block]:
        for note in notes:
            text = ""
            for line in note:
                text = self._joiner.join(text, _words(line))
            yield Block(page, "note", finish(re.sub(r"^(\d{1,3})(?=[^\W\d])", r"\1 ", text)))

    def _paragraphs(self, page: int, lines: Sequence[Line], marks: set[str]) -> Iterator[_Paragraph]:
        going: _Paragraph | None = None
        held: list[_Paragraph] = []  # figures without a caption: no paragraph is cut in two by one
        for line in lines:
            if line.table:
                if going:
                    yield going
                yield from _released(held)
                yield _Paragraph(page, "table", line.table, line)
                going = None
                continue
            text = _words(line, marks)
            if line.picture and not text:
                held.append(_Paragraph(page, "figure", "", line, picture=line.picture, labels=line.labels))
                continue
            if _CONTENTS.search(text):
                continue  # the headings say it again
            level = self._styles.level(line, page)
            if going and not line.picture and self._same(going, line, level, text):
                going.text, going.last = self._joiner.join(going.text, text), line
                going.steps += 1
                continue
            if going:
                yield going
                yield from _released(held)
            captioned = bool(line.picture) or (not level and CAPTION.match(text))
            kind: Kind = "figure" if captioned else "heading" if level else "text"
            words, deep = _BULLET.sub("• ", text), 0 if captioned else level
            going = _Paragraph(page, kind, words, line, deep, picture=line.picture, labels=line.labels)
        if going:
            yield going
        yield from held

    def _same(self, going: _Paragraph, line: Line, level: int, text: str) -> bool:
        """Say whether a line goes on with a paragraph."""
        last = going.last
        if going.level != level or (level and abs(last.size - line.size) > 1):
            return False
        if _BULLET.match(text) or (_NUMBERED.match(text) and _ENDS.search(going.text)):
            return False
        if last.region != line.region:
            # At the top of the next column only what was left unfinished goes on.
            return not level and self._unfinished(going, text)
        middle = abs(last.x0 + last.x1 - line.x0 - line.x1) / 2
        if going.kind == "figure" and line.x0 < last.x0 - line.size and middle > line.size:
            return False  # text below a caption that stands in the middle
        step = line.base - last.base
        if step > _STEP * self._styles.step(line) or step < -line.size:
            return False
        if level:
            return going.steps < 4
        if abs(last.size - line.size) > 0.12 * self._styles.body or (
            last.bold != line.bold and _ENDS.search(going.text)
        ):
            return False
        short = last.x1 < last.right - 0.15 * (last.right - last.left)
        if short and _HEAVY.search(going.text):
            return False
        centred = last.x0 > last.left + 2 * last.size and last.x1 < last.right - 2 * last.size
        if centred and abs(last.x0 - last.left - last.right + last.x1) < last.size and line.x0 < line.left + line.size:
            return False  # a caption, then the text
        indented = line.x0 > line.left + _INDENT * line.size and last.x0 < line.x0 - _INDENT * line.size
        return not (indented and _HEAVY.search(going.text) and not going.text.startswith("•"))


def _released(held: list[_Paragraph]) -> Iterator[_Paragraph]:
    yield from held
    held.clear()


def _words(line: Line, marks: Set[str] = frozenset()) -> str:
    """Return the text of a line; a raised number that is the mark of a note stands in brackets."""
    text = ""
    for n, word in enumerate(line.words):
        if word.raised and word.text in marks:
            text += f" [{word.text}]"
        else:
            space = "" if word.glued or not n else " "
            text += space + (raised(word.text) if word.raised and n and word.text.isdigit() else word.text)
    return tidy(text)


def _made(paragraph: _Paragraph) -> Iterator[Block]:
    if paragraph.kind == "table":
        yield Block(paragraph.page, "table", paragraph.text)
        return
    if not paragraph.breaks:
        if (text := finish(paragraph.text)) or paragraph.picture:
            labels = finish(paragraph.labels)
            yield Block(paragraph.page, paragraph.kind, text, paragraph.level, picture=paragraph.picture, labels=labels)
        return
    text, breaks, at = "", [], 0
    for edge in [*paragraph.breaks, len(paragraph.text)]:
        if at:
            breaks.append(len(text))
        text += paragraph.text[at:edge].replace("\u00ad", "")
        at = edge
    yield Block(paragraph.page, "text", text, breaks=tuple(breaks))
