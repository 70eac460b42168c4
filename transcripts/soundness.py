"""What is known of folders that were read whole: what cannot be read is set aside before anybody asks for it.

What is sound is kept in a file, so that a process that begins reads only the rest. It lies among the folders: who follows
them hears of what is set aside. A mark stands for a slug and the version of its files, and tells neither: it need not be erased
with what it stands for. Derived: without it, all is read again.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from transcripts.errors import DamagedFile, NotFound
from transcripts.files import replace_text

_RULES = "1"  # of what is refused; with others, all is read again


class Readable(Protocol):
    """Folders, each with its slug."""

    def slugs(self) -> list[str]:
        """Return all slugs."""

    def version(self, slug: str) -> tuple[int, ...]:
        """Return numbers that change whenever its files do."""

    def read(self, slug: str) -> object:
        """Return one whole. Raises `NotFound`, `DamagedFile`."""


class Soundness:
    """Which folders are sound, kept in the file at ``path``; and what is wrong with the others, as this process saw it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._sound: set[str] = set()
        self._faults: dict[str, tuple[tuple[int, ...], DamagedFile]] = {}

    def fault(self, folders: Readable, slug: str) -> DamagedFile | None:
        """Return what was wrong when this was read, None where nothing was or its files have changed since."""
        version, error = self._faults.get(slug, (None, None))
        return error if error and version == folders.version(slug) else None

    def examine(self, folders: Readable, seconds: float) -> int:
        """Read, for so long, what is not known to be sound; return of how many nothing is known yet.

        What was damaged is read each time: the right to read a file can come back without a change to it.
        """
        until = time.monotonic() + seconds
        versions = {slug: folders.version(slug) for slug in folders.slugs()}
        marks = {slug: _mark(slug, version) for slug, version in versions.items()}
        kept = self._kept()
        sound = (self._sound | kept) & set(marks.values())
        faults = {slug: fault for slug, fault in self._faults.items() if slug in marks and marks[slug] not in sound}
        left = sorted((slug for slug, mark in marks.items() if mark not in sound), key=faults.__contains__)
        while left and time.monotonic() <= until:
            slug = left.pop(0)
            try:
                folders.read(slug)
            except NotFound:  # removed meanwhile
                continue
            except DamagedFile as error:
                faults[slug] = versions[slug], error
            else:
                faults.pop(slug, None)
                sound.add(marks[slug])
        self._sound, self._faults = sound, faults
        if sound != kept:
            self._keep()
        return len(set(left) - set(faults))

    def _kept(self) -> set[str]:
        """Return the marks that this process or another one kept."""
        with suppress(OSError, ValueError):
            return set(self._path.read_text("ascii").split())
        return set()

    def _keep(self) -> None:
        with suppress(OSError):  # on a disk that takes none, this process knows them
            replace_text(self._path, "\n".join(sorted(self._sound)))


def _mark(slug: str, version: Iterable[int]) -> str:
    return hashlib.sha256(f"{_RULES} {slug} {version}".encode()).hexdigest()[:24]
