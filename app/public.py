"""What the hub answers over plain HTTP, beside Streamlit's pages: what is published, to members and staff what they may read besides, to staff the editor."""

from __future__ import annotations

import re
from collections.abc import Sequence

from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from app import (
    api,
    api_page,
    carried,
    discovery,
    gate,
    health,
    reading,
    receiving,
    revision_routes,
    study_routes,
    telemetry,
)
from app.assistant_routes import Assistants
from app.embed import EMBED_HEADERS, embed
from app.handlers import Handler, Resource, document, named
from app.services import services
from app.sound import recording
from app.takeaway import take_away

# Streamlit's own files there are hashes, so that neither is ever taken for the other.
_RECORDING = re.compile(r"/media/\d{4}-\d{2}-\d{2}-[a-z0-9-]+(\.[a-z0-9]{1,5})?")


def routes() -> list[Route]:
    """Return the routes, for `st.App`."""
    shared = _shared(services().settings.public.origins)

    def page(path: str, handler: Handler) -> Route:
        return Route(path, Resource(handler, page=True, headers=reading.PAGE_HEADERS))

    def data(path: str, handler: Handler) -> Route:
        return Route(path, Resource(handler), middleware=shared)

    return [
        Route("/healthz", health.alive),
        Route("/readyz", Resource(health.ready)),
        Route("/metrics", Resource(telemetry.metrics)),
        *[data(path, handler) for path, handler in api.handlers()],
        data("/api/openapi.json", api_page.description),
        page("/api", api_page.page),
        Route("/mcp", Assistants()),
        page("/m", reading.listing),
        page("/m/", reading.listing),
        data("/m/{slug}.chapters.json", reading.chapters),
        data("/m/{slug}.{form}", take_away),
        page("/m/{slug}", reading.read),
        Route("/embed/{slug}", Resource(embed, page=True, headers=EMBED_HEADERS)),
        data("/feed.xml", discovery.feed_xml),
        data("/sitemap.xml", discovery.sitemap_xml),
        data("/robots.txt", discovery.robots),
        data("/oembed", discovery.oembed),
        data("/agenda.ics", _agenda),
        data("/lieux/{place}.ics", _place),
        *study_routes.routes(),
        *gate.routes(),
        *carried.routes(),
        *receiving.routes(),
        *revision_routes.routes(),
    ]


def _shared(origins: Sequence[str]) -> list[Middleware]:
    """Return what lets the scripts of other sites read what is public anyway, without cookies."""
    return [Middleware(CORSMiddleware, allow_origins=list(origins), allow_methods=["GET", "HEAD"], max_age=86_400)]


class Media:
    """Serves ``/media/<slug>``, with byte ranges, ahead of Streamlit, which reserves that prefix for its own files."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._route = Route("/media/{slug}", Resource(_media))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer for a masterclass; hand on everything else."""
        if scope["type"] == "http" and _RECORDING.fullmatch(scope["path"]):
            match, child = self._route.matches(scope)
            if match is not Match.NONE:
                scope.update(child)
                await self._route.handle(scope, receive, send)
                return
        await self._app(scope, receive, send)


def _media(request: Request) -> Response:
    # Podcast players tell a recording by the end of its address: one that is right may stand there.
    request.path_params["slug"], _, end = str(request.path_params["slug"]).partition(".")
    return recording(request, named(request), {"Cache-Control": "no-cache"}, end)


def _agenda(request: Request) -> Response:
    calendar = services().calendar.ics(f"{reading.base(request)}/agenda")
    return document(request, calendar, "text/calendar; charset=utf-8")


def _place(request: Request) -> Response:
    calendar = services().calendar.ics(f"{reading.base(request)}/agenda", str(request.path_params["place"]))
    return document(request, calendar, "text/calendar; charset=utf-8")
