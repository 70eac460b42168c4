"""Files on this machine: recordings, subtitles, and folders of them."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

from ingest import audio
from ingest.documents import LARGEST as LARGEST_DOCUMENT
from ingest.documents import SUFFIXES as DOCUMENTS
from ingest.documents.apart import OTHER_DOCUMENTS, refuse_disguise
from ingest.sources import Material, Progress
from ingest.sources.container import look
from transcripts.errors import BadDocument, BadInput, BadSubtitles
from transcripts.formats import LARGEST, read_cues
from transcripts.model import Cue

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
# Text files in a folder of recordings are notes to oneself more often than studies.
_GATHERED = {".pdf", ".docx", ".odt"}

_PIECE = 8_000_000  # bytes read at once
_DATE = re.compile(r"(\d{4})[-_.]?(\d{2})[-_.]?(\d{2})")


class Media:
    """A recording that PyAV opens; whatever nothing else accepts is tried as one."""

    def accepts(self, given: str) -> bool:
        return True

    def names(self, given: str, progress: Progress) -> Iterator[str]:
        yield given

    def open(self, name: str, folder: Path, progress: Progress) -> Material:
        path = Path(name)
        probe, inside = audio.probe(path), look(path)
        audio.audible(path)  # before gigabytes are read for their hash
        beside = subtitles_of(path)
        cues, captions, note = _beside(beside) if beside else ((), None, None)
        return Material(
            name=path.name,
            sha256=sha256_of(path, progress),
            title=probe.title or title_of(path),
            date=date_in(path) or probe.date or _modified(path),
            duration=probe.duration,
            recording=path,
            video=probe.video,
            cues=cues,
            description=inside.description,
            speakers=inside.speakers,
            chapters=inside.chapters,
            captions=captions,
            note=note,
        )


class Subtitles:
    """A transcript made elsewhere, imported as it is."""

    def accepts(self, given: str) -> bool:
        return Path(given).suffix.lower() in SUBTITLES

    def names(self, given: str, progress: Progress) -> Iterator[str]:
        yield given

    def open(self, name: str, folder: Path, progress: Progress) -> Material:
        path = Path(name)
        try:
            data = subtitles_in(path)
        except OSError as error:
            raise audio.unreadable(path) from error
        try:
            cues = read_cues(data)
        except BadSubtitles as error:
            raise BadSubtitles(f"« {path.name} » : {error}") from error
        return Material(
            name=path.name,
            sha256=hashlib.sha256(data).hexdigest(),
            title=title_of(path),
            date=date_in(path) or _modified(path),
            duration=max(cue.end for cue in cues),
            cues=cues,
        )


class Papers:
    """A document, read by `ingest.documents` once it is known to be new."""

    def accepts(self, given: str) -> bool:
        return Path(given).suffix.lower() in DOCUMENTS | OTHER_DOCUMENTS

    def names(self, given: str, progress: Progress) -> Iterator[str]:
        yield given

    def open(self, name: str, folder: Path, progress: Progress) -> Material:
        path = Path(name)
        refuse_disguise(path)
        if path.stat().st_size > LARGEST_DOCUMENT:
            raise BadDocument(
                f"« {path.name} » dépasse {LARGEST_DOCUMENT / 1e6:.0f} Mo, la taille permise pour un document : "
                "rien n’a été gardé ; donnez-le par parties."
            )
        return Material(
            name=path.name,
            sha256=sha256_of(path, progress),
            title=title_of(path),
            date=date_in(path) or _modified(path),
            duration=0.0,
            document=path,
        )


class Folder:
    """A folder: each recording, subtitle file and document in it, in order of their names."""

    def accepts(self, given: str) -> bool:
        return Path(given).is_dir()

    def names(self, given: str, progress: Progress) -> Iterator[str]:
        try:
            kinds = MEDIA | SUBTITLES | _GATHERED
            paths = sorted(p for p in Path(given).iterdir() if p.suffix.lower() in kinds and p.is_file())
        except OSError as error:
            raise audio.unreadable(Path(given)) from error
        if not paths:
            raise BadInput(
                f"Le dossier « {given} » ne contient ni enregistrement, ni sous-titres, ni document : rien n’a été gardé ; donnez-en un autre."
            )
        taken = {beside for path in paths if path.suffix.lower() in MEDIA and (beside := subtitles_of(path))}
        yield from (str(path) for path in paths if path not in taken)

    def open(self, name: str, folder: Path, progress: Progress) -> Material:
        return kind_of(name).open(name, folder, progress)


def kind_of(name: str) -> Subtitles | Papers | Media:
    """Return what reads a file by its name."""
    kinds: tuple[Subtitles | Papers, ...] = (Subtitles(), Papers())
    return next((kind for kind in kinds if kind.accepts(name)), Media())


def subtitles_of(recording: Path) -> Path | None:
    """Return the subtitle file that lies beside a recording under the same name, None when there is none."""
    found = (recording.with_suffix(suffix) for suffix in (".vtt", ".srt"))
    return next((path for path in found if path.is_file()), None)


def subtitles_in(path: Path) -> bytes:
    """Return what a subtitle file holds, no more of it than `read_cues` refuses. Raises `OSError`."""
    with path.open("rb") as file:
        return file.read(LARGEST + 1)


def _beside(path: Path) -> tuple[tuple[Cue, ...], str | None, str | None]:
    """Return the cues of a file beside a recording, where they are from, and what the reviewer should know."""
    try:
        return read_cues(subtitles_in(path)), f"Sous-titres du fichier « {path.name} ».", None
    except (OSError, BadSubtitles):
        return (), None, f"Les sous-titres du fichier « {path.name} » n’ont pas pu être lus : le son a été transcrit."


def sha256_of(path: Path, progress: Progress = lambda done, total: None) -> str:
    """Return the SHA-256 of a file; ``progress`` hears how much of it is read. Raises `BadInput` when it cannot be read."""
    digest, done = hashlib.sha256(), 0
    try:
        total = path.stat().st_size
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                digest.update(piece)
                done += len(piece)
                progress(done, total)
    except OSError as error:
        raise audio.unreadable(path) from error
    return digest.hexdigest()


def title_of(path: Path) -> str:
    """Return a title made of a file's name, without the date in it."""
    words = _DATE.sub(" ", path.stem).replace("_", " ").replace("-", " ").split()
    title = " ".join(words) or "Masterclass"
    return title[:1].upper() + title[1:]


def date_in(path: Path) -> dt.date | None:
    """Return the date in a file's name, None when it has none."""
    found = _DATE.search(path.stem)
    try:
        return dt.date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def _modified(path: Path) -> dt.date:
    return dt.datetime.fromtimestamp(path.stat().st_mtime).astimezone().date()
