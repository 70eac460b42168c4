"""A media file becomes sound: probing and decoding with PyAV, any container that FFmpeg reads."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer

from transcripts.errors import BadInput, BadRecording

# What Whisper reads: mono samples per second.
RATE = 16_000
_GAP = 0.1  # seconds between time stamps and sound that are a real gap, not rounding
_DAY = 24 * 3600.0  # seconds that no recording lasts
# A file may be gigabytes of nothing under a good name: FFmpeg would look for sound in it to the end.
_PATIENCE = 5.0  # seconds for the first look, and for each packet
# Bytes, and seconds of trying, in a row without a frame of sound, after which no more is expected.
_HOPELESS, _LOST = 50_000_000, 30.0
# Formats that hold their own sound. Others are lists that lead FFmpeg to further files and addresses.
_SELF_CONTAINED = "aac,ac3,aiff,amr,ape,asf,au,avi,caf,dts,eac3,flac,flv,matroska,mov,mp3,mp4,mpeg,mpegts,mxf,nut,ogg,tta,w64,wav,webm,wv"

Samples = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Probe:
    """What a container says of itself; ``duration`` in seconds."""

    duration: float
    video: bool
    title: str | None
    date: dt.date | None


def opened(path: Path) -> InputContainer:
    """Open a media file, with patience, and no playlist whatever it is called. Raises `av.FFmpegError`."""
    return av.open(path, metadata_errors="ignore", options={"format_whitelist": _SELF_CONTAINED}, timeout=_PATIENCE)


def probe(path: Path) -> Probe:
    """Look into a media file without decoding it.

    Raises `BadRecording` when it is empty, no media at all, or has no sound; `BadInput` when it cannot be opened.
    """
    try:
        if path.stat().st_size == 0:
            raise BadRecording(
                f"« {path.name} » est un fichier vide : rien n’a été gardé ; donnez l’enregistrement complet."
            )
        with opened(path) as container:
            if not container.streams.audio:
                raise BadRecording(
                    f"« {path.name} » ne contient aucune piste sonore : rien n’a été gardé ; "
                    "donnez un enregistrement avec le son, ou ses sous-titres (.vtt, .srt)."
                )
            if not any(stream.sample_rate for stream in container.streams.audio):
                raise _undecodable(path)  # a good name, and nothing of that kind as far as was looked
            tags = {key.lower(): value for key, value in container.metadata.items()}
            return Probe(
                duration=container.duration / av.time_base if container.duration else _reckoned(container),
                # A cover picture is a video stream with a single attached image.
                video=any(not s.disposition & s.disposition.attached_pic for s in container.streams.video),
                title=tags.get("title") or None,
                date=_date(tags.get("date") or tags.get("creation_time")),
            )
    except av.FFmpegError as error:
        if isinstance(error, OSError):
            raise unreadable(path) from error
        raise BadRecording(
            f"« {path.name} » n’est pas un enregistrement que le hub sait lire : rien n’a été gardé ; "
            "donnez le fichier complet, audio ou vidéo (mp3, m4a, ogg, opus, wav, flac, mp4, mkv, webm)."
        ) from error
    except OSError as error:
        raise unreadable(path) from error


def _reckoned(container: InputContainer) -> float:
    """Return how many seconds a container has that does not tell, as browsers write them: where its last packet of sound ends."""
    stream = container.streams.audio[0]
    begin, last = (container.start_time or 0) / av.time_base, 0.0
    with suppress(av.FFmpegError):  # of one that is cut, as far as it goes
        for packet in container.demux(stream):
            if packet.pts is not None:
                last = max(last, float((packet.pts + (packet.duration or 0)) * packet.time_base))
    return max(0.0, last - begin)


def blocks(path: Path) -> Iterator[Samples]:
    """Yield the sound as mono samples at `RATE`, shape (samples,), in -1 to 1, in order, a frame at a time.

    Second 0 is where the container begins: sound that starts later, or leaves a gap, is preceded by silence, so that times
    agree with the picture. What cannot be decoded in the middle is left out; a file that ends early ends the sound.
    Raises `BadRecording` when nothing at all can be decoded.
    """
    done = 0  # samples
    cause: Exception | None = None
    try:
        with opened(path) as container:
            stream = container.streams.audio[0]
            begin = (container.start_time or 0) / av.time_base
            # Sound that should begin after the end has a wrong time: hours of silence would come before it.
            last = min((container.duration or 0) / av.time_base or _DAY, _DAY) * RATE
            resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
            for frame in _frames(container, stream):
                if frame.pts is not None and frame.time_base:
                    due = round((float(frame.pts * frame.time_base) - begin) * RATE)
                    if due - done > _GAP * RATE and due < last:
                        yield from _silence(due - done)
                        done = due
                # Resampled frames are numbered anew: the gaps have been filled.
                frame.pts = None
                for block in resampler.resample(frame):
                    samples = block.to_ndarray().ravel().astype(np.float32) / np.float32(32768)
                    done += len(samples)
                    yield samples
    except (av.FFmpegError, ValueError, IndexError) as error:
        cause = error
    if not done:
        raise _undecodable(path) from cause


def audible(path: Path) -> None:
    """Decode the first moment of a recording. Raises `BadRecording` where there is none."""
    next(blocks(path))


class Tape:
    """A recording that is heard again in places, forwards only: what lies before the last place is let go."""

    def __init__(self, path: Path) -> None:
        self._blocks = blocks(path)
        self._held = np.zeros(0, np.float32)
        self._at = 0  # sample at which what is held begins

    def between(self, start: float, end: float) -> Samples:
        """Return the sound from ``start`` to ``end`` (seconds); no start may lie before an earlier one."""
        first, last = round(start * RATE), round(end * RATE)
        parts = [self._held]
        reached = self._at + len(self._held)
        while reached < last and (block := next(self._blocks, None)) is not None:
            reached += len(block)
            if reached <= first:
                parts, self._at = [], reached
            else:
                parts.append(block)
        held = np.concatenate(parts) if parts else np.zeros(0, np.float32)
        self._held = held[max(0, first - self._at) :]
        self._at = max(self._at, first)
        return self._held[: last - first]


def decode(path: Path) -> Samples:
    """Return the whole sound at once, see `blocks`; for short recordings."""
    return np.concatenate(list(blocks(path)))


def _frames(container: InputContainer, stream: AudioStream) -> Iterator[AudioFrame]:
    """Yield what can be decoded; a damaged packet is left out, and the rest after a long run of them."""
    lost, since = 0, time.monotonic()
    for packet in container.demux(stream):
        try:
            frames = packet.decode()
        except av.InvalidDataError:
            frames = []
        if frames:
            yield from frames
            lost, since = 0, time.monotonic()
        else:
            lost += packet.size
            if lost > _HOPELESS or time.monotonic() - since > _LOST:
                return


def _silence(samples: int) -> Iterator[Samples]:
    """Yield silence in blocks, however long: a wrong time stamp must not fill the memory."""
    for start in range(0, samples, RATE):
        yield np.zeros(min(RATE, samples - start), np.float32)


def _undecodable(path: Path) -> BadRecording:
    return BadRecording(
        f"Le son de « {path.name} » ne peut pas être décodé : rien n’a été gardé ; "
        "convertissez-le en mp3 ou en m4a, puis recommencez."
    )


def unreadable(path: Path) -> BadInput:
    """Return the error for a file that is not there or may not be read."""
    return BadInput(
        f"« {path} » ne peut pas être ouvert : rien n’a été gardé ; vérifiez que le fichier existe et que vous avez le droit de le lire."
    )


def _date(tag: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat((tag or "")[:10])
    except ValueError:
        return None
