"""The handout on paper, read back."""

import datetime as dt
import io
import threading
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import replace

import pytest
from pypdf import PdfReader
from starlette.testclient import TestClient

from app import takeaway
from app.handout import _printable, handout
from tests.app.conftest import HEARD
from tests.talks import lines
from transcripts.model import Chapter, Cue, Details, Masterclass, Origin, Summary

DETAILS = Details(
    "2026-01-01-x", "Œuvrer à l’équité", dt.date(2026, 1, 1), "t", ("Personne Inventée",), "published", 60, "fr", "x", Origin("imported", "")
)  # fmt: skip


def pages(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


def test_a_talk_of_two_hours_is_set_on_pages() -> None:
    chapters = tuple(Chapter(n * 720, (n + 1) * 720, f"Chapitre {n}") for n in range(10))
    pdf = handout(Masterclass(DETAILS, lines(2500), chapters, Summary("- Un point")), "http://localhost/x")
    words = pages(pdf)
    assert 40 < len(words) < 150
    assert "Œuvrer à l’équité" in words[0]
    assert "1er janvier 2026" in words[0]
    assert "Résumé automatique, non relu" in words[0]
    assert "ligne 2499" in words[-1]
    assert f"2 / {len(words)}" in words[1]
    assert b"/Lang (fr" in pdf
    assert b"Literata" in pdf


@pytest.mark.parametrize("title", ["x" * 300, "<b>**titre**</b> :red[x]", "😀 漢字 Ωμέγα \u202e"])
def test_any_title_and_words_are_set(title: str) -> None:
    talk = Masterclass(
        DETAILS, (Cue(0, 3, title, title),), (Chapter(0, 3, title),), Summary(f"## {title}\n\n- {title}")
    )
    assert pages(handout(talk, "http://localhost/x"))


def test_french_is_set_as_on_the_page() -> None:
    said = "L'argent : d'où vient-il ?"
    set_so = "L’argent\u00a0: d’où vient-il\u202f?"
    talk = Masterclass(
        replace(DETAILS, title=said),
        (Cue(0, 3, said, "Ada"),),
        (Chapter(0, 3, said),),
        Summary(f"## {said}\n\n- {said}"),
    )
    reader = PdfReader(io.BytesIO(handout(talk, "http://localhost/x")))
    (page,) = (page.extract_text().replace("\u00a0", " ") for page in reader.pages)  # fpdf2 draws that one as any other
    assert (
        page.count(set_so.replace("\u00a0", " ")) == 6
    )  # title, foot, heading and point of the summary, chapter, words
    assert "'" not in page
    assert reader.metadata and reader.metadata.title == set_so


def test_what_the_typeface_lacks_becomes_what_it_has() -> None:
    assert _printable("« Où ? » œuvre, l’été – 5 €…") == "« Où ? » œuvre, l’été – 5 €…"
    assert _printable("ﬁn²") in ("fin²", "fin2", "ﬁn²")
    assert "漢" not in _printable("漢字")


def test_one_is_made_at_a_time_and_once(web: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten ask at once: one is told to come back, as nine work or wait; those wait for one making."""
    refused, made = threading.Event(), []

    def slow(masterclass: Masterclass, url: str) -> bytes:
        made.append(url)
        assert refused.wait(9)
        return handout(masterclass, url)

    monkeypatch.setattr(takeaway, "handout", slow)
    takeaway._pdf.cache_clear()
    with ThreadPoolExecutor(10) as askers:
        answers = as_completed([askers.submit(web.get, f"/m/{HEARD}.pdf") for _ in range(10)])
        first = next(answers).result()
        refused.set()
        others = [each.result() for each in answers]
    assert (first.status_code, first.headers["retry-after"]) == (503, "5")
    assert {(each.status_code, each.content[:4]) for each in others} == {(200, b"%PDF")}
    assert len(made) == 1
    assert "Disallow: /m/*.pdf" in web.get("/robots.txt").text
