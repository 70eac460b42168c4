"""How a recording is heard, but for the words: stretch by stretch, and as many voices as are said to be there."""

import datetime as dt
import tracemalloc
import wave
from collections.abc import Sequence
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path

import numpy as np
import pytest

from app.services import Services
from app.settings import ROOT, Settings
from ingest.audio import RATE, Samples, decode
from ingest.pipeline import Draft, Pipeline
from ingest.sources import Material
from ingest.speech import Heard, Segment, Transcriber
from ingest.stretches import LONGEST, Stretch
from ingest.transcription import transcribe
from ingest.wishes import Wishes
from transcripts.model import Cue, Word

SPEECH = ROOT / "transcripts/demo/media/2026-11-12-le-pret-participatif-et-les-quasi-fonds-propres.ogg"


class Clockwork(Transcriber):
    """Hears the time, about twice a second, wherever somebody speaks; notes where the stretches began (seconds)."""

    def __init__(self) -> None:
        super().__init__(lambda: "", name="clockwork", device="cpu", compute="int8", threads=1, beam=1, batch=1)
        self.began: list[float] = []

    def hear(self, stretch: Stretch, **wanted: object) -> Heard:
        self.began.append(stretch.start)
        segments = []
        for a, b in stretch.speech:
            count = 1 + int((b - a) / RATE / 0.4)
            times = np.linspace(stretch.start + a / RATE, stretch.start + b / RATE, count, endpoint=False).tolist()
            words = tuple(Word(t, t + 0.3, f" {t:.1f}", 0.9) for t in times)
            segments.append(Segment(words[0].start, words[-1].end, words, -0.3, 0.0))
        return Heard(tuple(segments), "fr")


def record(path: Path, sound: Samples) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes((sound * 32767).astype("<i2").tobytes())
    return path


def test_transcription_goes_on_from_the_last_finished_stretch(tmp_path: Path) -> None:
    said = decode(SPEECH)[: 4 * RATE]
    sound = np.concatenate([said, np.zeros(int(LONGEST * RATE), np.float32), said])
    path, kept = record(tmp_path / "long.wav", sound), tmp_path / "work"
    kept.mkdir()
    first, second = Clockwork(), Clockwork()

    def stop(done: float) -> None:
        if any(kept.iterdir()):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        transcribe(path, first, sha256="a", language="fr", folder=kept, progress=stop)
    assert 0.0 in first.began
    told: list[float] = []
    done = transcribe(path, second, sha256="a", language="fr", folder=kept, progress=told.append)
    assert second.began == [told[0]]
    assert told[0] > LONGEST / 2
    times = [word.start for word in done.words]
    assert times == sorted(set(times))
    assert times[0] < 2
    assert times[-1] > LONGEST + 4


