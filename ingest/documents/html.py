"""HTML: its text alone. Scripts, styles, forms, menus and whatever is hidden are left out, nothing is fetched."""

from __future__ import annotations

import re
from pathlib import Path

from lxml import etree
from lxml import html as lxml_html

from ingest.documents import Document, Progress
from ingest.documents.building import Builder, day_of, spanned, squeezed
from ingest.documents.tables import markdown
from transcripts.errors import BadDocument
from transcripts.formats import clean
from transcripts.study import Kind

_LEFT_OUT = {
    "script", "style", "noscript", "template", "nav", "svg", "iframe", "object", "embed", "button", "select", "input",
    "textarea", "audio", "video", "canvas", "head", "dialog", "math",
}  # fmt: skip
_BLOCKS = {
    "p", "div", "section", "article", "main", "header", "footer", "aside", "ul", "ol", "dl", "dt", "dd", "blockquote",
    "pre", "address", "figure", "hr", "form", "fieldset", "details", "summary", "tr", "td", "th", "body", "caption", "center",
}  # fmt: skip
# Kind, level and what stands before it.
_SAID: dict[str, tuple[Kind, int, str]] = {
    **{f"h{n}": ("heading", n, "") for n in range(1, 7)},
    "figcaption": ("figure", 0, ""),
    "li": ("text", 0, "• "),
}
_PAGE = re.compile(r"\s*page (\d{1,4})\s*")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_NOTE = re.compile(r"(?:^|[\s_-])(?:foot|end)notes?(?:$|[\s_-])|doc-(?:foot|end)note")
_DEEP = 200  # elements inside each other: nobody writes more


def read_html(path: Path, progress: Progress) -> Document:
    """Return what a page of HTML holds. Raises `BadDocument`."""
    return from_html(path.read_bytes(), path)


def from_html(data: bytes, path: Path) -> Document:
    """Return what HTML holds; ``path`` is what errors name. Raises `BadDocument`."""
    parser = lxml_html.HTMLParser(encoding=_encoding(data), no_network=True, recover=True)
    try:
        root = lxml_html.document_fromstring(data, parser=parser) if data.strip() else None
    except (etree.LxmlError, ValueError):
        root = None
    walker = _Walker()
    if root is not None:
        body = root.find("body")
        whole = next((e for name in ("main", "article") for e in root.iter(name) if len(e.text_content()) > 200), body)
        walker.walk(whole if whole is not None else root, 0)
    blocks = walker.builder.blocks()
    if not blocks:
        raise BadDocument(f"« {path.name} » ne contient pas de texte : rien n’a été gardé ; donnez un autre fichier.")
    scripts = root is not None and next(root.iter("script"), None) is not None
    return Document(
        blocks,
        max(block.page + len(block.breaks) for block in blocks),
        title=clean(root.findtext(".//title") or "") if root is not None else "",
        authors=tuple(filter(None, [_meta(root, "author")])),
        date=day_of(_meta(root, "date") or _meta(root, "dcterms.date") or _meta(root, "article:published_time")),
        description=_meta(root, "description"),
        notes=("La page contient des programmes (JavaScript), qui n’ont pas été exécutés.",) if scripts else (),
        pictures=tuple(walker.builder.gallery.pictures),
    )


def _encoding(data: bytes) -> str | None:
    """Return the encoding to read with: UTF-8 where it is valid, else what the page says, else that of Windows."""
    try:
        data.decode("utf-8-sig")
        return "utf-8"
    except UnicodeDecodeError:
        said = re.search(rb"charset=[\"']?([\w-]{3,20})", data[:2048])
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            return "utf-16"
        return "cp1252" if not said or said[1].lower() in (b"utf-8", b"iso-8859-1") else said[1].decode()


def _meta(root: lxml_html.HtmlElement | None, name: str) -> str:
    if root is None:
        return ""
    found = root.xpath("string(.//meta[@name=$name or @property=$name]/@content)", name=name)
    return clean(str(found))


class _Walker:
    def __init__(self) -> None:
        self.builder = Builder()

    def walk(self, element: lxml_html.HtmlElement, deep: int) -> None:
        """Take what an element holds; its tail is the caller's."""
        build = self.builder
        if not isinstance(element.tag, str):
            if element.tag is etree.Comment and (page := _PAGE.fullmatch(element.text or "")):
                number = int(page[1])
                build.turn(None if number == build.page + 1 else number)
            return
        tag = element.tag.lower()
        if tag in _LEFT_OUT or deep > _DEEP or _hidden(element):
            return
        noted = _NOTE.search(f"{element.get('class', '')} {element.get('role', '')}")
        if tag == "br":
            build.say(" ")
        elif tag == "img":
            build.show(build.gallery.add_address(element.get("src", "")), element.get("alt", ""))
        elif tag == "table" and _tabular(element):
            build.table(_table(element))
        elif noted and tag in ("li", "p", "aside", "div", "section"):
            self._note(element)
        elif tag == "sup" and element.find(".//a") is not None:
            build.say(f" [{squeezed(element.text_content()).strip(' []()')}]")
        elif tag in _BLOCKS or tag in _SAID or tag == "table":
            build.flush()
            self._inside(element, deep)
            kind, level, lead = _SAID.get(tag, ("text", 0, ""))
            build.flush(kind, level, lead)
        else:
            self._inside(element, deep)

    def _note(self, element: lxml_html.HtmlElement) -> None:
        self.builder.flush()
        parts = [e for e in element.iter("li")] or [element]
        for n, part in enumerate(parts, 1):
            text = squeezed(part.text_content()).strip().rstrip("↩︎ ")
            self.builder.note(
                text if re.match(r"\[?\d", text) or (len(parts) == 1 and part is element) else f"{n} {text}"
            )

    def _inside(self, element: lxml_html.HtmlElement, deep: int) -> None:
        self.builder.say(squeezed(element.text or ""))
        for child in element:
            self.walk(child, deep + 1)
            self.builder.say(squeezed(child.tail or ""))


def _hidden(element: lxml_html.HtmlElement) -> bool:
    return (
        element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
        or bool(_HIDDEN.search(element.get("style", "")))
    )


def _tabular(table: lxml_html.HtmlElement) -> bool:
    """Say whether a table holds data, and not the layout of a page."""
    if table.get("role") in ("presentation", "none") or table.find(".//table") is not None:
        return False
    if any(table.find(f".//{name}") is not None for name in ("h1", "h2", "h3", "section", "article")):
        return False
    rows = table.findall(".//tr")
    return len(rows) > 1 and any(len(row) > 1 for row in rows)


def _table(table: lxml_html.HtmlElement) -> str:
    rows = []
    for row in table.iter("tr"):
        cells = [cell for cell in row if isinstance(cell.tag, str) and cell.tag in ("td", "th")]
        rows.append([(_cell(cell), _count(cell, "colspan"), _count(cell, "rowspan")) for cell in cells])
    grid = spanned(rows)
    return markdown(grid) if grid else ""


def _cell(cell: lxml_html.HtmlElement) -> str:
    return clean(squeezed(" ".join(cell.itertext())))


def _count(cell: lxml_html.HtmlElement, name: str) -> int:
    said = cell.get(name, "1").strip()
    return max(1, min(int(said), 1000)) if said.isdigit() else 1
