"""Subtitles come in from anywhere and go out in forms that read back."""

import datetime as dt
import json
import unicodedata
from itertools import accumulate

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from transcripts.errors import BadSubtitles
from transcripts.formats import export, read_chapters, read_cues, write_chapters, write_vtt
from transcripts.model import Chapter, Cue, Details, Masterclass, Origin, Summary

HOSTILE = [
    "-->",
    "a --> b",
    "<v x>",
    "<v x>y",
    "</b>",
    "NOTE",
    "NOTE ceci",
    "STYLE",
    "REGION",
    "WEBVTT",
    "00:01.000 --> 00:02.000",
    "00:00:01,000 --> 00:00:02,000",
    "&amp;",
    "&amp;lt;",
    "&#60;b&#62;",
    "12",
    "5 < 7 > 3",
    "\\n",
    "É 😀 ﬁ",
]


def plain(text: str) -> str:
    """What a reader sees of a text: one line, without invisible characters."""
    seen = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text)
    shown = "".join(c for c in seen if unicodedata.category(c) not in ("Cf", "Cs"))
    return unicodedata.normalize("NFC", " ".join(shown.split()))


texts = (st.text(min_size=1, max_size=60) | st.sampled_from(HOSTILE)).map(plain).filter(bool)


@st.composite
def transcripts(draw: st.DrawFn) -> tuple[Cue, ...]:
    said = draw(st.lists(st.tuples(texts, st.none() | texts), min_size=1, max_size=8))
    steps = draw(st.lists(st.integers(0, 5_000_000), min_size=2 * len(said), max_size=2 * len(said)))
    times = [ms / 1000 for ms in accumulate(steps)]
    return tuple(Cue(times[2 * i], times[2 * i + 1], *said[i]) for i in range(len(said)))


def talk(*cues: Cue, chapters: tuple[Chapter, ...] = (), summary: str = "") -> Masterclass:
    details = Details(
        "2026-05-12-le-pret",
        "Le prêt",
        dt.date(2026, 5, 12),
        "types-de-financeurs",
        ("Ada",),
        "draft",
        20.0,
        "fr",
        "x",
        Origin("imported", ""),
    )
    return Masterclass(details, cues, chapters, Summary(summary))


@given(transcripts())
@example(tuple(Cue(float(i), i + 1.0, text, text) for i, text in enumerate(HOSTILE)))
@example(tuple(Cue(float(i), i + 1.0, text) for i, text in enumerate(HOSTILE)))
def test_any_transcript_is_read_back_as_it_was_written(cues: tuple[Cue, ...]) -> None:
    assert read_cues(write_vtt(cues).encode()) == cues


@given(st.lists(texts, max_size=6))
@example(HOSTILE)
def test_chapters_are_read_back_as_they_were_written(titles: list[str]) -> None:
    chapters = tuple(Chapter(i * 60.0, i * 60.0 + 60, title) for i, title in enumerate(titles))
    assert read_chapters(write_chapters(chapters).encode()) == chapters


SRT = "1\n00:00:01,000 --> 00:00:02,500\nÉtape une\n\n2\n00:00:03,000 --> 00:00:04,000\n12\n"
TWO = (Cue(1.0, 2.5, "Étape une"), Cue(3.0, 4.0, "12"))


@pytest.mark.parametrize(
    "data",
    [
        SRT.encode(),
        SRT.replace(",", ".").encode(),
        SRT.replace("00:00:", "00:").encode(),
        SRT.replace("00:00:0", "0:").encode(),
        SRT.replace("\n", "\r\n").encode(),
        SRT.replace("\n", "\r").encode(),
        SRT.encode("utf-8-sig"),
        SRT.encode("cp1252"),
        SRT.encode("utf-16"),
        b"\xfe\xff" + SRT.encode("utf-16-be"),
        SRT.replace("500\n", "500 X1:40 X2:600 Y1:20 Y2:50\n").encode(),
        SRT.replace("Étape une", "<i>Étape</i>\n<font color=red>une</font>").encode(),
        unicodedata.normalize("NFD", SRT).encode(),
        ("WEBVTT Titre\n\nNOTE rien\n\n" + SRT.replace(",", ".").replace("500\n", "500 align:left\n")).encode(),
    ],
)
def test_subtitles_are_read_however_they_were_saved(data: bytes) -> None:
    assert read_cues(data) == TWO


def test_voices_become_speakers() -> None:
    vtt = b"WEBVTT\n\n00:01.000 --> 00:05.000\n<v.loud Ada L.>Oui.</v> <v Bob>Non.\n\n00:05.000 --> 00:06.000\nBon.\n"
    assert [(c.speaker, c.text) for c in read_cues(vtt)] == [("Ada L.", "Oui."), ("Bob", "Non."), (None, "Bon.")]
    first, second, _ = read_cues(vtt)
    assert (first.start, first.end, second.end) == (1.0, second.start, 5.0)


