"""What the running hub does by itself, every few seconds: it publishes what is due, sets aside what is damaged, and clears
away what is not to stay."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from app.adding import sweep, sweep_replaced
from app.holding import examine
from app.publishing import publish_due
from app.services import Services
from app.voices import drop_prints

_EVERY = 10.0  # seconds
_REST = 9  # times as long as a look for damage took, before the next: ten thousand masterclasses have many files

_log = logging.getLogger(__name__)


@contextmanager
def tending(services: Services) -> Iterator[None]:
    """Tend a hub while it runs. What was due while none ran is done at once."""
    stop = threading.Event()

    def run() -> None:
        rested = 0.0
        while not stop.is_set():
            began = time.monotonic()
            looking = (examine,) if began >= rested else ()
            for duty in (*looking, publish_due, sweep, sweep_replaced, drop_prints):
                try:
                    duty(services)
                except Exception:  # noqa: BLE001 - a thread has nobody to raise to; the next round tries again
                    _log.exception("%s failed", duty.__name__)
                if duty is examine:
                    rested = time.monotonic() + _REST * (time.monotonic() - began)
            stop.wait(_EVERY)

    thread = threading.Thread(target=run, name="steward", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=_EVERY)
