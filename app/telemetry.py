"""What is known of the hub at work, without knowing anybody: a line and a measure for each request, and figures for Prometheus."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from typing import get_args

from prometheus_client import CONTENT_TYPE_LATEST, Counter, Histogram, generate_latest
from prometheus_client.core import REGISTRY, GaugeMetricFamily
from prometheus_client.registry import Collector
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.health import conditions
from app.logs import REQUEST
from app.queue import State
from app.services import services
from transcripts.errors import HubError

_log = logging.getLogger("hub.requests")

_REQUESTS = Counter("hub_requests", "Requests answered.", ("route", "method", "status"))
_SECONDS = Histogram(
    "hub_request_seconds",
    "Seconds until an answer was whole.",
    ("route",),
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
_METHODS = ("GET", "HEAD", "POST", "PATCH", "DELETE", "OPTIONS")


class Telemetry:
    """Gives each request a number, which its lines in the log and its answer carry, and measures it.

    An address is told as the route it matched: never with its query, a title or a token.
    """

    def __init__(self, app: ASGIApp, routes: Sequence[BaseRoute], pages: Collection[str]) -> None:
        self._app, self._routes = app, routes
        self._pages = {"_stcore", "app", "auth", "media", "static", *pages}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, and take note."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status, number = time.perf_counter(), 500, secrets.token_hex(8)
        REQUEST.set(number)

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-ID"] = number
            await send(message)

        try:
            await self._app(scope, receive, noted)
        finally:
            seconds = time.perf_counter() - began
            route, method = self._route(scope), scope["method"] if scope["method"] in _METHODS else "other"
            _REQUESTS.labels(route, method, str(status)).inc()
            _SECONDS.labels(route).observe(seconds)
            said = {"route": route, "method": method, "status": status, "ms": round(seconds * 1000, 1)}
            _log.info("request", extra=said)

    def _route(self, scope: Scope) -> str:
        bare = {**scope, "path_params": {}}
        # What raises here has raised for whoever answers, and is told: it must not go unmeasured.
        with suppress(Exception):
            for route in self._routes:
                if route.matches(bare)[0] is not Match.NONE:
                    return str(getattr(route, "path", ""))
        first = scope["path"].strip("/").partition("/")[0]
        return f"/{first}" if first in self._pages else "/" if not first else "other"


class _Figures(Collector):
    """What is counted only when somebody asks."""

    def collect(self) -> Iterable[GaugeMetricFamily]:
        with suppress(HubError):  # `hub_up` tells that the queue is away
            jobs = GaugeMetricFamily("hub_jobs", "Jobs in the queue.", labels=("state",))
            states = [job.state for job in services().queue.jobs()]
            for state in get_args(State):
                jobs.add_metric((state,), states.count(state))
            yield jobs
        library = GaugeMetricFamily("hub_masterclasses", "Masterclasses in the library.", labels=("status",))
        details = [one.status for one in services().library.catalogue()]
        for status in ("published", "draft"):
            library.add_metric((status,), details.count(status))
        library.add_metric(("damaged",), len(services().library.damaged()))
        yield library
        up = GaugeMetricFamily("hub_up", "Whether a part of the hub does its work.", labels=("part",))
        for name, well in conditions(services()).items():
            up.add_metric((name,), well)
        yield up


def register() -> None:
    """Have what is counted on demand told with the rest; once for a process."""
    REGISTRY.register(_Figures())


def metrics(_: Request) -> Response:
    """Answer ``/metrics``; to whom, says `app.inside`."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
