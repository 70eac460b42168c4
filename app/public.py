"""What the hub answers over plain HTTP, beside Streamlit's pages: published masterclasses only."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from pydantic import TypeAdapter
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Match, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from app import gate, revision_routes
from app.embed import embed
from app.handlers import media_type, published, spoken
from app.services import services
from app.takeaway import take_away
from index.search import By, Filters
from transcripts.errors import BadInput, NotFound

_LIMIT = 100  # results of one search
_RECORDING = re.compile(r"/media/\d{4}-\d{2}-\d{2}-[a-z0-9-]+")  # Streamlit's own files there are hashes


def routes() -> list[Route]:
    """Return the routes, for `st.App`."""
    return [
        Route("/healthz", _healthz),
        Route("/api/search", spoken(_search)),
        Route("/api/ask", spoken(_ask)),
        Route("/api/near", spoken(_near)),
        Route("/m/{slug}.{form}", spoken(take_away)),
        Route("/embed/{slug}", spoken(embed)),
        Route("/agenda.ics", spoken(_agenda)),
        *gate.routes(),
        *revision_routes.routes(),
    ]


class Media:
    """Serves ``/media/<slug>``, with byte ranges, ahead of Streamlit, which reserves that prefix for its own files."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._route = Route("/media/{slug}", spoken(_media))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer for a masterclass; hand on everything else."""
        if scope["type"] == "http" and _RECORDING.fullmatch(scope["path"]):
            match, child = self._route.matches(scope)
            if match is not Match.NONE:
                scope.update(child)
                await self._route.handle(scope, receive, send)
                return
        await self._app(scope, receive, send)


async def _healthz(_: Request) -> Response:
    return PlainTextResponse("ok")


def _search(request: Request) -> Response:
    asked = request.query_params
    try:
        limit = min(_LIMIT, max(1, int(asked.get("limit", "10"))))
        by = TypeAdapter(By).validate_python(asked.get("by", "fused"))
        since, until = (dt.date.fromisoformat(d) if (d := asked.get(key)) else None for key in ("since", "until"))
    except ValueError as error:
        raise BadInput("Un nombre ou une date de la requête est mal écrit : une date s’écrit 2026-05-12.") from error
    filters = Filters(asked.get("theme"), asked.get("speaker"), since, until)
    return _json(services().hub.search(asked.get("q", ""), limit, filters, by))


def _ask(request: Request) -> Response:
    return _json(services().hub.ask(request.query_params.get("q", "")))


def _near(request: Request) -> Response:
    asked = request.query_params
    try:
        limit = min(_LIMIT, max(1, int(asked.get("limit", "3"))))
    except ValueError as error:
        raise BadInput("Un nombre de la requête est mal écrit : il s’écrit en chiffres, comme 3.") from error
    return JSONResponse(services().hub.near(asked.get("m", ""), limit))


def _json(value: Any) -> Response:
    return Response(TypeAdapter(type(value)).dump_json(value), media_type="application/json")


def _media(request: Request) -> Response:
    slug = published(request)
    path = services().library.recording(slug)
    if path is None:
        raise NotFound(slug)
    # Only types that a browser plays: a media folder must never serve a page.
    return FileResponse(path, media_type=media_type(path), headers={"X-Content-Type-Options": "nosniff"})


def _agenda(request: Request) -> Response:
    calendar = services().calendar.ics(f"{request.base_url}agenda")
    return Response(calendar, media_type="text/calendar; charset=utf-8")
