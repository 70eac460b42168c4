"""A backup as a file: what it says of itself, and whether it is whole.

manifest.json        {"format", "made", "files": {name: {"size", "sha256"}}}
files/library/…      what lies below the home, under its own name
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from pydantic import TypeAdapter, ValidationError

from transcripts.errors import BadInput

FORMAT = 1
# From each format to the next: what an older backup needs done to its files once they are unpacked.
MIGRATIONS: dict[int, Callable[[Path], None]] = {}

PASSING = {"index", "models", "work", "uploads", "backups", "jobs.db", "screenshots"}
MANIFEST, FILES, RECORDINGS = "manifest.json", "files", "media/"
_PIECE = 1 << 20  # bytes read at once
_UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError, RuntimeError, ValueError)


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
        return any(name.startswith(RECORDINGS) for name in self.files)


class DamagedBackup(BadInput):
    """A file that is no whole backup; nothing was changed."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"« {path.name} » n’est pas une sauvegarde intacte ({reason}) : rien n’a été changé ; prenez-en une autre."
        )


def read_manifest(path: Path) -> Manifest:
    """Return what a backup says of itself. Raises `DamagedBackup`, and for one of a later version `BadInput`."""
    with opened(path) as archive:
        return manifest_of(archive, path)


def verify(path: Path) -> Manifest:
    """Read a backup to its end, compare every sum, and return what it says of itself. Raises as `read_manifest` does."""
    with opened(path) as archive:
        manifest = manifest_of(archive, path)
        unpack(archive, manifest, path, _nowhere)
    return manifest


def _nowhere(_: str) -> BinaryIO:
    return Path(os.devnull).open("wb")


def unpack(archive: zipfile.ZipFile, manifest: Manifest, path: Path, place: Callable[[str], BinaryIO]) -> None:
    """Write each file to where ``place`` opens one for its name. Raises `DamagedBackup` for one that is not what it was."""
    for name, kept in manifest.files.items():
        with archive.open(f"{FILES}/{name}") as source, place(name) as target:
            # What unpacks to more than it says is stopped by its size, long before its sum is known.
            found = pour(_Bounded(source, kept.size, path), target)
        if found != kept:
            raise DamagedBackup(path, f"« {name[:80]} » n’est plus ce qui avait été gardé")


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """Lend a backup to read. Raises `DamagedBackup`, also for what turns out to be damaged within the block."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except FileNotFoundError as error:
        raise BadInput(f"« {path.name} » n’existe pas : rien n’a été changé ; vérifiez le nom.") from error
    except _UNREADABLE as error:
        raise DamagedBackup(path, "le fichier est abîmé ou incomplet") from error


def manifest_of(archive: zipfile.ZipFile, path: Path) -> Manifest:
    """Return what an opened backup says of itself, and no name in it that leads elsewhere. Raises as `read_manifest` does."""
    try:
        data = json.loads(archive.read(MANIFEST))
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
        if not parts or name.startswith("/") or "\\" in name or ".." in parts or parts[0] in PASSING:
            raise DamagedBackup(path, "il contient un nom interdit")
    return manifest


def pour(source: Any, target: Any) -> Kept:
    """Copy what can be read to what can be written; return its size and sum."""
    size, whole = 0, hashlib.sha256()
    while piece := source.read(_PIECE):
        size += len(piece)
        whole.update(piece)
        target.write(piece)
    return Kept(size, whole.hexdigest())


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
