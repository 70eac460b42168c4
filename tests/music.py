"""Music made by reckoning, for what must not be taken for speech."""

import numpy as np

from ingest.audio import RATE, Samples

_SCALE = np.array([0, 2, 4, 5, 7, 9, 11, 12])  # semitones
_NOTE, _BEAT, _BAR = 0.25, 0.5, 2.0  # seconds


def music(seconds: float) -> Samples:
    """Return a tune that trembles, a bass and drums, shape (samples,), in -1 to 1; the same in every run."""
    rng = np.random.default_rng(0)
    at = np.arange(round(seconds * RATE)) / RATE
    pitches = 220 * 2 ** (rng.choice(_SCALE, size=int(seconds / _NOTE) + 1) / 12)
    tune = 2 * np.pi * np.cumsum(pitches[(at / _NOTE).astype(int)] * (1 + 0.006 * np.sin(2 * np.pi * 5.5 * at))) / RATE
    bass = 2 * np.pi * np.cumsum(pitches[(at / _BAR).astype(int)] / 4) / RATE
    played = sum(np.sin(harmonic * tune) / harmonic for harmonic in range(1, 7)) * np.exp(-4 * (at % _NOTE))
    played += 0.6 * np.sin(bass) + 0.3 * rng.normal(size=len(at)) * np.exp(-30 * (at % _BEAT))
    sound: Samples = (0.5 * played / np.abs(played).max()).astype(np.float32)
    return sound
