"""What Whisper invents is taken out and kept for the reviewer; what people say stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.phantoms import clamp, loops, sift
from ingest.speech import Segment
from transcripts.model import Word


def segment(text: str, start: float = 0.0, pace: float = 0.4, no_speech: float = 0.0) -> Segment:
    words = tuple(Word(start + i * pace, start + (i + 1) * pace, f" {word}") for i, word in enumerate(text.split()))
    return Segment(words[0].start, words[-1].end, words, -0.3, no_speech)


def text(words: tuple[Word, ...]) -> str:
    return "".join(word.text for word in words).strip()


@pytest.mark.parametrize(
    "line",
    [
        "Sous-titres réalisés par la communauté d'Amara.org",
        "Sous-titrage Société Radio-Canada",
        "Sous-titrage ST' 501",
        "❤️ par SousTitreur.com",
    ],
)
def test_subtitlers_lines_are_taken_out_with_their_reason(line: str) -> None:
    kept, removed = sift([segment("Le prêt se rembourse."), segment(line, 10)], [(0, 30)])
    assert text(kept) == "Le prêt se rembourse."
    assert [(r.text, r.reason, r.start) for r in removed] == [(line, "phantom", 10)]


REAL = (
    "Nous avons vu ce soir que le prêt participatif se rembourse après les autres dettes de la société. Merci à tous."
)


@pytest.mark.parametrize(
    "line", ["Sous-titres réalisés par la communauté d'Amara.org", "Sous-titrage ST' 501", "Sous-titrage MFP."]
)
def test_a_subtitlers_line_is_found_among_what_was_said_with_it(line: str) -> None:
    for said in (f"{REAL} {line}", f"{line}. {REAL}", f"{REAL} {line}. {REAL}", f"Merci à tous. {line}"):
        kept, removed = sift([segment(said)], [(0, 60)])
        assert [(r.text.rstrip("."), r.reason) for r in removed] == [(line.rstrip("."), "phantom")]
        assert text(kept).split() == said.replace(f"{line}.", "").replace(line, "").split()


@pytest.mark.parametrize(
    "said",
    [
        "Le sous-titrage est fait par des bénévoles.",
        "La transcription par Whisper est gratuite.",
        "Tout est sur www.franceactive.org",
        "On a besoin de sous-titres.",
    ],
)
def test_who_speaks_of_subtitles_is_heard(said: str) -> None:
    assert text(sift([segment(said)], [(0, 60)])[0]) == said


def test_thanks_are_kept_when_said_and_taken_out_where_nobody_speaks() -> None:
    assert text(sift([segment("Merci beaucoup.")], [(0, 5)])[0]) == "Merci beaucoup."
    assert sift([segment("Merci beaucoup.", no_speech=0.9)], [(0, 5)])[0] == ()
    assert sift([segment("Merci d'être venus.", 20)], [(0, 5)])[1][0].reason == "silence"


def test_a_talk_about_subtitles_is_not_silenced() -> None:
    said = "Nous avons aussi parlé du sous-titrage par des bénévoles dans les associations de quartier de la ville."
    assert text(sift([segment(said)], [(0, 60)])[0]) == said


def test_a_loop_keeps_what_was_said_once() -> None:
    said = "On en parle. " + "Et donc c'est ça. " * 9 + "Merci."
    kept, removed = sift([segment(said)], [(0, 60)])
    assert text(kept) == "On en parle. Et donc c'est ça. Merci."
    assert [r.reason for r in removed] == ["loop"]
    assert removed[0].text.count("donc") == 8


def test_a_whole_sentence_again_and_again_is_a_loop() -> None:
    said = "Il faut donc que chaque association qui cherche un prêt prépare son plan de financement sur trois ans."
    kept, removed = sift([segment(f"{said} " * 6 + "Merci.")], [(0, 60)])
    assert text(kept) == f"{said} Merci."
    assert [r.reason for r in removed] == ["loop"]
    assert not any(loops(f"{said} {said}".split()))  # twice, as people do for emphasis


@pytest.mark.parametrize(
    "said", ["non non non non c'est faux", "très très très important", "un deux trois un deux trois"]
)
def test_people_may_repeat_themselves(said: str) -> None:
    assert not any(loops(said.split()))


@given(st.lists(st.sampled_from("abcd"), max_size=60))
def test_whatever_is_taken_out_stands_in_what_is_kept(words: list[str]) -> None:
    flags = loops(words)
    kept = [word for word, looping in zip(words, flags, strict=True) if not looping]
    assert set(kept) == set(words)


def test_a_word_after_a_silence_begins_where_its_speech_does() -> None:
    [word] = clamp([Word(2.0, 10.4, " Bonjour")], [(0, 1), (10, 20)])
    assert (word.start, word.end) == (10, 10.4)
