"""Readers and askers at once, against a running hub: how long they wait, and what fails.

    python -m tests.bench_load URL SECONDS

Readers open a masterclass each second, askers search, and ask every tenth time. The hub counts questions by client: raise
``HUB_PUBLIC_SEARCHES`` and ``HUB_PUBLIC_ANSWERS`` unless it runs on this machine, which is not counted.
"""

from __future__ import annotations

import os
import random
import sys
import time
from collections import Counter, defaultdict

import anyio
import httpx
import numpy as np

READERS, ASKERS = 50, 10
PAUSE = 1.0  # seconds between two requests of one client, on average
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


async def run(url: str, seconds: float) -> Load:
    """Load a hub for some seconds."""
    bounds = httpx.Limits(max_connections=READERS + ASKERS)
    async with httpx.AsyncClient(base_url=url, timeout=60, limits=bounds, trust_env=False) as client:
        listed = (await client.get("/api/masterclasses")).raise_for_status().json()["masterclasses"]
        slugs = [entry["slug"] for entry in listed]
        (await client.get("/api/search", params={"q": QUESTIONS[0]})).raise_for_status()  # models are warm
        load = Load(client, time.monotonic() + seconds)
        async with anyio.create_task_group() as clients:
            for _ in range(READERS):
                clients.start_soon(load.read, slugs)
            for number in range(ASKERS):
                clients.start_soon(load.ask, number)
    return load


def main() -> None:
    """Print p50 and p95 of each kind of request, errors, and how busy the machine was."""
    url, seconds = sys.argv[1], float(sys.argv[2])
    before = os.getloadavg()[0]
    load = anyio.run(run, url, seconds)
    for kind, waits in sorted(load.seconds.items()):
        middle, late = np.percentile(waits, [50, 95]) * 1000
        print(f"{kind:12} {len(waits):6} answers, p50 {middle:6.0f} ms, p95 {late:6.0f} ms")  # noqa: T201
    print("not answered:", dict(load.wrong) or "none")  # noqa: T201
    print(f"load of the machine before and after: {before:.1f}, {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")  # noqa: T201


if __name__ == "__main__":
    main()
