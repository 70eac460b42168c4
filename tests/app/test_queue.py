"""Jobs are done once, in the right order, and survive whoever was doing them."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from app.queue import Queue, Worker, this_worker
from app.settings import ROOT
from ingest.pipeline import Wishes
from tests.conftest import make_home, run_hub
from transcripts.errors import BadInput

DEAD = Worker(this_worker().host, 2**22 + 1, 1.0)  # no process has this number


@pytest.fixture
def queue(tmp_path: Path) -> Queue:
    return Queue(tmp_path)


def test_jobs_are_taken_in_order_and_the_urgent_one_first(queue: Queue) -> None:
    c = [queue.add(name, Wishes()) for name in "abc"][-1]
    queue.hurry(c.id)
    assert [job.source for job in queue.jobs()] == ["c", "a", "b"]
    me = this_worker()
    assert [queue.claim(me).source for _ in range(3)] == ["c", "a", "b"]
    assert queue.claim(me) is None


def test_a_job_is_claimed_by_one_worker_only(queue: Queue) -> None:
    for i in range(10):
        queue.add(str(i), Wishes())
    taken: list[str] = []

    def work() -> None:
        mine = Queue(queue.home)
        while job := mine.claim(this_worker()):
            taken.append(job.id)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == sorted(job.id for job in queue.jobs())


def test_a_dead_workers_job_is_taken_up_and_given_up_after_three_deaths(queue: Queue) -> None:
    job = queue.add("x", Wishes())
    for attempt in (1, 2, 3):
        assert queue.claim(DEAD).attempt == attempt
    assert queue.claim(this_worker()) is None
    given_up = queue.job(job.id)
    assert given_up.state == "failed"
    assert "3 fois" in given_up.error
    queue.retry(job.id)
    assert queue.claim(this_worker()).state == "running"


def test_giving_a_job_back_is_no_death(queue: Queue) -> None:
    queue.add("x", Wishes())
    for _ in range(5):
        queue.release(queue.claim(this_worker()))
    assert queue.jobs()[0].state == "waiting"


def test_cancel_and_retry(queue: Queue) -> None:
    job = queue.add("x", Wishes())
    queue.cancel(job.id)
    assert queue.claim(this_worker()) is None
    assert queue.job(job.id).state == "cancelled"
    queue.retry(job.id)
    assert queue.claim(this_worker()).id == job.id
    with pytest.raises(BadInput, match="ni échoué ni été annulé"):
        queue.retry(job.id)
    with pytest.raises(BadInput, match="Aucun travail"):
        queue.cancel("no such job")


def test_workers_that_are_killed_leave_what_an_undisturbed_one_does(tmp_path: Path, models: Path) -> None:
    """KILLS=20 kills at twenty moments spread over the job (`make test ARGS=… KILLS=20`)."""
    from tests.test_flow import clip

    sound = clip(tmp_path, 40)
    calm = make_home(tmp_path / "calm", models)
    began = time.monotonic()
    assert run_hub(calm, "ingest", str(sound)).returncode == 0
    took = time.monotonic() - began
    kills = int(os.environ.get("KILLS", "1"))
    for kill in range(kills):
        home = make_home(tmp_path / f"killed-{kill}", models)
        assert run_hub(home, "ingest", "--later", str(sound)).returncode == 0
        with worker(home) as process:
            time.sleep(took * (kill + 1) / (kills + 1))
            process.kill()
        seen = [p.name for p in (home / "library").glob("2*")] if (home / "library").exists() else []
        for slug in seen:  # what is visible is complete
            assert run_hub(home, "show", slug).returncode == 0
        with worker(home) as process:
            for _ in range(600):
                [job] = json.loads(run_hub(home, "jobs", "--json").stdout)
                if job["state"] in ("done", "failed"):
                    break
                time.sleep(0.5)
            process.send_signal(signal.SIGTERM)
            assert process.wait(60) == 0
        assert job["state"] == "done", job
        assert contents(home) == contents(calm)


class worker:
    """A real worker process, gone when the block is."""

    def __init__(self, home: Path) -> None:
        self.process = subprocess.Popen(
            [Path(sys.executable).with_name("hub"), "worker"], env={**os.environ, "HUB_HOME": str(home)}, cwd=ROOT
        )

    def __enter__(self) -> subprocess.Popen[bytes]:
        return self.process

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()


def contents(home: Path) -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in (home / "library").glob("2*/*")}
