"""Faults under load: ``python -m tests.bench_chaos [FAULTS]``, 50 by default; needs redis-server, and root: for the full disk, and machines' names.

Two hubs, two workers, Redis and Chroma on one library. In each round readers read and search while something breaks, drawn
at random: a hub, a worker, Chroma or Redis is killed; the network to Chroma or Redis is cut, which a process that is
stopped looks like; the disk of the library is full. Meanwhile a masterclass is sent, a title is changed and somebody is
invited. Then what is broken is mended, and the seconds count until both hubs find all that was ever taken in.
"""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from app.people import People, Role
from app.queue import Queue
from app.settings import ROOT
from ingest.pipeline import Wishes
from tests.app.machines import chroma, free_port, redis
from tests.browser.conftest import serve
from tests.conftest import make_home, worker
from transcripts.errors import HubError
from transcripts.library import Library

PATIENCE, GOAL = 120.0, 30.0  # seconds
BROKEN = 4.0  # seconds for which something is away
DISK = 120_000_000  # bytes
TALK = "WEBVTT\n\n00:00.000 --> 00:08.000\nLa coopérative numéro {} finance le quartier par un prêt participatif.\n"
FAULTS = ("hub", "worker", "chroma", "redis", "network to chroma", "network to redis", "full disk")


@dataclass
class Kept:
    """What was taken in, and must never be lost: titles by slug, who was invited, the jobs that wait."""

    titles: dict[str, str] = field(default_factory=dict)
    invited: set[str] = field(default_factory=set)


class Machines:
    """All processes of the two machines, each of which can be killed and started again."""

    def __init__(self, folder: Path, home: Path) -> None:
        self._folder, self.home = folder, home
        self.ports = {"redis": free_port(), "chroma": free_port(), "one": free_port(), "two": free_port()}
        self._variables = {
            "HUB_QUEUE_URL": f"redis://127.0.0.1:{self.ports['redis']}",
            "HUB_CHROMA_URL": f"http://127.0.0.1:{self.ports['chroma']}",
            "HUB_QUEUE_WORKERS": "0",
            "HUB_BACKUP_DAILY": "0",
        }
        self.queue = Queue(home, self._variables["HUB_QUEUE_URL"])
        self.urls = [f"http://127.0.0.1:{self.ports[name]}" for name in ("one", "two")]
        self._running: dict[str, tuple[ExitStack, subprocess.Popen[bytes]]] = {}

    def start(self, name: str) -> None:
        """Start a process; its way out closes it."""
        stack = ExitStack()
        if name in ("one", "two"):
            index = str(self._folder / name)
            process, _ = serve(self.home, None, self.ports[name], HUB_INDEX_FOLDER=index, **self._variables)
            stack.callback(process.wait)
            stack.callback(process.kill)
        elif name.startswith("worker"):
            process = stack.enter_context(
                # Each on a machine of its own: that the other one died shows by its silence alone.
                worker(self.home, host=name, HUB_INDEX_FOLDER=str(self._folder / name), **self._variables)
            )
        elif name == "redis":
            process = stack.enter_context(redis(self._folder, self.ports[name]))
        else:
            process = stack.enter_context(chroma(self._folder / "chroma", self.ports[name]))
        self._running[name] = (stack, process)

    @contextmanager
    def killed(self, name: str) -> Iterator[None]:
        """Kill a process for the time of the block."""
        stack, process = self._running.pop(name)
        process.kill()
        stack.close()
        yield
        self.start(name)

    @contextmanager
    def stopped(self, name: str) -> Iterator[None]:
        """Let a process hear and say nothing for the time of the block."""
        process = self._running[name][1]
        process.send_signal(signal.SIGSTOP)
        yield
        process.send_signal(signal.SIGCONT)

    def close(self) -> None:
        """End all."""
        for stack, _ in self._running.values():
            stack.close()


