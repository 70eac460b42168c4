"""Jobs are done once, in the right order, and survive whoever was doing them."""

import json
import re
import signal
import sqlite3
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import numpy as np
import psutil
import pytest

from app import jobs
from app.claimant import Worker, this_worker
from app.journal import Journal
from app.queue import KEPT, Job, Queue
from app.services import Services
from app.worker import _BEAT, WorkLoop
from ingest.wishes import Outcome, Progress, Wishes
from tests.app import machines
from tests.conftest import make_home, run_hub, worker
from tests.ingest.server import Site, serve, tone
from transcripts.errors import BadInput, Unavailable
from transcripts.folders import Folders
from transcripts.library import Library
from transcripts.studies import Studies

DEAD = Worker(this_worker().host, 2**22 + 1, 1.0)  # no process has this number


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[str]:
    """An empty Redis."""
    port = machines.free_port()
    with machines.redis(tmp_path, port):
        yield f"redis://127.0.0.1:{port}"


@pytest.fixture(params=["sqlite", "redis"])
def queue(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Queue]:
    if request.param == "sqlite":
        yield Queue(tmp_path)
        return
    queue = Queue(tmp_path, request.getfixturevalue("redis"))
    yield queue
    queue.huey.storage.pool.disconnect()  # else it is collected, and complains, in the time of another test


def test_the_time_left_follows_what_was_done_this_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.queue.time.time", lambda: 1000.0)
    # Of 400 seconds, 100 had been heard before a worker was killed: 300 in 100 s, so 600 more in 200 s.
    job = Job("1", "a", Wishes(), 0.0, "running", "Transcription", 400.0, 1000.0, skipped=100.0, since=900.0)
    assert job.left == 200
    assert job.progress == "Transcription, 40\u202f%, encore 3\u00a0min environ"
    begun = replace(job, done=100.0)
    assert (begun.left, begun.progress) == (None, "Transcription, 10\u202f%")
    assert replace(job, state="done").left is None
    # A length that was reckoned too short tells nothing of what is left.
    beyond = replace(job, done=1200.0)
    assert (beyond.share, beyond.left, beyond.progress) == (None, None, "Transcription")


def test_jobs_are_taken_in_order_and_the_urgent_one_first(queue: Queue) -> None:
    c = [queue.add(name, Wishes()) for name in "abc"][-1]
    queue.hurry(c.id)
    assert [job.source for job in queue.jobs()] == ["c", "a", "b"]
    me = this_worker()
    assert [queue.claim(me).source for _ in range(3)] == ["c", "a", "b"]
    assert queue.claim(me) is None


def test_who_is_put_before_the_others_last_is_before_all_and_nothing_overtakes_it(queue: Queue) -> None:
    a, b, c, _ = (queue.add(name, Wishes()) for name in "abcd")
    for job in (b, c):
        queue.hurry(job.id)
    for name in ("times", "more times"):  # what somebody's editor waits for: short, and never asked for by name
        queue.add(name, Wishes(), urgent=True)
    assert [job.source for job in queue.jobs()] == ["c", "b", "times", "more times", "a", "d"]
    queue.hurry(a.id)
    queue.hurry(b.id)
    assert [queue.claim(this_worker()).source for _ in range(6)] == ["b", "a", "c", "times", "more times", "d"]


def test_a_job_is_claimed_by_one_worker_only(queue: Queue) -> None:
    for i in range(10):
        queue.add(str(i), Wishes())
    taken: list[str] = []

    def work() -> None:
        mine = Queue(queue.home, queue.url)
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


