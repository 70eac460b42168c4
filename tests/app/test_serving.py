"""How a hub ends when it is told to."""

import signal
import socket
import subprocess
import sys
import time

from app.settings import ROOT
from tests.app.machines import free_port

# A server whose answer never ends, and an application that says when it has put its things down.
ENDLESS = """
import sys
from contextlib import asynccontextmanager
import uvicorn
from starlette.applications import Starlette
from starlette.responses import StreamingResponse
from starlette.routing import Route
from app.stopping import stop_in_time

@asynccontextmanager
async def lifespan(app):
    stop_in_time(1)
    yield
    print("put down", flush=True)

async def endless():
    while True:
        yield bytes(100_000)

app = Starlette(routes=[Route("/", lambda request: StreamingResponse(endless()))], lifespan=lifespan)
uvicorn.run(app, port=int(sys.argv[1]), log_level="critical")
"""


def test_who_reads_nothing_does_not_keep_a_hub_from_its_end() -> None:
    port = free_port()
    command = [sys.executable, "-c", ENDLESS, str(port)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        try:
            end = time.monotonic() + 60
            while True:
                try:
                    reader = socket.create_connection(("127.0.0.1", port))
                    break
                except ConnectionRefusedError:
                    assert time.monotonic() < end
                    time.sleep(0.05)
            with reader:
                reader.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
                assert reader.recv(8) == b"HTTP/1.1"
                server.send_signal(signal.SIGTERM)
                told, _ = server.communicate(timeout=20)
            assert told == "put down\n"
        finally:
            server.kill()
