"""Readers, askers and people with pages open at once: how long they wait, what fails, and whether memory grows.

    python -m tests.bench_load [SECONDS] [--sessions 20] [--home HOME | --url URL]

A hub is started on HOME (the demonstration, unless said otherwise), and beside it a recording is transcribed over and over,
on the same cores. Fifty readers open a masterclass each second; ten askers search, and ask every tenth time; twenty sessions
are Streamlit's own, over its websocket: each opens one page after the other, and a page that shows an error counts as one
that failed. The last line compares the hub's memory a fifth of the way in with that at the end: 1800 seconds tell whether it
is flat. With URL a hub is loaded that runs already: it counts questions by client, so raise ``HUB_PUBLIC_SEARCHES`` and
``HUB_PUBLIC_ANSWERS`` unless it runs on this machine, which is not counted. What Locust would count is counted here, in
one process that leaves the cores to the hub.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import time
from collections import Counter, defaultdict
from contextlib import ExitStack
from pathlib import Path

import anyio
import httpx
import numpy as np
import psutil
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from tests.bench_export import say
from tests.browser.conftest import serve, warm
from tests.conftest import kept_demonstration

READERS, ASKERS = 50, 10
PAUSE = 1.0  # seconds between two requests of one client, on average
LOOKS = 5.0  # seconds that somebody looks at a page before opening the next, on average
PATIENCE = 60.0  # seconds
QUESTIONS = (
    "Qu’est-ce qu’une monnaie locale ?",
    "Comment se rembourse un prêt participatif ?",
    "À quoi sert un fonds de garantie ?",
    "Qui peut émettre des titres associatifs ?",
)


class Load:
    """What clients saw: seconds by kind of request, and answers that were none."""

    def __init__(self, client: httpx.AsyncClient, until: float) -> None:
        self._client, self._until = client, until
        self.seconds: defaultdict[str, list[float]] = defaultdict(list)
        self.wrong: Counter[str] = Counter()
        self.memory: list[float] = []  # megabytes, every second

    async def get(self, kind: str, path: str, **query: str) -> None:
        """Ask once and take note; a hub that says it is busy is counted apart from one that fails."""
        began = time.perf_counter()
        try:
            answer = await self._client.get(path, params=query)
            status = str(answer.status_code)
        except httpx.HTTPError as error:
            status = type(error).__name__
        if status == "200":
            self.seconds[kind].append(time.perf_counter() - began)
        else:
            self.wrong[f"{kind} {status}"] += 1

    async def read(self, slugs: list[str]) -> None:
        """Read one masterclass after the other."""
        while time.monotonic() < self._until:
            await self.get("/m/<slug>", f"/m/{random.choice(slugs)}")  # noqa: S311 - a load, not a secret
            await anyio.sleep(random.uniform(0.5, 1.5) * PAUSE)  # noqa: S311

    async def ask(self, number: int) -> None:
        """Search, and ask every tenth time."""
        turn = number
        while time.monotonic() < self._until:
            kind = "/api/ask" if turn % 10 == 0 else "/api/search"
            await self.get(kind, kind, q=QUESTIONS[turn % len(QUESTIONS)])
            await anyio.sleep(random.uniform(0.5, 1.5) * PAUSE)  # noqa: S311
            turn += 1

    async def sit(self, slugs: list[str]) -> None:
        """Open one page after the other in a session of Streamlit's, and a new session where one is lost."""
        await anyio.sleep(random.uniform(0, LOOKS))  # noqa: S311 - twenty people do not sit down at once
        address = str(self._client.base_url).replace("http", "ws", 1).rstrip("/") + "/_stcore/stream"
        while time.monotonic() < self._until:
            try:
                origin = str(self._client.base_url).rstrip("/")
                async with connect(address, subprotocols=["streamlit"], origin=origin, max_size=None) as socket:
                    while time.monotonic() < self._until:
                        await self._open(socket, slugs)
                        await anyio.sleep(random.uniform(0.5, 1.5) * LOOKS)  # noqa: S311
            except (WebSocketException, OSError, TimeoutError) as error:
                self.wrong[f"session {type(error).__name__}"] += 1
                await anyio.sleep(1)

    async def _open(self, socket: ClientConnection, slugs: list[str]) -> None:
        """Have one page drawn whole."""
        page, query = random.choice(  # noqa: S311
            [("", ""), ("masterclasses", ""), ("masterclass", f"m={random.choice(slugs)}"), ("recherche", "q=garantie")]  # noqa: S311
        )
        asked = BackMsg()
        asked.rerun_script.page_name, asked.rerun_script.query_string = page, query
        began = time.perf_counter()
        await socket.send(asked.SerializeToString())
        failed = False
        with anyio.fail_after(PATIENCE):
            while True:
                told = ForwardMsg.FromString(bytes(await socket.recv(decode=False)))
                kind = told.WhichOneof("type")
                failed |= kind == "page_not_found" or told.delta.new_element.WhichOneof("type") == "exception"
                if kind == "script_finished" and told.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                    break
        if failed or told.script_finished != ForwardMsg.FINISHED_SUCCESSFULLY:
            self.wrong[f"page « {page} »"] += 1
        else:
            self.seconds["a page"].append(time.perf_counter() - began)

    async def watch(self, hub: psutil.Process) -> None:
        """Note the hub's memory; its worker and others are processes of their own."""
        while time.monotonic() < self._until:
            self.memory.append(hub.memory_info().rss / 1e6)
            await anyio.sleep(1)


