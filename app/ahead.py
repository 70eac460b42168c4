"""What a page is about to ask: begun when its HTML is asked for, taken by the page's own script seconds later."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

_KEPT = 10.0  # seconds in which the script comes; what nobody took by then is of another moment

T = TypeVar("T")


class Ahead:
    """Does at most ``most`` things early, so that whoever asks for many pages takes nothing from those who read them."""

    def __init__(self, most: int) -> None:
        self._free = threading.Semaphore(most)
        self._threads = ThreadPoolExecutor(most, "ahead")
        self._begun: dict[Hashable, tuple[float, Future[Any]]] = {}
        self._lock = threading.Lock()

    def begin(self, what: Hashable, work: Callable[[], T]) -> Future[T] | None:
        """Begin some work under the name it will be taken by; None where as much as may be is under way."""
        if not self._free.acquire(blocking=False):
            return None
        future = self._threads.submit(work)
        future.add_done_callback(lambda _: self._free.release())
        with self._lock:
            late = time.monotonic() - _KEPT
            self._begun = {key: value for key, value in self._begun.items() if value[0] > late}
            self._begun[what] = time.monotonic(), future
        return future

    def take(self, what: Hashable, work: Callable[[], T]) -> T:
        """Return what was begun, once; do the work now where nothing was, or where it failed."""
        with self._lock:
            began, future = self._begun.pop(what, (0.0, None))
        if future and time.monotonic() - began < _KEPT and not future.exception():
            return future.result()  # type: ignore[no-any-return]
        return work()
