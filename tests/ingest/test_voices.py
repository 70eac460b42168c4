"""Who speaks when: voices are found, counted, kept on whole words, and one voice stays one."""

import itertools
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from app import weights
from app.settings import ROOT
from ingest import audio
from ingest.voiceprint import Voiceprint
from ingest.voices import Turn, Voices, by_speaker, find_voices, propose
from transcripts.model import Word

CLIPS = ROOT / "tests" / "speech" / "voices"
TALK = ROOT / "transcripts" / "demo" / "media" / "2026-10-15-d-ou-vient-la-monnaie.ogg"

Sound = npt.NDArray[np.float32]


@pytest.fixture(scope="module")
def voiceprint() -> Voiceprint:
    return Voiceprint(lambda: weights.ensure(weights.VOICEPRINT, ROOT / "var" / "models", lambda line: None))


def words(*turns: tuple[float, float]) -> list[Word]:
    """Fill times of speech with words of about 0.3 s."""
    spoken = []
    for start, end in turns:
        edges = np.linspace(start, end, round((end - start) / 0.3) + 1).tolist()
        spoken += [Word(a, b, " mot") for a, b in itertools.pairwise(edges)]
    return spoken


def heard(turns: Sequence[tuple[float, float, int]], count: int | None = None) -> Voices:
    """Find the voices of turns (start, end, who) whose sound is who speaks, on an ideal ear with some noise."""
    voices = np.eye(16, dtype=np.float32)
    chance = np.random.default_rng(0)

    def sound(start: float, end: float) -> Sound:
        times = np.arange(int(start * 100), int(end * 100)) / 100
        who = np.zeros(len(times), np.float32)
        for begin, stop, voice in turns:
            who[(times >= begin) & (times < stop)] = voice
        return who

    def embed(pieces: Sequence[Sound]) -> Sound:
        mixed = np.stack([np.mean([voices[int(who)] for who in piece], axis=0) for piece in pieces])
        noisy = mixed + chance.normal(0, 0.12, mixed.shape)
        return (noisy / np.linalg.norm(noisy, axis=1, keepdims=True)).astype(np.float32)

    return find_voices(words(*((a, b) for a, b, _ in turns)), sound, embed, count)


def said(turns: Sequence[Turn]) -> list[int]:
    return [turn.voice for turn in turns]


def test_voices_are_numbered_as_they_are_first_heard_and_change_between_words() -> None:
    spoken = [(1.0, 40.0, 7), (40.4, 44.0, 3), (44.6, 80.0, 7), (80.1, 95.0, 5)]
    found = heard(spoken)
    assert said(found.turns) == [0, 1, 0, 2]
    assert len(found.prints) == 3
    for turn, (start, end, _) in zip(found.turns, spoken, strict=True):
        assert turn.start == pytest.approx(start, abs=0.5)
        assert turn.end == pytest.approx(end, abs=0.5)


def test_an_hour_of_one_voice_is_one_voice() -> None:
    chance = np.random.default_rng(1)
    ends = np.cumsum(chance.uniform(4, 12, 420))
    found = heard([(float(a) + 0.5, float(b), 2) for a, b in itertools.pairwise(ends)])
    assert len(found.turns) == len(found.prints) == 1


def test_a_short_question_after_a_long_talk_is_its_own_voice() -> None:
    found = heard([(0.0, 600.0, 1), (600.5, 604.0, 4), (604.4, 700.0, 1)])
    assert said(found.turns) == [0, 1, 0]


def test_a_remark_between_pauses_is_its_own_voice_and_short_breaths_of_the_speaker_are_not() -> None:
    breaths = [(60.5, 61.4, 1), (61.9, 63.0, 1)]
    found = heard([(0.0, 60.0, 1), *breaths, (63.5, 64.7, 4), (65.2, 66.3, 1), (66.8, 100.0, 1)])
    assert said(found.turns) == [0, 1, 0]
    assert (found.turns[1].start, found.turns[1].end) == (63.5, 64.7)


def test_as_many_voices_as_are_said_to_be_there() -> None:
    assert len(heard([(0.0, 20.0, 1), (20.5, 40.0, 2), (40.5, 60.0, 3)], count=2).prints) == 2


