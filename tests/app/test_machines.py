"""Two hubs and two workers on one library, with Redis and Chroma as servers; what they do while those are away."""

import json
import subprocess
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.sync.client import connect

from app.access import COOKIE
from app.people import People, Role
from app.queue import Queue
from ingest.wishes import Wishes
from tests.app.machines import caddy, chroma, free_port, redis, until
from tests.browser.conftest import serve
from tests.conftest import make_home, run_hub, worker

TALK = "WEBVTT\n\n00:00.000 --> 00:08.000\nLe {} numéro {} finance une coopérative de quartier.\n"


def found(url: str, words: str) -> dict:
    answer = httpx.get(f"{url}/api/search", params={"q": words}, trust_env=False, timeout=30)
    return answer.json() if answer.status_code == 200 else {"results": [], "notice": ""}


def everywhere(places: Sequence[Any], true: Callable[[Any], bool]) -> None:
    """Wait for something to be so at each of some places."""
    for place in places:
        until(lambda place=place: true(place))


def has_vectors(url: str) -> bool:
    return bool(httpx.get(f"{url}/readyz", trust_env=False).json()["vectors"])


def slugs(url: str, words: str) -> set[str]:
    return {result["slug"] for result in found(url, words)["results"]}


def measures(url: str) -> dict[str, str]:
    """Return what a hub tells of itself, without what has labels."""
    lines = httpx.get(f"{url}/metrics", trust_env=False).text.splitlines()
    return dict(line.split(" ") for line in lines if not line.startswith("#") and "{" not in line)


def read_on(site: str, path: str, done: threading.Event) -> list[int]:
    """Read one page again and again, as people who come and go do, until told to stop; return the statuses."""
    statuses = []
    while not done.wait(0.1):
        statuses.append(httpx.get(site + path, trust_env=False, timeout=30).status_code)
    return statuses


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
        jobs_kept.enter_context(redis(tmp_path, redis_port))
        vectors_kept.enter_context(chroma(tmp_path / "chroma", chroma_port))

        def start(name: str, port: int | None = None) -> tuple[subprocess.Popen[bytes], str]:
            process, url = serve(home, tmp_path / f"{name}.log", port, HUB_INDEX_FOLDER=str(tmp_path / name), **shared)
            hubs.callback(process.wait, 40)
            hubs.callback(process.terminate)
            return process, url

        running = [start(name) for name in ("one", "two")]
        urls = [url for _, url in running]
        for _ in range(2):
            hubs.enter_context(worker(home, HUB_INDEX_FOLDER=str(tmp_path / "worker"), **shared))

        # Jobs are done once each, and both hubs find what the workers made.
        for number, subject in enumerate(("prêt participatif", "titre associatif", "fonds de dotation")):
            talk = tmp_path / f"2026-03-0{number + 1} {subject}.vtt"
            talk.write_text(TALK.format(subject, number), "utf-8")
            queue.add(str(talk), Wishes(publish=True))
        until(lambda: [job.state for job in queue.jobs()] == ["done"] * 3)
        assert len(list((home / "library").glob("2*-*"))) == 3
        everywhere(urls, lambda url: httpx.get(f"{url}/readyz", trust_env=False).status_code == 200)
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
            assert [browser.get(address).status_code for address in ("/metrics", "/readyz")] == [404, 404]

            # A hub is exchanged for another, and nobody who reads is told of it.
            with ThreadPoolExecutor(1) as reader:
                done = threading.Event()
                seen = reader.submit(read_on, site, f"/m/{dotation}", done)
                try:
                    running[0][0].terminate()
                    running[0][0].wait(40)
                    start("one", int(urls[0].rpartition(":")[2]))
                    until(lambda: httpx.get(f"{urls[0]}/readyz", trust_env=False).status_code == 200)
                finally:
                    done.set()
            assert len(seen.result()) > 20
            assert set(seen.result()) == {200}

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