pieces = st.sampled_from(
    [
        b"WEBVTT",
        b"\n",
        b"\n\n",
        b"1\n",
        b"00:00:01,000 --> 00:00:02,000\n",
        b"0:1.5 --> 99:99.9 x\n",
        b" --> ",
        b"<v A>",
        b"NOTE",
        b"STYLE\n",
        b"\x00",
        b"\xff\xfe",
        b"\xe9",
        "٣:٣.٣ --> ٤:٤.٤\n".encode(),
        b"9" * 400 + b":00:00.000 --> " + b"9" * 400 + b":00:01.000\nx\n",
        b"9" * 5000 + b":00:00.000 --> " + b"9" * 5000 + b":00:01.000\nx\n",
    ]
)


@given(st.binary() | st.lists(pieces | st.binary(max_size=9), max_size=9).map(b"".join))
@example(b"9" * 400 + b":00:00.000 --> " + b"9" * 400 + b":00:01.000\nx\n")
@example(b"9" * 5000 + b":00:00.000 --> " + b"9" * 5000 + b":00:01.000\nx\n")
def test_any_file_is_read_or_refused_in_one_sentence(data: bytes) -> None:
    for read in (read_cues, read_chapters):
        try:
            read(data)
        except BadSubtitles as error:
            assert "rien n’a été gardé" in str(error)


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "Aucun"),
        (b"WEBVTT\n", "Aucun"),
        (b"Bonjour,\nvoici un texte.", "Aucun"),
        (b"WEBVTT\n\n00:01.000 --> 00:02.000\n<b></b>\n", "Aucun"),
        (b"WEBVTT\n\n00:02.000 --> 00:01.000\nx\n", "reculent"),
        (b"WEBVTT\n\n00:09.000 --> 00:10.000\nx\n\n00:01.000 --> 00:02.000\ny\n", "reculent à 0:01"),
        (b"x" * 20_000_001, "trop gros"),
    ],
)
def test_what_holds_no_usable_cues_is_refused_with_the_reason(data: bytes, word: str) -> None:
    with pytest.raises(BadSubtitles, match=word):
        read_cues(data)


def test_exported_subtitles_read_back_to_the_same_cues() -> None:
    whole = talk(*TWO, Cue(3600.0, 3601.25, "Une heure & plus"))
    assert read_cues(export(whole, "vtt").encode()) == whole.cues
    assert read_cues(export(whole, "srt").encode()) == whole.cues
    assert "3\n01:00:00,000 --> 01:00:01,250\n" in export(whole, "srt")


def test_a_text_that_looks_like_a_time_does_not_break_exported_subrip() -> None:
    spoken = export(talk(Cue(1.0, 2.0, "00:01.000 --> 00:02.000", "Ada"), TWO[1]), "srt")
    assert [(c.start, c.text) for c in read_cues(spoken.encode())] == [
        (1.0, "Ada : 00:01.000 → 00:02.000"),
        (3.0, "12"),
    ]


def test_exported_json_has_the_keys_of_the_contract() -> None:
    data = json.loads(export(talk(*TWO, chapters=(Chapter(0.0, 4.0, "Début"),), summary="- Un."), "json"))
    assert list(data) == [
        *("slug", "title", "date", "theme", "speakers", "status", "duration"),
        *("cues", "chapters", "summary"),
    ]
    assert data["date"] == "2026-05-12"
    assert data["cues"][0] == {"start": 1.0, "end": 2.5, "text": "Étape une", "speaker": None}
    assert data["chapters"] == [{"start": 0.0, "end": 4.0, "title": "Début"}]
    assert data["summary"] == "- Un."


def test_exported_markdown_shows_markup_of_a_transcript_as_text() -> None:
    evil = "<script>x</script> [lien](http://x) **gras** `code` ![i](http://y)"
    shown = export(talk(Cue(1.0, 2.0, evil, "<b>"), chapters=(Chapter(0.0, 2.0, evil),)), "md")
    assert "\\<script\\>" in shown
    for raw in ("<script", " [lien](", "](http", "**gras", " `code", " ![i", "<b>"):
        assert raw not in shown.replace(f"\\{raw.strip()[0]}", "")


def test_exported_text_names_who_speaks_once_and_keeps_chapters_apart() -> None:
    cues = (Cue(0.0, 1.0, "Un.", "Ada"), Cue(1.0, 2.0, "Deux.", "Ada"), Cue(2.0, 3.0, "Trois.", "Bob"))
    assert export(talk(*cues), "txt") == "Le prêt\n\nAda\u00a0: Un. Deux.\n\nBob\u00a0: Trois.\n"
