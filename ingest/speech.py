"""Sound becomes words, with faster-whisper."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ingest.audio import RATE
from ingest.cues import Word, make_cues
from transcripts.errors import BadRecording, Unavailable
from transcripts.model import Cue

AUTO = "auto"


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was said: cues (seconds) and the language that was spoken (ISO 639-1)."""

    cues: tuple[Cue, ...]
    language: str


class Transcriber:
    """Whisper, loaded at the first use and kept.

    Args:
        model: any faster-whisper model name or folder, or a function that returns one (and may fetch it first).
        device, compute, threads, beam, batch: see the speech settings.
    """

    def __init__(
        self,
        model: Callable[[], str],
        *,
        name: str,
        device: str,
        compute: str,
        threads: int,
        beam: int,
        batch: int,
    ) -> None:
        self.name = name
        self._find = model
        self._device, self._compute, self._threads = device, compute, threads
        # What faster-whisper is called with, for every recording.
        self.options: dict[str, Any] = {
            # A leading silence or jingle must not decide the language of an hour of speech.
            "language_detection_segments": 4,
            "beam_size": beam,
            "batch_size": batch,
            "vad_filter": True,
            "word_timestamps": True,
        }
        self._lock = threading.Lock()
        self._pipeline: Any = None

    def pipeline(self) -> Any:
        """Return faster-whisper's pipeline, loaded now if need be. Raises `Unavailable`, `WeightsMissing`."""
        from faster_whisper import BatchedInferencePipeline, WhisperModel

        if self._pipeline is None:
            folder = self._find()
            try:
                model = WhisperModel(folder, device=self._device, compute_type=self._compute, cpu_threads=self._threads)
            except (RuntimeError, ValueError, OSError) as error:
                raise Unavailable(
                    f"Le modèle de transcription « {self.name} » ne peut pas être chargé ({str(error)[:100]}) : "
                    "rien n’a été gardé ; vérifiez HUB_SPEECH_MODEL, ou retirez ce réglage."
                ) from error
            self._pipeline = BatchedInferencePipeline(model)
        return self._pipeline

    def transcribe(
        self, samples: npt.NDArray[np.float32], *, language: str, progress: Callable[[float], None]
    ) -> Transcript:
        """Transcribe mono samples at `RATE`; ``progress`` hears how many seconds are done.

        ``language`` is that of the talk, or `AUTO`. Raises `BadRecording` when nobody speaks.
        """
        with self._lock:
            pipeline = self.pipeline()
            try:
                segments, info = pipeline.transcribe(
                    samples,
                    language=None if language == AUTO else language,
                    **self.options,
                )
            except ValueError as error:
                raise BadRecording(
                    f"Whisper ne connaît pas la langue « {language[:20]} » : rien n’a été gardé ; donnez un code comme « fr » ou « en »."
                ) from error
            words: list[Word] = []
            for segment in segments:
                words += [Word(w.start, w.end, w.word) for w in segment.words or ()]
                progress(min(segment.end, len(samples) / RATE))
        cues = make_cues(words)
        if not cues:
            raise BadRecording(
                "Aucune parole n’a été entendue dans cet enregistrement : rien n’a été gardé ; vérifiez que le son est bien là."
            )
        return Transcript(tuple(cues), info.language)
