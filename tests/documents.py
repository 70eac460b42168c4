"""French reports of different make, with what stands in them: texts of the demonstration, set by five programs.

``python -m tests.documents FOLDER`` writes them, each beside a ``.json`` of what should be read: ``words`` in reading order
(without notes, running heads and page numbers), ``headings``, ``tables`` as rows of cells, ``notes``.
"""

from __future__ import annotations

import html
import io
import json
import re
import shutil
import subprocess
import sys
import zipfile
from dataclasses import asdict, dataclass
from pathlib import Path
from xml.sax.saxutils import escape

import docx
import fpdf
import pypdfium2 as pdfium
import typst
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle, getSampleStyleSheet
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen import canvas
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate, Paragraph, Table

SCRIPTS = Path(__file__).resolve().parent.parent / "transcripts" / "demo" / "scripts"
TABLE = [
    ["Territoire", "Demandes", "Accords", "Montant moyen"],
    ["Bretagne", "128", "96", "24 500 €"],
    ["Occitanie", "94", "61", "18 200 €"],
    ["Hauts-de-France", "211", "150", "31 000 €"],
    ["La Réunion", "17", "12", "9 800 €"],
]
HEAD = "Rapport d’essai, texte de démonstration"


@dataclass(frozen=True)
class Report:
    """What a report says; each section is a heading and its paragraphs, each second one has a table, each first a note."""

    title: str
    sections: list[tuple[str, list[str]]]


@dataclass(frozen=True)
class Expected:
    """What should be read."""

    words: list[str]
    headings: list[str]
    tables: list[list[list[str]]]
    notes: list[str]


def note_of(heading: str) -> str:
    """Return the footnote of a section."""
    return f"Source : relevés des comités, inventés. Ils disent autre chose de « {heading} »."


def report(number: int, most: int = 7) -> Report:
    """Return a report made of a script of the demonstration."""
    text = sorted(SCRIPTS.glob("*.md"))[number].read_text("utf-8").split("+++")[2]
    title = str(re.search(r'title = "(.+)"', sorted(SCRIPTS.glob("*.md"))[number].read_text("utf-8"))[1])  # type: ignore[index]
    sections = []
    for part in re.split(r"\n## (?!À retenir)", text)[2 : 2 + most]:
        heading, _, body = part.partition("\n")
        paragraphs = [re.sub(r"^[A-Z][\w’' -]+ : ", "", p.strip()) for p in body.split("\n\n") if p.strip()]
        sections.append(
            (
                heading.strip().replace("'", "’"),
                [p.replace("'", "’") for p in paragraphs if not p.startswith(("-", "#"))],
            )
        )
    return Report(title.replace("'", "’"), sections)


def expected(one: Report, *, title: bool = True, notes: bool = True) -> Expected:
    """Return what should be read of a report, whatever made it."""
    words, found = [one.title] if title else [], []
    for n, (heading, paragraphs) in enumerate(one.sections):
        words += [heading, *paragraphs]
        if n % 3 == 1:
            words += [cell for row in TABLE for cell in row]
            found.append(TABLE)
    told = [note_of(heading) for n, (heading, _) in enumerate(one.sections) if n % 3 == 0]
    headings = [*([one.title] if title else []), *(heading for heading, _ in one.sections)]
    return Expected(words_of(" ".join(words)), headings, found, told if notes else [])


def words_of(text: str) -> list[str]:
    """Return the words of a text, to compare."""
    return re.findall(r"\w+", text.lower().replace("\u00ad", ""))


def _typ(text: str) -> str:
    return re.sub(r"([#*_$@<>\[\]\\`~])", r"\\\1", text)


def with_typst(one: Report, setting: str, *, note: bool = True, rules: str = "") -> bytes:
    """Set a report with typst; ``setting`` stands before it."""
    body = ""
    for n, (heading, paragraphs) in enumerate(one.sections):
        texts = [_typ(p) for p in paragraphs]
        if note and n % 3 == 0:
            texts[0] += f"#footnote[{_typ(note_of(heading))}]"
        body += f"\n= {_typ(heading)}\n\n" + "\n\n".join(texts) + "\n"
        if n % 3 == 1:
            cells = ", ".join(f"[{_typ(cell)}]" for row in TABLE for cell in row)
            body += f"\n#block(breakable: false)[#set text(hyphenate: false, size: 0.85em)\n#table(columns: (1.5fr, 1fr, 1fr, 1.2fr), {rules} {cells})]\n"
    return bytes(typst.compile(f"{setting}\n{body}".encode()))


def _typst_single() -> str:
    return f"""#set text(lang: "fr", size: 11pt)
#set par(justify: true, first-line-indent: 1.5em)
#set heading(numbering: none)
#set page(paper: "a4", header: [{HEAD} #h(1fr) 2026], numbering: "1 / 1")
"""


