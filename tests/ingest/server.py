"""A real web server with the faults that real ones have, on this machine only."""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

import av
import numpy as np

RATE = 16_000


def tone(seconds: float = 4.0, form: str = "mp3", title: str | None = None) -> bytes:
    """Return a sound file, one steady tone."""
    buffer = io.BytesIO()
    codec = {"mp3": "libmp3lame", "ogg": "libopus", "mpegts": "aac", "mp4": "aac"}[form]
    with av.open(buffer, "w", format=form) as target:
        if title:
            target.metadata["title"] = title
        rate = 48_000 if form == "ogg" else RATE
        stream = target.add_stream(codec, rate=rate, layout="mono")
        wave = (np.sin(np.arange(int(seconds * rate)) * 0.1) * 9000).astype(np.int16)
        frame = av.AudioFrame.from_ndarray(wave[None, :], format="s16", layout="mono")
        frame.sample_rate = rate
        target.mux([*stream.encode(frame), *stream.encode(None)])
    return buffer.getvalue()


def picture(seconds: int = 4) -> bytes:
    """Return a moving picture without sound, as a transport stream."""
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="mpegts") as target:
        stream = target.add_stream("mpeg4", rate=5)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for n in range(5 * seconds):
            target.mux(stream.encode(av.VideoFrame.from_ndarray(np.full((48, 64, 3), n * 9 % 255, np.uint8))))
        target.mux(stream.encode(None))
    return buffer.getvalue()


@dataclass
class Site:
    """What the server gives, and what it was asked."""

    sound: bytes
    pages: dict[str, bytes] = field(default_factory=dict)
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    port: int = 0
    cuts: int = 0  # how many more answers stop in the middle
    down: dict[str, int] = field(default_factory=dict)  # which answer for a path, from 1, is an error of the server
    marks: dict[str, str] = field(default_factory=dict)  # headers that tell this sound from another

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"


@contextmanager
def serve(site: Site, host: str = "127.0.0.1") -> Iterator[Site]:
    """Serve a site until the context ends."""
    server = ThreadingHTTPServer((host, 0), partial(_Handler, site))
    server.daemon_threads = True
    server.block_on_close = False
    site.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, site: Site, *rest: object) -> None:
        self.site = site
        super().__init__(*rest)  # type: ignore[arg-type]

    def log_message(self, *said: object) -> None:
        pass

    def do_GET(self) -> None:
        path = self.path.split("?")[0]
        self.site.asked.append((self.path, self.headers.get("Range")))
        self.close_connection = True
        with suppress(BrokenPipeError, ConnectionResetError):
            self._answer(path)

    def _answer(self, path: str) -> None:
        if self.site.down.get(path) == sum(asked == self.path for asked, _ in self.site.asked):
            self._head(503, "text/plain", 2)
            self.wfile.write(b"no")
        elif path in self.site.pages:
            kinds = {
                "xml": "text/xml",
                "vtt": "text/vtt",
                "html": "text/html",
                "json": "application/json",
                "m3u8": "application/vnd.apple.mpegurl",
                "ts": "video/mp2t",
            }
            self._head(200, kinds[path.rpartition(".")[2]], len(self.site.pages[path]))
            self.wfile.write(self.site.pages[path])
        elif path.startswith("/to/"):
            self._head(302, "text/plain", 0, {"Location": unquote(self.path.removeprefix("/to/"))})
        elif path.startswith("/status/"):
            self._head(int(path.split("/")[2]), "text/plain", 2)
            self.wfile.write(b"no")
        elif path.startswith("/silent/"):
            time.sleep(20)
        elif path.startswith(("/slow/", "/radio/", "/endless/", "/huge/", "/swamp/")):
            self._forever(path.split("/")[1])
        else:
            name = (
                {"Content-Disposition": 'attachment; filename="../../evil.mp3"'} if path.startswith("/named/") else {}
            )
            self._ranged(self.site.sound, name, cut="cut" in path, steady=path.startswith("/steady/"))

    def _forever(self, fault: str) -> None:
        lengths = {"slow": 10_000_000, "huge": 50_000_000_000}
        kind = "text/html" if fault == "swamp" else "audio/mpeg"
        self._head(200, kind, lengths.get(fault), {"icy-name": "Radio"} if fault == "radio" else {})
        part = {"slow": self.site.sound[:1024], "swamp": b"<html>" + b" " * 1_000_000}.get(fault, self.site.sound)
        while True:
            self.wfile.write(part)
            time.sleep(0.1 if fault == "slow" else 0.001)

    def _ranged(self, sound: bytes, more: dict[str, str], *, cut: bool, steady: bool) -> None:
        start = int((self.headers.get("Range") or "bytes=0-")[6:].split("-")[0])
        rest = sound[start:]
        about = {"Accept-Ranges": "bytes", **self.site.marks, **more}
        if not rest:
            self._head(416, "text/plain", 0, {"Content-Range": f"bytes */{len(sound)}"})
            return
        if "Range" in self.headers:
            about["Content-Range"] = f"bytes {start}-{len(sound) - 1}/{len(sound)}"
        self._head(206 if "Range" in self.headers else 200, "audio/mpeg", len(rest), about)
        if cut and self.site.cuts:
            self.site.cuts -= 1
            self.wfile.write(rest[: len(rest) // 2])
        elif steady:
            for at in range(0, len(rest), 4096):
                self.wfile.write(rest[at : at + 4096])
                time.sleep(0.05)
        else:
            self.wfile.write(rest)

    def _head(self, status: int, kind: str, length: int | None, more: dict[str, str] | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        if length is not None:
            self.send_header("Content-Length", str(length))
        self.send_header(
            "Connection", "close"
        )  # else a client that asks again by the same one may find it closed under its hands
        for name, value in (more or {}).items():
            self.send_header(name, value)
        self.end_headers()
