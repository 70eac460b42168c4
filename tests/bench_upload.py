"""Measures what receiving a large file costs a running hub: ``python -m tests.bench_upload [GIGABYTES]`` (2 when none is given).

The file is sparse: a WAV header, then silence that takes no disk here; it is really sent and really written by the hub. The
connection is cut twice on the way, at the sender, and goes on where the hub says.
"""

from __future__ import annotations

import sys
import tempfile
import threading
import time
import wave
from pathlib import Path

import httpx
import psutil
from rich.console import Console

from app.gate import COOKIE
from app.people import People, Role
from app.receiving import ADDRESS
from app.settings import ROOT
from tests.browser.conftest import serve
from tests.conftest import make_home

TUS = {"Tus-Resumable": "1.0.0"}
CUTS = 2
CONSOLE = Console(width=140, highlight=False)


def sparse(path: Path, size: int) -> Path:
    """Write a WAV file of this many bytes whose sound is a hole."""
    with wave.open(str(path), "wb") as sound:
        sound.setparams((2, 2, 48_000, 0, "NONE", "none"))
        sound.setnframes(size // 4)
    with path.open("r+b") as file:
        # The header that the module left says nothing of the length yet.
        file.seek(4)
        file.write((size - 8).to_bytes(4, "little"))
        file.seek(40)
        file.write((size - 44).to_bytes(4, "little"))
        file.truncate(size)
    return path


def send(client: httpx.Client, path: Path, at: str, size: int) -> None:
    """Send a file, cutting the connection on the way."""
    for cut in range(CUTS + 1):
        offset = int(client.head(at, headers=TUS).headers["upload-offset"])
        end = size * (cut + 1) // (CUTS + 1)

        def pieces(start: int = offset, stop: int = end, *, whole: bool = cut == CUTS):  # type: ignore[no-untyped-def]
            with path.open("rb") as file:
                file.seek(start)
                while start < stop:
                    piece = file.read(min(1 << 20, stop - start))
                    start += len(piece)
                    yield piece
            if not whole:
                raise ConnectionError

        headers = TUS | {"Content-Type": "application/offset+octet-stream", "Upload-Offset": str(offset)}
        headers["Content-Length"] = str(size - offset)
        try:
            client.patch(at, headers=headers, content=pieces()).raise_for_status()
        except ConnectionError:
            time.sleep(0.3)  # until the hub has heard of it
            CONSOLE.print(f"cut after {end / 1e6:.0f} MB, goes on")


def received(hub: psutil.Process, client: httpx.Client, path: Path, size: int) -> tuple[str, int]:
    """Send a file of this many bytes, and return its address and how many bytes of memory the hub took for it at most."""
    announced = TUS | {"Upload-Length": str(size), "Upload-Metadata": "filename dGFsay53YXY="}  # talk.wav
    at = client.post(ADDRESS, headers=announced).raise_for_status().headers["location"]
    before, most, over = hub.memory_info().rss, 0, threading.Event()

    def watch() -> None:
        nonlocal most
        while not over.wait(0.05):
            most = max(most, hub.memory_info().rss)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        send(client, path, at, size)
    finally:
        over.set()
        watcher.join()
    return at, most - before


def main(gigabytes: float) -> None:
    """Start a hub, send the file, and print what it took."""
    size = int(gigabytes * 1e9) // 4 * 4
    with tempfile.TemporaryDirectory() as scratch:
        home = make_home(Path(scratch) / "home", ROOT / "var" / "models")
        people = People(home)
        session = people.enter(people.invite("staff@example.org", Role.STAFF))
        process, url = serve(home)
        hub = psutil.Process(process.pid)
        try:
            with httpx.Client(base_url=url, cookies={COOKIE: session}, timeout=300, trust_env=False) as client:
                # The hub has its models in memory, and is at rest.
                client.get("/api/search?q=essai").raise_for_status()
                path = sparse(Path(scratch) / "talk.wav", size)
                before, began = hub.memory_info().rss, time.monotonic()
                at, more = received(hub, client, path, size)
                took = time.monotonic() - began
                (kept,) = (home / "uploads").glob("*/received.wav")
                CONSOLE.print(
                    f"{size / 1e9:.2f} GB in {took:.0f} s, {CUTS} cuts, {kept.stat().st_size} of {size} bytes kept"
                )
                CONSOLE.print(f"memory: {before / 1e6:.0f} MB before, {more / 1e6:+.0f} MB at most")
                client.delete(at, headers=TUS).raise_for_status()
                CONSOLE.print(f"cancelled: {len(list((home / 'uploads').rglob('received.*')))} files left")
        finally:
            process.terminate()
            process.wait(20)


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 2.0)
