"""Documents are read in the order in which people read them, and what is hostile or unreadable is one sentence."""

import base64
import io
import os
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

import docx
import fpdf
import pypdf
import pypdfium2 as pdfium
import pytest
import typst
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from PIL import Image
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, StreamObject, TextStringObject
from rapidfuzz.distance import LCSseq
from reportlab.platypus import SimpleDocTemplate, Table

from ingest.documents import MOST_PAGES, Document
from ingest.documents.apart import read_document
from ingest.documents.html import from_html
from ingest.documents.joining import Joiner, vocabulary
from ingest.documents.ocr import ocr_there
from ingest.documents.pictures import Gallery
from tests import documents as made
from transcripts.errors import BadDocument
from transcripts.study_files import format_text, parse_text


def read(path: Path) -> Document:
    return read_document(path, lambda done, total: None)


def texts(document: Document, kind: str = "text") -> list[str]:
    return [block.text for block in document.blocks if block.kind == kind]


# A cell over two rows and one over two columns say it once.
MERGED = "| Fonds | Montants |  |\n| --- | --- | --- |\n|  | 2024 | 2025 |\n| A | 1 | 2 |"


@dataclass(frozen=True)
class Make:
    """A report of one make, what should be read of it, and what is read."""

    wanted: made.Expected
    document: Document


@pytest.fixture(scope="module")
def columns(tmp_path_factory: pytest.TempPathFactory) -> Make:
    """Two columns, notes, tables, running heads, words broken at the ends of lines and pages."""
    path = tmp_path_factory.mktemp("typst") / "rapport.pdf"
    one = made.report(1)
    path.write_bytes(made.with_typst(one, made._typst_columns()))
    return Make(made.expected(one, title=False), read(path))


def test_two_columns_are_read_one_after_the_other(columns: Make) -> None:
    blocks = [block for block in columns.document.blocks if block.kind != "note"]
    said = " ".join(block.text.replace("---", "") for block in blocks)
    words = [word for word in made.words_of(said) if not word.isdigit() or word in columns.wanted.words]
    marks = {"1", "2", "3"}
    assert [w for w in words if w not in marks] == [w for w in columns.wanted.words if w not in marks]


def test_headings_tables_and_notes_are_told_from_text(columns: Make) -> None:
    assert texts(columns.document, "heading") == columns.wanted.headings
    tables = [
        [[c.strip() for c in line[1:-1].split("|")] for line in t.split("\n") if "---" not in line]
        for t in texts(columns.document, "table")
    ]
    assert [[[c.replace("\u202f", " ") for c in row] for row in t] for t in tables] == columns.wanted.tables
    assert [note.split(" ", 1)[1] for note in texts(columns.document, "note")] == columns.wanted.notes
    assert not any(made.HEAD in block.text for block in columns.document.blocks)


def test_a_paragraph_goes_on_over_the_page_and_knows_where(columns: Make) -> None:
    over = [block for block in columns.document.blocks if block.breaks]
    assert over
    for block in over:
        assert block.text[block.breaks[0] - 1] == " " or block.text[block.breaks[0] - 1].isalpha()
        assert int(block.place(len(block.text) - 1)) == block.page + 1
    assert parse_text(format_text(columns.document.blocks)) == columns.document.blocks


@pytest.mark.parametrize(("number", "make"), [(0, "docx"), (1, "odt"), (2, "html"), (3, "md")])
def test_other_formats_say_the_same(tmp_path: Path, number: int, make: str) -> None:
    one, path = made.report(number), tmp_path / f"rapport.{make}"
    if make == "docx":
        made.with_docx(one, path)
    elif make == "odt":
        made.with_odt(one, path)
    else:
        path.write_text(made.as_html(one, page=True) if make == "html" else made.as_markdown(one), "utf-8")
    wanted = made.expected(one, notes=make in ("odt", "md"))
    document = read(path)
    body = " ".join(b.text.replace("---", "") for b in document.blocks if b.kind != "note")
    assert [w for w in made.words_of(body) if w not in ("1", "2", "3")] == [
        w for w in wanted.words if w not in ("1", "2", "3")
    ]
    assert texts(document, "heading") == wanted.headings
    assert len(texts(document, "table")) == len(wanted.tables)
    assert [note.split(" ", 1)[1] for note in texts(document, "note")] == wanted.notes
    assert document.pages == (len(one.sections) if make == "odt" else 1)


