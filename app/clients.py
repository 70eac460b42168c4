"""How often each client may ask. Addresses are kept in memory for a minute and nowhere else."""

from __future__ import annotations

import ipaddress
import math
import time
from collections import deque
from collections.abc import Hashable
from threading import Lock

from starlette.requests import HTTPConnection

from transcripts.errors import Unavailable

_MINUTE = 60.0  # seconds


class TooMany(Unavailable):
    """A client asks more often than it may; it may again after ``seconds``."""

    def __init__(self, seconds: int) -> None:
        super().__init__(
            f"Beaucoup de demandes viennent de votre adresse : celle-ci n’a pas été traitée ; réessayez dans {seconds} s."
        )
        self.seconds = seconds


class Minute:
    """Counts what each did in the last minute, by a clock that nobody sets."""

    def __init__(self) -> None:
        self._times: dict[Hashable, deque[float]] = {}  # who did something last stands last
        self._lock = Lock()

    def wait(self, who: Hashable, most: int) -> float:
        """Return for how many seconds somebody must wait who may do it ``most`` times, 0 for one who need not."""
        with self._lock:
            return self._wait(who, most, time.monotonic())

    def hit(self, who: Hashable, most: int) -> float:
        """Count somebody who need not wait; return what `wait` does."""
        with self._lock:
            now = time.monotonic()
            wait = self._wait(who, most, now)
            if not wait:
                self._times[who] = times = self._times.pop(who, deque())
                times.append(now)
            return wait

    def _wait(self, who: Hashable, most: int, now: float) -> float:
        while self._times and self._times[first := next(iter(self._times))][-1] <= now - _MINUTE:
            del self._times[first]
        times = self._times.get(who, deque())
        while times and times[0] <= now - _MINUTE:
            times.popleft()
        return times[-most] + _MINUTE - now if len(times) >= most else 0.0


class Clients:
    """Counts what clients ask, by kind of question."""

    def __init__(self) -> None:
        self._minute = Minute()

    def admit(self, address: str | None, kind: str, per_minute: int) -> None:
        """Count one request from an address. Raises `TooMany`.

        This machine itself (None too), whose commands ask a running hub, is not counted.
        """
        client = None if address is None else client_of(address)
        if client is not None and (wait := self._minute.hit((kind, client), per_minute)):
            raise TooMany(math.ceil(wait))


def address_of(asking: HTTPConnection) -> str:
    """Return the address that a request comes from, as the proxy tells it where one is trusted; empty where none is known."""
    return asking.client.host if asking.client else ""


def client_of(address: str) -> str | None:
    """Return what stands for the client at an address, None for this machine. Pure.

    An IPv6 client has a whole network of 64 bits to ask from.
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address):
        found = found.ipv4_mapped or found
    if found.is_loopback:
        return None
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)