def _typst_columns() -> str:
    return f"""#set text(lang: "fr", size: 10pt, font: "New Computer Modern")
#set par(justify: true)
#set page(paper: "a4", columns: 2, header: [{HEAD}], numbering: "1")
"""


def _typst_three() -> str:
    return f"""#set text(lang: "fr", size: 8.5pt, font: "DejaVu Sans Mono", hyphenate: true)
#set page(paper: "a4", flipped: true, columns: 3, margin: 15mm, footer: [{HEAD} #h(1fr) #context counter(page).display()])
"""


def slides(one: Report) -> bytes:
    """Return a report as slides: a title each, a few points."""
    pages = []
    for heading, paragraphs in one.sections:
        points = "\n".join(f"- {_typ(p.split('. ')[0])}." for p in paragraphs)
        pages.append(f'#text(34pt, weight: "bold")[{_typ(heading)}]\n\n{points}')
    setting = '#set page(paper: "presentation-16-9", margin: 2cm, footer: align(right)[#context counter(page).display()])\n#set text(22pt, lang: "fr", font: "DejaVu Sans Mono")\n'
    return bytes(typst.compile((setting + "\n#pagebreak()\n".join(pages)).encode()))


def as_html(one: Report, style: str = "", *, page: bool = False) -> str:
    """Return a report as a page; ``page``: with what sites put around an article."""
    body = f"<h1>{html.escape(one.title)}</h1>"
    for n, (heading, paragraphs) in enumerate(one.sections):
        body += f"<h2>{html.escape(heading)}</h2>" + "".join(f"<p>{html.escape(p)}</p>" for p in paragraphs)
        if n % 3 == 1:
            rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in TABLE)
            body += f"<table>{rows}</table>"
    if page:
        body = f"<nav><a href='/'>Accueil</a></nav><script>alert(1)</script><main>{body}</main><footer>Mentions légales</footer>"
    return f"<!doctype html><html lang='fr'><meta charset='utf-8'><style>{style}</style><title>{one.title}</title><body>{body}"


