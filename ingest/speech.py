"""Sound becomes words, with faster-whisper."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Any

import numpy as np

from ingest.audio import RATE
from ingest.memory import give_back
from ingest.stretches import WINDOW, Stretch
from transcripts.errors import BadRecording, Unavailable
from transcripts.model import Word

AUTO = "auto"
TOGETHER = 2  # stretches that may be heard at once


@dataclass(frozen=True, slots=True)
class Segment:
    """What Whisper wrote for one breath; times in seconds of the whole recording.

    ``logprob`` is the mean log probability of its tokens, ``no_speech`` the probability that nobody spoke.
    """

    start: float
    end: float
    words: tuple[Word, ...]
    logprob: float
    no_speech: float

    @property
    def text(self) -> str:
        """The words on one line."""
        return " ".join("".join(word.text for word in self.words).split())


@dataclass(frozen=True, slots=True)
class Heard:
    """What was heard in one stretch: segments, and the language that was spoken (ISO 639-1)."""

    segments: tuple[Segment, ...]
    language: str


class Transcriber:
    """Whisper, loaded at the first use and kept until it is to rest.

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
            "word_timestamps": True,
        }
        self._lock = threading.Lock()
        self._model: Any = None

    def pipeline(self) -> Any:
        """Return faster-whisper's pipeline on the model, loaded now if need be. Raises `Unavailable`, `WeightsMissing`.

        Each call has its own: a pipeline remembers where it is, so that two threads cannot share one, but they can a model.
        """
        from faster_whisper import BatchedInferencePipeline

        with self._lock:
            if self._model is None:
                self._model = self._load()
            return BatchedInferencePipeline(self._model)

    def _load(self) -> Any:
        from faster_whisper import WhisperModel

        folder = self._find()
        try:
            return WhisperModel(
                folder,
                device=self._device,
                compute_type=self._compute,
                # Much of hearing is done by one core, in turns with what all can do: two that hear leave none idle.
                cpu_threads=max(1, (self._threads or os.cpu_count() or 1) // TOGETHER),
                num_workers=TOGETHER,
            )
        except (RuntimeError, ValueError, OSError) as error:
            raise Unavailable(
                f"Le modèle de transcription « {self.name} » ne peut pas être chargé : "
                "rien n’a été gardé ; demandez à la personne qui tient la machine de vérifier HUB_SPEECH_MODEL, ou de retirer ce réglage."
            ) from error

    def rest(self) -> None:
        """Let go of the model and its memory until somebody speaks again; loading it takes a second or a few."""
        with self._lock:
            self._model = None
        give_back()

    def hear(
        self,
        stretch: Stretch,
        *,
        language: str,
        progress: Callable[[float], None],
        hotwords: Sequence[str] = (),
        window: float = WINDOW,
    ) -> Heard:
        """Transcribe one stretch; ``progress`` hears up to which second of the whole it is done.

        Breaths that follow each other are heard together, up to ``window`` seconds of them.
        ``language`` is that of the talk, or `AUTO`. Where nobody speaks, nothing is heard. Raises `BadRecording` for a
        language that Whisper does not know.
        """
        from faster_whisper.transcribe import restore_speech_timestamps
        from faster_whisper.vad import collect_chunks

        if not stretch.speech:
            return Heard((), language)
        speech = [{"start": start, "end": end} for start, end in stretch.speech]
        chunks, _ = collect_chunks(stretch.samples, speech, max_duration=window)
        # The voice detection that cut the stretch serves Whisper too: it hears speech alone, then times are put back.
        edges = [edge / RATE for edge in accumulate(map(len, chunks), initial=0)]
        try:
            found, info = self.pipeline().transcribe(
                np.concatenate(chunks),
                language=None if language == AUTO else language,
                clip_timestamps=[{"start": a, "end": b} for a, b in pairwise(edges) if b > a],
                hotwords=" ".join(hotwords) or None,
                **self.options,
            )
        except ValueError as error:
            raise BadRecording(
                f"Whisper ne connaît pas la langue « {language[:20]} » : rien n’a été gardé ; donnez un code comme « fr » ou « en »."
            ) from error
        segments = []
        for segment in restore_speech_timestamps(found, speech, RATE):
            segments.append(_segment(segment, stretch.start))
            progress(min(stretch.start + segment.end, stretch.end))
        give_back()  # else what each stretch leaves adds up
        return Heard(tuple(segments), info.language)


def _segment(found: Any, offset: float) -> Segment:
    words = tuple(
        Word(
            round(offset + w.start, 3),
            round(offset + max(w.start, w.end), 3),
            w.word,
            round(float(w.probability), 3),
        )
        for w in found.words or ()
    )
    return Segment(
        round(offset + found.start, 3), round(offset + found.end, 3), words, found.avg_logprob, found.no_speech_prob
    )
