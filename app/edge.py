"""What every request passes first, whatever answers it: note taken, headers, sentences for errors, bounds, names, what is for inside, room."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.routing import BaseRoute

from app.bounds import Bounds
from app.crowd import Crowd
from app.faults import Faults
from app.headers import Headers
from app.inside import Inside
from app.settings import Public
from app.telemetry import Telemetry

# Health checks ask by these.
_OURS = ("127.0.0.1", "localhost")


def edge(routes: Sequence[BaseRoute], pages: Collection[str], public: Public, name: str) -> list[Middleware]:
    """Return the middleware, outermost first; ``public`` says to which names the hub answers, and how many pages it opens.

    ``name`` is the one by which this machine's commands find it.
    """
    return [
        Middleware(Telemetry, routes=routes, pages=pages),
        Middleware(Headers),
        Middleware(Faults, routes=routes),
        Middleware(Bounds),
        Middleware(TrustedHostMiddleware, allowed_hosts=[*public.hosts, *_OURS, name], www_redirect=False),
        Middleware(Inside),
        Middleware(Crowd, pages=pages, most=public.pages),
    ]
