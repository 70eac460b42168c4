"""Recordings and subtitles that somebody sent from a browser; `app.uploads` receives them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import av

from ingest import audio
from ingest.documents import SUFFIXES as DOCUMENTS
from ingest.documents.apart import refuse_disguise
from ingest.sources import Glimpse, Material, Progress
from ingest.sources.container import browsable, look
from ingest.sources.files import SUBTITLES, Subtitles, date_in, kind_of, title_of
from transcripts.errors import BadDocument, BadInput, BadRecording, BadSubtitles

CARD, DATA = "upload.json", "data"
_SCHEME = "envoi:"
_LONGEST = 180  # characters of a name that are kept
# What is no recording whatever its name says, by its first bytes.
_DISGUISES = {
    b"MZ": "un programme pour Windows",
    b"\x7fELF": "un programme",
    b"\xcf\xfa\xed\xfe": "un programme",
    b"#!": "un programme",
    b"PK\x03\x04": "une archive ou un document",
    b"PK\x05\x06": "une archive vide",
    b"Rar!": "une archive",
    b"7z\xbc\xaf\x27\x1c": "une archive",
    b"\x1f\x8b": "une archive",
    b"BZh": "une archive",
    b"\xfd7zXZ": "une archive",
    b"%PDF": "un document PDF",
    b"\x89PNG": "une image",
    b"\xff\xd8\xff": "une image",
}


@dataclass(frozen=True, slots=True)
class Sent:
    """A file that is being sent: ``size`` in bytes, since ``began`` (seconds since the epoch) by the person at ``by``.

    ``name`` is what the sender calls it. ``sha256`` is that of its content, empty while it is not whole.
    """

    id: str
    name: str
    size: int
    by: str
    began: float
    sha256: str = ""


class SentFile:
    """A file below ``folder`` that came whole."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def accepts(self, given: str) -> bool:
        return given.startswith(_SCHEME) and self._folder is not None

    def names(self, given: str, progress: Progress) -> Iterator[str]:
        yield given

    def look(self, given: str) -> Iterator[Glimpse]:
        """Yield what the file says of itself, without reading it whole."""
        path, shown = self._received(given), Path(shown_of(given))
        if path.suffix in SUBTITLES | DOCUMENTS:
            yield Glimpse(given, title_of(shown), date_in(shown), written=path.suffix in DOCUMENTS)
        else:
            probe = audio.probe(path)
            date = date_in(shown) or probe.date
            yield Glimpse(given, probe.title or title_of(shown), date, look(path).speakers, probe.duration)

    def open(self, name: str, folder: Path, progress: Progress) -> Material:
        path, shown = self._received(name), shown_of(name)
        try:
            material = kind_of(str(path)).open(str(path), folder, progress)
        except BadInput as error:
            raise named(error, path, shown) from error
        told = audio.probe(path).title if material.recording else None
        day = date_in(Path(shown))
        return replace(
            material,
            name=shown,
            title=told or title_of(Path(shown)),
            date=day or material.date,
        )

    def _received(self, name: str) -> Path:
        number = name.removeprefix(_SCHEME).partition("/")[0]
        found = next((self._folder or Path()).glob(f"{number}/received.*"), None) if number.isalnum() else None
        if found is None:
            raise BadInput(f"« {shown_of(name)} » n’est plus là : rien n’a été gardé ; envoyez de nouveau le fichier.")
        return found


def sent_name(sent: Sent) -> str:
    """Return what the queue calls a file that was sent: ``envoi:<id>/<name>``."""
    return f"{_SCHEME}{sent.id}/{sent.name}"


def sent_id(source: str) -> str | None:
    """Return the number in such a name, None for any other source."""
    return source.removeprefix(_SCHEME).partition("/")[0] if source.startswith(_SCHEME) else None


def shown_of(source: str) -> str:
    """Return the sender's name in such a name; any other source as it is."""
    return source.partition("/")[2] if source.startswith(_SCHEME) else source


def shown_name(given: str) -> str:
    """Return a sender's file name fit to be shown: its last part, no control characters, of a bearable length."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", given))[-1]
    clean = " ".join("".join(c for c in last if unicodedata.category(c)[0] != "C").split()) or "fichier"
    stem, dot, suffix = clean.rpartition(".")
    if not dot:
        return clean[:_LONGEST]
    return f"{stem[: _LONGEST - len(suffix) - 1]}.{suffix}" if len(suffix) < 10 else clean[:_LONGEST]


def disguised(head: bytes, suffix: str) -> str | None:
    """Return what a file that begins so really is, in French, None when it may be what its suffix says."""
    if suffix in DOCUMENTS and head.startswith((b"%PDF", b"PK\x03\x04", b"#!")):
        return None  # looked at when it is whole
    return next((kind for begin, kind in _DISGUISES.items() if head.startswith(begin)), None)


def check(path: Path, name: str) -> Path:
    """Look into a whole file that somebody calls ``name``, and return it with the suffix that its content asks for.

    Raises `BadInput` when it holds neither sound nor cues, and is no document; `OSError` where the disk has no room for that.
    """
    try:
        if path.suffix in SUBTITLES:
            Subtitles().open(str(path), path.parent, lambda done, total: None)
            return path
        if path.suffix in DOCUMENTS:
            refuse_disguise(path)
            return path
        fit = browsable([path])
        audio.probe(fit)
    except (BadSubtitles, BadRecording, BadDocument) as error:
        raise named(error, path, name) from error
    except av.FFmpegError as error:
        raise BadRecording(
            f"« {name} » n’est pas un enregistrement que le hub sait lire : rien n’a été gardé ; "
            "donnez le fichier complet, audio ou vidéo (mp3, m4a, ogg, opus, wav, flac, mp4, mkv, webm)."
        ) from error
    whole = fit.replace(path.with_suffix(fit.suffix))
    if whole != path:
        path.unlink(missing_ok=True)
    return whole


def named(error: BadInput, path: Path, name: str) -> BadInput:
    """Return an error about a file with the name that its sender knows."""
    return type(error)(str(error).replace(path.name, name))
