"""Sending a process out to fetch, and listening to it: see `ingest.sources.fetch` for what it says."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ingest.sources.fetch import Request
from ingest.sources.trouble import Kind, Stop

_ROOT = Path(__file__).resolve().parent.parent.parent
_COMMAND = (sys.executable, "-P", "-m", "ingest.sources.fetch")
# Nothing of the environment reaches the process but this: no proxy, no configuration, no plugin of yt-dlp.
_KEPT = ("PATH", "SYSTEMROOT", "SSL_CERT_FILE", "SSL_CERT_DIR", "TMPDIR")
_LEAST = 65_536  # bytes that must come within the patience
_LISTING = 20  # times the patience that a page or list may take before the first byte of sound
_LOOK = 1.0  # seconds after which whoever listens hears that nothing was said


def run(request: Request, patience: float, command: tuple[str, ...] = _COMMAND) -> Iterator[tuple[str, Any]]:
    """Yield what the process says, key and value, up to ``done``, and ``wait`` each second that it is silent; raise `Stop`
    with its trouble.

    The process is gone when the iteration ends, however it ends; it also goes when this process is killed.
    """
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
    environment |= {"PYTHONPATH": str(_ROOT), "PYTHONUTF8": "1", "YTDLP_NO_PLUGINS": "1", "HOME": os.devnull}
    process = subprocess.Popen(  # noqa: S603 - every argument is ours: the URL goes through stdin
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        cwd=request.folder,
        start_new_session=True,
        text=True,
        encoding="utf-8",
    )
    lines: queue.SimpleQueue[str] = queue.SimpleQueue()
    listener = threading.Thread(target=_listen, args=(process.stdout, lines), daemon=True)
    listener.start()
    try:
        with suppress(BrokenPipeError):
            process.stdin.write(json.dumps(asdict(request)) + "\n")  # type: ignore[union-attr]
            process.stdin.flush()  # type: ignore[union-attr]
        pace = Pace(patience, time.monotonic())
        while True:
            left = pace.left(time.monotonic())
            try:
                line = lines.get(timeout=max(0.01, min(left, _LOOK)))
            except queue.Empty:
                if left <= _LOOK:
                    raise Stop("slow") from None
                yield "wait", None
                continue
            if not line:
                raise Stop("died")
            ((key, value),) = json.loads(line).items()
            if key == "trouble":
                kind: Kind = value["kind"]
                raise Stop(kind, value["detail"])
            pace.hear(key, value, time.monotonic())
            yield key, value
            if key == "done":
                return
    finally:
        process.kill()
        process.wait()
        listener.join()
        for pipe in (process.stdin, process.stdout):
            with suppress(BrokenPipeError):
                pipe.close()  # type: ignore[union-attr]


def _listen(pipe: Any, lines: queue.SimpleQueue[str]) -> None:
    for line in pipe:
        lines.put(line)
    lines.put("")


class Pace:
    """Whether a process still gets on. Signs of life count until sound comes; from then on, bytes do; what comes beside the sound,
    once that is whole, has the patience for all of it. Pure.

    Times in seconds of any clock that does not go back.
    """

    def __init__(self, patience: float, now: float) -> None:
        self._patience = patience
        self._since = now
        self._until = now + _LISTING * patience
        self._mark = 0
        self._loading = self._whole = False

    def hear(self, key: str, value: Any, now: float) -> None:
        """Take note of what the process said."""
        if key == "sound":
            self._until, self._loading, self._whole = now + self._patience, False, True
        if key == "bytes" and not self._whole:
            done = int(value[0])
            if not self._loading or done < self._mark or done - self._mark >= _LEAST:
                self._mark, self._since, self._loading = done, now, True
        elif not self._loading:
            self._since = now

    def left(self, now: float) -> float:
        """Return how many seconds remain until patience ends, negative when it has."""
        silent = self._since + self._patience
        return (silent if self._loading else min(silent, self._until)) - now