def with_chromium(source: str, folder: Path) -> bytes:
    """Print a page with Chromium."""
    page, target = folder / "print.html", folder / "print.pdf"
    page.write_text(source, "utf-8")
    command = [
        "chromium",
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--no-pdf-header-footer",
        f"--print-to-pdf={target}",
        str(page),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    data = target.read_bytes()
    page.unlink()
    target.unlink()
    return data


def with_reportlab(one: Report, path: Path, columns: int) -> None:
    """Set a report with ReportLab, in Helvetica, running heads drawn on each page."""

    def around(page: object, document: object) -> None:
        page.setFont("Helvetica", 8)  # type: ignore[attr-defined]
        page.drawString(60, 810, HEAD)  # type: ignore[attr-defined]
        page.drawRightString(535, 30, f"Page {page.getPageNumber()}")  # type: ignore[attr-defined]

    width = (A4[0] - 120 - (columns - 1) * 20) / columns
    frames = [Frame(60 + n * (width + 20), 60, width, 720, 0, 0, 0, 0) for n in range(columns)]
    document = BaseDocTemplate(str(path), pagesize=A4, title="rapport.docx")
    document.addPageTemplates(PageTemplate(frames=frames, onPage=around))
    styles = getSampleStyleSheet()
    text = ParagraphStyle("text", styles["BodyText"], fontSize=9.5, leading=12, alignment=4)
    story: list[object] = [Paragraph(html.escape(one.title), styles["Heading1"])]
    for n, (heading, paragraphs) in enumerate(one.sections):
        story.append(Paragraph(html.escape(heading), styles["Heading2"]))
        story += [Paragraph(html.escape(p), text) for p in paragraphs]
        if n % 3 == 1:
            lines = [
                ("LINEABOVE", (0, 0), (-1, 0), 1, "black"),
                ("LINEBELOW", (0, 0), (-1, 0), 0.5, "black"),
                ("LINEBELOW", (0, -1), (-1, -1), 1, "black"),
            ]
            story.append(Table(TABLE, style=[*lines, ("FONTSIZE", (0, 0), (-1, -1), 7)], colWidths=[width / 4] * 4))
    document.build(story)


def crosswise(one: Report) -> bytes:
    """Set a report in two columns and draw it line by line across both, as programs for posters and magazines do."""
    data = io.BytesIO()
    sheet = canvas.Canvas(data, A4)
    lines: list[tuple[str, str, float]] = []
    for heading, paragraphs in one.sections:
        lines += [("", "Times-Roman", 10.0), (heading, "Times-Bold", 13.0)]
        for paragraph in paragraphs:
            lines += [(line, "Times-Roman", 10.0) for line in simpleSplit(paragraph, "Times-Roman", 10, 230)]
            lines.append(("", "Times-Roman", 5.0))
    room = 55
    for first in range(0, len(lines), 2 * room):
        columns = (lines[first : first + room], lines[first + room : first + 2 * room])
        for n in range(room):
            for left, column in zip((50, 310), columns, strict=True):
                if n < len(column):
                    sheet.setFont(*column[n][1:])
                    sheet.drawString(left, 780 - 13 * n, column[n][0])
        sheet.setFont("Times-Roman", 8)
        sheet.drawCentredString(297, 30, str(1 + first // (2 * room)))
        sheet.showPage()
    sheet.save()
    return data.getvalue()


class _Printed(fpdf.FPDF):
    def header(self) -> None:
        self.set_font("dejavu", "", 8)
        self.cell(0, 8, HEAD, align="C", new_x="LMARGIN", new_y="NEXT")

    def footer(self) -> None:
        self.set_y(-15)
        self.cell(0, 8, f"- {self.page_no()} -", align="C")


def with_fpdf(one: Report) -> bytes:
    """Set a report with fpdf2: ragged, headings in bold type of the text's size, a table without rules."""
    pdf = _Printed()
    fonts = Path("/usr/share/fonts/truetype/dejavu")
    pdf.add_font("dejavu", "", fonts / "DejaVuSerif.ttf")
    pdf.add_font("dejavu", "B", fonts / "DejaVuSerif-Bold.ttf")
    pdf.add_page()
    pdf.set_font("dejavu", "B", 18)
    pdf.multi_cell(0, 9, one.title, align="L", new_x="LMARGIN", new_y="NEXT")
    for n, (heading, paragraphs) in enumerate(one.sections):
        pdf.ln(5)
        pdf.set_font("dejavu", "B", 10.5)
        pdf.multi_cell(0, 6, heading, align="L", new_x="LMARGIN", new_y="NEXT")
        pdf.set_font("dejavu", "", 10.5)
        for paragraph in paragraphs:
            pdf.multi_cell(0, 5.5, paragraph, align="L", new_x="LMARGIN", new_y="NEXT")
            pdf.ln(2)
        if n % 3 == 1:
            with pdf.table(TABLE, borders_layout="NONE", first_row_as_headings=False):
                pass
    return bytes(pdf.output())


def with_docx(one: Report, path: Path) -> None:
    """Write a report as Word does."""
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = HEAD
    document.add_heading(one.title, 0)
    for n, (heading, paragraphs) in enumerate(one.sections):
        document.add_heading(heading, 1)
        for paragraph in paragraphs:
            document.add_paragraph(paragraph)
        if n % 3 == 1:
            table = document.add_table(len(TABLE), len(TABLE[0]))
            for cells, row in zip(TABLE, table.rows, strict=True):
                for text, cell in zip(cells, row.cells, strict=True):
                    cell.text = text
    document.save(str(path))


_ODT = (
    '<?xml version="1.0"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" '
    'xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" xmlns:xlink="http://www.w3.org/1999/xlink">'
    "<office:body><office:text>{}</office:text></office:body></office:document-content>"
)


def with_odt(one: Report, path: Path) -> None:
    """Write a report as an OpenDocument text, with notes and soft page breaks."""
    body = f'<text:h text:outline-level="1">{escape(one.title)}</text:h>'
    for n, (heading, paragraphs) in enumerate(one.sections):
        body += f'<text:h text:outline-level="2">{escape(heading)}</text:h>'
        note = f'<text:note text:note-class="footnote"><text:note-citation>1</text:note-citation><text:note-body><text:p>{escape(note_of(heading))}</text:p></text:note-body></text:note>'
        for k, paragraph in enumerate(paragraphs):
            body += f"<text:p>{escape(paragraph)}{note if n % 3 == 0 and k == 0 else ''}</text:p>"
        if n % 3 == 1:
            rows = "".join(
                "<table:table-row>"
                + "".join(f"<table:table-cell><text:p>{cell}</text:p></table:table-cell>" for cell in row)
                + "</table:table-row>"
                for row in TABLE
            )
            body += f"<table:table>{rows}</table:table>"
        body += "<text:soft-page-break/>"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", _ODT.format(body))


def as_markdown(one: Report) -> str:
    """Return a report as Markdown."""
    lines = [f"# {one.title}"]
    for n, (heading, paragraphs) in enumerate(one.sections):
        texts = [f"{p}[^n{n}]" if n % 3 == 0 and k == 0 else p for k, p in enumerate(paragraphs)]
        lines += [f"## {heading}", *texts, *([f"[^n{n}]: {note_of(heading)}"] if n % 3 == 0 else [])]
        if n % 3 == 1:
            rows = ["| " + " | ".join(row) + " |" for row in TABLE]
            lines.append("\n".join([rows[0], "|" + " --- |" * len(TABLE[0]), *rows[1:]]))
    return "\n\n".join(lines) + "\n"


def scanned(data: bytes) -> bytes:
    """Return the pages of a PDF as pictures in a PDF."""
    pages = [page.render(scale=2).to_pil() for page in pdfium.PdfDocument(data)]
    target = fpdf.FPDF(unit="pt", format="a4")
    for page in pages:
        target.add_page()
        target.image(page, 0, 0, target.w)
    return bytes(target.output())


def make(folder: Path) -> None:
    """Write all of them into a folder."""
    from tests import office  # which needs the reports of this module

    folder.mkdir(parents=True, exist_ok=True)
    reports = [report(n) for n in range(8)]

    def keep(name: str, one: Report, data: bytes | None = None, **what: bool) -> None:
        if data is not None:
            (folder / name).write_bytes(data)
        text = json.dumps(asdict(expected(one, **what)), ensure_ascii=False)
        (folder / f"{name}.json").write_text(text, "utf-8")

    no_title = {"title": False}
    keep("typst-une-colonne.pdf", reports[0], with_typst(reports[0], _typst_single()), **no_title)
    keep("typst-deux-colonnes.pdf", reports[1], with_typst(reports[1], _typst_columns()), **no_title)
    keep(
        "typst-trois-colonnes.pdf",
        reports[2],
        with_typst(reports[2], _typst_three(), note=False, rules="stroke: none,"),
        title=False,
        notes=False,
    )
    grid = (
        "td{border:1px solid #888;padding:3px}@page{size:A4;margin:20mm;@top-center{content:'"
        + HEAD
        + "'}@bottom-right{content:counter(page)}}"
    )
    bare = "td{padding:2px 8px}body{font-family:sans-serif;columns:2;font-size:9pt}h1{column-span:all}@page{@bottom-center{content:'Page ' counter(page)}}"
    keep("chromium-une-colonne.pdf", reports[3], with_chromium(as_html(reports[3], grid), folder), notes=False)
    keep("chromium-deux-colonnes.pdf", reports[4], with_chromium(as_html(reports[4], bare), folder), notes=False)
    for columns in (1, 2):
        name = f"reportlab-{columns}.pdf"
        with_reportlab(reports[4 + columns], folder / name, columns)
        keep(name, reports[4 + columns], notes=False)
    keep("fpdf2.pdf", reports[7], with_fpdf(reports[7]), notes=False)
    with_docx(reports[0], folder / "word.docx")
    keep("word.docx", reports[0], notes=False)
    with_odt(reports[1], folder / "opendocument.odt")
    keep("opendocument.odt", reports[1])
    keep("page.html", reports[2], as_html(reports[2], page=True).encode(), notes=False)
    keep("texte.md", reports[3], as_markdown(reports[3]).encode())
    (folder / "diapositives.pdf").write_bytes(slides(reports[5]))
    (folder / "lignes-croisées.pdf").write_bytes(crosswise(reports[6]))
    told = expected(reports[6], title=False)
    plain = words_of(" ".join(" ".join([heading, *paragraphs]) for heading, paragraphs in reports[6].sections))
    crossed = Expected(plain, told.headings, [], [])
    (folder / "lignes-croisées.pdf.json").write_text(json.dumps(asdict(crossed), ensure_ascii=False), "utf-8")
    words = words_of(" ".join(h + " " + " ".join(p.split(". ")[0] for p in ps) for h, ps in reports[5].sections))
    shown = Expected(words, [h for h, _ in reports[5].sections], [], [])
    (folder / "diapositives.pdf.json").write_text(json.dumps(asdict(shown), ensure_ascii=False), "utf-8")
    if shutil.which("pdflatex"):
        keep("latex-une-colonne.pdf", reports[1], office.with_latex(reports[1], office.PLAIN))
        keep("latex-deux-colonnes.pdf", reports[2], office.with_latex(reports[2], office.COLUMNS))
    if shutil.which("soffice"):
        # Out of a file of Word and back into one: LibreOffice writes neither as python-docx and the hand above do.
        keep("libreoffice.odt", reports[0], office.with_libreoffice(folder / "word.docx", "odt"), notes=False)
        keep("libreoffice-imprimé.pdf", reports[0], office.with_libreoffice(folder / "word.docx", "pdf"), notes=False)
        keep("libreoffice.docx", reports[0], office.with_libreoffice(folder / "libreoffice.odt", "docx"), notes=False)

    keep("numérisé.pdf", reports[6], scanned(with_typst(reports[6], _typst_single())), **no_title)


if __name__ == "__main__":
    make(Path(sys.argv[1]))
