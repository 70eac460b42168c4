"""The process that does queued jobs, one at a time, until it is told to stop."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace

import psutil

from app import jobs
from app.claimant import this_worker
from app.queue import Job, Queue
from app.services import Services
from app.settings import ROOT
from ingest.memory import give_back
from ingest.wishes import Outcome
from transcripts.errors import HubError, Unavailable

_TELL = 0.5  # seconds between two reports of progress
_BEAT = 5.0  # seconds between two signs of life, and looks for jobs whose worker died

_AWAY = 2.0  # seconds between two tries to reach a store that is away

_PATIENCE = 20.0  # seconds a worker may take to put its job down; what it has heard is on disk anyway

_LOOK = 1.0  # seconds between two looks whether a worker lives
_PAUSE, _LONGEST = 1.0, 60.0  # seconds before another follows one that died

_ROOM = 500_000_000  # bytes of memory still held after a job, above which the next one gets a fresh process

_log = logging.getLogger(__name__)


class _Interrupted(BaseException):
    """The job must stop now: cancelled by a person, taken by another worker, or this one is closing."""


class WorkLoop:
    """Does the jobs of the queue with the services of this process."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._queue = Queue(services.settings.home, services.settings.queue.url, self._next)
        self._me = this_worker()
        self._stop = threading.Event()
        self._renew = False

    def run(self, *, until_stdin_closes: bool = False) -> None:
        """Do jobs until SIGTERM or Ctrl-C, or until whoever holds our stdin is gone; a job in hand is given back."""
        self._queue.tick  # noqa: B018 - huey must know the task before it begins
        consumer = self._queue.huey.create_consumer(workers=1, periodic=False, max_delay=1.0, check_worker_health=False)
        consumer.start()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._stop.set())
        if until_stdin_closes:
            threading.Thread(target=self._watch_stdin, daemon=True).start()
        while not self._stop.is_set():
            try:
                self._queue.beat(self._me)
                # A job whose worker died has no task left in huey: look for it.
                if any(job.state in ("waiting", "running") for job in self._queue.jobs()):
                    self._queue.remind()
            except Exception:  # noqa: BLE001 - the loop outlives a store that is busy or away for a moment
                _log.exception("the queue cannot be reached")
            self._stop.wait(_BEAT)
        consumer.stop(graceful=True)
        if self._renew:
            # The same process begins anew, with an empty memory and the parent's pipe: three hours need all the room.
            os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 - our own arguments

    def _watch_stdin(self) -> None:
        sys.stdin.buffer.read()
        self._stop.set()

    def _next(self) -> None:
        """Do the next jobs until there is none."""
        while not self._stop.is_set() and (job := self._queue.claim(self._me)):
            self._do(job)
            # The next job begins with Whisper, which wants the room.
            self._services.embedder.rest()
            give_back()
            if psutil.Process().memory_info().rss > _ROOM and not self._stop.is_set():
                self._renew = True
                self._stop.set()

    def _do(self, job: Job) -> None:
        told = 0.0

        def progress(stage: str, done: float, total: float) -> None:
            nonlocal job, told
            # A stage that goes on after an interruption begins at zero, and then tells at once how far it had come.
            first = stage != job.stage or (done > 0 and not job.done)
            # Not by the clock on the wall: set back by an hour, it would keep a job from hearing for an hour that it must stop.
            if not first and time.monotonic() - told < _TELL:
                return
            if self._stop.is_set() or self._asked(self._queue.cancelled, job) or self._asked(self._queue.taken, job):
                raise _Interrupted
            if first:
                job = replace(job, stage=stage, since=time.time(), skipped=done)
            job, told = replace(job, done=done, total=total), time.monotonic()
            with suppress(Unavailable):  # nobody sees how far the work is while the store is away; it goes on
                self._queue.save(job)

        try:
            progress("Préparation", 0, 0)
            for outcome in jobs.do(self._services, job.source, job.wishes, progress):
                if self._asked(self._queue.taken, job):
                    raise _Interrupted  # whoever took it finds what was done, and tells it
                job = replace(job, outcomes=_with(job.outcomes, outcome))
                with suppress(Unavailable):
                    self._queue.save(job)
        except _Interrupted:
            self._put_down(job)
            return
        except HubError as error:
            self._conclude(replace(job, state="failed", error=str(error)))
            return
        except Exception:  # noqa: BLE001 - a job must never take the worker with it
            _log.exception("job %s failed", job.id)
            self._conclude(
                replace(
                    job,
                    state="failed",
                    error="Ce travail a échoué pour une raison inattendue, notée dans le journal du hub : rien d’inachevé "
                    "n’a été publié ; recommencez-le, ou signalez-le avec ce journal.",
                )
            )
            return
        self._conclude(_tried(job))

    def _put_down(self, job: Job) -> None:
        """Leave a job that was cancelled or that another worker has, or give it back to whoever works next."""
        if self._asked(self._queue.cancelled, job):
            self._conclude(replace(job, state="cancelled"))
        elif not self._asked(self._queue.taken, job):
            self._queue.release(job)

    def _asked(self, question: Callable[[Job], bool], job: Job) -> bool:
        """Return what the queue answers about a job: no, while it is away."""
        with suppress(Unavailable):
            return question(job)
        return False

    def _conclude(self, job: Job) -> None:
        """Write how a job ended, however long the store is away, unless another worker has it by now."""
        while True:
            try:
                if not self._queue.taken(job):
                    self._queue.save(job)
                return
            except Unavailable:
                _log.warning("the queue is away; the end of job %s waits for it", job.id)
                if self._stop.wait(_AWAY):
                    return  # once this worker is gone, another one does the job again


