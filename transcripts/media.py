"""Where recordings lie, by their names: a folder below the home, or an object store (`transcripts.bucket`)."""

from __future__ import annotations

import secrets
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

from transcripts.bucket import Bucket, Stored
from transcripts.errors import writing

_STALE = 24 * 3600.0  # seconds after which what was begun counts as left by a writer that was killed


class Media(Protocol):
    """Recordings by their names, each whole or not there. Errors: `MediaDown` where they lie elsewhere, `NotWritable`."""

    @property
    def away(self) -> bool:
        """Whether recordings cannot be reached just now."""

    def has(self, name: str) -> bool:
        """Say whether a recording is there; a store, which is far, is believed to hold what a masterclass names."""

    def size(self, name: str) -> int:
        """Return the size of a recording in bytes, 0 where it is not known."""

    def find(self, name: str) -> Path | Stored | None:
        """Return a recording to be read in parts: a file, or what a store says of it."""

    def local(self, name: str) -> AbstractContextManager[Path]:
        """Lend a recording as a file to be read, under its own name. Raises `MediaLost`."""

    def bring(self, path: Path) -> AbstractContextManager[Callable[[str], None]]:
        """Copy a file near, which takes a while, and lend what then gives it a name at once; without one it goes again."""

    def copy(self, name: str, other: str) -> None:
        """Keep a recording under another name too. Raises `MediaLost`."""

    def forget(self, slug: str, *but: str) -> None:
        """Remove the recordings of a masterclass, but for some."""


def media_at(home: Path, url: str | None) -> Media:
    """Return where the recordings of a home lie; ``url`` names an object store as fsspec does."""
    return Bucket(url, home / "work") if url else Folder(home / "media")


def link_or_copy(path: Path, other: Path) -> None:
    """Give a file that is never written to a second name; a copy where the file system knows no such names."""
    try:
        other.hardlink_to(path)
    except OSError:
        shutil.copyfile(path, other)


class Folder:
    """Recordings as files of one folder: the `Media` of a single machine, or of several with one file system."""

    away = False

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def has(self, name: str) -> bool:
        """See `Media.has`."""
        return (self._folder / name).is_file()

    def size(self, name: str) -> int:
        """See `Media.size`."""
        path = self.find(name)
        return path.stat().st_size if path else 0

    def find(self, name: str) -> Path | None:
        """See `Media.find`."""
        return self._folder / name if self.has(name) else None

    @contextmanager
    def local(self, name: str) -> Iterator[Path]:
        """See `Media.local`."""
        yield self._folder / name

    @contextmanager
    def bring(self, path: Path) -> Iterator[Callable[[str], None]]:
        """See `Media.bring`."""
        part = self._folder / f".{secrets.token_hex(8)}.part"

        def place(name: str) -> None:
            part.replace(self._folder / name)

        try:
            with writing(self._folder):
                self._folder.mkdir(parents=True, exist_ok=True)
                self._sweep()
                shutil.copyfile(path, part)
            yield place
        finally:
            part.unlink(missing_ok=True)

    def copy(self, name: str, other: str) -> None:
        """See `Media.copy`."""
        with writing(self._folder):
            (self._folder / other).unlink(missing_ok=True)
            link_or_copy(self._folder / name, self._folder / other)

    def forget(self, slug: str, *but: str) -> None:
        """See `Media.forget`."""
        with writing(self._folder):
            for path in self._folder.glob(f"{slug}.*"):
                if path.name not in but:
                    path.unlink(missing_ok=True)

    def _sweep(self) -> None:
        for leftover in self._folder.glob(".*.part"):
            if time.time() - leftover.stat().st_mtime > _STALE:
                leftover.unlink(missing_ok=True)
