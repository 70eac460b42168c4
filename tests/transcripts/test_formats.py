"""Subtitles of all kinds come in; what goes out reads back the same."""

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.settings import ROOT
from transcripts.errors import BadSubtitles
from transcripts.formats import export, read_chapters, read_cues, write_chapters, write_vtt
from transcripts.library import Library
from transcripts.model import Chapter, Cue

TEXTS = st.text(st.characters(exclude_categories=("C", "Z")) | st.just(" "), min_size=1).map(
    lambda text: " ".join(text.split())
)
TEXTS = TEXTS.filter(bool)
GAPS = st.tuples(st.integers(0, 60_000), st.integers(1, 60_000))


@given(st.lists(st.tuples(GAPS, TEXTS, st.none() | TEXTS), min_size=1, max_size=8))
@example([((0, 1), "a --> b", "<v x>"), ((0, 1), "NOTE", None), ((5, 5), "00:01.000 --> 00:02.000", "&amp;")])
@example([((0, 1), "WEBVTT", None), ((0, 1), "12", "J > K"), ((0, 1), "<b>gras</b> &lt;", "STYLE")])
def test_what_is_written_reads_back(rows: list[tuple[tuple[int, int], str, str | None]]) -> None:
    cues, at = [], 0
    for (gap, length), text, speaker in rows:
        at += gap
        cues.append(Cue(at / 1000, (at + length) / 1000, text, speaker))
        at += length
    assert read_cues(write_vtt(cues).encode()) == tuple(cues)


@given(st.binary(max_size=400) | st.text(max_size=400).map(lambda t: t.encode("utf-8", "surrogatepass")))
@example(b"WEBVTT\n\n00:00.000 --> 99:99:99.999\nx")
def test_any_bytes_give_cues_or_a_sentence(data: bytes) -> None:
    try:
        assert read_cues(data)
    except BadSubtitles as error:
        assert str(error).endswith(".")


SRT = "1\n00:00:01,500 --> 00:00:02,250\nÉcole <i>et</i>\nsuite\n\n2\n00:03.5 --> 00:04,000 align:start\n- Fin &amp; suite\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_subrip_as_it_comes(encoding: str, newline: str) -> None:
    cues = read_cues(SRT.replace("\n", newline).encode(encoding))
    assert cues == (Cue(1.5, 2.25, "École et suite"), Cue(3.5, 4.0, "- Fin & suite"))


def test_voices_become_speakers() -> None:
    cues = read_cues(
        b"WEBVTT\n\nSTYLE\n::cue {}\n\nNOTE ici\n\nx\n00:01.000 --> 00:03.000\n<v.fort Jean>Oui</v> <v Lea>Non\n"
    )
    assert [(c.speaker, c.text) for c in cues] == [("Jean", "Oui"), ("Lea", "Non")]
    assert cues[0].end == cues[1].start


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "Aucun sous-titre"),
        (b"WEBVTT\n", "Aucun sous-titre"),
        (b"WEBVTT\n\n00:05.000 --> 00:06.000\na\n\n00:01.000 --> 00:02.000\nb\n", "reculent à 0:01"),
        (b"WEBVTT\n\n00:05.000 --> 00:04.000\na\n", "reculent à 0:05"),
    ],
)
def test_wrong_subtitles_are_named(data: bytes, said: str) -> None:
    with pytest.raises(BadSubtitles, match=said):
        read_cues(data)


def test_chapters_read_back() -> None:
    chapters = (Chapter(0, 61.5, "Un & deux --> trois"), Chapter(61.5, 4000, "<Fin>"))
    assert read_chapters(write_chapters(chapters).encode()) == chapters
    assert read_chapters(b"WEBVTT\n") == ()


def test_every_form_carries_the_words() -> None:
    library = Library(ROOT / "transcripts" / "demo")
    talk = library.read("2026-10-01-ma-banque-dit-non-garanties-et-recours")
    assert read_cues(export(talk, "vtt").encode()) == talk.cues
    assert [(c.start, c.end) for c in read_cues(export(talk, "srt").encode())] == [(c.start, c.end) for c in talk.cues]
    data = json.loads(export(talk, "json"))
    assert list(data) == "slug title date theme speakers status duration cues chapters summary".split()
    assert data["cues"][0] == {"start": 0.8, "end": 4.073, "text": talk.cues[0].text, "speaker": talk.cues[0].speaker}
    for cue in talk.cues[:20]:
        assert cue.text in " ".join(export(talk, "txt").split())
    assert f"## {talk.chapters[1].title}" in export(talk, "md")