def test_merged_cells_say_it_once_and_scripts_say_nothing() -> None:
    page = """<body><p>Avant<script>alert(1)</script><style>p{}</style><span hidden>caché</span></p><table>
    <tr><th rowspan=2>Fonds</th><th colspan=2>Montants</th></tr><tr><td>2024</td><td>2025</td></tr>
    <tr><td>A</td><td>1</td><td>2</td></tr></table><p onclick="x()">Après</p>""".encode()
    document = from_html(page, Path("page.html"))
    assert texts(document) == ["Avant", "Après"]
    assert texts(document, "table") == [MERGED]
    assert "n’ont pas été exécutés" in document.notes[0]


@pytest.mark.parametrize(
    ("before", "line", "joined"),
    [
        ("une garan-", "tie", "une garantie"),
        ("vérifiez-", "les", "vérifiez-les"),
        ("le sous-", "traitant", "le sous-traitant"),
        ("en Franche-", "Comté", "en Franche-Comté"),
        ("l’avant-\u00ad", "", "l’avant-\u00ad"),
        ("une porte-", "fenêtre", "une porte-fenêtre"),
        ("fin de ligne", "et suite", "fin de ligne et suite"),
    ],
)
def test_words_broken_at_line_ends_are_whole_again(before: str, line: str, joined: str) -> None:
    assert Joiner(vocabulary(["une porte-fenêtre est une porte"])).join(before, line) == joined


def with_text(path: Path, pages: int = 1) -> pypdf.PdfWriter:
    """Return a writer of a PDF that says something on each of its pages."""
    pdf = fpdf.FPDF()
    pdf.set_font("helvetica", size=12)
    for number in range(pages):
        pdf.add_page()
        pdf.multi_cell(0, 6, f"Une garantie couvre une part du pret, page {number}.")
    path.write_bytes(bytes(pdf.output()))
    return pypdf.PdfWriter(clone_from=path)


def test_what_could_be_run_is_ignored_and_said(tmp_path: Path) -> None:
    macros = tmp_path / "macros.odt"
    made.with_odt(made.report(1, 1), macros)
    with zipfile.ZipFile(macros, "a") as archive:
        archive.writestr("Basic/Standard/Module1.xml", "<script/>")
    assert read(macros).notes == ("Les macros du document ont été ignorées.",)
    path = tmp_path / "piège.pdf"
    writer = with_text(path)
    action = {"/Type": NameObject("/Action"), "/S": NameObject("/JavaScript"), "/JS": TextStringObject("app.alert(1)")}
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject({NameObject(k): v for k, v in action.items()})
    writer.add_attachment("virus.exe", b"MZ")
    writer.write(path)
    document = read(path)
    assert texts(document) == ["Une garantie couvre une part du pret, page 0."]
    assert "pièces jointes" in " ".join(document.notes)
    assert "JavaScript" in " ".join(document.notes)


