"""A real HTTP server that answers as a language model does, or as a broken one."""

from __future__ import annotations

import json
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answer = Callable[[str], str]

_OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
# What some faults send, and send again.
_ENDLESS = {
    "repeats early hints": (b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"),
    "drips headers": (_OK, b"X-Still: here\r\n"),
    "trickles": (_OK + b"\r\n", b": still here\n\n"),
}


@contextmanager
def model(answer: Answer = lambda prompt: "", fault: str = "") -> Iterator[tuple[str, list[str]]]:
    """Serve a model until the context ends; give its address, and the prompts it was asked."""
    asked: list[str] = []
    over = threading.Event()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, answer, fault, asked, over))
    server.daemon_threads = True
    server.block_on_close = False
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1", asked
    finally:
        over.set()
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    def __init__(self, answer: Answer, fault: str, asked: list[str], over: threading.Event, *rest: object) -> None:
        self.answer, self.fault, self.asked, self.over = answer, fault, asked, over
        super().__init__(*rest)  # type: ignore[arg-type]

    def log_message(self, *said: object) -> None:
        pass

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        prompt = body["messages"][0]["content"]
        self.asked.append(prompt)
        with suppress(BrokenPipeError, ConnectionResetError):
            self._reply(prompt)

    def _reply(self, prompt: str) -> None:
        if self.fault == "hangs":
            self.over.wait(20)
            return
        if self.fault in _ENDLESS:
            self._drip(*_ENDLESS[self.fault])
            return
        self.send_response(500 if self.fault in ("500", "endless error") else 200)
        self.send_header("Content-Type", "text/html" if self.fault == "html" else "text/event-stream")
        if self.fault == "is compressed":
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self._body(prompt)

    def _body(self, prompt: str) -> None:
        if self.fault == "html":
            self.wfile.write(b"<html><p>12: Connectez-vous.</p></html>")
        elif self.fault in ("no line ends", "endless error"):
            for _ in range(500):
                self.wfile.write(b"x" * 100_000)
        elif self.fault == "falls silent":
            time.sleep(1.0)
            self.wfile.write(b": still here\n\n")
            self.rfile.read(1)  # until it is hung up on
        elif self.fault == "is compressed":
            small = zlib.compressobj(wbits=31)
            self.wfile.write(small.flush(zlib.Z_FULL_FLUSH))
            self.wfile.write(100 * (small.compress(b"x" * 5_000_000) + small.flush(zlib.Z_FULL_FLUSH)))
        elif self.fault == "nonsense":
            self.wfile.write(b'data: {"choices": [7]}\n\ndata: [[[\n\n')
        else:
            for piece in self.answer(prompt).splitlines(keepends=True):
                chunk = {
                    "id": "1",
                    "object": "chat.completion.chunk",
                    "choices": [{"index": 0, "delta": {"content": piece}}],
                }
                self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
            if self.fault != "breaks off":
                self.wfile.write(b"data: [DONE]\n\n")

    def _drip(self, head: bytes, again: bytes) -> None:
        """Send the same again and again until nobody listens, for ten seconds at most."""
        self.wfile.write(head)
        for _ in range(100):
            self.wfile.write(again)
            if self.over.wait(0.1):
                break