def test_a_claim_that_the_store_lost_sight_of_is_taken_up_again(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    job = queue.add("x", Wishes())
    with monkeypatch.context() as away, pytest.raises(Unavailable):
        away.setattr(queue, "save", Mock(side_effect=Unavailable("away")))
        queue.claim(this_worker())
    queue.cancel(job.id)
    queue.retry(job.id)
    assert queue.claim(this_worker()).state == "running"


def test_who_has_just_claimed_lives_for_other_machines_too(queue: Queue) -> None:
    queue.add("x", Wishes())
    assert queue.claim(Worker("elsewhere", 7, 1.0)).attempt == 1
    assert queue.claim(Worker("another", 8, 1.0)) is None


def test_clocks_that_are_set_take_no_job_from_a_living_worker(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = SimpleNamespace(wall=1e9, own=0.0)
    monkeypatch.setattr("app.queue.time", SimpleNamespace(time=lambda: clock.wall, monotonic=lambda: clock.own))
    away = Worker("elsewhere", 7, 1.0)
    queue.add("x", Wishes())
    queue.beat(away)
    assert queue.claim(away).attempt == 1
    for jump in (86_400, -2 * 86_400, 3_600):
        clock.wall, clock.own = clock.wall + jump, clock.own + 25.0
        queue.beat(away)
        assert queue.claim(this_worker()) is None
    clock.own += 17.0
    assert queue.claim(this_worker()) is None
    clock.own += 2.0
    assert queue.claim(this_worker()).attempt == 2
    boot = psutil.boot_time()
    mine = this_worker()
    monkeypatch.setattr("psutil._psplatform.boot_time", lambda: boot + 3_600)
    assert mine.runs_here
    assert not Worker(mine.host, mine.pid, mine.began - 1.0).runs_here


def test_the_job_of_a_machine_that_is_lost_is_taken_within_half_a_minute(
    queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = SimpleNamespace(own=0.0)
    monkeypatch.setattr("app.queue.time", SimpleNamespace(time=lambda: 1e9, monotonic=lambda: clock.own))
    queue.add("x", Wishes())
    assert queue.claim(Worker("elsewhere", 7, 1.0)).attempt == 1
    taken = None
    while taken is None:  # another worker sees its last sign as late as can be
        clock.own += _BEAT
        assert clock.own < 29.0  # seconds; its huey asks once a second
        taken = queue.claim(this_worker())
    assert clock.own > 3 * _BEAT  # who is but busy misses three beats


def test_silence_counts_only_while_the_store_answers(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = SimpleNamespace(own=0.0)
    monkeypatch.setattr("app.queue.time", SimpleNamespace(time=lambda: 1e9, monotonic=lambda: clock.own))
    queue.add("x", Wishes())
    assert queue.claim(Worker("elsewhere", 7, 1.0)).attempt == 1
    assert queue.claim(this_worker()) is None
    with monkeypatch.context() as away, pytest.raises(Unavailable):
        away.setattr(type(queue.huey.storage), "put_data", Mock(side_effect=sqlite3.OperationalError("away")))
        queue.claim(this_worker())
    clock.own += 100.0  # in which nobody could give a sign
    assert queue.claim(this_worker()) is None
    clock.own += 20.0
    assert queue.claim(this_worker()).attempt == 2


@pytest.mark.parametrize("when", ["in a stage", "with an outcome", "at its end", "as it stops"])
def test_a_worker_that_was_taken_for_dead_writes_nothing_any_more(
    services: Services, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    queue, loop, taken = services.queue, WorkLoop(services), []
    loop._me = DEAD

    def slow(*given: Any) -> Iterator[Outcome]:
        taken.append(queue.claim(this_worker()))
        if when == "as it stops":
            loop._stop.set()
        if when in ("in a stage", "as it stops"):
            given[-1]("Transcription", 1, 2)
        elif when == "with an outcome":
            yield Outcome("talk", "talk", "draft")

    queue.add("talk", Wishes())
    monkeypatch.setattr(jobs, "do", slow)
    loop._next()
    [present] = queue.jobs()
    assert present == taken[0]
    assert (present.state, present.attempt, present.outcomes) == ("running", 2, ())


def test_the_list_is_read_at_one_look(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    jobs = [queue.add(str(n), Wishes()) for n in range(5)]
    queue.hurry(jobs[3].id)

    def looked(_: object, key: str) -> None:
        raise AssertionError(key)

    monkeypatch.setattr(type(queue.huey.storage), "peek_data", looked)
    assert [job.source for job in queue.jobs()] == ["3", "0", "1", "2", "4"]


def test_what_is_long_over_goes(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = SimpleNamespace(now=1e9)
    monkeypatch.setattr("app.queue.time", SimpleNamespace(time=lambda: clock.now, monotonic=lambda: clock.now))
    gone, tried, _ = (queue.add(name, Wishes()) for name in ("gone", "tried again", "waits"))
    queue.save(replace(gone, state="done"))
    queue.beat(Worker("elsewhere", 7, 1.0))
    clock.now += KEPT + 1
    queue.save(replace(tried, state="done", since=clock.now))
    queue.beat(this_worker())
    assert {job.source for job in queue.jobs()} == {"tried again", "waits"}
    (beat,) = (str(key) for key in queue.huey.storage.result_items() if "beat:" in str(key))
    assert this_worker().name in beat


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
    with pytest.raises(BadInput, match="n’attend plus"):
        queue.hurry(job.id)
    queue.save(replace(queue.job(job.id), state="done"))
    for late in (queue.cancel, queue.hurry):
        before = queue._kept()
        with pytest.raises(BadInput, match=r"n’attend plus|déjà fini"):
            late(job.id)
        assert queue._kept() == before
    with pytest.raises(BadInput, match="Aucun travail"):
        queue.cancel("no such job")


def test_a_record_of_an_older_hub_and_a_newer_one_is_read(queue: Queue) -> None:
    """Hubs are exchanged one after the other: each reads what the other wrote."""
    job = queue.add("x", Wishes(unnamed=True))
    record = json.loads(queue._get(f"job:{job.id}") or b"")
    assert record["wishes"].pop("unnamed") is True
    queue._put(f"job:{job.id}", json.dumps({**record, "wishes": {**record["wishes"], "newer": 1}}).encode())
    assert queue.job(job.id).wishes == Wishes()


def test_a_job_that_failed_in_part_can_be_done_again_and_says_what_was_done_before(queue: Queue) -> None:
    job = queue.add("list", Wishes())
    kept = Outcome("list/1", "un", "draft")
    queue.save(replace(job, state="done", outcomes=(kept, Outcome("list/2", None, "failed", error="Plus rien."))))
    queue.retry(job.id)
    again = queue.claim(this_worker())
    assert (again.source, again.outcomes) == ("list", (kept,))
    queue.save(replace(again, state="done"))
    with pytest.raises(BadInput, match="rien à recommencer"):
        queue.retry(job.id)


@pytest.mark.parametrize("resumed", ["Transcription", "Téléchargement"])
def test_what_was_done_before_an_interruption_does_not_count_for_the_time_left(
    services: Services, monkeypatch: pytest.MonkeyPatch, resumed: str
) -> None:
    """After a restart a stage begins at zero, and tells at once how far the one before it had come."""
    clock = SimpleNamespace(now=1000.0)
    ticking = SimpleNamespace(time=lambda: clock.now, monotonic=lambda: clock.now)
    for module in ("app.queue.time", "app.worker.time"):
        monkeypatch.setattr(module, ticking)
    left: list[float | None] = []

    def restarted(*given: Any) -> Iterator[Outcome]:
        progress = given[-1]
        for seconds, done in ((0, 0), (0.1, 5400), (60, 5460), (1740, 7200)):
            clock.now += seconds
            progress(resumed, done, 7200)
            left.append(services.queue.job(job.id).left)
        yield Outcome("talk", "talk", "draft")

    job = services.queue.add("talk", Wishes())
    monkeypatch.setattr(jobs, "do", restarted)
    WorkLoop(services)._next()
    assert left == [None, None, pytest.approx(1740), 0]


def test_what_runs_is_shown_stops_when_cancelled_and_is_given_back_by_a_worker_that_must_stop(home: Path) -> None:
    queue = Queue(home)

    def until(number: str, state: str, stage: str = "") -> None:
        deadline = time.monotonic() + (60 if stage else 10)
        while (job := queue.job(number)).state != state or stage not in job.stage:
            assert time.monotonic() < deadline, job
            time.sleep(0.05)

    with serve(Site(tone())) as site, worker(home, HUB_SOURCES_PRIVATE="1") as process:
        cancelled, kept = (queue.add(site.url(f"/slow/{name}.mp3"), Wishes()) for name in "ab")
        until(cancelled.id, "running", "Téléchargement")
        first, second = run_hub(home, "jobs").stdout.splitlines()
        assert re.search(r"Téléchargement, \d+\u202f%.*/slow/a.mp3", first)
        assert "en attente" in second
        queue.cancel(cancelled.id)
        until(cancelled.id, "cancelled")
        until(kept.id, "running", "Téléchargement")
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    job = queue.job(kept.id)
    assert job.state == "waiting"
    assert job.first > job.attempt  # no death is counted


def test_what_was_finished_before_an_interruption_is_told_as_it_was(
    services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "talks").mkdir()
    for name in ("Le prêt", "La garantie"):
        (tmp_path / "talks" / f"{name}.vtt").write_text(f"WEBVTT\n\n00:00.000 --> 00:02.000\n{name} est un outil.\n")
    job = services.queue.add(str(tmp_path / "talks"), Wishes(by="ada@example.org"))
    do, first, second = jobs.do, WorkLoop(services), WorkLoop(services)

    def stopping(*given: Any) -> Iterator[Outcome]:
        for outcome in do(*given):
            yield outcome
            first._stop.set()

    monkeypatch.setattr(jobs, "do", stopping)
    first._next()
    told = services.queue.job(job.id)
    assert (told.state, [outcome.status for outcome in told.outcomes]) == ("waiting", ["draft"])
    monkeypatch.setattr(jobs, "do", do)
    second._next()
    told = services.queue.job(job.id)
    assert (told.state, [outcome.status for outcome in told.outcomes]) == ("done", ["draft", "draft"])
    assert [entry.what for entry in services.journal.entries()] == ["a ajouté", "a ajouté"]


def test_one_title_is_not_given_to_several_things(services: Services, tmp_path: Path) -> None:
    for name in ("Le prêt", "La garantie"):
        (tmp_path / f"{name}.vtt").write_text(f"WEBVTT\n\n00:00.000 --> 00:02.000\n{name} est un outil.\n")
    for wishes in (Wishes(title="Tous"), Wishes(slug="tous")):
        (outcome,) = jobs.do(services, str(tmp_path), wishes, lambda *_: None)
        assert outcome.status == "failed"
        assert "2 enregistrements ou documents : rien n’a été gardé" in (outcome.error or "")
    assert services.library.slugs() == []


def test_what_was_heard_before_an_interruption_does_not_count_as_fast(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    job, clock, told = services.queue.add("x", Wishes()), Mock(return_value=time.time()), []
    for module in ("worker", "queue"):
        monkeypatch.setattr(f"app.{module}.time", SimpleNamespace(time=clock, monotonic=clock))

    def hearing(given: Services, source: str, wishes: Wishes, progress: Progress) -> Iterator[Outcome]:
        # A minute goes by before the first hour is passed over, then one for each minute of sound.
        for done in (0.0, 3600.0, 3660.0, 3720.0):
            clock.return_value += 60.0
            progress("Transcription", done, 10_800.0)
            told.append(services.queue.job(job.id).left)
        yield from ()

    monkeypatch.setattr(jobs, "do", hearing)
    WorkLoop(services)._next()
    assert told == [None, None, 7140.0, 7080.0]


class Killed(BaseException):
    """What is begun ends here: nothing is told, nothing put away."""


@pytest.mark.parametrize("publish", [False, True])
@pytest.mark.parametrize(
    "last", [(Folders, "_free"), (Library, "add"), (Studies, "add"), (Journal, "note"), (Queue, "save")]
)
def test_what_a_killed_worker_had_just_done_is_told_as_if_nothing_had_been(
    services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, last: tuple[type, str], publish: bool
) -> None:
    source = tmp_path / ("garanties.md" if last[0] is Studies else "garanties.vtt")
    source.write_text(
        "# Les garanties\n\nLa garantie est un outil."
        if last[0] is Studies
        else "WEBVTT\n\n00:00.000 --> 00:02.000\nLa garantie est un outil.\n"
    )
    indexed = Mock()
    services.__dict__["engine"] = indexed
    services.__dict__["pipeline"] = replace(services.pipeline, embed=lambda texts: np.ones((len(texts), 1), np.float32))
    job = services.queue.add(str(source), Wishes(by="ada@example.org", publish=publish))
    first = WorkLoop(services)
    first._me = DEAD
    act = getattr(*last)

    def killing(*given: Any) -> Any:
        done = act(*given)
        if not isinstance(given[-1], Job) or given[-1].outcomes:
            raise Killed
        return done

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(*last, killing)
        first._next()
    assert services.queue.job(job.id).state == "running"
    WorkLoop(services)._next()
    told = services.queue.job(job.id)
    assert (told.state, [one.status for one in told.outcomes]) == ("done", ["published" if publish else "draft"])
    assert [entry.what for entry in services.journal.entries()] == ["a ajouté"]
    assert not any(path.is_dir() for path in (services.settings.home / "work").iterdir())
    assert indexed.follow.called == publish
    later = services.queue.add(str(source), Wishes(by="ada@example.org", publish=publish))
    WorkLoop(services)._next()
    assert [one.status for one in services.queue.job(later.id).outcomes] == ["unchanged"]


def test_a_worker_takes_its_jobs_from_redis(tmp_path: Path, models: Path, redis: str) -> None:
    home = make_home(tmp_path / "home", models)
    talk = tmp_path / "talk.vtt"
    talk.write_text("WEBVTT\n\n00:00.000 --> 00:04.000\nLe prêt participatif se rembourse tard.\n")
    other = tmp_path / "other.vtt"
    other.write_text("WEBVTT\n\n00:00.000 --> 00:04.000\nLa banque prête et la garantie rassure.\n")
    shared = {"HUB_QUEUE_URL": redis}
    assert run_hub(home, "ingest", "--later", str(talk), **shared).returncode == 0
    assert not (home / "jobs.db").exists()
    with worker(home, **shared) as process:
        assert ended(home, redis).state == "done"
        assert json.loads(run_hub(home, "jobs", "--json", **shared).stdout)[0]["state"] == "done"
        # It had to load a model, and begins anew, with an empty memory, as the same process.
        assert run_hub(home, "ingest", "--later", str(other), **shared).returncode == 0
        assert ended(home, redis).state == "done"
        assert process.poll() is None
    assert len(list((home / "library").glob("2*-*"))) == 2


def test_a_store_that_does_not_answer_is_one_sentence(tmp_path: Path) -> None:
    done = run_hub(tmp_path, "jobs", HUB_QUEUE_URL="redis://127.0.0.1:1")
    assert done.returncode == 1
    assert "La file d’attente ne répond pas" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_redis_that_keeps_silent_is_waited_for_once_and_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.queue._AGAIN", 1.0)
    queue = Queue(tmp_path, f"redis://127.0.0.1:{(port := machines.free_port())}")
    with machines.redis(tmp_path, port) as process:
        queue.add("x", Wishes())
        process.send_signal(signal.SIGSTOP)
        began = time.monotonic()
        with pytest.raises(Unavailable):
            queue.jobs()
        assert time.monotonic() - began < 2.9  # a proxy gives `/readyz` three seconds
        for _ in range(20):
            with pytest.raises(Unavailable):
                queue.jobs()
        assert time.monotonic() - began < 2.9
        process.send_signal(signal.SIGCONT)
        time.sleep(1.0)
        assert [job.source for job in queue.jobs()] == ["x"]
    with machines.redis(tmp_path, port):  # another one, on the same files
        assert [job.source for job in queue.jobs()] == ["x"]
        queue.huey.storage.pool.disconnect()


def ended(home: Path, url: str) -> Job:
    """Wait until the last job is over, and return it."""
    queue, deadline = Queue(home, url), time.monotonic() + 300
    while (job := queue.jobs()[0]).state in ("waiting", "running") and time.monotonic() < deadline:
        time.sleep(0.1)
    queue.huey.storage.pool.disconnect()
    return job
