"""Folders in which what was begun of a source is kept until it is done."""

from __future__ import annotations

import hashlib
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from transcripts.errors import BadInput, writing

# Seconds after which what a source has begun, and nobody tried again, is thrown away.
_FORGOTTEN = 14 * 24 * 3600.0


def folder_of(home: Path, name: str) -> Path:
    """Return where what was begun of a source lies, if anything was."""
    return home / "work" / hashlib.sha256(name.encode()).hexdigest()[:16]


@contextmanager
def work_folder(home: Path, name: str, waiting: Callable[[], None]) -> Iterator[Path]:
    """Lend the folder in which what was begun of a source is kept, gone when nothing is left to try.

    Whoever wants the same source at the same time waits, is told so each second, and then finds it done.
    """
    folder = folder_of(home, name)
    with writing(home):
        folder.parent.mkdir(parents=True, exist_ok=True)
        with _acquired(_lock(folder), waiting):
            forget_old(home)
            folder.mkdir(exist_ok=True)
            folder.touch()
            try:
                yield folder
            except BadInput:
                shutil.rmtree(folder, ignore_errors=True)
                raise
            shutil.rmtree(folder, ignore_errors=True)


def _lock(folder: Path) -> FileLock:
    return FileLock(folder.with_suffix(".lock"))


def _acquired(lock: FileLock, waiting: Callable[[], None]) -> AbstractContextManager[object]:
    """Acquire a lock, however long another has it."""
    while True:
        try:
            return lock.acquire(timeout=1.0)
        except Timeout:
            waiting()


def forget_begun(home: Path, names: Iterable[str]) -> None:
    """Throw away what was begun of sources, but for those that somebody works on just now."""
    for folder in {folder_of(home, name) for name in names}:
        if folder.is_dir():
            with suppress(Timeout), _lock(folder).acquire(blocking=False):
                shutil.rmtree(folder, ignore_errors=True)


def forget_old(home: Path) -> None:
    """Throw away what was begun and nobody came back to."""
    for begun in (home / "work").glob("*"):
        with suppress(FileNotFoundError):  # another worker was quicker
            if time.time() - begun.stat().st_mtime > _FORGOTTEN:
                if begun.is_dir():
                    shutil.rmtree(begun, ignore_errors=True)
                else:
                    begun.unlink()
