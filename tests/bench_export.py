"""How long a library takes to become a site of static files, and to be brought level again; and how the site is read.

    python -m tests.bench_export [--masterclasses 1000] [--minutes 10] [--readers 50] [--seconds 20]

Talks are made of the demonstration's, with their words exchanged so that no two are alike. Readers then open one page after
the other, without a pause, from a plain server of files (Python's own) on the same cores; and what a page weighs is told as it
goes over the wire, compressed.
"""

from __future__ import annotations

import argparse
import datetime as dt
import gzip
import os
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from statistics import median

import anyio
import httpx
import numpy as np

from app.services import Services
from app.settings import ROOT, Settings
from app.site import export_site
from tests.app.machines import free_port
from transcripts.files import write_folder
from transcripts.library import Library
from transcripts.model import Chapter, Cue, Masterclass


def talk(number: int, minutes: float, talks: list[Masterclass]) -> Masterclass:
    """Return a talk of so many minutes, of other talks one after another, with other words here and there."""
    chance = random.Random(number)  # noqa: S311 - the same library each time
    cues: list[Cue] = []
    chapters: list[Chapter] = []
    words = [word for cue in talks[number % len(talks)].cues for word in cue.text.split()]
    while not cues or cues[-1].end < 60 * minutes:
        part, at = chance.choice(talks), cues[-1].end + 1 if cues else 0.0
        for cue in part.cues:
            said = [chance.choice(words) if chance.random() < 0.05 else word for word in cue.text.split()]
            cues.append(replace(cue, start=cue.start + at, end=cue.end + at, text=" ".join(said)))
        chapters += [replace(c, start=c.start + at, end=c.end + at) for c in part.chapters]
    cues = [cue for cue in cues if cue.end <= 60 * minutes]
    date = dt.date(2000, 1, 1) + dt.timedelta(number)
    details = replace(
        talks[number % len(talks)].details,
        slug=f"{date.isoformat()}-masterclass-{number}",
        date=date,
        title=f"Masterclass {number}",
        duration=60.0 * minutes,
        recording=None,
    )
    kept = tuple(c for c in chapters if c.end <= 60 * minutes)
    return Masterclass(details, tuple(cues), kept, talks[number % len(talks)].summary)


def say(line: str) -> None:
    """Print a line of the result at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def weigh(site: Path) -> None:
    """Say what a page weighs compressed, and what the first one brings with it: styles, script, typeface, drawings."""
    pages = [len(gzip.compress(path.read_bytes(), 5)) for path in sorted(site.glob("m/*/index.html"))[:100]]
    once = [*site.glob("assets/*.css"), site / "assets/reading.js", *site.glob("assets/*.svg")]
    brought = sum(len(gzip.compress(path.read_bytes(), 5)) for path in once)
    brought += (site / "assets/fonts/literata-latin.woff2").stat().st_size
    say(f"a page weighs {median(pages) / 1000:.0f} kB; the first one brings {brought / 1000:.0f} kB that stay")


async def read(url: str, slugs: list[str], readers: int, seconds: float) -> list[float]:
    """Return how long each page took, in seconds, with so many readers at once."""
    took: list[float] = []
    until = time.monotonic() + seconds

    async def reader(client: httpx.AsyncClient) -> None:
        while time.monotonic() < until:
            began = time.perf_counter()
            answer = await client.get(f"/m/{random.choice(slugs)}/")  # noqa: S311 - a load, not a secret
            answer.raise_for_status()
            took.append(time.perf_counter() - began)

    bounds = httpx.Limits(max_connections=readers)
    async with (
        httpx.AsyncClient(base_url=url, timeout=30, limits=bounds, trust_env=False) as client,
        anyio.create_task_group() as group,
    ):
        for _ in range(readers):
            group.start_soon(reader, client)
    return took


def serve_and_read(site: Path, readers: int, seconds: float) -> None:
    """Say how many pages a second come from a plain server of files, and how late."""
    port = free_port()
    url, slugs = f"http://127.0.0.1:{port}", [path.parent.name for path in site.glob("m/*/index.html")]
    command = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1", "--directory", str(site)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        httpx.Client(transport=httpx.HTTPTransport(retries=8), trust_env=False).get(url)
        took = anyio.run(read, url, slugs, readers, seconds)
    finally:
        server.kill()
        server.wait()
    middle, late = np.percentile(took, [50, 95]) * 1000
    say(f"{readers} readers: {len(took) / seconds:.0f} pages a second, p50 {middle:.0f} ms, p95 {late:.0f} ms")


def main() -> None:
    """Measure, and print a line for each step."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--masterclasses", type=int, default=1000)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=20.0)
    asked = parser.parse_args()
    demo = Library(ROOT / "transcripts" / "demo")
    talks = [demo.read(slug) for slug in demo.slugs() if (demo.root / slug / "transcript.vtt").exists()]
    with tempfile.TemporaryDirectory() as scratch:
        home, site = Path(scratch) / "home", Path(scratch) / "site"
        for number in range(asked.masterclasses):
            made = talk(number, asked.minutes, talks)
            folder = home / "library" / made.details.slug
            folder.mkdir(parents=True)
            write_folder(folder, made)
        said = sum(len(cue.text.split()) for cue in made.cues)
        say(f"{asked.masterclasses} masterclasses of {asked.minutes:g} min ({said} words), {os.cpu_count()} cores")
        library = Library(home)
        for step in ("all anew", "nothing changed", "one changed"):
            if step == "one changed":
                slug = library.slugs()[-1]
                library.rewrite(slug, cues=library.read(slug).cues[:-1])
            began = time.perf_counter()
            done = export_site(Services(Settings(home=home)), site, "https://site.example.org", lambda *_: None)
            took = time.perf_counter() - began
            say(f"{step}: {took:.1f} s, {done.written} files written, {done.kept} kept")
        size = sum(path.stat().st_size for path in site.rglob("*") if path.is_file())
        say(f"{size / 1e6:.0f} MB")
        weigh(site)
        serve_and_read(site, asked.readers, asked.seconds)


if __name__ == "__main__":
    main()
