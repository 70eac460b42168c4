"""Backups: one zip file with all that is the truth below a home, and sums that prove it whole.

    manifest.json        {"format", "made", "files": {name: {"size", "sha256"}}}
    files/library/…      what lies below the home, under its own name

What can be made again (index, models) and what is only passing (jobs, half-done work, sessions) is left out; whatever else
comes to lie below the home is kept, known here or not.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import shutil
import sqlite3
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from pydantic import TypeAdapter, ValidationError

from transcripts.errors import BadInput, DamagedFile, NotWritable, writing
from transcripts.library import Library

FORMAT = 1
# From each format to the next: what an older backup needs done to its files once they are unpacked.
MIGRATIONS: dict[int, Callable[[Path], None]] = {}

_PASSING = {"index", "models", "work", "uploads", "backups", "jobs.db", "screenshots"}
_MANIFEST, _FILES, _RECORDINGS = "manifest.json", "files", "media/"
_PIECE = 1 << 20  # bytes read at once
_SPARE = 200_000_000  # bytes of disk that stay free
_UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError, RuntimeError, ValueError)
_DATABASE = b"SQLite format 3\0"
# Deflating these gains nothing.
_PACKED = {".ogg", ".oga", ".opus", ".mp3", ".m4a", ".mp4", ".mkv", ".webm", ".flac", ".pdf", ".docx", ".odt"}


@dataclass(frozen=True, slots=True)
class Kept:
    """A file of a backup: bytes and SHA-256."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself; ``made`` is in UTC."""

    format: int
    made: dt.datetime
    files: dict[str, Kept]

    @property
    def recordings(self) -> bool:
        """Whether it holds any; one that holds none was made without them, or of a library that had none."""
        return any(name.startswith(_RECORDINGS) for name in self.files)


