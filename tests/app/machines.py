"""Servers that several machines share, as processes of this one: Redis, Chroma, and Caddy before hubs; and a hub's own server."""

import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import pytest
import uvicorn
from starlette.types import ASGIApp

from app.settings import ROOT


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def until(true: Callable[[], bool], seconds: float = 240.0) -> None:
    """Wait for something to be so."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.3)


KEEPS = ("--appendonly", "yes", "--appendfsync", "always")  # as `compose.yaml` has it, and operators are told


@contextmanager
def redis(folder: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Run a Redis that keeps what it has; CI installs one."""
    server = shutil.which("redis-server")
    if not server:
        assert not os.environ.get("CI"), "redis-server is missing"
        pytest.skip("no redis-server on this machine")
    command = [server, "--port", str(port), *KEEPS, "--dir", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    client = server.replace("-server", "-cli")
    while subprocess.run([client, "-p", str(port), "ping"], capture_output=True, check=False).returncode:
        time.sleep(0.05)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@contextmanager
def chroma(folder: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Run a Chroma server."""
    command = [Path(sys.executable).with_name("chroma"), "run", "--path", str(folder), "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(300):
        try:
            httpx.get(f"http://127.0.0.1:{port}/api/v2/heartbeat", trust_env=False).raise_for_status()
            break
        except httpx.HTTPError:
            time.sleep(0.1)
    else:
        process.kill()
        raise TimeoutError("Chroma did not start")
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@contextmanager
def caddy(folder: Path, *hubs: str, port: int | None = None) -> Iterator[str]:
    """Run the Caddy of `compose.yaml` before hubs of this machine; return its address, over HTTP since no name is ours."""
    url, written = f"http://127.0.0.1:{port or free_port()}", (ROOT / "Caddyfile").read_text("utf-8")
    (folder / "Caddyfile").write_text(written.replace("hub1:8501 hub2:8501", " ".join(hubs).replace("http://", "")))
    where = {"XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "CADDY_ADMIN": f"unix/{folder}/caddy.sock"}
    command = [Path(sys.executable).with_name("caddy"), "run", "--config", str(folder / "Caddyfile")]
    with subprocess.Popen(command, env={**os.environ, **where, "HUB_SITE": url}, stderr=subprocess.DEVNULL) as process:
        try:
            for _ in range(300):
                with suppress(httpx.HTTPError):
                    if httpx.get(f"{url}/healthz", trust_env=False).status_code == 200:
                        break
                time.sleep(0.1)
            else:
                raise TimeoutError("Caddy did not start")
            yield url
        finally:
            process.kill()


@contextmanager
def listening(app: ASGIApp) -> Iterator[int]:
    """Serve an application as a hub is served; return its port."""
    server = uvicorn.Server(uvicorn.Config(app, port=free_port(), log_level="warning"))
    serving = threading.Thread(target=server.run)
    serving.start()
    try:
        while not server.started:
            time.sleep(0.01)
        yield server.config.port
    finally:
        server.should_exit = True
        serving.join(20)


def left_waiting(port: int, asked: str, some: bytes, length: int, headers: Mapping[str, str] | None = None) -> str:
    """Send some of the body that a request announces, and nothing more; return what comes back until the line is closed."""
    lines = {"Host": "127.0.0.1", **(headers or {}), "Content-Length": str(length)}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        line.sendall(f"{asked} HTTP/1.1\r\n{head}\r\n".encode() + some)
        return b"".join(iter(lambda: line.recv(10_000), b"")).decode()