def test_memory_does_not_grow_with_the_recording(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.stretches.find_speech", lambda sound: ((0, len(sound) // 2),))
    noise = np.random.default_rng(0).normal(0, 0.1, RATE).astype(np.float32)

    def most(minutes: int) -> float:
        """Return the most memory that hearing so long a recording takes (MB)."""
        monkeypatch.setattr("ingest.transcription.blocks", lambda path: (noise.copy() for _ in range(minutes * 60)))
        (folder := tmp_path / str(minutes)).mkdir()
        tracemalloc.start()
        try:
            done = transcribe(folder, Clockwork(), sha256="a", language="fr", folder=folder, progress=lambda done: None)
            assert done.duration == minutes * 60
            return tracemalloc.get_traced_memory()[1] / 1e6
        finally:
            tracemalloc.stop()

    short, long = most(20), most(80)
    assert 19 < short < 200  # one stretch at least
    assert long < 1.2 * short


def by_loudness(pieces: Sequence[Samples]) -> np.ndarray:
    """A voiceprint that knows who is loud and who is not."""
    return np.array([(1, 0) if np.abs(piece).max() > 0.1 else (0, 1) for piece in pieces], np.float32)


@pytest.fixture
def two(tmp_path: Path) -> Path:
    """A recording of seventeen seconds in which somebody loud speaks, then somebody who is not."""
    said = decode(SPEECH)[: 8 * RATE]
    said = said / np.abs(said).max()
    return record(tmp_path / "two.wav", np.concatenate([said * 0.9, np.zeros(RATE, np.float32), said * 0.08]))


@pytest.fixture
def pipeline(tmp_path: Path) -> Pipeline:
    services = Services(Settings(home=tmp_path / "home"))
    return Pipeline(
        services.library,
        services.studies,
        Clockwork(),
        embed=lambda texts: np.ones((len(texts), 1), np.float32),
        voiceprint=by_loudness,
        make_room=lambda: None,
        themes=("theme",),
    )


def test_as_many_voices_are_told_apart_as_are_said_to_speak(two: Path, pipeline: Pipeline, tmp_path: Path) -> None:
    material = Material("two.wav", "a", "Deux voix", dt.date(2026, 1, 2), 17.0, two)

    def voices(wishes: Wishes) -> set[str | None]:
        return {cue.speaker for cue in pipeline.make(material, tmp_path, wishes, lambda *_: None).masterclass.cues}

    assert voices(Wishes()) == {"Voix 1", "Voix 2"}
    assert voices(Wishes(voices=1)) == {None}


def test_captions_that_name_nobody_get_the_voices_of_their_recording(
    two: Path, pipeline: Pipeline, tmp_path: Path
) -> None:
    said = [(0.0, 4.0), (4.0, 9.2), (9.2, 13.0), (12.5, 17.0), (16.5, 40.0)]
    cues = tuple(Cue(start, end, "Une phrase de plusieurs mots.") for start, end in said)
    material = Material("two.wav", "a", "Deux voix", dt.date(2026, 1, 2), 17.0, two, cues=cues)
    stages: list[str] = []

    def make(wishes: Wishes, *speakers: str | None) -> Draft:
        given = tuple(replace(cue, speaker=who) for cue, who in zip_longest(cues, speakers))
        return pipeline.make(replace(material, cues=given), tmp_path, wishes, lambda stage, *_: stages.append(stage))

    def named(draft: Draft) -> list[str | None]:
        return [cue.speaker for cue in draft.masterclass.cues]

    draft = make(Wishes())
    assert named(draft) == ["Voix 1", "Voix 1", "Voix 2", "Voix 2", None]  # of the last one nothing is heard
    assert [replace(cue, speaker=None) for cue in draft.masterclass.cues] == list(cues)
    assert sorted(draft.prints) == ["Voix 1", "Voix 2"] and "Voix" in stages
    assert named(make(Wishes(voices=1))) == [None] * 5
    assert named(make(Wishes(), "Voix 1")) == ["Voix 1", "Voix 2", "Voix 3", "Voix 3", None]
    assert named(make(Wishes(), "Ada", "Ada")) == ["Ada", "Ada", None, None, None]
    assert named(make(Wishes(), *5 * ["Ada"])) == 5 * ["Ada"]


def test_who_speaks_is_whom_staff_name_or_nobody_or_left_to_the_source(pipeline: Pipeline, tmp_path: Path) -> None:
    cues = (Cue(0.0, 4.0, "Une phrase.", "Ada"),)
    told = Material("two.vtt", "a", "Deux voix", dt.date(2026, 1, 2), 4.0, cues=cues, speakers=("Zoom H4n",))

    def speakers(wishes: Wishes, material: Material) -> tuple[str, ...]:
        return pipeline.make(material, tmp_path, wishes, lambda *_: None).masterclass.details.speakers

    assert speakers(Wishes(), told) == ("Zoom H4n",)
    assert speakers(Wishes(), replace(told, speakers=())) == ("Ada",)
    assert speakers(Wishes(speakers=("Inès",)), told) == ("Inès",)
    assert speakers(Wishes(unnamed=True), told) == ()
