"""Word documents (.docx), opened by python-docx. Pages are where Word last began them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from lxml import etree

from ingest.documents import Document, Progress
from ingest.documents.building import Builder, spanned
from ingest.documents.packages import opened, parsed
from ingest.documents.tables import markdown
from transcripts.errors import BadDocument
from transcripts.formats import clean

_KIND = "un document Word (.docx)"
_HEADING = re.compile(r"(?:heading|titre)\s*([1-9])", re.IGNORECASE)
_LEFT_OUT = re.compile(r"(?:toc|tm|table des matières|header|footer|en-tête|pied de page)\b", re.IGNORECASE)
_CAPTION = re.compile(r"caption|légende", re.IGNORECASE)
_NOTES = {"footnoteReference": RELATIONSHIP_TYPE.FOOTNOTES, "endnoteReference": RELATIONSHIP_TYPE.ENDNOTES}

_PICTURES = ("blip", "imagedata")  # of today's drawings, and of those of old


def read_docx(path: Path, progress: Progress) -> Document:
    """Return what a Word document holds. Raises `BadDocument`."""
    with opened(path, _KIND) as archive:
        names = set(archive.namelist())
        if "[Content_Types].xml" not in names or not any(n.startswith("word/") for n in names):
            raise BadDocument(
                f"« {path.name} » est une archive, et non {_KIND} : rien n’a été gardé ; donnez le document lui-même."
            )
        if any(n.lower().endswith("vbaproject.bin") for n in names):
            raise BadDocument(
                f"« {path.name} » contient des macros : rien n’a été gardé ni exécuté ; enregistrez-le sans macros, en .docx."
            )
        try:
            whole = docx.Document(str(path))
            walker = _Walker(whole)
            walker.body(whole.element.body)
        except (OpcError, KeyError, etree.LxmlError, AttributeError) as error:
            raise ValueError(str(error)) from error
        blocks = walker.build.blocks()
    if not blocks:
        raise BadDocument(f"« {path.name} » ne contient pas de texte : rien n’a été gardé ; donnez un autre fichier.")
    said = whole.core_properties
    return Document(
        blocks,
        max(block.page + len(block.breaks) for block in blocks),
        title=clean(said.title or ""),
        authors=tuple(filter(None, (clean(a) for a in re.split(r"[;,]", said.author or "") if a != "python-docx"))),
        date=said.created.date() if isinstance(said.created, dt.datetime) else None,
        description=clean(said.subject or ""),
        pictures=tuple(walker.build.gallery.pictures),
    )


class _Walker:
    def __init__(self, whole: Any) -> None:
        self.build = Builder()
        self._whole = whole
        self._notes: dict[str, dict[str, str]] = {name: self._read_notes(kind) for name, kind in _NOTES.items()}
        self._told = 0

    def _read_notes(self, kind: str) -> dict[str, str]:
        for relation in self._whole.part.rels.values():
            if relation.reltype == kind and not relation.is_external:
                notes = parsed(relation.target_part.blob)
                return {str(n.get(qn("w:id"))): " ".join(_said(p) for p in n.iter(qn("w:p"))) for n in notes}
        return {}

    def body(self, parent: Any) -> None:
        """Take paragraphs and tables, inside content controls too."""
        for child in parent:
            if child.tag == qn("w:p"):
                self._paragraph(child)
            elif child.tag == qn("w:tbl"):
                grid = spanned(list(_rows(child)))
                self.build.table(markdown(grid) if len(grid) > 1 else " ".join(cell for row in grid for cell in row))
            elif child.tag == qn("w:sdt"):
                inner = child.find(qn("w:sdtContent"))
                if inner is not None:
                    self.body(inner)

    def _paragraph(self, paragraph: Any) -> None:
        style, level = self._style(paragraph)
        if _LEFT_OUT.match(style):
            return
        boxes = [element for element in _parts(paragraph) if self._take(element)]
        listed = not level and (
            paragraph.find(f"./{qn('w:pPr')}/{qn('w:numPr')}") is not None or style.startswith("List")
        )
        if level:
            self.build.flush("heading", level)
        elif _CAPTION.match(style):
            self.build.flush("figure")
        else:
            self.build.flush(lead="• " if listed else "")
        for box in boxes:
            self.body(box)

    def _take(self, element: Any) -> bool:
        """Take a part of a paragraph; say whether it is a text box, which is read after it."""
        name = etree.QName(element).localname
        if name == "txbxContent":
            return True
        if name == "lastRenderedPageBreak" or (name == "br" and element.get(qn("w:type")) == "page"):
            self.build.turn()
        elif name in _PICTURES:
            self.build.show(*self._picture(element))
        elif name in _NOTES:
            text = self._notes[name].get(str(element.get(qn("w:id"))), "")
            if text:
                self._told += 1
                self.build.say(f" [{self._told}]")
                self.build.note(f"{self._told} {text}")
        else:
            self.build.say(_text(element))
        return False

    def _picture(self, element: Any) -> tuple[int, str]:
        """Return the number of a picture in the gallery, and what the document says of it."""
        relation = self._whole.part.rels.get(element.get(qn("r:embed")) or element.get(qn("r:id")) or "")
        if relation is None or relation.is_external:  # nothing is fetched
            return 0, ""
        for above in element.iterancestors():
            told = above.find(f"./{qn('wp:docPr')}") if etree.QName(above).localname in ("inline", "anchor") else None
            if told is not None:
                return self.build.gallery.add(relation.target_part.blob), told.get("descr") or told.get("title") or ""
        return self.build.gallery.add(relation.target_part.blob), element.get("title") or ""

    def _style(self, paragraph: Any) -> tuple[str, int]:
        """Return the name of a paragraph's style, and its level as a heading (0: none)."""
        found = paragraph.find(f"./{qn('w:pPr')}/{qn('w:outlineLvl')}")
        name = paragraph.find(f"./{qn('w:pPr')}/{qn('w:pStyle')}")
        style = self._whole.styles.element.get_by_id(name.get(qn("w:val"))) if name is not None else None
        said = style.name_val if style is not None else ""
        for _ in range(10):  # styles go back to others
            if style is None or found is not None:
                break
            found = style.find(f"./{qn('w:pPr')}/{qn('w:outlineLvl')}")
            style = style.base_style
        if said.lower() in ("title", "titre"):
            return said, 1
        if match := _HEADING.match(said):
            return said, int(match[1])
        level = int(found.get(qn("w:val"), "9")) if found is not None else 9
        return said, level + 1 if level < 9 else 0


