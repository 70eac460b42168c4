"""A recording becomes words, stretch by stretch; what is done is kept, so that an interruption costs minutes."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from threading import Event

from pydantic import TypeAdapter, ValidationError

from ingest.audio import RATE, blocks
from ingest.phantoms import sift
from ingest.speech import AUTO, TOGETHER, Segment, Transcriber
from ingest.stretches import Stretch, stretches
from ingest.unheard import filled, unheard
from transcripts.errors import BadRecording
from transcripts.files import replace_text
from transcripts.model import Removed, Word

_TELL = 0.5  # seconds between two words on progress
# Seconds heard together the second time and the third: words were lost where many breaths shared Whisper’s thirty. A breath
# always stays whole.
_AGAIN = (15.0, 1.0)


@dataclass(frozen=True, slots=True)
class Transcription:
    """What was said in a recording: words, what was taken out, the language, and how long it is (seconds)."""

    words: tuple[Word, ...]
    removed: tuple[Removed, ...]
    language: str
    duration: float


@dataclass(frozen=True, slots=True)
class _Piece:
    """A finished stretch, as it is kept on disk; times in seconds of the whole. ``asked`` is what was wanted of whom."""

    asked: str
    end: float
    language: str
    segments: tuple[Segment, ...]
    speech: tuple[tuple[float, float], ...]


_FORM = TypeAdapter(_Piece)


class _Pieces:
    """The finished stretches of a recording, from the first one on, on disk as they are added.

    Those of an interrupted run that wanted the same are there already.
    """

    def __init__(self, folder: Path, asked: str) -> None:
        self.asked = asked
        self.pieces: list[_Piece] = []
        self._folder = folder
        while (path := self._next()).exists():
            try:
                piece = _FORM.validate_json(path.read_bytes())
            except ValidationError:  # an earlier version of the hub wrote it
                break
            if piece.asked != asked:
                break
            self.pieces.append(piece)

    @property
    def end(self) -> float:
        """Where the next stretch begins (seconds)."""
        return self.pieces[-1].end if self.pieces else 0.0

    def language(self, wanted: str) -> str:
        """Return that of the first stretch in which somebody speaks; until then the one that is wanted."""
        return next((piece.language for piece in self.pieces if piece.segments), wanted)

    def add(self, piece: _Piece) -> None:
        """Keep a stretch."""
        replace_text(self._next(), _FORM.dump_json(piece).decode())
        self.pieces.append(piece)

    def _next(self) -> Path:
        return self._folder / f"stretch-{len(self.pieces) + 1:04}.json"


def transcribe(
    path: Path,
    transcriber: Transcriber,
    *,
    sha256: str,
    language: str,
    folder: Path,
    progress: Callable[[float], None],
) -> Transcription:
    """Transcribe a recording of any length.

    Args:
        path: the recording.
        transcriber: who hears.
        sha256: of the recording, by which its finished stretches are known.
        language: that of the talk, or `AUTO`: then the first stretch in which somebody speaks decides.
        folder: where finished stretches are kept; those of an interrupted run are taken up again.
        progress: hears how many seconds are done.

    Raises `BadRecording` when it cannot be decoded, or nobody speaks in it.
    """
    kept = _Pieces(folder, f"{sha256} {transcriber.name} {transcriber.options} {language}")
    if kept.end:
        progress(kept.end)
    hearing: deque[Future[_Piece]] = deque()
    heard: dict[float, float] = {}  # seconds done of stretches that are being heard, by where they begin
    stopped = Event()

    def tell(start: float, second: float) -> None:
        heard[start] = second - start
        if stopped.is_set():
            raise InterruptedError

    def take() -> None:
        """Keep the first stretch that is being heard, once it is done; meanwhile tell how far all of them are."""
        while hearing[0] not in wait([hearing[0]], timeout=_TELL).done:
            progress(kept.end + sum(list(heard.values())))
        piece = hearing.popleft().result()
        heard.pop(kept.end, None)
        kept.add(piece)
        progress(piece.end)

    with ThreadPoolExecutor(TOGETHER, "hearing") as threads:
        try:
            for stretch in stretches(blocks(path), start=kept.end):
                while hearing and (len(hearing) == TOGETHER or kept.language(language) == AUTO):
                    take()
                spoken = kept.language(language)
                hearing.append(
                    threads.submit(_hear, kept.asked, stretch, transcriber, spoken, partial(tell, stretch.start))
                )
            while hearing:
                take()
        finally:
            stopped.set()
    words, removed = sift(
        [segment for piece in kept.pieces for segment in piece.segments],
        [part for piece in kept.pieces for part in piece.speech],
    )
    if not words:
        raise BadRecording(
            "Aucune parole n’a été entendue dans cet enregistrement : rien n’a été gardé ; vérifiez que le son est bien là."
        )
    return Transcription(words, removed, kept.language(language), kept.end)


def _hear(
    asked: str, stretch: Stretch, transcriber: Transcriber, language: str, progress: Callable[[float], None]
) -> _Piece:
    """Hear a stretch, and again, in smaller parts, what was left without words."""
    speech = tuple((stretch.start + a / RATE, stretch.start + b / RATE) for a, b in stretch.speech)
    first = transcriber.hear(stretch, language=language, progress=progress)
    segments = first.segments
    for window in _AGAIN:
        if not (missed := unheard(speech, segments)):
            break
        again = transcriber.hear(
            replace(stretch, speech=tuple(stretch.speech[n] for n in missed)),
            language=first.language,
            progress=lambda _: progress(stretch.end),
            window=window,
        )
        segments = tuple(filled(segments, again.segments, [speech[n] for n in missed]))
    return _Piece(asked, stretch.end, first.language, segments, speech)
