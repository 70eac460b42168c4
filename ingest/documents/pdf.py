"""PDF, by PDFium: page by page, so that a long document needs no more memory than a short one."""

from __future__ import annotations

import datetime as dt
import mmap
import re
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from ingest.documents import MOST_PAGES, Document, Progress
from ingest.documents.figures import Figures
from ingest.documents.flow import Flow
from ingest.documents.glyphs import read_sheet
from ingest.documents.headings import Styles
from ingest.documents.layout import lay_out
from ingest.documents.lines import Line, body_size
from ingest.documents.margins import without_margins
from ingest.documents.ocr import ocr_lines, ocr_there
from transcripts.errors import BadDocument
from transcripts.formats import clean
from transcripts.study import placed

_BLANK = 12  # letters: a page with fewer and a picture is a scan
_PICTURE = 0.3  # share of the page that the picture covers at least
_IGNORED = re.compile(rb"/(?:JavaScript|FileAttachment)\b")
_PACKED = re.compile(rb"/ObjStm\b[^\0]{0,400}?stream\r?\n")  # up to where a stream of objects begins
_LONGEST_PACKED = 2**20  # bytes of such a stream that are unpacked
_MOST_PACKED = 20_000_000  # bytes of objects that are looked into, unpacked
_SOFTWARE = re.compile(
    r"^(?:microsoft|untitled|sans titre|document\d*|présentation\d*)|\.(?:docx?|odt|pdf|indd|pptx?|tex|html?)$",
    re.IGNORECASE,
)
_NOBODY = re.compile(r"^(?:user|utilisateur|admin\w*|author|auteur|owner|pc|\W*)$", re.IGNORECASE)


def read_pdf(path: Path, progress: Progress) -> Document:
    """Return what a PDF holds. Raises `BadDocument`."""
    try:
        document = pdfium.PdfDocument(path)
    except pdfium.PdfiumError as error:
        raise _refused(path, error) from error
    try:
        if len(document) > MOST_PAGES:
            raise BadDocument(
                f"« {path.name} » a {len(document)} pages, plus que les {MOST_PAGES} que le hub lit : rien n’a été gardé ; "
                "donnez-en les parties l’une après l’autre."
            )
        return _read(document, path, progress)
    finally:
        document.close()


def _refused(path: Path, error: pdfium.PdfiumError) -> BadDocument:
    if error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
        return BadDocument(
            f"« {path.name} » est protégé par un mot de passe : rien n’a été gardé ; enregistrez-le sans protection, puis recommencez."
        )
    return BadDocument(
        f"« {path.name} » n’est pas un PDF que le hub sait lire, ou il est incomplet : rien n’a été gardé ; donnez-le de nouveau, entier."
    )


def _read(document: pdfium.PdfDocument, path: Path, progress: Progress) -> Document:
    pages: list[list[Line]] = []
    heights: list[float] = []
    scans: list[int] = []
    unread: list[int] = []
    figures = Figures()
    for number in range(1, len(document) + 1):
        progress(number - 1, len(document))
        try:
            page = document[number - 1]
        except pdfium.PdfiumError:
            pages.append([])
            heights.append(1.0)
            unread.append(number)
            continue
        sheet = read_sheet(page, number)
        if sum(len(w.text) for w in sheet.words) < _BLANK and sheet.images > _PICTURE:
            scans.append(number)
            if ocr_there():
                sheet.words = ocr_lines(page)
        pages.append(lay_out(sheet))
        if number not in scans:
            figures.take(page, sheet, pages[-1])
        heights.append(sheet.height)
        page.close()
    _refuse_scans(path, pages, scans)
    outline = list(_outline(document))
    pages = without_margins(pages, heights)
    flow = Flow(figures.placed(pages), Styles(pages, body_size(pages), outline))
    blocks = placed(flow.blocks())
    if not blocks:
        raise BadDocument(f"« {path.name} » ne contient pas de texte : rien n’a été gardé ; donnez un autre fichier.")
    said = document.get_metadata_dict()
    title, author = clean(said.get("Title", "")), clean(said.get("Author", ""))
    return Document(
        blocks,
        len(pages),
        title="" if _SOFTWARE.search(title) else title,
        authors=() if _NOBODY.match(author) else tuple(filter(None, (a.strip() for a in re.split(r"[;,]", author)))),
        date=_day(said.get("CreationDate", "")),
        description=clean(said.get("Subject", "")),
        notes=tuple(_notes(path, document, scans, unread)),
        pictures=tuple(figures.gallery.pictures),
    )


def _refuse_scans(path: Path, pages: list[list[Line]], scans: list[int]) -> None:
    if scans and not any(pages):
        cure = (
            "la reconnaissance de caractères n’y a rien trouvé"
            if ocr_there()
            else "installez tesseract avec son français, ou donnez une version qui contient le texte"
        )
        raise BadDocument(f"« {path.name} » est une image numérisée, sans texte : rien n’a été gardé ; {cure}.")


def _notes(path: Path, document: pdfium.PdfDocument, scans: list[int], unread: list[int]) -> Iterator[str]:
    if scans and ocr_there():
        yield f"{_pages(scans)} : texte reconnu sur une image, à relire."
    elif scans:
        yield f"{_pages(scans)} : image numérisée, sans texte."
    if unread:
        yield f"{_pages(unread)} : illisible."
    named = _named(path)
    if raw.FPDFDoc_GetAttachmentCount(document.raw) > 0 or b"/FileAttachment" in named:
        yield "Les pièces jointes du PDF sont ignorées."
    if raw.FPDFDoc_GetJavaScriptActionCount(document.raw) > 0 or b"/JavaScript" in named:
        yield "Le PDF contient des programmes (JavaScript), qui n’ont pas été exécutés."


def _named(path: Path) -> set[bytes]:
    """Return which names of what is not read a PDF has, in the open or in its packed objects."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        found = set(_IGNORED.findall(data))
        left = _MOST_PACKED
        for packed in _PACKED.finditer(data):
            with suppress(zlib.error):  # packed otherwise, or damaged
                objects = zlib.decompressobj().decompress(data[packed.end() : packed.end() + _LONGEST_PACKED], left)
                found |= set(_IGNORED.findall(objects))
                left -= len(objects)
            if left <= 0:
                break
    return found


def _pages(numbers: list[int]) -> str:
    said = ", ".join(map(str, numbers[:12])) + (", …" if len(numbers) > 12 else "")
    return f"{'Page' if len(numbers) == 1 else 'Pages'} {said}"


def _outline(document: pdfium.PdfDocument) -> Iterator[tuple[str, int, int]]:
    """Yield the titles of the document's own table of contents; one that is damaged ends early."""
    with suppress(pdfium.PdfiumError, ValueError):
        for mark in document.get_toc(max_depth=6):
            dest = mark.get_dest()
            index = dest.get_index() if dest else None
            if index is not None:
                yield mark.get_title(), mark.level + 1, index + 1


def _day(stamp: str) -> dt.date | None:
    found = re.match(r"D:(\d{4})(\d{2})(\d{2})", stamp)
    with suppress(ValueError):
        return dt.date(*map(int, found.groups())) if found else None
    return None
