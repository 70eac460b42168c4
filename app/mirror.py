"""A folder kept level with what should be in it: what is the same is not touched, what is no longer wanted goes.

A list in the folder says which files are ours: nothing else is ever changed or removed there. Each file is noted beside it
before it is written, so that what is interrupted leaves nothing that nobody knows of.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from transcripts.errors import BadInput, writing
from transcripts.files import replace_text

LIST = ".hub-site.json"
_BEGUN = ".hub-site.begun"  # a path a line, of what was written since the list was


class Mirror:
    """Files below ``folder``, by their paths relative to it. Errors: `BadInput` for a folder of others, `NotWritable`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._before: dict[str, str] = {}
        self._now: dict[str, str] = {}
        self.written = self.kept = self.removed = 0
        if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
            with writing(folder):
                folder.mkdir(parents=True, exist_ok=True)
                self._write_list({})
            return
        try:
            self._before = json.loads((folder / LIST).read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise BadInput(
                f"Le dossier « {folder} » contient autre chose qu’un site exporté : rien n’y a été changé ; donnez un dossier vide."
            ) from error
        with suppress(FileNotFoundError):  # what an interrupted export made these from is not known
            self._before |= dict.fromkeys((folder / _BEGUN).read_text("utf-8").splitlines(), "")

    def level(self, path: str, mark: str) -> bool:
        """Say whether a file is there already, made from what ``mark`` names."""
        return bool(mark) and self._before.get(path) == mark and (self._folder / path).is_file()

    def keep(self, path: str) -> None:
        """Leave a file as it is."""
        self._now[path] = self._before.get(path, "")
        self.kept += 1

    def put(self, path: str, data: bytes, mark: str = "") -> None:
        """Make a file hold ``data``; it is written only when it does not."""
        place = self._folder / path
        self._now[path] = mark
        with writing(self._folder):
            if place.is_file() and place.stat().st_size == len(data) and place.read_bytes() == data:
                self.kept += 1
                return
            self._write(path, lambda part: part.write_bytes(data))

    def copy(self, path: str, source: Path, mark: str = "") -> None:
        """Make a file the copy of another; by its size and time, since recordings are large."""
        place, there = self._folder / path, source.stat()
        self._now[path] = mark
        with writing(self._folder):
            if place.is_file() and (place.stat().st_size, place.stat().st_mtime_ns) == (
                there.st_size,
                there.st_mtime_ns,
            ):
                self.kept += 1
                return
            self._write(path, lambda part: shutil.copy2(source, part))

    def sweep(self, *but: str) -> None:
        """Remove what was ours and is wanted no more, except what lies below ``but``."""
        with writing(self._folder):
            for path in self._before.keys() - self._now.keys():
                place = (self._folder / path).resolve()
                if path.startswith(but) or not place.is_relative_to(self._folder.resolve()):
                    continue
                _part(place).unlink(missing_ok=True)
                if place.is_file():
                    place.unlink()
                    self.removed += 1
                if place.parent.is_dir():
                    self._prune(place.parent)

    def end(self) -> None:
        """Remove all that is wanted no more, and write the list."""
        self.sweep()
        with writing(self._folder):
            self._write_list(self._now)
            (self._folder / _BEGUN).unlink(missing_ok=True)

    def _write(self, path: str, write: Callable[[Path], object]) -> None:
        place = self._folder / path
        with (self._folder / _BEGUN).open("a", encoding="utf-8") as begun:
            begun.write(f"{path}\n")
        place.parent.mkdir(parents=True, exist_ok=True)
        write(_part(place))
        _part(place).replace(place)
        self.written += 1

    def _prune(self, folder: Path) -> None:
        while folder != self._folder.resolve() and not any(folder.iterdir()):
            folder.rmdir()
            folder = folder.parent

    def _write_list(self, files: dict[str, str]) -> None:
        text = json.dumps(dict(sorted(files.items())), ensure_ascii=False, indent=0)
        place = self._folder / LIST
        if not place.is_file() or place.read_text("utf-8") != text:
            replace_text(place, text)


def _part(place: Path) -> Path:
    return place.with_name(f".{place.name}.part")
