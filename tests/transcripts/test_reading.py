"""A transcript as an article, and written Markdown as blocks."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transcripts.glossary import glossary
from transcripts.model import Chapter, Cue, Details, Masterclass, Origin
from transcripts.prose import Block, Span, blocks
from transcripts.reading import Section, mentions, paragraphs, sections

DETAILS = Details("2026-01-01-x", "X", dt.date(2026, 1, 1), "t", (), "draft", 13, "fr", "x.vtt", Origin("imported", ""))


def cue(start: float, text: str, speaker: str | None = None) -> Cue:
    return Cue(start, start + 2, text, speaker)


def test_a_paragraph_ends_with_its_speaker_its_chapter_or_a_pause() -> None:
    said = [
        cue(0, "Un.", "A"),
        cue(2, "Deux.", "A"),
        cue(4, "Trois.", "B"),
        cue(9, "Quatre.", "B"),
        cue(11, "Cinq.", "B"),
    ]
    chapters = (Chapter(0, 11, "Début"), Chapter(11, 13, "Fin"))
    assert [p.text for p in paragraphs(said, chapters)] == ["Un. Deux.", "Trois.", "Quatre.", "Cinq."]


def test_a_paragraph_lasts_until_its_last_line_goes() -> None:
    (paragraph,) = paragraphs([Cue(0, 8, "La garantie couvre la moitié, et"), Cue(3, 6, "la banque attend.")])
    assert (paragraph.start, paragraph.end) == (0, 8)


def test_captions_without_full_stops_are_no_wall_of_words() -> None:
    bare = [cue(n * 2.5, "on a dit que la coopérative pouvait emprunter") for n in range(2500)]
    assert max(len(p.text.split()) for p in paragraphs(bare)) < 200
    assert [p.text for p in paragraphs([cue(0, "alors"), cue(4, "la suite"), cue(10, "après un silence")])] == [
        "alors la suite",
        "après un silence",
    ]


def test_what_is_said_before_the_first_chapter_has_none() -> None:
    talk = Masterclass(DETAILS, (cue(0, "Bonjour."), cue(10, "Au fait.")), (Chapter(10, 12, "Le fait"),))
    assert [section.chapter.title if section.chapter else None for section in sections(talk)] == [None, "Le fait"]


def test_a_term_is_explained_once_a_section_wherever_its_plural_stands() -> None:
    said = (cue(0, "Les prêts participatifs."), cue(2, "Un prêt participatif, une SCIC."))
    section = Section(None, tuple(paragraphs(said)))
    found = [
        [c.text[m.start : m.end] for m in marks] for c, marks in zip(said, mentions(section, glossary()), strict=True)
    ]
    assert found == [["prêts participatifs"], ["SCIC"]]


def test_a_summary_keeps_headings_points_and_moments() -> None:
    assert blocks("## À retenir\n\n- Le **prêt** \\(long\\) ([1:02](#t=62))\n\nFin.") == [
        Block("heading", (Span("À retenir"),)),
        Block(
            "item", (Span("Le "), Span("prêt", strong=True), Span(" (long) ("), Span("1:02", link="#t=62"), Span(")"))
        ),
        Block("paragraph", (Span("Fin."),)),
    ]


@pytest.mark.parametrize(
    "hostile",
    ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", ":red[x]", "$x^2$", "[x](javascript:alert(1))"],
)
def test_what_is_no_prose_stays_text(hostile: str) -> None:
    (block,) = blocks(f"Avant {hostile} après")
    assert hostile in block.text
    assert not any(span.link for span in block.spans)


@given(st.text())
def test_any_text_can_be_read_and_links_lead_to_moments_or_the_web(text: str) -> None:
    for block in blocks(text):
        assert all(not s.link or s.link.startswith(("#t=", "http://", "https://")) for s in block.spans)
