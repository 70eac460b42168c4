"""Who may open the index: one process at a time.

Chroma shows one process's writes to no other, and a second writer can destroy entries (chroma-core/chroma #3792). So
the index belongs to whoever holds a file lock, which the system frees even when its holder is killed. A running hub
keeps it and says where it answers; commands ask that hub, or take the lock for the moment they need.
"""

from __future__ import annotations

import json
import secrets
import time
from contextlib import suppress
from ipaddress import ip_address
from pathlib import Path

from filelock import FileLock, Timeout

from transcripts.errors import IndexBusy, writing

_POLL = 0.1  # seconds
KEY = "x-hub-key"  # the header in which commands of this machine show the owner's key


class Ownership:
    """The lock of an index folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._card = folder / "owner.json"
        self._lock = FileLock(folder / "owner.lock", thread_local=False)
        self._told: dict[str, str | int | None] = {}
        self.deaths = 0  # owners before this one that died in a row, each soon after it had taken the index

    def take(self, url: str | None = None) -> bool:
        """Try to become the owner, answering questions at ``url`` if given; say whether it worked."""
        with writing(self._folder):
            self._folder.mkdir(parents=True, exist_ok=True)
            try:
                self._lock.acquire(blocking=False)
            except Timeout:
                return False
            try:
                self._tell(url)
            except BaseException:
                self._lock.release()
                raise
            return True

    def _tell(self, url: str | None) -> None:
        # Whoever releases the index takes the card away.
        before = self._read("deaths") or "0"
        self.deaths = (int(before) if before.isdecimal() else 0) + 1 if self._card.exists() else 0
        self._card.touch(mode=0o600)
        self._told = {"url": url, "key": secrets.token_urlsafe(16), "deaths": self.deaths}
        self._card.write_text(json.dumps(self._told), "utf-8")

    def held(self) -> bool:
        """Say whether somebody else owns the index; nothing changes."""
        try:
            with self._lock.acquire(blocking=False):
                return False
        except Timeout:
            return True
        except OSError:  # it may not be written, or is not there: nobody can own it
            return False

    def settle(self) -> None:
        """Say that this owner has worked for a while: what kills it later is not laid to the index."""
        part = self._card.with_name(".owner.json.part")
        with suppress(OSError):  # no room: it settles at another time
            part.touch(mode=0o600)
            part.write_text(json.dumps(self._told | {"deaths": 0}), "utf-8")
            part.replace(self._card)

    def release(self) -> None:
        """Let another process have the index."""
        try:
            self._card.unlink(missing_ok=True)
        finally:
            self._lock.release()

    def url(self) -> str | None:
        """Return where the present owner answers, None when it answers nowhere."""
        return self._read("url")

    def _read(self, name: str) -> str | None:
        try:
            found = json.loads(self._card.read_text("utf-8"))[name]
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return str(found) if found else None

    def key(self) -> str | None:
        """Return by what the present owner knows commands of this machine, None where there is no owner."""
        return self._read("key")

    def take_or_find(self, wait: float) -> str | None:
        """Become the owner and return None, or return where the owner answers.

        Raises `IndexBusy` when ``wait`` seconds bring neither.
        """
        until = time.monotonic() + wait
        while not self.take():
            if url := self.url():
                return url
            if time.monotonic() > until:
                raise IndexBusy(wait)
            time.sleep(_POLL)
        return None


def name_of(listening: str | None) -> str:
    """Return by what name this machine asks a server that listens at an address, be it at every one (None too). Pure."""
    try:
        found = ip_address(listening or "0.0.0.0")  # noqa: S104 - what Streamlit listens at when nothing is said
    except ValueError:
        return str(listening)  # a name already
    if found.is_unspecified:
        return "127.0.0.1"
    return f"[{found}]" if found.version == 6 else str(found)