def test_speech_too_short_to_tell_and_no_speech_at_all() -> None:
    assert said(heard([(0.0, 0.4, 1)]).turns) == [0]
    assert heard([]).turns == ()


def test_one_voice_carries_no_name_and_two_are_numbered() -> None:
    spoken = words((0.0, 3.0), (3.5, 6.0))
    assert list(by_speaker(spoken, [Turn(0.0, 6.0, 0)])) == [(None, spoken)]
    parts = list(by_speaker(spoken, [Turn(0.0, 3.0, 0), Turn(3.5, 6.0, 1)]))
    assert parts == [("Voix 1", spoken[:10]), ("Voix 2", spoken[10:])]
    assert list(by_speaker([], [])) == []


def test_a_known_voice_is_proposed_once_and_a_stranger_is_not() -> None:
    prints = np.array([[1, 0, 0], [0.9, 0.436, 0], [0, 0, 1]], np.float32)
    known = [("Ada", [0.99, 0.14, 0.0]), ("Zoé", [0.0, 0.6, 0.8])]
    assert propose(prints, known) == [("Ada", 0.99), None, ("Zoé", 0.8)]
    assert propose(prints, []) == [None, None, None]


def loud(path: Path) -> Sound:
    """Return the speech of a clip, at one level, without the silence around it."""
    sound = audio.decode(path)
    frames = np.flatnonzero(np.abs(sound) > 0.1 * np.abs(sound).max())
    sound = sound[frames[0] : frames[-1]]
    return sound * np.float32(0.06 / np.sqrt(np.mean(sound**2)))


def reader(sound: Sound):
    return lambda start, end: sound[int(start * audio.RATE) : int(end * audio.RATE)]


def test_two_people_are_told_apart_by_ear(voiceprint: Voiceprint) -> None:
    man, woman = loud(CLIPS / "fleurs-fr-002.ogg"), loud(CLIPS / "fleurs-fr-008.ogg")
    gap = np.zeros(audio.RATE // 2, np.float32)
    half = 3 * audio.RATE
    parts = [man[:half], woman[:half] * np.float32(0.1), man[half:], woman[half:] * np.float32(0.1)]
    spoken, at = [], 0.0
    for part in parts:
        spoken.append((at, at + len(part) / audio.RATE))
        at += (len(part) + len(gap)) / audio.RATE
    sound = np.concatenate([piece for part in parts for piece in (part, gap)])
    found = find_voices(words(*spoken), reader(sound), voiceprint)
    assert said(found.turns) == [0, 1, 0, 1]
    for turn, (start, end) in zip(found.turns, spoken, strict=True):
        assert turn.start == pytest.approx(start, abs=0.5)
        assert turn.end == pytest.approx(end, abs=0.5)
    # The same man in another recording of his would be proposed; the woman is not taken for him.
    print_of_man = voiceprint([man[half : half + 25600]])
    assert propose(found.prints, [("Lui", print_of_man[0].tolist())])[1] is None
    assert propose(found.prints, [("Lui", print_of_man[0].tolist())])[0] is not None


def test_a_remark_from_the_audience_is_kept_apart_by_ear(voiceprint: Voiceprint) -> None:
    man, woman = loud(CLIPS / "fleurs-fr-002.ogg"), loud(CLIPS / "fleurs-fr-008.ogg")
    second = audio.RATE
    # The speaker's own remark of the same length stays with him.
    parts = [
        man[: 3 * second],
        woman[second : int(2.4 * second)],
        man[3 * second : int(4.4 * second)],
        man[5 * second :],
    ]
    spoken, at = [], 0.0
    for part in parts:
        spoken.append((at, at + len(part) / second))
        at += len(part) / second + 0.5
    sound = np.concatenate([piece for part in parts for piece in (part, np.zeros(second // 2, np.float32))])
    found = find_voices(words(*spoken), reader(sound), voiceprint)
    assert said(found.turns) == [0, 1, 0]
    assert (found.turns[1].start, found.turns[1].end) == pytest.approx(spoken[1])


def test_a_talk_by_one_person_is_one_voice(voiceprint: Voiceprint) -> None:
    sound = audio.decode(TALK)[: 120 * audio.RATE]
    found = find_voices(words((0.5, 119.5)), reader(sound), voiceprint)
    assert len(found.turns) == 1
