"""How a recording is heard, but for the words: stretch by stretch, and as many voices as are said to be there."""

import datetime as dt
import tracemalloc
import wave
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from app.services import Services
from app.settings import ROOT, Settings
from ingest.audio import RATE, Samples, decode
from ingest.pipeline import Pipeline
from ingest.sources import Material
from ingest.speech import Heard, Segment, Transcriber
from ingest.stretches import LONGEST, Stretch
from ingest.transcription import transcribe
from ingest.wishes import Wishes
from transcripts.model import Word

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


def test_as_many_voices_are_told_apart_as_are_said_to_speak(tmp_path: Path) -> None:
    def by_loudness(pieces: Sequence[Samples]) -> np.ndarray:
        return np.array([(1, 0) if np.abs(piece).max() > 0.1 else (0, 1) for piece in pieces], np.float32)

    said = decode(SPEECH)[: 8 * RATE]
    said = said / np.abs(said).max()
    path = record(tmp_path / "two.wav", np.concatenate([said * 0.9, np.zeros(RATE, np.float32), said * 0.08]))
    services = Services(Settings(home=tmp_path / "home"))
    pipeline = Pipeline(
        services.library,
        services.studies,
        Clockwork(),
        embed=lambda texts: np.ones((len(texts), 1), np.float32),
        voiceprint=by_loudness,
        make_room=lambda: None,
        themes=("theme",),
    )
    material = Material("two.wav", "a", "Deux voix", dt.date(2026, 1, 2), 17.0, path)

    def voices(wishes: Wishes) -> set[str | None]:
        return {cue.speaker for cue in pipeline.make(material, tmp_path, wishes, lambda *_: None).masterclass.cues}

    assert voices(Wishes()) == {"Voix 1", "Voix 2"}
    assert voices(Wishes(voices=1)) == {None}
