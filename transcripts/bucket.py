"""Recordings in a bucket of S3, or of what speaks like it: the `Media` of machines that share no file system for them.

Where the provider is and with which keys, its own library reads from the environment (``AWS_ENDPOINT_URL``,
``AWS_ACCESS_KEY_ID``, …).
"""

from __future__ import annotations

import datetime as dt
import errno
import logging
import re
import secrets
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from transcripts.errors import MediaDown, MediaLost, writing

_COMING = ".coming"  # below the prefix: what is sent and has no name yet
_STALE = dt.timedelta(days=1)  # after which that was left by a writer that was killed
_PIECE = 1 << 20  # bytes asked for at once, so that a listener who leaves costs little
_PART = 16 << 20  # bytes sent at once
_FRESH = 60.0  # seconds for which sizes are not asked again
_AT_ONCE = 16  # who wait to hear what a bucket has: were it slow, all threads of a hub would
_TRIES = 2  # a bucket that does not answer is asked once more, and by its library's two layers
_PAUSE = 5.0  # seconds for which a bucket that failed is left alone, so that nobody waits for it in vain

_ADDRESS = re.compile(r"\S+://\S+")  # in what its library says of errors; it ends with a masterclass's title

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Stored:
    """A recording in a bucket: size in bytes, a token that changes with its content, and its bytes from one to before another."""

    size: int
    version: str
    read: Callable[[int, int], Iterator[bytes]]


class Bucket:
    """Recordings below a prefix of a bucket, ``url`` being ``s3://bucket/prefix``; ``scratch`` holds local copies while they are read."""

    def __init__(self, url: str, scratch: Path) -> None:
        self._root = url.removeprefix("s3://").rstrip("/")
        self._scratch = scratch
        self._finding = threading.Semaphore(_AT_ONCE)
        self._closed = 0.0
        self._sizes: dict[str, int] = {}
        self._listed = -_FRESH

    @property
    def away(self) -> bool:
        """See `Media.away`."""
        return time.monotonic() < self._closed

    def has(self, name: str) -> bool:
        """See `Media.has`."""
        return True

    def names(self) -> dict[str, int]:
        """Return what is there, with sizes in bytes."""
        found = {path.removeprefix(self._at("")): about["size"] for path, about in self._found().items()}
        return {name: size for name, size in found.items() if not name.startswith(_COMING)}

    def size(self, name: str) -> int:
        """See `Media.size`; what came within the last minute may not be known yet."""
        if time.monotonic() > self._listed + _FRESH:
            self._listed = time.monotonic()
            with suppress(MediaDown):
                self._sizes = self.names()
        return self._sizes.get(name, 0)

    def find(self, name: str) -> Stored | None:
        """See `Media.find`."""
        if not self._finding.acquire(blocking=False):
            raise MediaDown
        try:
            with suppress(MediaLost), self._asked(name) as bucket:
                about = bucket.info(self._at(name))
                return Stored(about["size"], about["ETag"].strip('"'), lambda start, end: self._read(name, start, end))
        finally:
            self._finding.release()
        return None

    def _read(self, name: str, start: int, end: int) -> Iterator[bytes]:
        for at in range(start, end, _PIECE):
            with self._asked(name) as bucket:
                piece: bytes = bucket.cat_file(self._at(name), start=at, end=min(at + _PIECE, end))
            yield piece

    @contextmanager
    def local(self, name: str) -> Iterator[Path]:
        """See `Media.local`."""
        with writing(self._scratch):
            self._scratch.mkdir(parents=True, exist_ok=True)
            folder = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=self._scratch))
        try:
            with writing(folder), self._asked(name) as bucket:
                bucket.get_file(self._at(name), str(folder / name))
            yield folder / name
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    @contextmanager
    def bring(self, path: Path) -> Iterator[Callable[[str], None]]:
        """See `Media.bring`."""
        coming = self._at(f"{_COMING}/{secrets.token_hex(8)}")
        for left, about in self._found(below=f"/{_COMING}").items():
            if dt.datetime.now(dt.UTC) - about["LastModified"] > _STALE:
                self._remove(left)
        with self._asked() as bucket:
            bucket.put_file(str(path), coming, chunksize=_PART)

        def place(name: str) -> None:
            with self._asked() as bucket:
                bucket.cp_file(coming, self._at(name))

        try:
            yield place
        finally:
            with suppress(MediaDown):
                self._remove(coming)

    def copy(self, name: str, other: str) -> None:
        """See `Media.copy`."""
        with self._asked(name) as bucket:
            bucket.cp_file(self._at(name), self._at(other))

    def forget(self, slug: str, *but: str) -> None:
        """See `Media.forget`."""
        for path in self._found(f"{slug}."):
            if path not in map(self._at, but):
                self._remove(path)
        for copy in self._scratch.glob(f"{slug}.*"):  # left by a process that was killed
            shutil.rmtree(copy, ignore_errors=True)

    def _at(self, name: str) -> str:
        return f"{self._root}/{name}"

    def _found(self, prefix: str = "", below: str = "") -> dict[str, Any]:
        with self._asked() as bucket:
            found: dict[str, Any] = bucket.find(self._root + below, prefix=prefix, detail=True)
        return found

    def _remove(self, path: str) -> None:
        with self._asked() as bucket:
            bucket.rm_file(path)

    @cached_property
    def _bucket(self) -> Any:
        try:
            from s3fs import S3FileSystem
        except ImportError as error:
            raise MediaDown(
                "Les enregistrements sont dans un stockage S3, et le hub n’a pas de quoi l’ouvrir : rien n’est perdu ; "
                "installez s3fs, dans la version que dit requirements.lock."
            ) from error
        bucket = S3FileSystem(
            skip_instance_cache=True,
            use_listings_cache=False,
            config_kwargs={"retries": {"mode": "standard", "total_max_attempts": _TRIES}},
        )
        bucket.retries = _TRIES  # its own, around those
        return bucket

    @contextmanager
    def _asked(self, name: str = "") -> Iterator[Any]:
        """Lend what asks the bucket, for a recording or as such, and translate what it says when it does not do it.

        Raises `MediaDown`, and `MediaLost` where there is no such recording.
        """
        if self.away:
            raise MediaDown
        bucket = self._bucket
        try:
            yield bucket
        except Exception as error:  # its library has errors of several families
            if isinstance(error, FileNotFoundError) and name:
                raise MediaLost(name) from error
            if isinstance(error, OSError) and error.errno == errno.ENOSPC:
                raise
            _log.warning("the store of recordings: %s", _ADDRESS.sub("…", str(error)))
            self._closed = time.monotonic() + _PAUSE
            raise MediaDown from error
