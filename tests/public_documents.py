"""French documents of others, and what they say: ``python -m tests.public_documents FOLDER [ROOT]`` puts both into FOLDER.

They come with packages of Debian (named below), as they lie under ROOT: ``/``, or where ``dpkg-deb -x`` unpacked some. None is kept
here. What each says is the HTML that its authors made of the same source, its pages joined in the order of their table of contents;
or a text in ``tests/checked``, taken from the pages that are measured and corrected beside them: five slides of « Rédaction avec
LaTeX » (Vincent Goulet, CC BY-SA 4.0), the Debian reference card (GPL-3+).
"""

from __future__ import annotations

import gzip
import json
import shutil
import sys
from dataclasses import asdict
from pathlib import Path

import pypdfium2 as pdfium
from lxml import html
from lxml.html import HtmlElement

from tests.documents import Expected, scanned, words_of

_TEX = "usr/share/doc/texlive-doc"  # texlive-lang-french

# Name to its PDF and what says the same: a page, or the table of contents of several; or nothing.
_DOCUMENTS = {
    "debian-guide": ("usr/share/doc/maint-guide-fr/maint-guide.fr.pdf", "html/index.fr.html"),
    "debian-reference": ("usr/share/debian-reference/debian-reference.fr.pdf", "index.fr.html"),
    "developers-reference": ("usr/share/developers-reference/fr/developers-reference.pdf", "index.html"),
    "debian-edu": ("usr/share/doc/debian-edu-doc-fr/debian-edu-bookworm-manual.pdf", "debian-edu-bookworm-manual.html"),
    "debian-faq": ("usr/share/doc/debian/FAQ/debian-faq.fr.pdf.gz", "fr/index.fr.html"),
    "debian-installation": ("usr/share/doc/installation-guide-amd64/fr/install.fr.pdf.gz", "index.html"),
    "ubuntu-packaging": (
        "usr/share/doc/ubuntu-packaging-guide-pdf-fr/ubuntu-packaging-guide.pdf.gz",
        "../ubuntu-packaging-guide-html-fr/index.html",
    ),
    "latex2e-fr": (f"{_TEX}/latex/latex2e-help-texinfo-fr/latex2e-fr.pdf", "latex2e-fr.html"),
    "texlive-fr": (f"{_TEX}/texlive/texlive-fr/texlive-fr.pdf", "texlive-fr.html"),
    "diapositives-latex": (f"{_TEX}/latex/formation-latex-ul/formation-latex-ul-diapos.pdf", ""),
    "aide-mémoire-debian": ("usr/share/doc/debian-refcard/refcard-fr-a4.pdf.gz", ""),
}
_SCANNED = ("texlive-fr", range(20, 25))  # of which document, which of its pages


def _unpacked(path: Path) -> bytes:
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def _page(path: Path) -> HtmlElement:
    return html.document_fromstring(path.read_bytes(), parser=html.HTMLParser(encoding="utf-8"))


def _joined(first: Path) -> bytes:
    """Return a page, and after it those beside it to which it links, each once."""
    root = _page(first)
    linked = (str(href).partition("#")[0] for href in root.xpath("//a/@href"))
    others = [name for name in dict.fromkeys(linked) if name != first.name and (first.parent / name).is_file()]
    pages = [root, *(_page(first.parent / name) for name in others if name.endswith(".html"))]
    bodies = "".join(html.tostring(page.find("body"), encoding="unicode") for page in pages)
    return f"<html><meta charset='utf-8'><body>{bodies}</body></html>".encode()


def put(folder: Path, root: Path) -> None:
    """Put those that there are into a folder, each beside what it says, and a scan of some pages."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, (document, said) in _DOCUMENTS.items():
        path = root / document
        if not path.exists():
            sys.stdout.write(f"{name} is left out: there is no {path}\n")
            continue
        (folder / f"{name}.pdf").write_bytes(_unpacked(path))
        if not said:
            text = (Path(__file__).parent / "checked" / f"{name}.txt").read_text("utf-8")
            headings = [line[2:] for line in text.splitlines() if line.startswith("# ")]
            expected = Expected(words_of(text), headings, [], [])
            (folder / f"{name}.pdf.json").write_text(json.dumps(asdict(expected), ensure_ascii=False), "utf-8")
            continue
        (folder / f"{name}.html").write_bytes(_joined(path.parent / said))
    name, pages = _SCANNED
    if (folder / f"{name}.pdf").exists():
        some = pdfium.PdfDocument.new()
        some.import_pages(pdfium.PdfDocument(folder / f"{name}.pdf"), list(pages))
        some.save(folder / f"{name}-numérisé.pdf")
        (folder / f"{name}-numérisé.pdf").write_bytes(scanned((folder / f"{name}-numérisé.pdf").read_bytes()))
        shutil.copy(folder / f"{name}.html", folder / f"{name}-numérisé.html")


if __name__ == "__main__":
    put(Path(sys.argv[1]), Path(sys.argv[2] if len(sys.argv) > 2 else "/"))
