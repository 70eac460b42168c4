"""Studies made on the spot for tests: their words are given, their original is a PDF of as many pages."""

import datetime as dt
import io
from dataclasses import replace
from pathlib import Path

from fpdf import FPDF
from PIL import Image

from transcripts.model import Origin, Summary, make_slug
from transcripts.study import Block, Study, StudyDetails, placed

TABLE = "| Région | Structures |\n| --- | --- |\n| Bretagne | 120 |\n| Corse | =8 |\n| Solde | -12 % |"
GUARANTEE = "La garantie France Active couvre la moitié du prêt bancaire d’une association."
FEES = "La commission de cette garantie représente deux pour cent du montant garanti."
NEEDS = "Les structures interrogées cherchent surtout des fonds propres patients pour leurs premières années."
RUNS_ON = "Une phrase qui commence au bas d’une page finit parfois en haut de la suivante, sans prévenir."
BLOCKS = placed(
    (
        Block(1, "heading", "Enquête sur le financement", 1),
        Block(1, "text", NEEDS),
        Block(1, "note", "Source : enquête auprès de 850 structures."),
        Block(2, "heading", "Les garanties", 2),
        Block(2, "text", f"{GUARANTEE} {FEES}"),
        Block(2, "table", TABLE),
        Block(2, "figure", "Figure 1 : les structures par région"),
        Block(2, "text", RUNS_ON, breaks=(RUNS_ON.index("finit"),)),
        Block(3, "heading", "Conclusion", 2),
        Block(3, "text", "• Les banques restent le premier financeur des structures."),
    )
)


def paper(title: str = "Ce que cherchent les structures", **changes: object) -> Study:
    """Return a study of three pages, published."""
    date = dt.date(2026, 4, 2)
    facts: dict[str, object] = {
        "slug": make_slug(date, title),
        "title": title,
        "date": date,
        "authors": ("Ada Lovelace",),
        "theme": "types-de-financeurs",
        "status": "published",
        "language": "fr",
        "source": "rapport.pdf",
        "origin": Origin("pdf", "ab" * 32),
        "pages": 3,
    }
    details = StudyDetails(**(facts | changes))  # type: ignore[arg-type]
    return Study(details, BLOCKS, Summary("Les structures cherchent des **fonds propres** ([p. 1](#page=1))."))


def pictured() -> tuple[Study, list[bytes]]:
    """Return such a study whose figure has a picture, and that picture."""
    study = paper()
    blocks = tuple(replace(block, picture=1) if block.kind == "figure" else block for block in study.blocks)
    file = io.BytesIO()
    Image.linear_gradient("L").convert("RGB").save(file, "WEBP")
    return replace(study, blocks=blocks), [file.getvalue()]


def original(path: Path) -> Path:
    """Write the document that a study was made of."""
    pdf = FPDF()
    pdf.set_font("helvetica", size=12)
    for number in (1, 2, 3):
        pdf.add_page()
        for block in BLOCKS:
            if block.page == number and block.kind == "text":
                pdf.multi_cell(120, 6, block.text.replace("’", "'").replace("•", "-"), new_x="LMARGIN", new_y="NEXT")
    pdf.output(str(path))
    return path
