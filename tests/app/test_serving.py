"""How a hub is started, and how it ends when it is told to."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.cli_work import serve
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


@pytest.fixture
def begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The commands that would take the place of this process."""
    commands = list[list[str]]()
    monkeypatch.setenv("HUB_HOME", str(tmp_path))
    monkeypatch.setenv("OMP_WAIT_POLICY", "PASSIVE")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(os, "execv", lambda _, words: commands.append(words))
    return commands


@pytest.mark.parametrize(
    ("host", "shown"),
    [("127.0.0.1", "localhost"), ("0.0.0.0", "localhost"), ("::", "localhost"), ("::1", "[::1]")],  # noqa: S104
)
def test_a_hub_listens_where_it_is_told_to(
    begun: list[list[str]], capsys: pytest.CaptureFixture[str], host: str, shown: str
) -> None:
    port = free_port()
    serve(host, port)
    assert f"http://{shown}:{port} " in capsys.readouterr().err
    [command] = begun
    assert command[command.index("--server.address") + 1] == host


def test_an_address_that_is_elsewhere_is_not_said_to_be_taken(
    begun: list[list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        serve("192.0.2.77", free_port())
    said = " ".join(capsys.readouterr().err.split())
    assert "déjà pris" not in said
    assert "donnez à --host une adresse de cette machine" in said
    assert not begun


def test_a_port_that_is_taken_is_said_in_either_family(
    begun: list[list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    for host, family in (("127.0.0.1", socket.AF_INET), ("::1", socket.AF_INET6)):
        with socket.create_server((host, 0), family=family) as other, pytest.raises(SystemExit):
            serve(host, other.getsockname()[1])
        assert "déjà pris" in capsys.readouterr().err
    assert not begun