class DamagedBackup(BadInput):
    """A file that is no whole backup; nothing was changed."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"« {path.name} » n’est pas une sauvegarde intacte ({reason}) : rien n’a été changé ; prenez-en une autre."
        )


def back_up(home: Path, target: Path, *, media: bool = True) -> Manifest:
    """Write a backup of a home, while the hub runs or not; ``target`` appears whole or not at all.

    Raises `BadInput` where ``target`` is something else than a backup, `NotWritable`.
    """
    if target.exists() and not _is_backup(target):
        raise BadInput(
            f"« {target.name} » existe et n’est pas une sauvegarde : rien n’a été écrit ; choisissez un autre nom."
        )
    part = target.with_name(f".{target.name}.part")
    with writing(target.parent):
        home.mkdir(parents=True, exist_ok=True)
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            with tempfile.TemporaryDirectory(prefix=".backup-", dir=home) as folder:
                part.touch(mode=0o600)  # it holds addresses, and what is not public
                manifest = _write(part, _snapshot(home, Path(folder), media=media), Path(folder))
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
    return manifest


def _snapshot(home: Path, folder: Path, *, media: bool) -> list[str]:
    """Put the state of one moment into a folder; return the names of what belongs to it.

    Texts are copied while no one may write to the library; recordings, which are large and never written to, get a second
    name, so that they outlive their removal.
    """
    names = []
    with Library(home).held():
        for name in _names(home):
            if not media and name.startswith(_RECORDINGS):
                continue
            copy = folder / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            with suppress(FileNotFoundError):  # gone since it was listed: it belongs to no library
                _copy(home / name, copy)
                names.append(name)
    return names


def _names(home: Path) -> Iterator[str]:
    for place, folders, files in os.walk(home):
        inside = Path(place).relative_to(home)
        folders[:] = [f for f in sorted(folders) if not f.startswith(".") and str(inside / f) not in _PASSING]
        for file in sorted(files):
            name = (inside / file).as_posix()
            passing = file.startswith(".") or file.endswith((".part", ".lock", "-wal", "-shm", "-journal"))
            if not passing and name not in _PASSING and not (home / name).is_symlink():
                yield name


def _copy(source: Path, copy: Path) -> None:
    with source.open("rb") as file:
        database = file.read(len(_DATABASE)) == _DATABASE
    if database:
        with closing(sqlite3.connect(source, timeout=10)) as store, closing(sqlite3.connect(copy)) as other:
            store.backup(other)
            if source.name == "people.db":  # a session that was ended must not come back with a backup
                for table in ("sessions", "invitations"):
                    other.execute(f"DELETE FROM {table}")  # noqa: S608 - our names
                other.commit()
            other.execute("PRAGMA journal_mode = DELETE")
            other.execute("VACUUM")
    elif source.parent.name == "media":
        try:
            copy.hardlink_to(source)
        except OSError:  # a file system without links
            shutil.copyfile(source, copy)
    else:
        shutil.copyfile(source, copy)


def _write(part: Path, names: list[str], folder: Path) -> Manifest:
    files: dict[str, Kept] = {}
    with zipfile.ZipFile(part, "w") as archive:
        for name in names:
            info = zipfile.ZipInfo.from_file(folder / name, f"{_FILES}/{name}", strict_timestamps=False)
            packed = Path(name).suffix.lower() in _PACKED
            info.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
            with (folder / name).open("rb") as source, archive.open(info, "w", force_zip64=True) as target:
                files[name] = _pour(source, target)
        manifest = Manifest(FORMAT, dt.datetime.now(dt.UTC).replace(microsecond=0), files)
        archive.writestr(_MANIFEST, TypeAdapter(Manifest).dump_json(manifest), zipfile.ZIP_DEFLATED)
    return manifest


def _pour(source: Any, target: Any) -> Kept:
    size, whole = 0, hashlib.sha256()
    while piece := source.read(_PIECE):
        size += len(piece)
        whole.update(piece)
        target.write(piece)
    return Kept(size, whole.hexdigest())


def read_manifest(path: Path) -> Manifest:
    """Return what a backup says of itself. Raises `DamagedBackup`, and for one of a later version `BadInput`."""
    with _opened(path) as archive:
        return _manifest(archive, path)


def restore(home: Path, path: Path) -> Manifest:
    """Put a home back to what a backup holds; what it does not hold goes, apart from what can be made again.

    A backup without recordings leaves those that are there: no other copy may exist. Everything is unpacked beside and checked before anything is touched. The index follows by the texts' hashes. Raises `DamagedBackup`, `NotWritable`.
    """
    with writing(home):
        home.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=".restore-", dir=home))
        try:
            (folder / "new").mkdir()
            with _opened(path) as archive:
                manifest = _manifest(archive, path)
                _unpack(archive, manifest, path, folder / "new")
            for older in range(manifest.format, FORMAT):
                MIGRATIONS[older](folder / "new")
            _exchange(home, folder, recordings=manifest.recordings)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    return manifest


def _unpack(archive: zipfile.ZipFile, manifest: Manifest, path: Path, folder: Path) -> None:
    if shutil.disk_usage(folder).free < sum(kept.size for kept in manifest.files.values()) + _SPARE:
        raise NotWritable(folder, full=True)
    for name, kept in manifest.files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(f"{_FILES}/{name}") as source, target.open("wb") as file:
            # What unpacks to more than it says is stopped by its size, long before its sum is known.
            found = _pour(_Bounded(source, kept.size, path), file)
        if found != kept:
            raise DamagedBackup(path, f"« {name[:80]} » n’a pas sa somme")


class _Bounded:
    """A file that may not be longer than it says."""

    def __init__(self, source: Any, size: int, path: Path) -> None:
        self._source, self._left, self._path = source, size, path

    def read(self, size: int) -> bytes:
        """Return the next bytes. Raises `DamagedBackup` beyond the end."""
        piece: bytes = self._source.read(size)
        self._left -= len(piece)
        if self._left < 0:
            raise DamagedBackup(self._path, "un fichier est plus long qu’annoncé")
        return piece


def _exchange(home: Path, folder: Path, *, recordings: bool) -> None:
    """Put what is in ``folder/new`` in place of what is there; an error puts everything back.

    Folders of the home stay themselves, since a running hub follows them: what changes is what lies in them.
    """
    old, new = folder / "old", folder / "new"
    logs = [path.name for path in home.glob("*.db-*")]  # of the databases that go
    going = {name for name in _units(home) if recordings or not name.startswith(_RECORDINGS)}
    moved: list[tuple[Path, Path]] = []
    with Library(home).held():
        try:
            for name in sorted({*going, *logs}):
                _move(home / name, old / name, moved)
            for name in sorted(_units(new)):
                _move(new / name, home / name, moved)
        except BaseException:
            for source, target in reversed(moved):
                target.rename(source)
            raise


def _units(folder: Path) -> set[str]:
    """Return what is exchanged as one: a masterclass, a study, a recording, a file."""
    return {str(PurePosixPath(*PurePosixPath(name).parts[:2])) for name in _names(folder)}


def _move(source: Path, target: Path, moved: list[tuple[Path, Path]]) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    source.rename(target)
    moved.append((source, target))


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except FileNotFoundError as error:
        raise BadInput(f"« {path.name} » n’existe pas : rien n’a été changé ; vérifiez le nom.") from error
    except _UNREADABLE as error:
        raise DamagedBackup(path, "le fichier est abîmé ou incomplet") from error


def _manifest(archive: zipfile.ZipFile, path: Path) -> Manifest:
    try:
        data = json.loads(archive.read(_MANIFEST))
        version = int(data["format"])
    except (ValueError, TypeError, KeyError) as error:
        raise DamagedBackup(path, "il ne dit pas ce qu’il contient") from error
    if version > FORMAT:
        raise BadInput(
            f"« {path.name} » vient d’une version plus récente du hub : rien n’a été changé ; mettez le hub à jour."
        )
    try:
        manifest = TypeAdapter(Manifest).validate_python(data)
    except ValidationError as error:
        raise DamagedBackup(path, "il ne dit pas ce qu’il contient") from error
    if version != FORMAT and not all(older in MIGRATIONS for older in range(version, FORMAT)):
        raise DamagedBackup(path, "son format n’est plus lu")
    for name in manifest.files:
        parts = PurePosixPath(name).parts
        if not parts or name.startswith("/") or "\\" in name or ".." in parts or parts[0] in _PASSING:
            raise DamagedBackup(path, "il contient un nom interdit")
    return manifest


def _is_backup(path: Path) -> bool:
    try:
        read_manifest(path)
    except (BadInput, DamagedFile, OSError):
        return False
    return True
