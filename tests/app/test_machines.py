"""Two hubs and two workers on one library, with Redis and Chroma as servers; what they do while those are away."""

import json
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from app.access import COOKIE
from app.people import People, Role
from app.queue import Queue
from ingest.wishes import Wishes
from tests.app.machines import caddy, chroma, free_port, redis, until
from tests.browser.conftest import serve
from tests.conftest import make_home, run_hub, worker
from tests.test_flow import clip

TALK = "WEBVTT\n\n00:00.000 --> 00:08.000\nLe {} numéro {} finance une coopérative de quartier.\n"


def found(url: str, words: str) -> dict:
    answer = httpx.get(f"{url}/api/search", params={"q": words}, trust_env=False, timeout=30)
    return answer.json() if answer.status_code == 200 else {"results": [], "notice": ""}


def everywhere(places: Sequence[Any], true: Callable[[Any], bool]) -> None:
    """Wait for something to be so at each of some places."""
    for place in places:
        until(lambda place=place: true(place))


def ready(url: str) -> httpx.Response:
    return httpx.get(f"{url}/readyz", trust_env=False, timeout=30)


def has_vectors(url: str) -> bool:
    return bool(ready(url).json()["vectors"])


def slugs(url: str, words: str) -> set[str]:
    return {result["slug"] for result in found(url, words)["results"]}


def measures(url: str) -> dict[str, str]:
    """Return what a hub tells of itself, without what has labels."""
    lines = httpx.get(f"{url}/metrics", trust_env=False).text.splitlines()
    return dict(line.split(" ") for line in lines if not line.startswith("#") and "{" not in line)


@contextmanager
def reading(site: str, path: str) -> Iterator[list[int]]:
    """Read one page again and again while the block runs, as people who come and go do; lend the statuses."""
    statuses, done = list[int](), threading.Event()

    def read() -> None:
        while not done.wait(0.1):
            statuses.append(httpx.get(site + path, trust_env=False, timeout=30).status_code)

    with ThreadPoolExecutor(1) as reader:
        whole = reader.submit(read)
        try:
            yield statuses
        finally:
            done.set()
        whole.result()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # a Redis that dies leaves its sockets
