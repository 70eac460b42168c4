"""The queue of long work: jobs in huey's store, on SQLite or Redis, that survive whoever was doing them.

huey hands out a task at most once (huey #743), so its tasks are only calls to "do the next job"; which job that is, and
whether it is done, stands in records of our own in the same store:

    job:<id>               the job, written by whoever added it, then by the one worker that claimed it
    claim:<id>:<attempt>   the worker that does it; written once, so that no two workers do one job
    beat:<worker>          when a worker was last alive
    wish:<id>              what a person wants of a job meanwhile: urgent (which turn), cancelled
"""

from __future__ import annotations

import sqlite3
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Any, Literal

from pydantic import TypeAdapter

from app.claimant import Worker
from ingest.wishes import Outcome, Wishes
from transcripts.errors import BadInput, Unavailable

State = Literal["waiting", "running", "done", "failed", "cancelled"]

_DEATHS = 3  # attempts that ended with the worker's death before a job is given up
# Seconds without a sign after which a worker elsewhere counts as dead: three of its signs missed. With a sign's time before it is
# seen, and one before the next look, its job is taken within half a minute. One that was but slow learns so (`Queue.taken`).
_SILENT = 18.0
KEPT = 30 * 24 * 3600.0  # seconds a finished job stays on the list
# Seconds that a Redis may take, its blocking look for work one of them: fewer than a proxy waits for `/readyz`.
_TIMEOUT = 2.0
_AGAIN = 5.0  # seconds for which a Redis that kept silent is not asked again


@dataclass(frozen=True, slots=True)
class Job:
    """One source to bring in. ``added``, ``since`` are seconds since the epoch.

    ``stage`` runs; ``done`` of ``total`` (0: unknown) of it are done, of which ``skipped`` were by ``since``.
    ``urgent`` jobs go before the others, and those that a person ``hurried`` before these, the highest number first (0: nobody did).
    ``attempt`` counts from 1; those before ``first`` belong to earlier tries that a person asked to repeat.
    """

    id: str
    source: str
    wishes: Wishes
    added: float
    state: State = "waiting"
    stage: str = ""
    done: float = 0.0
    total: float = 0.0
    skipped: float = 0.0
    since: float = 0.0
    attempt: int = 0
    first: int = 1
    urgent: bool = False
    hurried: int = 0
    outcomes: tuple[Outcome, ...] = ()
    error: str | None = None

    @property
    def repeatable(self) -> bool:
        """Whether something of it is left to try again: all of it, or what failed in a list or a folder."""
        in_part = self.state == "done" and any(outcome.error for outcome in self.outcomes)
        return self.state in ("failed", "cancelled") or in_part

    @property
    def share(self) -> float | None:
        """How much of the present stage is done, from 0 to 1; None while that is unknown, or was reckoned too short."""
        return self.done / self.total if 0 < self.total >= self.done else None

    @property
    def left(self) -> float | None:
        """Seconds that the present stage will still take, None while that is unknown."""
        new = self.done - self.skipped
        if self.state != "running" or new <= 0 or self.share is None:
            return None
        return (time.time() - self.since) * (self.total - self.done) / new

    @property
    def progress(self) -> str:
        """What is being done, how much of it is done and how long it will take, in the user's words."""
        share = f", {100 * self.share:.0f}\u202f%" if self.share is not None else ""
        left = f", encore {max(1, round(self.left / 60))}\u00a0min environ" if self.left is not None else ""
        return f"{self.stage}{share}{left}"


_AWAY = (
    "La file d’attente ne répond pas : rien n’y a été changé ; recommencez, puis, si cela dure, prévenez la personne qui "
    "tient la machine (HUB_QUEUE_URL, ou le disque)."
)
_CLAIM = "claim:{}:{}"
_URGENT = "wish:{}:urgent"
_JOB = TypeAdapter(Job)
_WORKER = TypeAdapter(Worker)


def _nobody() -> None:
    raise Unavailable("Ce travail ne se fait que dans « hub worker ».")