def _parts(element: Any) -> Iterator[Any]:
    """Yield what makes up a paragraph; a text box as a whole, what stands only for older programs not at all."""
    for child in element:
        if child.tag is etree.Comment or not isinstance(child.tag, str):
            continue
        name = etree.QName(child).localname
        if name in ("Fallback", "del", "moveFrom", "instrText"):
            continue
        if name in (
            "t",
            "tab",
            "br",
            "cr",
            "noBreakHyphen",
            "lastRenderedPageBreak",
            "txbxContent",
            *_PICTURES,
            *_NOTES,
        ):
            yield child
        else:
            yield from _parts(child)


def _text(element: Any) -> str:
    name = etree.QName(element).localname
    return {"t": element.text or "", "noBreakHyphen": "-"}.get(name, " ")


def _said(paragraph: Any) -> str:
    return "".join(
        _text(e) for e in _parts(paragraph) if etree.QName(e).localname in ("t", "tab", "br", "noBreakHyphen")
    )


def _rows(table: Any) -> Iterator[list[tuple[str, int, int]]]:
    """Yield the rows of a table as cells (text, columns, rows); what goes on from above is an empty cell."""
    for row in table.findall(qn("w:tr")):
        cells = []
        for cell in row.iter(qn("w:tc")):
            if next(cell.iterancestors(qn("w:tbl"))) is not table:
                continue  # of a table inside this one, whose words the outer cell has
            span = cell.find(f"./{qn('w:tcPr')}/{qn('w:gridSpan')}")
            merged = cell.find(f"./{qn('w:tcPr')}/{qn('w:vMerge')}")
            goes_on = merged is not None and merged.get(qn("w:val"), "continue") == "continue"
            text = "" if goes_on else clean(" ".join(_said(p) for p in cell.iter(qn("w:p"))))
            cells.append((text, int(span.get(qn("w:val"), "1")) if span is not None else 1, 1))
        yield cells
