"""A media file becomes sound: probing and decoding with PyAV, any container that FFmpeg reads."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt

from transcripts.errors import BadInput, BadRecording

# What Whisper reads: mono samples per second.
RATE = 16_000


@dataclass(frozen=True, slots=True)
class Probe:
    """What a container says of itself; ``duration`` in seconds, 0 when it does not know."""

    duration: float
    video: bool
    title: str | None
    date: dt.date | None


def probe(path: Path) -> Probe:
    """Look into a media file without decoding it.

    Raises `BadRecording` when it is empty, no media at all, or has no sound; `BadInput` when it cannot be opened.
    """
    try:
        if path.stat().st_size == 0:
            raise BadRecording(
                f"« {path.name} » est un fichier vide : rien n’a été gardé ; donnez l’enregistrement complet."
            )
        with av.open(path, metadata_errors="ignore") as container:
            if not container.streams.audio:
                raise BadRecording(
                    f"« {path.name} » ne contient aucune piste sonore : rien n’a été gardé ; "
                    "donnez un enregistrement avec le son, ou ses sous-titres (.vtt, .srt)."
                )
            tags = {key.lower(): value for key, value in container.metadata.items()}
            return Probe(
                duration=(container.duration or 0) / av.time_base,
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
            "donnez un fichier audio ou vidéo (mp3, m4a, ogg, opus, wav, flac, mp4, mkv, webm)."
        ) from error
    except OSError as error:
        raise unreadable(path) from error


def decode(path: Path) -> npt.NDArray[np.float32]:
    """Return the sound as mono samples at `RATE`, shape (samples,), in -1 to 1. Raises `BadRecording`."""
    # Imported here: it brings CTranslate2, which commands that read no sound do not need.
    from faster_whisper.audio import decode_audio

    try:
        samples: npt.NDArray[np.float32] = decode_audio(str(path), sampling_rate=RATE)
    except (av.FFmpegError, ValueError, IndexError) as error:
        samples = np.zeros(0, dtype=np.float32)
        cause: Exception | None = error
    else:
        cause = None
    if not samples.size:
        raise BadRecording(
            f"Le son de « {path.name} » ne peut pas être décodé : rien n’a été gardé ; "
            "convertissez-le en mp3 ou en m4a, puis recommencez."
        ) from cause
    return samples


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
