"""How often each client may ask. Addresses are kept in memory for a minute and nowhere else."""

from __future__ import annotations

import ipaddress
import math
import time

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.requests import Request

from transcripts.errors import Unavailable


class TooMany(Unavailable):
    """A client asks more often than it may; it may again after ``seconds``."""

    def __init__(self, seconds: int) -> None:
        super().__init__(
            f"Beaucoup de demandes viennent de votre adresse : celle-ci n’a pas été traitée ; réessayez dans {seconds} s."
        )
        self.seconds = seconds


class Clients:
    """Counts what clients ask, by kind of question."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def admit(self, request: Request, kind: str, per_minute: int) -> None:
        """Count one request. Raises `TooMany`. This machine itself, whose commands ask a running hub, is not counted."""
        client = client_of(request.client.host if request.client else "")
        item = RateLimitItemPerMinute(per_minute)
        if client is None or self._limiter.hit(item, kind, client):
            return
        again = self._limiter.get_window_stats(item, kind, client).reset_time - time.time()
        raise TooMany(max(1, math.ceil(again)))


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
