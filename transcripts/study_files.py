"""The files of one study: TOML and Markdown that open in ordinary tools.

In ``text.md`` a page begins with the comment ``<!-- page 12 -->``, inside a paragraph too where one goes on; headings have
their signs, tables are tables, notes are footnotes, captions of figures are those of images: ``figures/3.webp``, or none;
the words on a figure are the title of its image.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise

import tomlkit

from transcripts.cards import StudyCard, said
from transcripts.study import Block, StudyDetails, placed

DETAILS, TEXT, SUMMARY = "study.toml", "text.md", "summary.md"
ORIGINAL, HISTORY, FIGURES = "original", "history", "figures"

_PAGE = re.compile(r"[ \t]*<!-- page (\d+) -->[ \t]*")
_HEADING = re.compile(r"(#{1,6})[ \t]+(.*?)(?:[ \t]+#+)?")
_NOTE = re.compile(r"\[\^[^\]\s]+\]:[ \t]*(.*)", re.DOTALL)
_FIGURE = re.compile(r"!\[(.*)\]\(([^)\s]*)(?:\s+\"(.*)\")?\s*\)", re.DOTALL)
_PICTURE = re.compile(rf"{FIGURES}/(\d{{1,4}})\.webp")
_ITEM = re.compile(r"[-*+][ \t]+")
_BULLET = "• "
# What Markdown would take for its own, anywhere and at the start of a paragraph.
_SIGNS = re.compile(r"([\\`*_\[\]<&~#])")
_OPENING = re.compile(r"^(?:([>|+=-])|(\d{1,9})([.)])(?=\s))")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


def parse_study(slug: str, text: str) -> StudyDetails:
    """Read ``study.toml``. Raises `ValueError`."""
    card, same = said(StudyCard, tomllib.loads(text), "text")
    return StudyDetails(slug, origin=card.text.read(), **same)


def format_study(details: StudyDetails) -> str:
    """Write ``study.toml``."""
    document = tomlkit.document()
    for key in ("title", "date", "theme", "language", "source", "status", "pages"):
        document[key] = getattr(details, key)
    document["authors"] = list(details.authors)
    for key in ("original", "description", "event", "publish_at"):
        if getattr(details, key):
            document[key] = getattr(details, key)
    if details.demonstration:
        document.add(tomlkit.comment("Written to show the hub at work: its authors and figures are invented."))
        document["demonstration"] = True
    document["text"] = {"origin": details.origin.model, "source_sha256": details.origin.sha256}
    if details.origin.note:
        document["text"]["note"] = details.origin.note
    return tomlkit.dumps(document)


def change_study(text: str, details: StudyDetails) -> str:
    """Return the text of a ``study.toml`` with what staff may change as ``details`` says; all else stays as written."""
    document = tomlkit.parse(text)
    for key in ("title", "date", "theme", "status", "language", "description", "event", "publish_at", "original"):
        value = getattr(details, key)
        if not value:
            document.pop(key, None)
        elif document.get(key) != value:
            document[key] = value
    document["authors"] = list(details.authors)
    return tomlkit.dumps(document)


def format_text(blocks: tuple[Block, ...], pictures: str = f"{FIGURES}/") -> str:
    """Write ``text.md``; the addresses of pictures begin with ``pictures``, their number and ``.webp`` follow."""
    pieces: list[str] = []
    page = notes = 0
    for block in blocks:
        if block.page != page:
            pieces.append(f"<!-- page {block.page} -->")
            notes = 0
        page = block.page + len(block.breaks)
        notes += block.kind == "note"
        pieces.append(_written(block, notes, pictures))
    return "\n\n".join(pieces) + "\n"


def _written(block: Block, number: int, pictures: str) -> str:
    if block.kind == "table":
        return block.text.replace("<", "\\<")
    edges = (0, *block.breaks, len(block.text))
    text = ""
    for n, (begin, end) in enumerate(pairwise(edges)):
        part = _SIGNS.sub(r"\\\1", block.text[begin:end].replace("\n", " "))
        text += part if n == 0 else f"<!-- page {block.page + n} -->{part}"
    if block.kind == "heading":
        return f"{'#' * max(1, min(6, block.level))} {text}"
    if block.kind == "note":
        return f"[^{block.page}-{number}]: {text}"
    if block.kind == "figure":
        labels = _SIGNS.sub(r"\\\1", block.labels).replace('"', '\\"')
        address = f"{pictures}{block.picture}.webp" if block.picture else "#"
        return f'![{text}]({address} "{labels}")' if labels else f"![{text}]({address})"
    if text.startswith(_BULLET):
        return f"- {text.removeprefix(_BULLET)}"
    return _OPENING.sub(lambda sign: f"\\{sign[1]}" if sign[1] else f"{sign[2]}\\{sign[3]}", text)


def pages_of(blocks: Iterable[Block]) -> dict[int, str]:
    """Return the Markdown of what begins on each page."""
    own: dict[int, list[Block]] = {}
    for block in blocks:
        own.setdefault(block.page, []).append(block)
    return {page: _PAGE.sub("", format_text(tuple(begun)), count=1).strip() for page, begun in own.items()}


def parse_text(text: str) -> tuple[Block, ...]:
    """Read ``text.md``, as written by the hub or corrected by a person."""
    return placed(_blocks(text))


def _blocks(text: str) -> Iterator[Block]:
    page = 1
    for piece in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n")):
        for part in _apart(piece.strip("\n")):
            alone = _PAGE.match(part)
            while alone:
                page, part = int(alone[1]), part[alone.end() :].lstrip("\n")
                alone = _PAGE.match(part)
            if part.strip():
                block = _block(page, part.strip())
                yield block
                page = block.page + len(block.breaks)


def _apart(piece: str) -> list[str]:
    """Return the blocks that follow each other without an empty line: headings and items of lists."""
    parts: list[list[str]] = [[]]
    for line in piece.split("\n"):
        before = parts[-1]
        if before and (_HEADING.fullmatch(line) or _HEADING.fullmatch(before[-1]) or _ITEM.match(line)):
            parts.append([])
        parts[-1].append(line)
    return ["\n".join(lines) for lines in parts]


def _block(page: int, part: str) -> Block:
    if part.startswith("|"):
        return Block(page, "table", part.replace("\\<", "<"))
    heading = _HEADING.fullmatch(part)
    if heading:
        return _plain(Block(page, "heading", heading[2], len(heading[1])))
    if note := _NOTE.fullmatch(part):
        return _plain(Block(page, "note", note[1]))
    if figure := _FIGURE.fullmatch(part):
        picture, labels = _PICTURE.fullmatch(figure[2]), _ESCAPED.sub(r"\1", " ".join((figure[3] or "").split()))
        return _plain(Block(page, "figure", figure[1], picture=int(picture[1]) if picture else 0, labels=labels))
    item = _ITEM.match(part)
    return _plain(Block(page, "text", f"{_BULLET}{part[item.end() :]}" if item else part))


def _plain(block: Block) -> Block:
    """Return a block without Markdown's own signs, the pages inside it noted."""
    text, breaks = "", []
    for n, part in enumerate(re.split(r"<!-- page \d+ -->", block.text)):
        if n:
            breaks.append(len(text))
        text += _ESCAPED.sub(r"\1", re.sub(r"[ \t]*\n[ \t]*", " ", part))
    return replace(block, text=text, breaks=tuple(breaks))
