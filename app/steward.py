"""What the running hub does by itself, every few seconds: it publishes what is due, sets aside what is damaged, and clears
away what is not to stay."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps

from app.adding import sweep, sweep_replaced
from app.holding import examine
from app.publishing import publish_due
from app.services import Services
from app.voices import drop_prints

_EVERY = 10.0  # seconds
_REST = 9  # times as long as a look took, before the next: ten thousand masterclasses have many files, and a store can be slow

_log = logging.getLogger(__name__)


@contextmanager
def tending(services: Services) -> Iterator[None]:
    """Tend a hub while it runs. What was due while none ran is done at once."""
    stop = threading.Event()

    def run() -> None:
        duties = (_sparingly(examine), publish_due, sweep, sweep_replaced, drop_prints, _sparingly(tidy))
        while not stop.is_set():
            for duty in duties:
                try:
                    duty(services)
                except Exception:  # noqa: BLE001 - a thread has nobody to raise to; the next round tries again
                    _log.exception("%s failed", duty.__name__)
            stop.wait(_EVERY)

    thread = threading.Thread(target=run, name="steward", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=_EVERY)


def tidy(services: Services) -> None:
    """Clear away what killed writers have left, though nobody writes any more."""
    services.library.tidy()
    services.studies.tidy()


def _sparingly(duty: Callable[[Services], object]) -> Callable[[Services], object]:
    """Return a duty that is left undone for `_REST` times as long as it took."""
    rested = 0.0

    @wraps(duty)
    def done(services: Services) -> None:
        nonlocal rested
        if (began := time.monotonic()) < rested:
            return
        try:
            duty(services)
        finally:
            rested = time.monotonic() + _REST * (time.monotonic() - began)

    return done