def test_what_could_be_run_is_said_where_objects_are_packed(tmp_path: Path) -> None:
    """As Word and Acrobat write them: the catalogue and the annotations lie in a compressed stream."""
    inner = {
        1: b"<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>>>",
        2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 6 0 R/Resources<</Font<</F 4 0 R>>>>/Annots[7 0 R]>>",
        4: b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        7: b"<</Type/Annot/Subtype/FileAttachment/Rect[9 9 30 30]/FS<</F(virus.exe)>>>>",
    }
    body, places, entries = b"", [], {0: (0, 0, 0)}
    for index, (number, data) in enumerate(inner.items()):
        places += [number, len(body)]
        entries[number] = (2, 5, index)
        body += data + b" "
    head = " ".join(map(str, places)).encode() + b" "
    pdf = b"%PDF-1.5\n"

    def add(number: int, said: bytes, data: bytes) -> None:
        nonlocal pdf
        entries[number] = (1, len(pdf), 0)
        pdf += b"%d 0 obj\n<<%s/Length %d>>\nstream\n%s\nendstream\nendobj\n" % (number, said, len(data), data)

    objects = zlib.compress(head + body)
    add(5, b"/Type/ObjStm/N %d/First %d/Filter/FlateDecode" % (len(inner), len(head)), objects)
    add(6, b"", b"BT /F 14 Tf 72 700 Td (Une garantie couvre une part du pret.) Tj ET")
    entries[8] = (1, start := len(pdf), 0)
    table = b"".join(
        bytes([kind]) + at.to_bytes(4) + last.to_bytes(2) for _, (kind, at, last) in sorted(entries.items())
    )
    add(8, b"/Type/XRef/Size 9/W[1 4 2]/Root 1 0 R", table)
    (path := tmp_path / "piège.pdf").write_bytes(pdf + b"startxref\n%d\n%%%%EOF\n" % start)
    document = read(path)
    assert texts(document) == ["Une garantie couvre une part du pret."]
    assert "pièces jointes" in document.notes[0] and "JavaScript" in document.notes[1]


def encrypted(path: Path) -> None:
    writer = with_text(path)
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(path)


def many(path: Path) -> None:
    writer = with_text(path)
    page = writer.pages[0]
    for _ in range(MOST_PAGES):
        writer.add_page(page)
    writer.write(path)


def zipped(path: Path, *names: str, size: int = 10) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, b"<x/>" + bytes(size))


def macros(path: Path) -> None:
    zipped(path, "[Content_Types].xml", "word/document.xml", "word/vbaProject.bin")


