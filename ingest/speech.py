"""Sound becomes words, with faster-whisper."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise, takewhile
from typing import Any

import numpy as np

from ingest.audio import RATE, Samples
from ingest.memory import give_back
from ingest.stretches import WINDOW, Stretch, find_speech
from transcripts.errors import BadRecording, Unavailable
from transcripts.model import Word

AUTO = "auto"
TOGETHER = 2  # stretches that may be heard at once
# When words are aligned: seconds by which one may end too late, so many words that 30 seconds never hold, seconds before the end of
# what is heard at once that are left to the next time, and tokens that Whisper writes at once.
_CROSSING, _AHEAD, _BLURRED, _TOKENS = 0.1, 140, 5.0, 440


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

    def align(self, samples: Samples, words: Sequence[str], *, language: str) -> list[Word]:
        """Return when each of some words was said, in seconds of a sound in which they are all that is said.

        Forced alignment: what Whisper attends to while it is made to write these words and no others. Empty where that cannot be
        told.
        """
        # As when it hears: speech alone, else a word would begin with the silence before it.
        speech = find_speech(samples)
        spoken = np.concatenate([samples[a:b] for a, b in speech]) if speech else samples[:0]
        made: list[Word] = []
        at = 0
        while len(made) < len(words):
            # Words that come after what Whisper hears at once gather at its end, and do no harm before.
            ahead, whole = words[len(made) : len(made) + _AHEAD], len(spoken) - at <= WINDOW * RATE
            found = self._attended(spoken[at : at + WINDOW * RATE], ahead, language)
            kept = found if whole else list(takewhile(lambda word: word.end < WINDOW - _BLURRED, found))
            if not kept or (whole and len(made) + len(kept) < len(words)):
                return []
            made += (replace(w, start=w.start + at / RATE, end=w.end + at / RATE) for w in kept)
            at += round(kept[-1].end * RATE)
        return [_placed(word, speech) for word in made]

    def _attended(self, samples: Samples, words: Sequence[str], language: str) -> list[Word]:
        """Return the words as Whisper attends to them in a sound without silences, no longer than it hears at once."""
        from faster_whisper.audio import pad_or_trim
        from faster_whisper.tokenizer import Tokenizer

        model = self.pipeline().model
        if not len(samples) or language not in model.supported_languages:
            return []
        text = "".join(f" {word}" for word in words)
        tokenizer = Tokenizer(model.hf_tokenizer, model.model.is_multilingual, task="transcribe", language=language)
        if len(tokens := tokenizer.encode(text)) > _TOKENS:
            return []
        features = model.feature_extractor(samples)
        frames = min(features.shape[-1], model.feature_extractor.nb_max_frames)
        (pieces,) = model.find_alignment(tokenizer, [tokens], model.encode(pad_or_trim(features)), frames)
        if "".join(piece["word"] for piece in pieces) != text:
            return []
        return list(_joined(words, pieces))


def _joined(words: Sequence[str], pieces: Sequence[Any]) -> Iterator[Word]:
    """Yield words from the pieces in which Whisper writes them, each from its first letter to its last."""
    left = iter(pieces)
    for word in words:
        held: list[dict[str, Any]] = []
        while sum(len(piece["word"].strip()) for piece in held) < len(word):
            held.append(next(left))
        said = [piece for piece in held if any(letter.isalnum() for letter in piece["word"])] or held
        sure = sum(piece["probability"] for piece in said) / len(said)
        yield Word(float(said[0]["start"]), float(said[-1]["end"]), f" {word}", float(sure))


def _placed(word: Word, speech: Sequence[tuple[int, int]]) -> Word:
    """Return a word with its times in the whole sound, from those in its speech alone.

    One that lies across a cut belongs after it: what Whisper does not know what to do with goes to the beginning of a word.
    """
    before = 0.0
    for first, last in speech:
        start, long = first / RATE, (last - first) / RATE
        if word.end - _CROSSING <= before + long or last == speech[-1][1]:
            break
        before += long
    inside = [start + min(max(second - before, 0.0), long) for second in (word.start, word.end)]
    return replace(word, start=round(inside[0], 3), end=round(inside[1], 3))


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