async def run(url: str, seconds: float, sessions: int, hub: psutil.Process | None) -> Load:
    """Load a hub for some seconds."""
    # A hub hangs up after five seconds of silence, as does httpx: what is sent at that moment would count as lost.
    bounds = httpx.Limits(max_connections=READERS + ASKERS, keepalive_expiry=3)
    async with httpx.AsyncClient(base_url=url, timeout=PATIENCE, limits=bounds, trust_env=False) as client:
        listed = (await client.get("/api/masterclasses")).raise_for_status().json()["masterclasses"]
        slugs = [entry["slug"] for entry in listed]
        for question in QUESTIONS:  # models are warm
            (await client.get("/api/ask", params={"q": question})).raise_for_status()
        load = Load(client, time.monotonic() + seconds)
        async with anyio.create_task_group() as clients:
            for _ in range(READERS):
                clients.start_soon(load.read, slugs)
            for number in range(ASKERS):
                clients.start_soon(load.ask, number)
            for _ in range(sessions):
                clients.start_soon(load.sit, slugs)
            if hub:
                clients.start_soon(load.watch, hub)
    return load


def tell(load: Load) -> None:
    """Print p50 and p95 of each kind of request, errors, and the hub's memory."""
    for kind, waits in sorted(load.seconds.items()):
        middle, late = np.percentile(waits, [50, 95]) * 1000
        say(f"{kind:12} {len(waits):6} answers, p50 {middle:6.0f} ms, p95 {late:6.0f} ms")
    say(f"not answered: {dict(load.wrong) or 'none'}")
    if load.memory:
        fifth, last = len(load.memory) // 5, max(1, len(load.memory) // 20)
        before, after = np.median(load.memory[fifth : fifth + last]), np.median(load.memory[-last:])
        say(f"memory: {before:.0f} MB after a fifth of the time, {after:.0f} MB at the end ({after / before - 1:+.1%})")


def main() -> None:
    """Load a hub and say what came of it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("seconds", type=float, nargs="?", default=300.0)
    parser.add_argument("--sessions", type=int, default=20)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--url")
    given = parser.parse_args()
    before = os.getloadavg()[0]
    with ExitStack() as running:
        url, hub = given.url, None
        if not url:
            process, url = serve(given.home or kept_demonstration(), HUB_BACKUP_DAILY="0")
            running.callback(process.wait)
            running.callback(process.terminate)
            warm(url)
            hub = psutil.Process(process.pid)
            hearing = subprocess.Popen([sys.executable, "-m", "tests.bench_search", "--hear"])
            running.callback(hearing.wait)
            running.callback(hearing.kill)
        tell(anyio.run(run, url, given.seconds, given.sessions, hub))
    say(f"load of the machine before and after: {before:.1f}, {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


if __name__ == "__main__":
    main()
