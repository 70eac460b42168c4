"""A passage that is taken back leaves nothing that quotes it, and touches nothing else."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.summary import draft_summary
from ingest.writing import Point
from tests.papers import FEES, GUARANTEE, paper
from transcripts.errors import BadInput
from transcripts.formats import read_cues, write_vtt
from transcripts.model import (
    Chapter,
    Correction,
    Cue,
    Details,
    Difference,
    Masterclass,
    Origin,
    Removed,
    Summary,
    Trace,
    Word,
)
from transcripts.sentences import sentences
from transcripts.study_files import format_text, parse_text
from transcripts.study_withdrawal import pieces, withdraw_pieces
from transcripts.withdrawal import MARK, withdraw

DETAILS = Details(
    "2026-01-01-a", "A", dt.date(2026, 1, 1), "t", (), "draft", 60.0, "fr", "a.mp3", Origin("imported", "")
)
CUES = tuple(
    Cue(10.0 * n, 10.0 * n + 9, f"Voici la phrase numéro {word} du discours.")
    for n, word in enumerate(["un", "deux", "trois", "quatre"])
)


def test_what_quotes_goes_and_what_is_also_said_elsewhere_stays() -> None:
    masterclass = Masterclass(
        replace(DETAILS, description="La phrase numéro deux du discours, racontée.\nUne séance sur le prêt."),
        CUES,
        (Chapter(0, 20, "La phrase numéro deux"), Chapter(20, 40, "Du discours")),
        Summary(
            "- Voici la phrase numéro trois du discours.\n- « phrase numéro deux du discours »\n- [là](/masterclass?m=a&t=12)\n- Voici la phrase."
        ),
    )
    trace = Trace(
        words=(Word(1, 2, " un"), Word(12, 13, " deux"), Word(31, 32, " quatre")),
        removed=(Removed(11, 12, "deux", "loop"), Removed(30, 31, "quatre", "loop")),
        corrections=(Correction(15, 16, "deu", "deux"), Correction(35, 36, "catre", "quatre")),
    )
    left = withdraw(masterclass, trace, 12, 13)
    assert (left.start, left.end) == (10.0, 19.0)
    made = left.masterclass
    assert [cue.text for cue in made.cues] == [CUES[0].text, MARK, CUES[2].text, CUES[3].text]
    assert [chapter.title for chapter in made.chapters] == ["Chapitre 1", "Du discours"]
    assert made.summary.text == "- Voici la phrase numéro trois du discours.\n- Voici la phrase."
    assert made.details.description == "Une séance sur le prêt."
    assert [word.text for word in left.trace.words] == [" un", " quatre"]
    assert [one.text for one in left.trace.removed] == ["quatre"]
    assert [one.term for one in left.trace.corrections] == ["quatre"]
    assert read_cues(write_vtt(made.cues).encode()) == made.cues
    with pytest.raises(BadInput, match="Rien n’est dit"):
        withdraw(made, left.trace, 12, 13)


@given(st.floats(-5, 70), st.floats(-5, 70))
def test_whatever_the_moments_only_whole_lines_go(start: float, end: float) -> None:
    masterclass = Masterclass(DETAILS, CUES)
    try:
        left = withdraw(masterclass, Trace(), start, end)
    except BadInput:
        assert not [cue for cue in CUES if cue.end > start and cue.start < end]
        return
    kept = [cue for cue in left.masterclass.cues if cue.text != MARK]
    assert set(kept) < set(CUES)
    assert all(cue.end <= left.start or cue.start >= left.end for cue in kept)
    assert 0 <= left.start < left.end <= DETAILS.duration
    assert sorted(left.masterclass.cues, key=lambda cue: cue.start) == list(left.masterclass.cues)


PAPER = paper()
PIECES = pieces(PAPER)


@given(st.integers(-1, len(PIECES)), st.integers(-1, len(PIECES)))
def test_whatever_goes_from_a_study_the_rest_stays_to_the_letter(first: int, last: int) -> None:
    try:
        left = withdraw_pieces(PAPER, first, last)
    except BadInput:
        assert not 0 <= first <= last < len(PIECES)
        return
    kept = [piece.text for piece in (*PIECES[:first], *PIECES[last + 1 :])]
    assert [piece.text for piece in pieces(left)] == kept
    assert 1 <= sum(block.text.count(MARK) for block in left.blocks) <= 2
    assert parse_text(format_text(left.blocks)) == left.blocks
    pages = [piece.page for piece in pieces(left)]
    assert pages == sorted(pages)
    assert left.details.original == ""


def test_what_leads_into_what_is_taken_back_goes_however_it_is_worded() -> None:
    points = [Point("Le premier point reformulé.", 0), Point("Le troisième aussi.", 2)]
    text = draft_summary(sentences(CUES), np.eye(4, dtype=np.float32), [], written=points)
    names = "Crédit ([0:02](#t=2)), Banque ([0:20](#t=20)), Fonds ([0:31](#t=31))."
    made = Masterclass(DETAILS, CUES, summary=Summary(f"{text}\n\n{names}"))
    left = withdraw(made, Trace(differences=(Difference(2, 3, "a", "b"), Difference(21, 22, "c", "d"))), 21, 22)
    lines = left.masterclass.summary.text.splitlines()
    assert "- Le premier point reformulé\\. ([0:00](#t=0))" in lines
    assert "#t=20" in text
    assert not [line for line in lines if "#t=20" in line]
    assert lines[-1] == "Crédit ([0:02](#t=2)), Fonds ([0:31](#t=31))."
    assert left.trace.differences == (Difference(2, 3, "a", "b"),)


def test_what_leads_to_a_page_taken_back_stays_where_it_tells_what_stays() -> None:
    at = next(n for n, piece in enumerate(PIECES) if piece.text == FEES)
    lines = [
        f"- {GUARANTEE} ([p. 2](#page=2))",
        "- Garantir a son prix ([p. 2](#page=2))",
        "- Conclure ([p. 3](#page=3))",
        "France Active ([p. 2](#page=2)), Commissionnaire ([p. 2](#page=2)).",
    ]
    left = withdraw_pieces(replace(PAPER, summary=Summary("\n".join(lines))), at, at)
    assert left.summary.text.splitlines() == [lines[0], lines[2], "France Active ([p. 2](#page=2))."]


def test_a_header_that_goes_leaves_a_table() -> None:
    at = next(n for n, piece in enumerate(PIECES) if piece.text == "Région | Structures")
    (table,) = [block for block in withdraw_pieces(PAPER, at, at + 1).blocks if block.kind == "table"]
    assert table.text.splitlines()[:3] == [f"| {MARK} |  |", "| --- | --- |", "| Corse | =8 |"]
    whole = withdraw_pieces(PAPER, at, at + 3).blocks
    assert not [block for block in whole if block.kind == "table"]
    assert [block.kind for block in whole if block.text == MARK] == ["text"]
