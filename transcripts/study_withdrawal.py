"""A passage of a study is taken back: out of its text, and out of whatever else quotes it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from transcripts.errors import BadInput
from transcripts.study import Block, Study, parts, placed
from transcripts.withdrawal import MARK, Quoting

_LINK = re.compile(r"\[[^\]]*\]\(#page=(\d+)\)")


@dataclass(frozen=True, slots=True)
class Piece:
    """What can be taken out by itself: a sentence, a row of a table, a heading, a figure.

    ``block`` is the place of its block in the study, ``begin`` and ``end`` are characters of that block's text.
    """

    block: int
    begin: int
    end: int
    page: int
    text: str


def pieces(study: Study) -> list[Piece]:
    """Return all that can be taken out of a study, in reading order."""
    found = []
    for n, block in enumerate(study.blocks):
        whole = block.kind in ("heading", "figure")
        for begin, end in [(0, len(block.text))] if whole else parts(block):
            if block.text[begin:end].strip(" |") != MARK:
                found.append(Piece(n, begin, end, int(block.place(begin)), block.text[begin:end]))
    return found


def between(study: Study, start: float, end: float) -> tuple[int, int]:
    """Return the first and the last piece that lie at least partly between two places. Raises `BadInput` where none does."""
    found = []
    for n, piece in enumerate(pieces(study)):
        place = study.blocks[piece.block].place
        if start <= place(piece.begin) < end or place(piece.begin) < start < place(piece.end):
            found.append(n)
    if not found or end <= start:
        raise BadInput("Rien n’est écrit entre ces deux endroits : rien n’a été retiré ; vérifiez les pages.")
    return found[0], found[-1]


def withdraw_pieces(study: Study, first: int, last: int) -> Study:
    """Return a study without the pieces from one to another, both included; a mark stands in their place.

    Another one stands where a table would be without its header. Its original is gone: it holds them still. Lines of the
    summary and of the description go too where they quote, as in `transcripts.withdrawal`, or lead to a page of which
    something goes without quoting what stays. Raises `BadInput` where there are no such pieces.
    """
    all_of_them = pieces(study)
    gone = all_of_them[first : last + 1]
    if not 0 <= first <= last < len(all_of_them):
        raise BadInput("Ce passage n’est pas dans l’étude : rien n’a été retiré ; choisissez-le de nouveau.")
    kept = [*all_of_them[:first], *all_of_them[last + 1 :]]
    blocks: list[Block] = []
    for n, block in enumerate(study.blocks):
        own = [piece for piece in gone if piece.block == n]
        if not own:
            blocks.append(block)
        elif block.kind == "table":
            blocks += _rows_left(block, own, kept, marked=n == gone[0].block)
        else:
            blocks += _text_left(block, own[0].begin, own[-1].end, marked=n == gone[0].block)
    quoting = Quoting(" ".join(piece.text for piece in gone), " ".join(piece.text for piece in kept))

    def leads(written: str) -> bool:
        pages = map(int, _LINK.findall(written))
        return any(gone[0].page <= page <= gone[-1].page for page in pages) and not quoting.stays(
            _LINK.sub("", written)
        )

    details = study.details
    return Study(
        replace(details, original="", description=quoting.without(details.description, leads)),
        placed(blocks),
        replace(study.summary, text=quoting.without(study.summary.text, leads)),
    )


def _text_left(block: Block, begin: int, end: int, *, marked: bool) -> Iterator[Block]:
    """Yield what is left of a paragraph; its pages begin where they did, what was there gone."""
    mark = MARK if marked else ""
    before, after = block.text[:begin], block.text[end:] if mark or begin else block.text[end:].lstrip()
    if not before and not after:
        if marked:
            yield Block(block.page, block.kind if block.kind == "note" else "text", MARK)
        return
    text = f"{before}{mark}{after}"
    moved = len(text) - len(block.text)
    breaks = (at if at <= begin else max(at + moved, len(before) + len(mark)) for at in block.breaks)
    yield replace(block, text=text, breaks=tuple(breaks))


def _rows_left(block: Block, own: Sequence[Piece], kept: Sequence[Piece], *, marked: bool) -> Iterator[Block]:
    """Yield what is left of a table; where its header goes, the mark takes its place."""
    if not any(piece.block == own[0].block for piece in kept):
        if marked:
            yield Block(block.page, "text", MARK)
        return
    columns = own[0].text.count("|") - own[0].text.count("\\|") + 1
    mark = f"| {MARK} |" + "  |" * (columns - 1)
    lines, at = [], 0
    for line in block.text.splitlines(keepends=True):
        row = next((piece for piece in own if at <= piece.begin < at + len(line)), None)
        if row is None:
            lines.append(line.rstrip("\n"))
        elif row == own[0]:
            lines.append(mark)
        at += len(line)
    yield replace(block, text="\n".join(lines))


def withdrawn(study: Study) -> bool:
    """Say whether something was taken out of a study."""
    return any(MARK in block.text for block in study.blocks)