def _with(outcomes: tuple[Outcome, ...], latest: Outcome) -> tuple[Outcome, ...]:
    """Return what became of each thing in a source; of what was done before an interruption, what was said then."""
    known = {one.source: one for one in outcomes if one.slug or one.source != latest.source}
    if latest.status != "unchanged" or latest.source not in known:
        known[latest.source] = latest
    return tuple(known.values())


def _tried(job: Job) -> Job:
    """Return a job of which everything was tried as it ended."""
    errors = [outcome.error for outcome in job.outcomes if outcome.error]
    vain = errors and len(errors) == len(job.outcomes)
    return replace(job, state="failed" if vain else "done", error=" ".join(errors) or None)


@contextmanager
def beside(workers: int) -> Iterator[None]:
    """Run workers as processes of their own while this one lives: they end when it does, however it ends."""
    ending = threading.Event()
    keepers = [threading.Thread(target=_keep, args=(ending,), name="worker", daemon=True) for _ in range(workers)]
    for keeper in keepers:
        keeper.start()
    try:
        yield
    finally:
        ending.set()
        for keeper in keepers:
            keeper.join()


def _keep(ending: threading.Event) -> None:
    """Run a worker until told to end; where one dies another follows, ever later when they die young."""
    command = [sys.executable, "-c", "from app.cli import main; main()", "worker", "--with-parent"]
    pause = 0.0
    while not ending.wait(pause):
        began, ended = time.monotonic(), "not begun"
        with (
            suppress(OSError),  # no memory for one: there may be later
            subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE) as worker,  # noqa: S603 - every argument is ours
        ):
            while worker.poll() is None and not ending.wait(_LOOK):
                pass
            _end(worker)
            ended = str(worker.returncode)
        pause = _PAUSE if time.monotonic() - began > _LONGEST else min(max(_PAUSE, 2 * pause), _LONGEST)
        if not ending.is_set():
            _log.warning("a worker ended (%s); another begins in %.0f s", ended, pause)


def _end(worker: subprocess.Popen[bytes]) -> None:
    if worker.stdin:
        worker.stdin.close()
    try:
        worker.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        worker.kill()
