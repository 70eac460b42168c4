"""Marks of masterclasses and studies that were public and were taken back or away: once gone, an old address can say so.

What is taken back, to a draft, is marked at once: who removes it later cannot tell it from one that nobody ever saw, whose
slug, with the words of its title, nobody may know. Marks are hashes of slugs: of what is erased no word may be left.
"""

from __future__ import annotations

import hashlib
from pathlib import Path


class Tombstones:
    """``home/removed.txt``, a hash a line. Reading never creates the file; adding is done under the library's lock."""

    def __init__(self, home: Path) -> None:
        self._path = home / "removed.txt"

    def __contains__(self, slug: str) -> bool:
        return _mark(slug) in self._marks()

    def add(self, slug: str) -> None:
        """Remember a slug."""
        if slug not in self:
            with self._path.open("a", encoding="utf-8", newline="\n") as file:
                file.write(f"{_mark(slug)}\n")

    def _marks(self) -> list[str]:
        try:
            return self._path.read_text("utf-8").split("\n")[:-1]
        except FileNotFoundError:
            return []


def _mark(slug: str) -> str:
    return hashlib.sha256(slug.encode()).hexdigest()
