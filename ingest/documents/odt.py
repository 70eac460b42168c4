"""OpenDocument texts (.odt). Pages are where the program that wrote it last began them."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import etree

from ingest.documents import Document, Progress
from ingest.documents.building import Builder, day_of, spanned, squeezed
from ingest.documents.packages import opened, parsed, protected
from ingest.documents.tables import markdown
from transcripts.errors import BadDocument
from transcripts.formats import clean

_KIND = "un document OpenDocument (.odt)"
_OASIS = "urn:oasis:names:tc:opendocument:xmlns"
_TEXT, _TABLE = f"{{{_OASIS}:text:1.0}}", f"{{{_OASIS}:table:1.0}}"
_STYLE, _SVG = f"{{{_OASIS}:style:1.0}}", f"{{{_OASIS}:svg-compatible:1.0}}"
_LINK = "{http://www.w3.org/1999/xlink}"
_LEFT_OUT = {
    "table-of-content", "illustration-index", "table-index", "alphabetical-index", "tracked-changes", "sequence-decls",
    "annotation", "annotation-end", "forms", "bookmark-start", "script", "object", "desc",
}  # fmt: skip


def read_odt(path: Path, progress: Progress) -> Document:
    """Return what an OpenDocument text holds. Raises `BadDocument`."""
    with opened(path, _KIND) as archive:
        names = set(archive.namelist())
        kind = archive.read("mimetype")[:100] if "mimetype" in names else b""
        if "content.xml" not in names or b"opendocument.text" not in kind:
            raise BadDocument(
                f"« {path.name} » est une archive, et non {_KIND} : rien n’a été gardé ; donnez le document lui-même."
            )
        if "META-INF/manifest.xml" in names and b"encryption-data" in archive.read("META-INF/manifest.xml"):
            raise protected(path)
        content = parsed(archive.read("content.xml"))
        walker = _Walker(archive, dict(_parents(content)))
        body = content.find(f".//{{{_OASIS}:office:1.0}}text")
        if body is not None:
            walker.inside(body, 0)
        blocks = walker.build.blocks()
        said = _meta(archive)
    if not blocks:
        raise BadDocument(f"« {path.name} » ne contient pas de texte : rien n’a été gardé ; donnez un autre fichier.")
    macros = any(name.startswith(("Basic/", "Scripts/")) and not name.endswith("/") for name in names)
    author = said.get("initial-creator") or said.get("creator", "")
    return Document(
        blocks,
        max(block.page + len(block.breaks) for block in blocks),
        title=said.get("title", ""),
        authors=(author,) if author else (),
        date=day_of(said.get("creation-date", "")),
        description=said.get("subject", ""),
        notes=("Les macros du document ont été ignorées.",) if macros else (),
        pictures=tuple(walker.build.gallery.pictures),
    )


def _meta(archive: zipfile.ZipFile) -> dict[str, str]:
    if "meta.xml" not in archive.namelist():
        return {}
    return {
        etree.QName(e).localname: clean(e.text or "")
        for e in parsed(archive.read("meta.xml")).iter()
        if isinstance(e.tag, str)
    }


def _parents(content: Any) -> Iterator[tuple[str, str]]:
    """Yield the styles that a program made for single paragraphs, and the named one that each comes from."""
    for style in content.iter(f"{_STYLE}style"):
        yield style.get(f"{_STYLE}name", ""), style.get(f"{_STYLE}parent-style-name", "")


class _Walker:
    def __init__(self, archive: zipfile.ZipFile, parents: dict[str, str]) -> None:
        self.build = Builder()
        self._archive, self._parents = archive, parents

    def inside(self, element: Any, deep: int, lead: str = "") -> None:
        """Take the paragraphs and tables that an element holds."""
        for child in element:
            if not isinstance(child.tag, str) or deep > 100:
                continue
            name = etree.QName(child).localname
            if name in _LEFT_OUT:
                continue
            if name == "h":
                self._runs(child)
                level = child.get(f"{_TEXT}outline-level", "1")
                self.build.flush("heading", int(level) if level.isdigit() else 1)
            elif name == "p":
                self._paragraph(child, lead)
            elif name == "table":
                grid = spanned(_rows(child))
                self.build.table(markdown(grid) if len(grid) > 1 else "")
            elif name == "soft-page-break":
                self.build.turn()
            elif name == "image":
                self.build.show(self._picture(child.get(f"{_LINK}href", "")), _told(element))
            else:
                self.inside(child, deep + 1, "• " if name == "list-item" else lead)

    def _paragraph(self, paragraph: Any, lead: str) -> None:
        style = paragraph.get(f"{_TEXT}style-name") or ""
        style = (self._parents.get(style) or style).lower()
        boxes = self._runs(paragraph)
        if style == "title":
            self.build.flush("heading", 1)
        elif style in ("figure", "illustration", "caption"):
            self.build.flush("figure")
        else:
            self.build.flush(lead=lead)
        for box in boxes:
            self.inside(box, 1)

    def _runs(self, element: Any) -> list[Any]:
        """Take the running text of an element; return the text boxes that are anchored in it."""
        boxes: list[Any] = []
        self.build.say(squeezed(element.text or ""))
        for child in element:
            if isinstance(child.tag, str):
                name = etree.QName(child).localname
                if name == "note":
                    self._note(child)
                elif name == "text-box":
                    boxes.append(child)
                elif name == "image":
                    self.build.show(self._picture(child.get(f"{_LINK}href", "")), _told(element))
                elif name == "soft-page-break":
                    self.build.turn()
                elif name in ("s", "tab", "line-break"):
                    self.build.say(" ")
                elif name not in _LEFT_OUT and not child.tag.startswith(_SVG):
                    boxes += self._runs(child)
            self.build.say(squeezed(child.tail or ""))
        return boxes

    def _picture(self, name: str) -> int:
        """Return the number of a picture of the archive in the gallery; nothing outside it is opened."""
        try:
            return self.build.gallery.add(self._archive.read(name))
        except KeyError:
            return 0

    def _note(self, note: Any) -> None:
        citation = clean("".join(note.find(f"{_TEXT}note-citation").itertext()))
        self.build.say(f" [{citation}]")
        self.build.note(f"{citation} {squeezed(' '.join(note.find(f'{_TEXT}note-body').itertext()))}")


def _told(frame: Any) -> str:
    """Return what a frame says of its picture."""
    return next((text for part in ("desc", "title") if (text := frame.findtext(f"{_SVG}{part}"))), "")


def _rows(table: Any) -> list[list[tuple[str, int, int]]]:
    rows = []
    for row in table.iter(f"{_TABLE}table-row"):
        cells = []
        for cell in row:
            if cell.tag == f"{_TABLE}table-cell":
                text = clean(squeezed(" ".join("".join(p.itertext()) for p in cell.iter(f"{_TEXT}p"))))
                # What a merged cell covers stands as an empty cell of its own.
                cells.append((text, _count(cell, "number-columns-repeated"), 1))
            elif cell.tag == f"{_TABLE}covered-table-cell":
                cells.append(("", _count(cell, "number-columns-repeated"), 1))
        rows.append(cells)
    return rows


def _count(cell: Any, name: str) -> int:
    said = cell.get(f"{_TABLE}{name}", "1")
    return min(int(said), 100) if said.isdigit() else 1
