"""The handout on paper, read back with the tool that made it and by its own words."""

import datetime as dt
import zlib

import pytest

from app.handout import _printable, handout
from tests.talks import lines
from transcripts.model import Chapter, Cue, Details, Masterclass, Origin, Summary

DETAILS = Details(
    "2026-01-01-x", "Œuvrer à l’équité", dt.date(2026, 1, 1), "t", ("Personne Inventée",), "published", 60, "fr", "x", Origin("imported", "")
)  # fmt: skip


def pages(pdf: bytes) -> int:
    return pdf.count(b"/Type /Page\n")


def test_a_talk_of_two_hours_is_set_on_pages() -> None:
    chapters = tuple(Chapter(n * 720, (n + 1) * 720, f"Chapitre {n}") for n in range(10))
    pdf = handout(Masterclass(DETAILS, lines(2500), chapters, Summary("- Un point")), "http://localhost/x")
    assert pdf.startswith(b"%PDF-")
    assert 40 < pages(pdf) < 150
    assert b"/Lang (fr" in pdf
    assert b"Literata" in pdf


@pytest.mark.parametrize("title", ["x" * 300, "<b>**titre**</b> :red[x]", "😀 漢字 Ωμέγα \u202e"])
def test_any_title_and_words_are_set(title: str) -> None:
    talk = Masterclass(
        DETAILS, (Cue(0, 3, title, title),), (Chapter(0, 3, title),), Summary(f"## {title}\n\n- {title}")
    )
    assert pages(handout(talk, "http://localhost/x")) >= 1


def test_what_the_typeface_lacks_becomes_what_it_has() -> None:
    assert _printable("« Où ? » œuvre, l’été – 5 €…") == "« Où ? » œuvre, l’été – 5 €…"
    assert _printable("ﬁn²") in ("fin²", "fin2", "ﬁn²")
    assert "漢" not in _printable("漢字")


def test_streams_are_compressed_and_whole() -> None:
    pdf = handout(Masterclass(DETAILS, lines(3)), "http://localhost/x")
    bodies = [
        part.split(b"endstream")[0].strip(b"\r\n") for part in pdf.split(b"stream\n")[1::1] if b"endstream" in part
    ]
    assert any(zlib.decompress(body) for body in bodies if body[:1] == b"x")