def test_two_hubs_and_two_workers_share_one_library(tmp_path: Path, models: Path) -> None:
    home = make_home(tmp_path / "home", models)
    redis_port, chroma_port = free_port(), free_port()
    shared = {
        "HUB_QUEUE_URL": f"redis://127.0.0.1:{redis_port}",
        "HUB_CHROMA_URL": f"http://127.0.0.1:{chroma_port}",
        "HUB_QUEUE_WORKERS": "0",
        "HUB_BACKUP_DAILY": "0",
    }
    queue = Queue(home, shared["HUB_QUEUE_URL"])
    with ExitStack() as hubs, ExitStack() as jobs_kept, ExitStack() as vectors_kept:
        store = jobs_kept.enter_context(redis(tmp_path, redis_port))
        vectors_kept.enter_context(chroma(tmp_path / "chroma", chroma_port))

        def start(name: str, port: int | None = None) -> tuple[subprocess.Popen[bytes], str]:
            process, url = serve(home, tmp_path / f"{name}.log", port, HUB_INDEX_FOLDER=str(tmp_path / name), **shared)
            hubs.callback(process.wait, 40)
            hubs.callback(process.terminate)
            return process, url

        running = [start(name) for name in ("one", "two")]
        urls = [url for _, url in running]

        def start_worker() -> subprocess.Popen[bytes]:
            return hubs.enter_context(worker(home, HUB_INDEX_FOLDER=str(tmp_path / "worker"), **shared))

        workers = [start_worker() for _ in range(2)]

        # Jobs are done once each, and both hubs find what the workers made.
        for number, subject in enumerate(("prêt participatif", "titre associatif", "fonds de dotation")):
            talk = tmp_path / f"2026-03-0{number + 1} {subject}.vtt"
            talk.write_text(TALK.format(subject, number), "utf-8")
            queue.add(str(talk), Wishes(publish=True))
        until(lambda: [job.state for job in queue.jobs()] == ["done"] * 3)
        assert len(list((home / "library").glob("2*-*"))) == 3
        everywhere(urls, lambda url: ready(url).status_code == 200)
        everywhere(urls, lambda url: len(slugs(url, "coopérative de quartier")) == 3)
        dotation = next(slug for slug in slugs(urls[0], "fonds de dotation") if "dotation" in slug)

        # Who came in at one is known by the other.
        session = hubs.enter_context(httpx.Client(trust_env=False))
        link = People(home).invite("alix@example.org", Role.STAFF)
        session.post(f"{urls[0]}/entrer", data={"token": link})
        assert session.cookies[COOKIE]
        staffs_own, tus = f"{urls[1]}/atelier/envois/x", {"Tus-Resumable": "1.0.0"}
        assert session.head(staffs_own, headers=tus).status_code == 404
        assert httpx.head(staffs_own, headers=tus, trust_env=False).status_code == 403

        # One proxy stands before both: a browser stays at the hub it came to, its websocket too, while others go to either.
        with caddy(tmp_path, *urls) as site, httpx.Client(base_url=site, trust_env=False) as browser:
            asked = {browser.get("/m/").headers["x-request-id"] for _ in range(8)}
            logs = [(tmp_path / f"{name}.log").read_text("utf-8") for name in ("one", "two")]
            here = [all(number in log for number in asked) for log in logs]
            assert sorted(here) == [False, True]
            stream = f"{site.replace('http', 'ws', 1)}/_stcore/stream"
            kept = {"Cookie": f"hub_server={browser.cookies['hub_server']}"}
            with connect(stream, subprotocols=["streamlit"], origin=site, additional_headers=kept):
                assert [measures(url)["hub_pages_open"] for url in urls] == [f"{float(one):.1f}" for one in here]
            inside = ("/metrics", "/readyz", "/_stcore/metrics", "/_stcore/agent/openapi.json")
            assert [browser.get(address).status_code for address in inside] == [404] * 4
            assert [httpx.get(f"{urls[0]}{address}", trust_env=False).status_code for address in inside] == [200] * 4

            # What nobody writes into a page is not taken in, and its page is closed.
            hub, alone = psutil.Process(running[0][0].pid), f"{urls[0].replace('http', 'ws', 1)}/_stcore/stream"
            held = hub.memory_info().rss
            for size in (2_000_000, 30_000_000, 30_000_000):
                with connect(alone, subprotocols=["streamlit"], origin=urls[0]) as flood:
                    with pytest.raises(ConnectionClosed) as closed:
                        flood.send(bytes(size))
                        flood.recv(timeout=20)
                    assert size > 2_000_000 or (closed.value.rcvd and closed.value.rcvd.code == 1009)
            assert hub.memory_info().rss - held < 25_000_000

            # A hub and both workers are exchanged for others while a talk is heard: nobody who reads is told of it, and it is heard once.
            heard = queue.add(str(clip(tmp_path, 40)), Wishes())
            until(lambda: queue.job(heard.id).stage == "Transcription")
            with reading(site, f"/m/{dotation}") as seen:
                running[0][0].terminate()
                for number, old in enumerate(workers):
                    old.terminate()
                    old.wait(60)
                    workers[number] = start_worker()
                running[0][0].wait(40)
                start("one", int(urls[0].rpartition(":")[2]))
                until(lambda: ready(urls[0]).status_code == 200)
            assert len(seen) > 20
            assert set(seen) == {200}
            until(lambda: queue.job(heard.id).state not in ("waiting", "running"))
            over = queue.job(heard.id)
            assert (over.state, over.attempt > 1, over.attempt) == ("done", True, over.first)  # given back, not lost
            assert [outcome.status for outcome in over.outcomes] == ["draft"]
            assert len(list((home / "library").glob("2*-*"))) == 4

            # A Redis that says nothing any more takes neither hub from those who read.
            store.send_signal(signal.SIGSTOP)
            with reading(site, f"/m/{dotation}") as seen:
                time.sleep(10)  # the proxy asks again within five seconds, and waits for three
                told = [ready(url) for url in urls]
            store.send_signal(signal.SIGCONT)
            assert [(one.status_code, one.json()["queue"]) for one in told] == [(200, False)] * 2
            assert len(seen) > 20
            assert set(seen) == {200}

        # Without Chroma words find, one sentence says so, and what is published meanwhile is found by both.
        vectors_kept.close()
        everywhere(urls, lambda url: found(url, "dotation")["notice"].startswith("Seuls les mots"))
        assert all(dotation in slugs(url, "dotation") for url in urls)
        assert not any(has_vectors(url) for url in urls)
        late = tmp_path / "2026-03-09 obligation verte.vtt"
        late.write_text(TALK.format("obligation verte", 9), "utf-8")

        # Without Redis a job is refused in one sentence; those that were taken in wait.
        waiting = queue.add(str(late), Wishes(publish=True))
        jobs_kept.close()
        refused = run_hub(home, "ingest", "--later", str(late), **shared)
        assert (refused.returncode, "file d’attente ne répond pas" in refused.stderr) == (1, True)
        assert httpx.get(f"{urls[0]}/m/{dotation}", trust_env=False).status_code == 200

        # Both come back: nothing was lost.
        jobs_kept.enter_context(redis(tmp_path, redis_port))
        until(lambda: queue.job(waiting.id).state == "done")
        everywhere(urls, lambda url: any("obligation" in slug for slug in slugs(url, "obligation")))
        vectors_kept.enter_context(chroma(tmp_path / "chroma", chroma_port))
        everywhere(urls, has_vectors)
        everywhere(urls, lambda url: found(url, "obligation")["notice"] == "" and len(slugs(url, "coopérative")) == 4)

        # What is erased leaves both.
        assert run_hub(home, "remove", dotation, HUB_INDEX_FOLDER=str(tmp_path / "command"), **shared).returncode == 0
        everywhere(urls, lambda url: dotation not in slugs(url, "dotation"))
        folders = [tmp_path / "one", tmp_path / "two"]
        everywhere(folders, lambda folder: dotation not in (folder / "manifest.json").read_text("utf-8"))
        everywhere(folders, lambda folder: (folder / "purge.done").exists())

    assert not any((folder / "owner.json").exists() for folder in folders)  # both stopped in good order
    for name in ("one", "two"):
        told = (tmp_path / f"{name}.log").read_text("utf-8")
        lines = [json.loads(line) for line in told.splitlines() if line.startswith("{")]
        assert any(line.get("route") == "/api/search" for line in lines)
        assert not any("GET /" in line["message"] or "quartier" in line["message"] for line in lines)
        assert "alix@" not in told
        assert link not in told
