"""What a voice sounds like, as a vector: the speaker encoder of Resemblyzer (its weights, on torch alone).

A three-layer LSTM reads the mel power spectrum of up to 1.6 seconds; its last state, projected, is near that of other
sounds of the same voice (Wan et al., "Generalized end-to-end loss for speaker verification", 2018).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ingest.audio import RATE
from transcripts.errors import Unavailable

Samples = npt.NDArray[np.float32]
Vectors = npt.NDArray[np.float32]

DIMENSIONS = 256
# The spectrum that the network was trained on: 25 ms windows every 10 ms, 40 mel bands, 160 of them at a time.
_WINDOW, _HOP, _BANDS, _FRAMES = 400, 160, 40, 160
# Its training raised quiet recordings to this level (dB below full scale).
_LEVEL = -30.0
_BATCH = 64


class Voiceprint:
    """The network, loaded at the first use and kept; one thread at a time.

    Args:
        folder: returns the folder that holds ``model.safetensors`` (and may fetch it first).
    """

    def __init__(self, folder: Callable[[], Path]) -> None:
        self._find = folder
        self._lock = threading.Lock()
        self._parts: Any = None

    def __call__(self, pieces: Sequence[Samples]) -> Vectors:
        """Return a unit vector for each piece of sound, shape (pieces, `DIMENSIONS`).

        A piece is mono at `audio.RATE`; its first 1.6 seconds count, and one under half a second says little. Raises
        `Unavailable`, `WeightsMissing`.
        """
        vectors = np.zeros((len(pieces), DIMENSIONS), np.float32)
        with self._lock:
            for at in range(0, len(pieces), _BATCH):
                vectors[at : at + _BATCH] = self._embed(pieces[at : at + _BATCH])
        return vectors

    def _embed(self, pieces: Sequence[Samples]) -> Vectors:
        import torch

        bands, window, lstm, linear = self._load()
        with torch.inference_mode():
            sound = torch.zeros(len(pieces), _FRAMES * _HOP)
            for row, piece in zip(sound, pieces, strict=True):
                # A short piece is said again until it fills what the network reads.
                row[:] = torch.from_numpy(np.resize(_louder(piece), len(row)))
            spectrum = torch.stft(
                sound, _WINDOW, _HOP, window=window, center=True, pad_mode="constant", return_complex=True
            )
            mel = (bands @ spectrum.abs().square())[:, :, :_FRAMES].transpose(1, 2)
            _, (hidden, _) = lstm(mel)
            vectors: Vectors = torch.nn.functional.normalize(torch.relu(linear(hidden[-1]))).numpy()
        return vectors

    def _load(self) -> Any:
        if self._parts is None:
            folder = self._find()
            # Imported here: torch takes seconds to load.
            import torch
            from faster_whisper.feature_extractor import FeatureExtractor
            from safetensors import SafetensorError
            from safetensors.torch import load_file

            network = torch.nn.ModuleDict(
                {
                    "lstm": torch.nn.LSTM(_BANDS, DIMENSIONS, num_layers=3, batch_first=True),
                    "linear": torch.nn.Linear(DIMENSIONS, DIMENSIONS),
                }
            )
            try:
                network.load_state_dict(load_file(folder / "model.safetensors"))
            except (SafetensorError, OSError, RuntimeError) as error:
                raise Unavailable(
                    "Le modèle des voix ne peut pas être chargé : rien n’a été gardé ; "
                    f"supprimez le dossier {folder}, puis recommencez : il sera téléchargé à nouveau."
                ) from error
            network.eval()
            bands = torch.from_numpy(FeatureExtractor.get_mel_filters(RATE, _WINDOW, _BANDS).astype(np.float32))
            self._parts = bands, torch.hann_window(_WINDOW), network["lstm"], network["linear"]
        return self._parts


def _louder(piece: Samples) -> Samples:
    """Raise a quiet piece to the level that the network knows."""
    level = 20 * np.log10(max(float(np.sqrt(np.mean(np.square(piece, dtype=np.float64)))), 1e-6))
    return piece * np.float32(10 ** (max(_LEVEL - level, 0.0) / 20))
