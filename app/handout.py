"""A masterclass as a handout on paper (PDF)."""

from __future__ import annotations

import logging
import unicodedata
from functools import lru_cache
from pathlib import Path

from fontTools.ttLib import TTFont
from fpdf import FPDF
from fpdf.enums import XPos, YPos

from app.settings import ROOT
from transcripts.model import Details, Masterclass, Summary, clock
from transcripts.prose import blocks, reviewed
from transcripts.reading import sections
from transcripts.typography import french_day, typeset

_FONTS = ROOT / "pages" / "static" / "fonts"
_STYLES = {"": "Literata-Regular.ttf", "B": "Literata-Bold.ttf", "I": "Literata-Italic.ttf"}
_INK, _SOFT, _ACCENT = (28, 42, 48), (75, 91, 97), (12, 92, 82)
# fontTools tells of every table of a font that it leaves out.
logging.getLogger("fontTools").setLevel(logging.ERROR)


class _Paper(FPDF):
    """A4 with the hub's typeface and a foot that says what this is and which page."""

    def __init__(self, foot: str) -> None:
        super().__init__(format="A4")
        self._foot = foot
        for style, name in _STYLES.items():
            self.add_font("Literata", style, _FONTS / name)
        self.set_margins(25, 22, 25)
        self.set_auto_page_break(True, 24)

    def footer(self) -> None:
        """Draw the foot of a page; fpdf2 calls this."""
        self.set_y(-16)
        self.set_text_color(*_SOFT)
        self.set_font("Literata", "", 8)
        self.cell(140, 5, self._foot)
        self.cell(0, 5, f"{self.page_no()} / {{nb}}", align="R")

    def write_block(
        self,
        text: str,
        size: float,
        style: str = "",
        color: tuple[int, int, int] = _INK,
        after: float = 2,
        indent: float = 0,
    ) -> None:
        """Set a paragraph in French, in points of ``size``, with ``after`` mm of space below and ``indent`` mm at the left."""
        self.set_font("Literata", style, size)
        self.set_text_color(*color)
        self.set_x(self.l_margin + indent)
        self.multi_cell(0, size * 0.53, _printable(typeset(text)), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(after)


def handout(masterclass: Masterclass, url: str) -> bytes:
    """Return a PDF: title, summary with who reviewed it, and the transcript by chapters with its times.

    ``url`` is printed as the place to listen. Characters that the typeface lacks become the nearest it has, or a square.
    """
    details = masterclass.details
    title = typeset(details.title)
    paper = _Paper(_printable(_cut(title, 70)))
    paper.set_title(title)
    paper.set_author(", ".join(details.speakers) or "Opération Milliard")
    paper.set_lang("fr")
    paper.add_page()
    paper.write_block(title, 20, "B", after=1)
    paper.write_block(_byline(details), 10, color=_SOFT, after=1)
    paper.write_block(url, 9, color=_ACCENT, after=5)
    if masterclass.summary.text:
        _summary(paper, masterclass.summary)
    paper.write_block("Transcription", 14, "B", after=1)
    speaker = None
    for section in sections(masterclass):
        if section.chapter:
            _heading(paper, f"{section.chapter.title}\u00a0\u00a0{clock(section.chapter.start)}")
        for paragraph in section.paragraphs:
            if paragraph.speaker and paragraph.speaker != speaker:
                paper.write_block(paragraph.speaker, 9, "B", _SOFT, after=0)
            speaker = paragraph.speaker
            paper.write_block(paragraph.text, 10.5)
    return bytes(paper.output())


def _summary(paper: _Paper, summary: Summary) -> None:
    paper.write_block("Résumé", 14, "B", after=0)
    paper.write_block(reviewed(summary), 9, "I", _SOFT)
    for block in blocks(summary.text):
        if block.kind == "heading":
            _heading(paper, block.text)
        else:
            item = block.kind == "item"
            paper.write_block(("– " if item else "") + block.text, 10.5, indent=4 if item else 0)
    paper.ln(3)


def _heading(paper: _Paper, text: str) -> None:
    if paper.will_page_break(22):  # no heading alone at the foot of a page
        paper.add_page()
    paper.ln(1.5)
    paper.write_block(text, 12, "B", _ACCENT, after=1)


def _byline(details: Details) -> str:
    invented = " (nom inventé)" if details.demonstration else ""
    who = [f"{name}{invented}" for name in details.speakers]
    return " · ".join([french_day(details.date), *who, *(["Démonstration"] if details.demonstration else [])])


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


@lru_cache(maxsize=1)
def _glyphs(font: Path = _FONTS / "Literata-Regular.ttf") -> frozenset[int]:
    with TTFont(font, lazy=True) as opened:
        return frozenset(opened.getBestCmap())


def _printable(text: str) -> str:
    """Return a text in characters that the typeface has."""
    if all(ord(c) in _glyphs() for c in text):
        return text
    return "".join(_nearest(c) for c in text)


def _nearest(character: str) -> str:
    if ord(character) in _glyphs():
        return character
    plain = "".join(c for c in unicodedata.normalize("NFKD", character) if ord(c) in _glyphs())
    return plain or ("" if unicodedata.category(character)[0] in "MC" else "□" if ord("□") in _glyphs() else "?")
