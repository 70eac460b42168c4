"""Backups: one zip file (`app.archive`) with all that is the truth below a home, and sums that prove it whole.

What can be made again (index, models) and what is only passing (jobs, half-done work, sessions) is left out; whatever else
comes to lie below the home is kept, known here or not.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from filelock import FileLock, Timeout
from pydantic import TypeAdapter

from app import stores
from app.archive import (
    FILES,
    FORMAT,
    MANIFEST,
    MIGRATIONS,
    PASSING,
    RECORDINGS,
    Kept,
    Manifest,
    manifest_of,
    opened,
    pour,
    read_manifest,
    unpack,
)
from transcripts.errors import BadInput, DamagedFile, NotWritable, writing
from transcripts.folders import write_lock
from transcripts.media import link_or_copy

_BACKUP, _RESTORE = ".backup-", ".restore-"  # folders below the home, each gone when its work ends
_CLEARED = "cleared"  # in the folder of a restore: all that goes is out of the way
_SPARE = 200_000_000  # bytes of disk that stay free
_DATABASE = b"SQLite format 3\0"
# Deflating these gains nothing.
_PACKED = {".ogg", ".oga", ".opus", ".mp3", ".m4a", ".mp4", ".mkv", ".webm", ".flac", ".pdf", ".docx", ".odt"}


@contextmanager
def alone(home: Path, *, wait: bool = True) -> Iterator[None]:
    """Be the only one who backs a home up or restores it, once what a killed one left there is put in order.

    Raises `filelock.Timeout` where another is at work and we do not ``wait``, `NotWritable`.
    """
    with writing(home):
        home.mkdir(parents=True, exist_ok=True)
        # A singleton: whoever holds it may back up within.
        with FileLock(home / ".backup.lock", is_singleton=True).acquire(blocking=wait):
            for left in _left(home):
                if left.name.startswith(_RESTORE):
                    _finish(home, left)
                if left.is_dir():
                    _remove(left)
                else:
                    left.unlink(missing_ok=True)
            yield


def clear(home: Path) -> None:
    """Put in order what a killed backup or restore left below a home; one at work does so by itself."""
    if _left(home):
        with suppress(Timeout), alone(home, wait=False):
            pass


def _left(home: Path) -> list[Path]:
    """Return what a killed backup or restore left: copies of everything, which would keep what is erased later."""
    return [*home.glob(f"{_RESTORE}*"), *home.glob(f"{_BACKUP}*"), *(home / "backups").glob(".*.part")]


def back_up(home: Path, target: Path, *, media: bool = True) -> Manifest:
    """Write a backup of a home, while the hub runs or not; ``target`` appears whole or not at all.

    Raises `BadInput` where ``target`` is something else than a backup, `NotWritable`, and `DamagedFile` or `Unavailable` for a
    database that cannot be copied.
    """
    if target.exists() and not _is_backup(target):
        raise BadInput(
            f"« {target.name} » existe et n’est pas une sauvegarde : rien n’a été écrit ; choisissez un autre nom."
        )
    part = target.with_name(f".{target.name}.part")
    with alone(home), writing(target.parent):
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            with tempfile.TemporaryDirectory(prefix=_BACKUP, dir=home) as folder:
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
    with write_lock(home):
        for name in _names(home):
            if not media and name.startswith(RECORDINGS):
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
        folders[:] = [f for f in sorted(folders) if not f.startswith(".") and str(inside / f) not in PASSING]
        for file in sorted(files):
            name = (inside / file).as_posix()
            passing = file.startswith(".") or file.endswith((".part", ".lock", "-wal", "-shm", "-journal"))
            if not passing and name not in PASSING and not (home / name).is_symlink():
                yield name


def _copy(source: Path, copy: Path) -> None:
    with source.open("rb") as file:
        database = file.read(len(_DATABASE)) == _DATABASE
    if database:
        held = f"« {source.name} » ne répond pas, ou le disque est plein : la sauvegarde n’est pas faite ; recommencez."
        with stores.opened(source, held) as store, closing(sqlite3.connect(copy)) as other:
            store.backup(other)
            if source.name == "people.db":  # a session that was ended must not come back with a backup
                for table in ("sessions", "invitations"):
                    other.execute(f"DELETE FROM {table}")  # noqa: S608 - our names
                other.commit()
            other.execute("PRAGMA journal_mode = DELETE")
            other.execute("VACUUM")
    elif source.parent.name == "media":
        link_or_copy(source, copy)
    else:
        shutil.copyfile(source, copy)


def _write(part: Path, names: list[str], folder: Path) -> Manifest:
    files: dict[str, Kept] = {}
    with zipfile.ZipFile(part, "w") as archive:
        for name in names:
            info = zipfile.ZipInfo.from_file(folder / name, f"{FILES}/{name}", strict_timestamps=False)
            packed = Path(name).suffix.lower() in _PACKED
            info.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
            with (folder / name).open("rb") as source, archive.open(info, "w", force_zip64=True) as target:
                files[name] = pour(source, target)
        manifest = Manifest(FORMAT, dt.datetime.now(dt.UTC).replace(microsecond=0), files)
        archive.writestr(MANIFEST, TypeAdapter(Manifest).dump_json(manifest), zipfile.ZIP_DEFLATED)
    return manifest


def restore(home: Path, path: Path) -> Manifest:
    """Put a home back to what a backup holds; what it does not hold goes, apart from what can be made again.

    A backup without recordings leaves those that are there: no other copy may exist. Everything is unpacked beside and checked
    before anything is touched. The index follows by the texts' hashes. Raises `DamagedBackup`, `NotWritable`.
    """
    with alone(home):
        folder = Path(tempfile.mkdtemp(prefix=_RESTORE, dir=home))
        try:
            (folder / "new").mkdir()
            with opened(path) as archive:
                manifest = manifest_of(archive, path)
                _unpack(archive, manifest, path, folder / "new")
            for older in range(manifest.format, FORMAT):
                MIGRATIONS[older](folder / "new")
            _exchange(home, folder, recordings=manifest.recordings)
        finally:
            _remove(folder)
    return manifest


def _unpack(archive: zipfile.ZipFile, manifest: Manifest, path: Path, folder: Path) -> None:
    if shutil.disk_usage(folder).free < sum(kept.size for kept in manifest.files.values()) + _SPARE:
        raise NotWritable(folder, full=True)

    def place(name: str) -> BinaryIO:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        return (folder / name).open("wb")

    unpack(archive, manifest, path, place)


def _exchange(home: Path, folder: Path, *, recordings: bool) -> None:
    """Put what is in ``folder/new`` in place of what is there; an error puts everything back.

    Folders of the home stay themselves, since a running hub follows them: what changes is what lies in them.
    """
    old, new = folder / "old", folder / "new"
    going = {name for name in _units(home) if recordings or not name.startswith(RECORDINGS)}
    moved: list[tuple[Path, Path]] = []
    with write_lock(home):
        try:
            for name in sorted(going | _logs(home)):
                _move(home / name, old / name, moved)
            (folder / _CLEARED).touch()
            for name in sorted(_units(new)):
                _move(new / name, home / name, moved)
        except BaseException:
            for source, target in reversed(moved):
                target.rename(source)
            raise


def _finish(home: Path, folder: Path) -> None:
    """End an exchange that was killed: forward where all that goes was out of the way, else back."""
    whole = folder / ("new" if (folder / _CLEARED).exists() else "old")
    with write_lock(home):
        for name in sorted(_units(whole) | _logs(whole)):
            _move(whole / name, home / name, [])


def _remove(folder: Path) -> None:
    shutil.rmtree(folder / "old", ignore_errors=True)  # first: without the mark beside it, it would be put back
    shutil.rmtree(folder, ignore_errors=True)


def _units(folder: Path) -> set[str]:
    """Return what is exchanged as one: a masterclass, a study, a recording, a file."""
    return {str(PurePosixPath(*PurePosixPath(name).parts[:2])) for name in _names(folder)}


def _logs(folder: Path) -> set[str]:
    """Return the logs of the databases that are exchanged: a log and its database part as little as two halves of a file."""
    return {path.name for path in folder.glob("*.db-*") if path.name.rpartition("-")[0] not in PASSING}


def _move(source: Path, target: Path, moved: list[tuple[Path, Path]]) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    source.rename(target)
    moved.append((source, target))


def _is_backup(path: Path) -> bool:
    try:
        read_manifest(path)
    except (BadInput, DamagedFile, OSError):
        return False
    return True
