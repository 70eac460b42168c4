"""How many do the same heavy thing at once: some work, some wait, the rest is told to come back."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

from anyio.to_thread import current_default_thread_limiter
from prometheus_client import Counter, Gauge

from transcripts.errors import Unavailable

_WORKING = Gauge("hub_turns", "What is being done at once.", ("what",))
SENT_AWAY = Counter("hub_turned_away", "What was sent away because the hub was busy.", ("what",))
AGAIN = 5  # seconds after which it is worth asking again


class Busy(Unavailable):
    """The hub has as much to do as it can; it may be asked again after ``seconds``."""

    def __init__(self) -> None:
        super().__init__(
            "Le hub répond déjà à beaucoup de monde : cette demande n’a pas été traitée, et rien n’est perdu ; "
            f"recommencez dans {AGAIN} secondes."
        )
        self.seconds = AGAIN


class Turns:
    """Lets ``most`` work at once and ``waiting`` more wait for at most ``patience`` seconds. Raises `Busy`.

    Each holds a thread of the server, also those who wait: they are few, and `make_room` counts them.
    """

    threads: ClassVar = 0  # that all turns of this process may hold at once

    def __init__(self, what: str, most: int, waiting: int, patience: float) -> None:
        self._places, self._queue = threading.Semaphore(most), threading.Semaphore(most + waiting)
        self._patience = patience
        Turns.threads += most + waiting
        self._working, self._sent_away = _WORKING.labels(what), SENT_AWAY.labels(what)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Work in turn."""
        if not self._queue.acquire(blocking=False):
            self._sent_away.inc()
            raise Busy
        try:
            if not self._places.acquire(timeout=self._patience):
                self._sent_away.inc()
                raise Busy
            try:
                with self._working.track_inprogress():
                    yield
            finally:
                self._places.release()
        finally:
            self._queue.release()

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Within a turn, let somebody else work while one waits for what is done elsewhere."""
        self._places.release()
        try:
            yield
        finally:
            self._places.acquire()


def make_room() -> None:
    """Give the server of this event loop a thread for each who may work or wait in turn, beside those that it has for all else.

    Pages need those: were all held by people who wait, the fastest text would wait with them.
    """
    current_default_thread_limiter().total_tokens += Turns.threads
