"""What every request passes first, whatever answers it: note taken, headers, sentences for errors, bounds, and the name it asks for."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.routing import BaseRoute

from app.bounds import Bounds
from app.faults import Faults
from app.headers import Headers
from app.telemetry import Telemetry

# This machine's own commands and health checks ask by these.
_OURS = ("127.0.0.1", "localhost")


def edge(routes: Sequence[BaseRoute], pages: Collection[str], hosts: Collection[str]) -> list[Middleware]:
    """Return the middleware, outermost first; ``hosts`` are the names that the hub answers to."""
    return [
        Middleware(Telemetry, routes=routes, pages=pages),
        Middleware(Headers),
        Middleware(Faults),
        Middleware(Bounds),
        Middleware(TrustedHostMiddleware, allowed_hosts=[*hosts, *_OURS], www_redirect=False),
    ]