@contextmanager
def full(disk: Path) -> Iterator[None]:
    """Leave no room on a disk for the time of the block."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(b"x" * 65_536)
    yield
    ballast.unlink()


def fault(machines: Machines, kind: str, chance: random.Random) -> AbstractContextManager[None]:
    """Return the block in which something is broken."""
    if kind == "full disk":
        return full(machines.home)
    if kind.startswith("network"):
        return machines.stopped(kind.rsplit(" ", 1)[-1])
    name = {"hub": chance.choice(("one", "two")), "worker": f"worker-{chance.randint(1, 2)}"}.get(kind, kind)
    return machines.killed(name)


def change(machines: Machines, kept: Kept, number: int) -> None:
    """Send a masterclass, change a title, invite somebody; what is refused in a sentence was not taken in."""
    library, people = Library(machines.home), People(machines.home)
    with suppress(HubError, OSError):
        who = f"personne{number}@example.org"
        people.invite(who, Role.MEMBER)
        kept.invited.add(who)
    if kept.titles:
        slug = sorted(kept.titles)[number % len(kept.titles)]
        with suppress(HubError, OSError):
            library.set_details(slug, title=f"Titre {number}")
            kept.titles[slug] = f"Titre {number}"
    with suppress(HubError, OSError):
        talk = machines.home.parent / f"2026-03-01 coopérative {number}.vtt"
        talk.write_text(TALK.format(number), "utf-8")
        machines.queue.add(str(talk), Wishes(publish=True))
        kept.titles[f"2026-03-01-cooperative-{number}"] = f"coopérative {number}"


def whole(machines: Machines, kept: Kept) -> str:
    """Return what is not as it should be, empty when all is."""
    library = Library(machines.home)
    try:
        titles = {details.slug: details.title for details in library.published()}
        if missing := {slug for slug, title in kept.titles.items() if titles.get(slug, "").lower() != title.lower()}:
            return f"not in the library, or not as changed: {sorted(missing)}"
        if lost := kept.invited - People(machines.home).invited():
            return f"accounts: {sorted(lost)}"
        for url in machines.urls:
            ready = httpx.get(f"{url}/readyz", trust_env=False, timeout=10)
            if ready.status_code != 200 or not ready.json()["vectors"]:
                return f"{url} is not ready"
            asked = {"q": "coopérative quartier prêt participatif", "limit": "100"}
            reply = httpx.get(f"{url}/api/search", params=asked, trust_env=False, timeout=30).json()
            if not_found := set(kept.titles) - {result["slug"] for result in reply["results"]}:
                return f"{url} does not find {sorted(not_found)}"
    except (httpx.HTTPError, KeyError, HubError, OSError) as error:
        return f"{type(error).__name__}: {error}"
    return ""


def until_whole(machines: Machines, kept: Kept) -> tuple[float, str]:
    """Return the seconds until all is as it should be, and what was not in the end."""
    began = time.monotonic()
    while (wrong := whole(machines, kept)) and time.monotonic() - began < PATIENCE:
        time.sleep(0.5)
    return time.monotonic() - began, wrong


def readers(urls: list[str], stop: threading.Event, seen: Counter[str]) -> Callable[[], None]:
    """Return what a reader does until told to stop: reads and searches at either hub, and counts the answers."""

    def read() -> None:
        chance = random.Random()  # noqa: S311 - a load, not a secret
        while not stop.wait(0.3):
            path = chance.choice(["/api/search?q=quartier", "/api/masterclasses", "/feed.xml", "/"])
            try:
                seen[str(httpx.get(chance.choice(urls) + path, trust_env=False, timeout=20).status_code)] += 1
            except httpx.HTTPError:
                seen["no answer"] += 1

    return read


@contextmanager
def small_disk(place: Path) -> Iterator[Path]:
    """Make a disk of `DISK` bytes."""
    place.mkdir()
    mount = shutil.which("mount") or "mount"
    subprocess.run([mount, "-t", "tmpfs", "-o", f"size={DISK}", "none", str(place)], check=True)
    yield place
    subprocess.run([mount.replace("mount", "umount"), "-l", str(place)], check=True)


def main(faults: int) -> int:
    """Print what broke and how long it took to be whole again; return how many rounds were not, or took too long."""
    chance, kept, seen, bad = random.Random(1), Kept(), Counter[str](), 0  # noqa: S311 - the same plan in every run
    with tempfile.TemporaryDirectory() as scratch, small_disk(Path(scratch) / "disk") as disk:
        machines = Machines(Path(scratch), make_home(disk / "home", ROOT / "var" / "models"))
        stop = threading.Event()
        try:
            for name in ("redis", "chroma", "one", "two", "worker-1", "worker-2"):
                machines.start(name)
            change(machines, kept, 0)
            say(f"started: whole after {until_whole(machines, kept)[0]:.1f} s")
            for _ in range(4):
                threading.Thread(target=readers(machines.urls, stop, seen), daemon=True).start()
            plan = [FAULTS[n % len(FAULTS)] for n in range(faults)]
            chance.shuffle(plan)
            worst = 0.0
            for number, kind in enumerate(plan, 1):
                with fault(machines, kind, chance):
                    change(machines, kept, number)
                    time.sleep(chance.uniform(0.5, BROKEN))
                took, wrong = until_whole(machines, kept)
                worst = max(worst, took)
                bad += bool(wrong) or took > GOAL
                say(f"{number}: {kind}: {f'NOT WHOLE: {wrong}' if wrong else f'whole after {took:.1f} s'}")
            say(
                f"{len(kept.titles)} masterclasses, {len(kept.invited)} accounts; the longest {worst:.1f} s; answers {dict(seen)}"
            )
        finally:
            stop.set()
            machines.close()
    return bad


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 50))
