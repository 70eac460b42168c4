"""Files on this machine: recordings, subtitles, and folders of them."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import re
from collections.abc import Iterator
from glob import escape
from pathlib import Path

from ingest import audio
from ingest.documents import LARGEST as LARGEST_DOCUMENT
from ingest.documents import SUFFIXES as DOCUMENTS
from ingest.documents.apart import OTHER_DOCUMENTS, refuse_disguise
from ingest.sources import Material, Progress
from ingest.sources.container import look
from transcripts.errors import BadDocument, BadInput, BadSubtitles
from transcripts.formats import LARGEST, clean, read_cues
from transcripts.model import Cue

SUBTITLES = {".vtt", ".srt"}
MEDIA = {
    ".3gp", ".aac", ".aif", ".aiff", ".amr", ".avi", ".caf", ".flac", ".flv", ".m2ts", ".m4a", ".m4v", ".mka", ".mkv", ".mov",
    ".mp3", ".mp4", ".mpeg", ".mpg", ".mts", ".oga", ".ogg", ".opus", ".ts", ".wav", ".webm", ".wma", ".wmv",
}  # fmt: skip
# Text files in a folder of recordings are notes to oneself more often than studies.
_GATHERED = {".pdf", ".docx", ".odt"}

# Hidden (LibreOffice's `.~lock.talk.odt#` too), what Word puts beside an open document (`~$talk.docx`), and Windows' bin.
_ASIDE = (".", "~$", "$RECYCLE.BIN")

_PIECE = 8_000_000  # bytes read at once
_TOLD = 8  # kinds of other files that are told of a folder with nothing to read
# What a subtitle file adds to the name of its recording: nothing, or a language, as in "talk.fr.vtt" or "talk.pt-BR.srt".
_TONGUE = re.compile(r"(?:\.([a-z]{2,3}(?:[-_][a-z0-9]+)*))?", re.IGNORECASE)
_DATE = re.compile(r"(\d{4})[-_.]?(\d{2})[-_.]?(\d{2})")


class Media:
    """A recording that PyAV opens; whatever nothing else accepts is tried as one.

    ``language`` is that of the subtitles beside it that are worth having; "auto" takes the only ones there are.
    """

    def __init__(self, language: str = "auto") -> None:
        self._language = language

    def accepts(self, given: str) -> bool:
        return True

    def names(self, given: str, progress: Progress) -> Iterator[str]:
        yield given

    def open(self, name: str, folder: Path, progress: Progress) -> Material:
        path = Path(name)
        probe, inside = audio.probe(path), look(path)
        audio.audible(path)  # before gigabytes are read for their hash
        cues, captions, note = _said_beside(path, self._language)
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
    """A folder: each recording, subtitle file and document in it and in those below, in order of their names.

    What is hidden, thrown away, or only there while a document is open is left alone. ``language`` as for `Media`.
    """

    def __init__(self, language: str) -> None:
        self._language = language

    def accepts(self, given: str) -> bool:
        return Path(given).is_dir()

    def names(self, given: str, progress: Progress) -> Iterator[str]:
        wanted: list[Path] = []
        others: set[str] = set()
        # A folder that cannot be looked into is named too: its failure is said, and the others go on.
        for top, below, files in os.walk(Path(given), onerror=lambda error: wanted.append(Path(error.filename))):
            progress(0, 0)
            below[:] = [name for name in below if not name.startswith(_ASIDE)]
            for path in (Path(top, name) for name in files if not name.startswith(_ASIDE)):
                if path.suffix.lower() in MEDIA | SUBTITLES | _GATHERED and path.is_file():
                    wanted.append(path)
                else:
                    others.add(path.suffix.lower() or path.name)
        if not wanted:
            instead = f" (il y a là : {', '.join(sorted(others)[:_TOLD])})" if others else ""
            raise BadInput(
                f"Le dossier « {given} » ne contient ni enregistrement, ni sous-titres, ni document{instead} : "
                "rien n’a été gardé ; donnez-en un autre."
            )
        taken = {beside for path in wanted if path.suffix.lower() in MEDIA for beside in subtitles_beside(path)}
        yield from (str(path) for path in sorted(wanted) if path not in taken)

    def open(self, name: str, folder: Path, progress: Progress) -> Material:
        return kind_of(name, self._language).open(name, folder, progress)


def kind_of(name: str, language: str = "auto") -> Subtitles | Papers | Media:
    """Return what reads a file by its name."""
    kinds: tuple[Subtitles | Papers, ...] = (Subtitles(), Papers())
    return next((kind for kind in kinds if kind.accepts(name)), Media(language))


def subtitles_beside(recording: Path) -> dict[Path, str]:
    """Return the subtitle files that lie beside a recording under its name, WebVTT first, with the language that theirs adds or ""."""
    near = recording.parent.glob(f"{escape(recording.stem)}.*")
    added = {
        path: _TONGUE.fullmatch(path.stem[len(recording.stem) :])
        for path in sorted(near, key=lambda path: (path.suffix.lower() != ".vtt", path))
        if path.suffix.lower() in SUBTITLES and path.is_file()
    }
    return {path: (found[1] or "").lower() for path, found in added.items() if found}


def subtitles_in(path: Path) -> bytes:
    """Return what a subtitle file holds, no more of it than `read_cues` refuses. Raises `OSError`."""
    with path.open("rb") as file:
        return file.read(LARGEST + 1)


def _said_beside(recording: Path, language: str) -> tuple[tuple[Cue, ...], str | None, str | None]:
    """Return the cues of a file beside a recording, where they are from, and what the reviewer should know."""
    beside = subtitles_beside(recording)
    only = language == "auto" and len(set(beside.values())) == 1
    fit = sorted(
        (
            path
            for path, tongue in beside.items()
            if (only or re.split("[-_]", tongue)[0] in ("", language.lower())) and "auto" not in tongue
        ),
        key=lambda path: len(beside[path]),
    )
    if not fit:
        aside = ", ".join(f"« {path.name} »" for path in beside)
        return (), None, f"Sous-titres laissés de côté : {aside} ; le son a été transcrit." if aside else None
    try:
        return read_cues(subtitles_in(fit[0])), f"Sous-titres du fichier « {fit[0].name} ».", None
    except (OSError, BadSubtitles):
        return (), None, f"Les sous-titres du fichier « {fit[0].name} » n’ont pas pu être lus : le son a été transcrit."


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
    title = clean(_DATE.sub(" ", path.stem).replace("_", " ").replace("-", " ")) or "Masterclass"
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
