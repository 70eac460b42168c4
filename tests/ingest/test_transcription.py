"""What is transcribed of a recording when the work is interrupted need not be heard again."""

import wave
from pathlib import Path

import numpy as np
import pytest

from app.settings import ROOT
from ingest.audio import RATE, decode
from ingest.speech import Heard, Segment, Transcriber
from ingest.stretches import LONGEST, Stretch
from ingest.transcription import transcribe
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


def test_transcription_goes_on_from_the_last_finished_stretch(tmp_path: Path) -> None:
    said = decode(SPEECH)[: 4 * RATE]
    sound = np.concatenate([said, np.zeros(int(LONGEST * RATE), np.float32), said])
    path, kept = tmp_path / "long.wav", tmp_path / "work"
    kept.mkdir()
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes((sound * 32767).astype("<i2").tobytes())
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