@dataclass
class Queue:
    """The jobs of a hub. ``url`` names a Redis; without it they lie in ``home/jobs.db``.

    ``work`` does the next job; only a worker has it.
    """

    home: Path
    url: str | None = None
    work: Callable[[], None] = _nobody
    # What workers elsewhere last said, and when that was by our own clock: theirs may be wrong, or be set.
    _heard: dict[str, tuple[bytes, float]] = field(default_factory=dict, repr=False, compare=False)
    # Claims that may be ours and serve no job: the store went away, or the job was cancelled, before they were put to use.
    _idle: set[str] = field(default_factory=set, repr=False, compare=False)
    _quiet_until: float = field(default=0.0, repr=False, compare=False)

    @cached_property
    def huey(self) -> Any:
        """Return the huey of this queue, made at the first use: making it creates its file."""
        from huey import RedisHuey, SqliteHuey
        from redis import ConnectionPool
        from redis.backoff import NoBackoff
        from redis.retry import Retry

        if self.url:
            once, bounds = Retry(NoBackoff(), 0), {"socket_timeout": _TIMEOUT, "socket_connect_timeout": _TIMEOUT}
            pool = ConnectionPool.from_url(self.url, retry=once, **bounds)
            return RedisHuey("hub", connection_pool=pool, results=False)
        self.home.mkdir(parents=True, exist_ok=True)
        # Workers, pages and commands write at once: they wait for one another (huey #445).
        return SqliteHuey("hub", filename=str(self.home / "jobs.db"), results=False, timeout=30)

    @cached_property
    def tick(self) -> Any:
        """Return the huey task that does the next job, whatever worker gets it."""

        # Known to huey by its module and name, which must be the same for those who ask and those who do.
        def do_next_job() -> None:
            self.work()

        return self.huey.task()(do_next_job)

    # For those who want work done

    def add(self, source: str, wishes: Wishes, *, urgent: bool = False) -> Job:
        """Add a job and return it."""
        now = time.time()
        job = Job(f"{int(now * 1000):x}{uuid.uuid4().hex[:4]}", source, wishes, added=now, urgent=urgent)
        self.save(job)
        self.remind()
        return job

    def jobs(self) -> list[Job]:
        """Return all jobs: those that run, then those that wait in their order, then the finished, latest first."""
        kept = self._kept()  # at one look, however many there are: pages ask every few seconds
        found = [
            _wished(_JOB.validate_json(value), kept.get(_URGENT.format(key.removeprefix("job:"))))
            for key, value in kept.items()
            if key.startswith("job:")
        ]
        order: dict[State, int] = {"running": 0, "waiting": 1, "done": 2, "failed": 2, "cancelled": 2}
        return sorted(
            found, key=lambda job: (order[job.state], *_order(job)) if order[job.state] < 2 else (2, 0, -job.added)
        )

    def job(self, number: str) -> Job:
        """Return one job. Raises `BadInput` when there is none of this number."""
        value = self._get(f"job:{number}")
        if value is None:
            raise BadInput(
                f"Aucun travail ne porte le numéro « {number[:40]} » ; « Travaux en cours » (« hub jobs ») les donne tous."
            )
        return _wished(_JOB.validate_json(value), self._get(_URGENT.format(number)))

    def cancel(self, number: str) -> None:
        """Cancel a job that waits or runs; a running one stops at its next step, and keeps what it has done.

        Raises `BadInput` for one that is over.
        """
        job = self.job(number)
        if job.state not in ("waiting", "running"):
            raise BadInput("Ce travail est déjà fini : rien n’y a été changé, il n’y a rien à annuler.")
        self._put(f"wish:{job.id}:cancelled", b"1")
        if job.state == "waiting":
            self.save(replace(job, state="cancelled"))

    def hurry(self, number: str) -> None:
        """Put a waiting job before all others, those that were put there earlier too. Raises `BadInput` for any other."""
        if self.job(number).state != "waiting":
            raise BadInput("Ce travail n’attend plus : rien n’y a été changé, il n’y a personne à faire passer devant.")
        last = max(job.hurried for job in self.jobs())
        self._put(_URGENT.format(number), str(last + 1).encode())

    def retry(self, number: str) -> None:
        """Let a job that failed, be it in part, or was cancelled begin again. Raises `BadInput` for any other."""
        job = self.job(number)
        if not job.repeatable:
            raise BadInput("Ce travail n’a ni échoué ni été annulé : il n’y a rien à recommencer.")
        self._delete(f"wish:{job.id}:cancelled")
        kept = tuple(outcome for outcome in job.outcomes if not outcome.error)
        self.save(replace(job, state="waiting", error=None, outcomes=kept, first=job.attempt + 1))
        self.remind()

    def forget(self, number: str) -> None:
        """Take a job that is over off the list. Raises `BadInput` for one that is not over."""
        job = self.job(number)
        if job.state in ("waiting", "running"):
            raise BadInput("Ce travail n’est pas fini : il est resté sur la liste ; annulez-le d’abord.")
        for key in self._kept():
            if key.startswith((f"wish:{job.id}", f"claim:{job.id}", f"job:{job.id}")):
                self._delete(key)

    def compact(self) -> None:
        """Write the store anew: what was forgotten stays in the free pages and the log of a file else."""
        database = self.home / "jobs.db"
        if not self.url and database.exists():
            with self._reached(), closing(sqlite3.connect(database, timeout=30)) as store:
                store.execute("VACUUM")
                store.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def remind(self) -> None:
        """Have a worker look for the next job."""
        with self._reached():
            self.tick()

    # For workers

    def claim(self, me: Worker) -> Job | None:
        """Return the next job, now this worker's alone, or None when there is nothing to do.

        A job whose worker died is next in turn; after three deaths it is given up.
        """
        self._sign(me)  # first: who never spoke counts as dead on other machines
        for job in self.jobs():
            if job.state not in ("waiting", "running"):
                continue
            attempt = self._claimed(job, me)
            if attempt is None or (job := self.job(job.id)).state not in ("waiting", "running"):
                continue  # a living worker has it, or has just finished it
            job = replace(job, attempt=attempt, state="running", stage="", done=0.0, total=0.0)
            if attempt - job.first < _DEATHS:
                self.save(job)
                self._idle.discard(_CLAIM.format(job.id, attempt))
                return job
            self.save(
                replace(
                    job,
                    state="failed",
                    error=f"Ce travail a arrêté le hub {_DEATHS} fois : il n’est plus tenté, ce qui était transcrit est gardé ; "
                    "écoutez l’enregistrement, prévenez la personne qui tient la machine (sa mémoire a pu manquer), puis « Recommencer » "
                    "(« hub jobs --retry »).",
                )
            )
        return None

    def _claimed(self, job: Job, me: Worker) -> int | None:
        """Return the attempt at which the job became this worker's, None when a living one has it."""
        for attempt in count(max(job.attempt, job.first)):
            key = _CLAIM.format(job.id, attempt)
            idle = key in self._idle
            self._idle.add(key)
            with self._reached():
                if self.huey.storage.put_if_empty(key, _WORKER.dump_json(me)):
                    return attempt
            holder = (value := self._get(key)) and _WORKER.validate_json(value)
            if holder == me and idle:
                return attempt
            self._idle.discard(key)
            if holder and self.alive(holder):
                return None
        raise AssertionError("unreachable")

    def save(self, job: Job) -> None:
        """Write a job's record."""
        self._put(f"job:{job.id}", _JOB.dump_json(job))

    def release(self, job: Job) -> None:
        """Give a job back that this worker could not finish before it had to stop; that is no death."""
        self.save(replace(job, state="waiting", first=job.attempt + 1))
        self.remind()

    def cancelled(self, job: Job) -> bool:
        """Say whether a person wants this job to stop."""
        return self._get(f"wish:{job.id}:cancelled") is not None

    def taken(self, job: Job) -> bool:
        """Say whether another worker took a job up that this one does: it took this one for dead."""
        return self._get(_CLAIM.format(job.id, job.attempt + 1)) is not None

    def beat(self, me: Worker) -> None:
        """Tell workers on other machines that this one lives; throw away what is long over."""
        self._sign(me)
        long_ago = time.time() - KEPT
        for job in self.jobs():
            if job.state in ("done", "failed", "cancelled") and max(job.added, job.since) < long_ago:
                self.forget(job.id)
        for key, value in self._kept().items():
            if key.startswith("beat:") and float(value) < long_ago:
                self._delete(key)

    def _sign(self, me: Worker) -> None:
        self._put(f"beat:{me.name}", str(time.time()).encode())

    def alive(self, worker: Worker) -> bool:
        """Say whether a worker still runs: at once for one of this machine, for others by whether they spoke lately."""
        if worker.is_here:
            return worker.runs_here
        beat, now = self._get(f"beat:{worker.name}"), time.monotonic()
        if beat is None:
            return False
        if self._heard.get(worker.name, (b"", 0.0))[0] != beat:
            self._heard[worker.name] = (beat, now)
        return now - self._heard[worker.name][1] < _SILENT

    # The store

    @contextmanager
    def _reached(self) -> Iterator[None]:
        """Translate what a store says that cannot be reached; one that kept silent keeps nobody waiting for a while."""
        from redis.exceptions import RedisError, TimeoutError

        if time.monotonic() < self._quiet_until:
            raise Unavailable(_AWAY)
        try:
            yield
        except (RedisError, sqlite3.Error) as error:
            self._heard.clear()  # nobody may have been able to give a sign
            if isinstance(error, TimeoutError):
                self._quiet_until = time.monotonic() + _AGAIN
            raise Unavailable(_AWAY) from error

    def _kept(self) -> dict[str, bytes]:
        """Return all records."""
        with self._reached():
            items = self.huey.storage.result_items().items()
        return {key.decode() if isinstance(key, bytes) else key: bytes(value) for key, value in items}

    def _get(self, key: str) -> bytes | None:
        from huey.constants import EmptyData

        with self._reached():
            value = self.huey.storage.peek_data(key)
        return None if value is EmptyData else bytes(value)

    def _put(self, key: str, value: bytes) -> None:
        with self._reached():
            self.huey.storage.put_data(key, value)

    def _delete(self, key: str) -> None:
        with self._reached():
            self.huey.storage.delete_data(key)


def _wished(job: Job, hurried: bytes | None) -> Job:
    return replace(job, hurried=int(hurried or 0))


def _order(job: Job) -> tuple[int, bool, float]:
    """What people put before the others, the latest first: what the hub holds for urgent, in turn, never overtakes that."""
    return (-job.hurried, not job.urgent, job.added)
