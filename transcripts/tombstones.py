"""The slugs of published masterclasses that were taken away, so that an old address can say so. Nothing else is kept."""

from __future__ import annotations

from pathlib import Path


class Tombstones:
    """``home/removed.txt``, a slug a line. Reading never creates the file; adding is done under the library's lock."""

    def __init__(self, home: Path) -> None:
        self._path = home / "removed.txt"

    def __contains__(self, slug: str) -> bool:
        return slug in self._slugs()

    def add(self, slug: str) -> None:
        """Remember a slug."""
        if slug not in self._slugs():
            with self._path.open("a", encoding="utf-8", newline="\n") as file:
                file.write(f"{slug}\n")

    def _slugs(self) -> list[str]:
        try:
            return self._path.read_text("utf-8").split("\n")[:-1]
        except FileNotFoundError:
            return []