def entities(path: Path) -> None:
    bomb = (
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
        + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
        + "]>"
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", f"{bomb}<x>&j;</x>")


def locked(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("META-INF/manifest.xml", "<manifest:encryption-data/>")
        archive.writestr("content.xml", b"\x8f\x02scrambled")


@pytest.mark.parametrize(
    ("name", "write", "words"),
    [
        ("secret.pdf", encrypted, "mot de passe"),
        ("secret.odt", locked, "mot de passe"),
        ("long.pdf", many, "5001 pages"),
        ("coupé.pdf", lambda path: path.write_bytes(b"%PDF-1.7\n1 0 obj"), "incomplet"),
        ("vide.pdf", lambda path: path.write_bytes(b""), "vide"),
        ("image.pdf", lambda path: path.write_bytes(b"\x89PNG\r\n\x1a\n\0\0"), "d’un autre genre"),
        ("archive.docx", lambda path: zipped(path, "photo.jpg"), "est une archive"),
        (
            "bombe.docx",
            lambda path: zipped(path, "[Content_Types].xml", "word/document.xml", size=30_000_000),
            "anormalement gros",
        ),
        ("macros.docx", macros, "macros"),
        ("macros.docm", macros, "macros"),
        ("ancien.doc", lambda path: path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "format"),
        ("ancien.docx", lambda path: path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "mot de passe"),
        ("entités.odt", entities, "intact"),
        ("vide.html", lambda path: path.write_text("<script>alert(1)</script>"), "pas de texte"),
        ("binaire.md", lambda path: path.write_bytes(b"abc\0def"), "genre"),
    ],
)
def test_what_cannot_be_read_is_one_sentence(tmp_path: Path, name: str, write: object, words: str) -> None:
    path = tmp_path / name
    write(path)  # type: ignore[operator]
    with pytest.raises(BadDocument, match=words) as error:
        read(path)
    assert str(error.value).startswith(f"« {name} »")
    assert "rien n’a été gardé" in str(error.value)


def bomb(path: Path) -> None:
    """Write a PDF of 4 kB with a page whose content unpacks, twice, to 1.5 GB of spaces."""
    packer = zlib.compressobj()
    first, again = (packer.compress(b" " * 2**20) + packer.flush(zlib.Z_FULL_FLUSH) for _ in range(2))
    content = StreamObject()
    content._data = zlib.compress(first + again * 1499 + packer.flush())
    content[NameObject("/Filter")] = ArrayObject([NameObject("/FlateDecode")] * 2)
    writer = pypdf.PdfWriter()
    writer.add_blank_page(200, 200)[NameObject("/Contents")] = writer._add_object(content)
    writer.write(path)


def test_what_fills_the_memory_harms_its_own_process(tmp_path: Path) -> None:
    path = tmp_path / "bombe.pdf"
    bomb(path)
    assert path.stat().st_size < 10_000
    with pytest.raises(BadDocument, match="plus de mémoire ou de temps"):
        read(path)


@pytest.fixture
def scan(tmp_path: Path) -> tuple[made.Report, Path]:
    """Two pages that are pictures, and what they say."""
    one, path = made.report(6, 3), tmp_path / "numérisé.pdf"
    path.write_bytes(made.scanned(made.with_typst(one, made._typst_single())))
    return one, path


def test_a_scan_is_said_to_be_one(scan: tuple[made.Report, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(scan[1].parent))  # where no tesseract is
    with pytest.raises(BadDocument, match="image numérisée, sans texte"):
        read(scan[1])


def test_a_scanned_page_among_others_is_named(
    scan: tuple[made.Report, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(scan[1].parent))  # where no tesseract is
    path = tmp_path / "mêlé.pdf"
    writer = with_text(path)
    writer.append(scan[1], pages=(0, 1))
    writer.write(path)
    document = read(path)
    assert document.notes == ("Page 2 : image numérisée, sans texte.",)
    assert (document.pages, texts(document)) == (2, ["Une garantie couvre une part du pret, page 0."])


@pytest.mark.skipif(not ocr_there() and "CI" not in os.environ, reason="tesseract is not installed with its French")
def test_a_scan_is_recognised(scan: tuple[made.Report, Path]) -> None:
    one, path = scan
    document = read(path)
    words = made.words_of(" ".join(block.text for block in document.blocks if block.kind != "note"))
    wanted = made.expected(one, title=False).words
    assert LCSseq.similarity(words, wanted) / max(len(words), len(wanted)) > 0.95
    assert any("texte reconnu sur une image, à relire" in note for note in document.notes)


def test_word_pages_and_changes(tmp_path: Path) -> None:
    """Deleted text is gone, what is inserted stays, a page begins where Word began it."""
    path = tmp_path / "suivi.docx"
    document = docx.Document()
    paragraph = document.add_paragraph("Première page")
    paragraph.add_run()._r.append(OxmlElement("w:lastRenderedPageBreak"))
    paragraph.add_run("et suite.")
    gone = OxmlElement("w:del")
    run = document.add_paragraph("Reste").add_run(" supprimé")._r
    run.getparent().replace(run, gone)
    gone.append(run)
    document.save(str(path))
    found = read(path)
    assert texts(found) == ["Première page et suite.", "Reste"]
    assert (found.blocks[0].breaks, found.pages) == ((len("Première page "),), 2)


def test_notes_of_word_are_told_from_its_text(tmp_path: Path) -> None:
    path = tmp_path / "notes.docx"
    document = docx.Document()
    main = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    separator = '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
    notes = "".join(
        f'<w:footnote w:id="{n}"><w:p><w:r><w:footnoteRef/></w:r><w:r><w:t xml:space="preserve"> {text}</w:t></w:r></w:p></w:footnote>'
        for n, text in ((2, "Voir le rapport."), (3, "Chiffres de 2025."))
    )
    blob = f"<w:footnotes {main}>{separator}{notes}</w:footnotes>".encode()
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    part = Part(PackURI("/word/footnotes.xml"), kind, blob, document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    for text, number in (("La garantie couvre la moitié", "2"), ("Elle rassure", "3")):
        paragraph = document.add_paragraph(text)
        mark = OxmlElement("w:footnoteReference")
        mark.set(qn("w:id"), number)
        paragraph.add_run()._r.append(mark)
        paragraph.add_run(".")
    document.save(str(path))
    found = read(path)
    assert texts(found) == ["La garantie couvre la moitié [1].", "Elle rassure [2]."]
    assert texts(found, "note") == ["1 Voir le rapport.", "2 Chiffres de 2025."]


def test_merged_cells_of_word_say_it_once(tmp_path: Path) -> None:
    path = tmp_path / "tableau.docx"
    document = docx.Document()
    table = document.add_table(3, 3)
    table.cell(0, 0).merge(table.cell(1, 0)).text = "Fonds"
    table.cell(0, 1).merge(table.cell(0, 2)).text = "Montants"
    for row, column, text in ((1, 1, "2024"), (1, 2, "2025"), (2, 0, "A"), (2, 1, "1"), (2, 2, "2")):
        table.cell(row, column).text = text
    document.save(str(path))
    assert texts(read(path), "table") == [MERGED]


def test_merged_cells_of_opendocument_say_it_once(tmp_path: Path) -> None:
    path = tmp_path / "tableau.odt"

    def cell(text: str, spans: str = "") -> str:
        return f"<table:table-cell {spans}><text:p>{text}</text:p></table:table-cell>"

    covered = "<table:covered-table-cell/>"
    rows = (
        cell("Fonds", 'table:number-rows-spanned="2"') + cell("Montants", 'table:number-columns-spanned="2"') + covered,
        covered + cell("2024") + cell("2025"),
        cell("A") + cell("1") + cell("2"),
    )
    body = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", made._ODT.format(f"<table:table>{body}</table:table>"))
    assert texts(read(path), "table") == [MERGED]


def typst_table(path: Path, columns: int, *cells: str) -> None:
    (typ := path.with_suffix(".typ")).write_text(
        f'#set text(lang: "fr", size: 11pt)\n= Titre\nAvant.\n#table(columns: {columns}, {", ".join(cells)})\n#v(1fr)\nAprès.\n'
    )
    path.write_bytes(bytes(typst.compile(typ)))


@pytest.mark.parametrize("program", ["typst", "reportlab"])
def test_merged_cells_of_a_pdf_say_it_once(tmp_path: Path, program: str) -> None:
    path = tmp_path / "tableau.pdf"
    if program == "typst":
        merged = ("table.cell(rowspan: 2)[Fonds]", "table.cell(colspan: 2)[Montants]", "[2024]", "[2025]")
        typst_table(path, 3, *merged, "[A]", "[1]", "[2]")
    else:
        rows = [["Fonds", "Montants", ""], ["", "2024", "2025"], ["A", "1", "2"]]
        style = [("GRID", (0, 0), (-1, -1), 0.5, "black"), ("SPAN", (0, 0), (0, 1)), ("SPAN", (1, 0), (2, 0))]
        SimpleDocTemplate(str(path)).build([Table(rows, style=style, colWidths=100)])
    assert texts(read(path), "table") == [MERGED]


def test_each_figure_of_a_tight_table_keeps_its_line_and_its_column(tmp_path: Path) -> None:
    path = tmp_path / "tableau.pdf"
    years = ("table.cell(rowspan: 2)[Bretagne]", "[2024]", "[128]", "[24 500 €]", "[2025]", "[96]", "[18 200 €]")
    typst_table(path, 4, "[Territoire]", "[Année]", "[Accords]", "[Montant]", *years)
    assert [line for line in texts(read(path), "table")[0].split("\n") if "---" not in line] == [
        "| Territoire | Année | Accords | Montant |",
        "| Bretagne | 2024 | 128 | 24 500 € |",
        "|  | 2025 | 96 | 18 200 € |",
    ]


def test_tables_of_pages_that_were_put_on_one_sheet_are_tables(tmp_path: Path) -> None:
    """Programs that impose pages make each a form of the sheet."""
    single, path = tmp_path / "une.pdf", tmp_path / "planche.pdf"
    typst_table(single, 3, *["[Fonds]", "[2024]", "[2025]", "[A]", "[1]", "[2]"])
    one, sheet = pdfium.PdfDocument(single), pdfium.PdfDocument.new()
    page = sheet.new_page(1190, 842)
    form = one.page_as_xobject(0, sheet)
    for left in (0, 595):
        placed = form.as_pageobject()
        placed.set_matrix(pdfium.PdfMatrix().translate(left, 0))
        page.insert_obj(placed)
    page.gen_content()
    sheet.save(path)
    assert texts(read(path), "table") == ["| Fonds | 2024 | 2025 |\n| --- | --- | --- |\n| A | 1 | 2 |"] * 2


def picture(width: int = 300, height: int = 200) -> bytes:
    """Return a picture (PNG) that grows lighter."""
    file = io.BytesIO()
    Image.linear_gradient("L").resize((width, height)).save(file, "PNG")
    return file.getvalue()


def pictured(path: Path) -> None:
    """Write a document with a picture, its caption, and a picture that somebody described."""
    if path.suffix == ".docx":
        document = docx.Document()
        document.add_picture(io.BytesIO(picture()))
        document.add_paragraph("Figure 1 : les prêts", style="Caption")
        document.add_paragraph("Entre les deux.")
        document.add_picture(io.BytesIO(picture(220)))
        document.inline_shapes[1]._inline.docPr.set("descr", "Une courbe qui monte")
        document.save(str(path))
    elif path.suffix == ".odt":
        frame = '<draw:frame><draw:image xlink:href="Pictures/{}.png"/>{}</draw:frame>'
        body = (
            '<text:p text:style-name="P1">'
            + frame.format("a", "")
            + "Figure 1 : les prêts</text:p><text:p>Entre les deux.</text:p>"
            "<text:p>"
            + frame.format("b", "<svg:desc>Une courbe qui monte</svg:desc>")
            + frame.format("absente", "")
            + "</text:p>"
        )
        style = '<office:automatic-styles><style:style style:name="P1" style:parent-style-name="Illustration"/></office:automatic-styles>'
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
            archive.writestr("content.xml", made._ODT.format(body).replace("<office:body>", f"{style}<office:body>"))
            archive.writestr("Pictures/a.png", picture())
            archive.writestr("Pictures/b.png", picture(220))
    elif path.suffix == ".html":
        shown = "<img alt='{}' src='data:image/png;base64,{}'>"
        first, second = (base64.b64encode(picture(width)).decode() for width in (300, 220))
        path.write_text(
            f"<figure>{shown.format('image1.png', first)}<figcaption>Figure 1 : les prêts</figcaption></figure>"
            f"<p>Entre les deux.</p><p>{shown.format('Une courbe qui monte', second)}</p><img src='https://example.org/x.png'>",
            "utf-8",
        )
    else:
        one, other = (path.with_name(f"{width}.png") for width in (300, 220))
        one.write_bytes(picture())
        other.write_bytes(picture(220))
        bars = "".join(
            f"#place(dx: {n}cm, dy: {4 - n / 2}cm, rect(width: 8mm, height: {n * 5}mm, fill: blue))"
            for n in range(1, 9)
        )
        source = (
            f'#set text(lang: "fr")\n= Titre\n#figure(image("{one.name}", width: 8cm), caption: [les prêts])\nEntre les deux.\n\n'
            f"#figure(box(width: 10cm, height: 4.3cm)[{bars}], caption: [Une courbe qui monte])\nFin.\n"
        )
        (typ := path.with_suffix(".typ")).write_text(source, "utf-8")
        path.write_bytes(bytes(typst.compile(typ)))


@pytest.mark.parametrize("make", ["pdf", "docx", "odt", "html"])
def test_figures_come_with_their_captions_made_anew(tmp_path: Path, make: str) -> None:
    path = tmp_path / f"figures.{make}"
    pictured(path)
    document = read(path)
    shown = [block for block in document.blocks if block.kind == "figure"]
    assert [block.picture for block in shown] == [1, 2]
    assert [block.text.rpartition(" – " if make == "pdf" else " : ")[2] for block in shown] == [
        "les prêts",
        "Une courbe qui monte",
    ]
    between = next(n for n, block in enumerate(document.blocks) if block.text == "Entre les deux.")
    assert document.blocks.index(shown[0]) < between < document.blocks.index(shown[1])
    for data in document.pictures:
        with Image.open(io.BytesIO(data)) as image:
            assert image.format == "WEBP"
            assert min(image.size) >= 180
            assert len(image.convert("L").getcolors(256) or []) > 5, "something is on it"
    assert parse_text(format_text(document.blocks)) == document.blocks


def test_drawings_without_a_caption_are_figures_and_boxes_of_text_are_not(tmp_path: Path) -> None:
    bars = "".join(
        f"#place(dx: {n}cm, dy: {4 - n / 2}cm, rect(width: 8mm, height: {n * 5}mm, fill: blue))"
        f"#place(dx: {n}cm, dy: 4.05cm, text(8pt)[20{n + 10}])"
        for n in range(1, 9)
    )
    boxes = "rect(fill: luma(220), width: 100%)[*Chiffre clé* \\ Une phrase qui tient sur deux lignes dans sa case étroite.],"
    source = (
        '#set text(lang: "fr", size: 11pt)\n= Titre\nAvant.\n\n'
        f"#align(center, box(width: 10cm, height: 4.4cm)[{bars}])\n\nEntre les deux.\n\n"
        f"#grid(columns: 3, gutter: 4pt, {boxes * 6})\n\n"
        "#table(columns: 2, fill: luma(230), [Forme], [Accords], [Association], [128], [Coopérative], [81])\n\nFin.\n"
    )
    (typ := tmp_path / "dessin.typ").write_text(source, "utf-8")
    (path := tmp_path / "dessin.pdf").write_bytes(bytes(typst.compile(typ)))
    document = read(path)
    (shown,) = (block for block in document.blocks if block.kind == "figure")
    assert (shown.text, shown.labels) == ("", " ".join(str(year) for year in range(2011, 2019)))
    said = [block.text for block in document.blocks]
    assert said.index("Avant.") < document.blocks.index(shown) < said.index("Entre les deux.")
    assert sum(text.count("case étroite") for text in said) == 6
    assert not any("2011" in text for text in said)
    assert parse_text(format_text(document.blocks)) == document.blocks


def test_no_picture_is_taken_that_harms() -> None:
    gallery = Gallery()
    huge = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(huge, "PNG")  # 50 kB that unpack to 400 million pixels
    torn, tiny, drawing = (
        picture()[:500],
        picture(20, 20),
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
    )
    assert [
        gallery.add(data) for data in (huge.getvalue(), torn, tiny, drawing, b"", b"\xd7\xcd\xc6\x9a" + bytes(99))
    ] == [0] * 6
    assert gallery.add_address(f"data:image/svg+xml;base64,{base64.b64encode(drawing).decode()}") == 0
    assert gallery.add_address("https://example.org/a.png") == gallery.add_address("file:///etc/passwd") == 0
    assert (gallery.add(picture()), gallery.add(picture()), len(gallery.pictures)) == (1, 1, 1)
