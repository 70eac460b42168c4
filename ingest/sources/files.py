"""Files on this machine: recordings, subtitles, and folders of them."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

from ingest import audio
from ingest.sources import Material
from transcripts.errors import BadInput, BadSubtitles
from transcripts.formats import read_cues

SUBTITLES = {".vtt", ".srt"}
MEDIA = {
    ".mp3",
    ".m4a",
    ".aac",
    ".ogg",
    ".oga",
    ".opus",
    ".wav",
    ".flac",
    ".mp4",
    ".m4v",
    ".mov",
    ".mkv",
    ".webm",
    ".avi",
}

_DATE = re.compile(r"(\d{4})[-_.]?(\d{2})[-_.]?(\d{2})")


class Media:
    """A recording that PyAV opens; whatever nothing else accepts is tried as one."""

    def accepts(self, given: str) -> bool:
        return True

    def names(self, given: str) -> Iterator[str]:
        yield given

    def open(self, name: str) -> Material:
        path = Path(name)
        probe = audio.probe(path)
        return Material(
            name=path.name,
            sha256=_sha256(path),
            title=probe.title or _title(path),
            date=_date(path) or probe.date or _modified(path),
            duration=probe.duration,
            recording=path,
            video=probe.video,
        )


class Subtitles:
    """A transcript made elsewhere, imported as it is."""

    def accepts(self, given: str) -> bool:
        return Path(given).suffix.lower() in SUBTITLES

    def names(self, given: str) -> Iterator[str]:
        yield given

    def open(self, name: str) -> Material:
        path = Path(name)
        try:
            data = path.read_bytes()
        except OSError as error:
            raise audio.unreadable(path) from error
        try:
            cues = read_cues(data)
        except BadSubtitles as error:
            raise BadSubtitles(f"« {path.name} » : {error}") from error
        return Material(
            name=path.name,
            sha256=hashlib.sha256(data).hexdigest(),
            title=_title(path),
            date=_date(path) or _modified(path),
            duration=max(cue.end for cue in cues),
            cues=cues,
        )


class Folder:
    """A folder: each recording and each subtitle file in it, in order of their names."""

    def accepts(self, given: str) -> bool:
        return Path(given).is_dir()

    def names(self, given: str) -> Iterator[str]:
        try:
            paths = sorted(p for p in Path(given).iterdir() if p.suffix.lower() in MEDIA | SUBTITLES and p.is_file())
        except OSError as error:
            raise audio.unreadable(Path(given)) from error
        if not paths:
            raise BadInput(
                f"Le dossier « {given} » ne contient ni enregistrement ni sous-titres : rien n’a été gardé ; donnez-en un autre."
            )
        yield from map(str, paths)

    def open(self, name: str) -> Material:
        return Subtitles().open(name) if Subtitles().accepts(name) else Media().open(name)


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise audio.unreadable(path) from error


def _title(path: Path) -> str:
    words = _DATE.sub(" ", path.stem).replace("_", " ").replace("-", " ").split()
    title = " ".join(words) or "Masterclass"
    return title[:1].upper() + title[1:]


def _date(path: Path) -> dt.date | None:
    found = _DATE.search(path.stem)
    try:
        return dt.date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def _modified(path: Path) -> dt.date:
    return dt.datetime.fromtimestamp(path.stat().st_mtime).astimezone().date()
