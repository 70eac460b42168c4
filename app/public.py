"""What the hub answers over plain HTTP, beside Streamlit's pages: published masterclasses only."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

from pydantic import TypeAdapter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Match, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from app.services import services
from index.search import Filters
from transcripts.errors import BadInput, HubError, NotFound
from transcripts.formats import export

_LIMIT = 100  # results of one search
_RECORDING = re.compile(r"/media/\d{4}-\d{2}-\d{2}-[a-z0-9-]+")  # Streamlit's own files there are hashes


def routes() -> list[Route]:
    """Return the routes, for `st.App`."""
    return [
        Route("/healthz", _healthz),
        Route("/api/search", _spoken(_search)),
        Route("/api/ask", _spoken(_ask)),
        Route("/api/near", _spoken(_near)),
        Route("/m/{slug}.vtt", _spoken(_vtt)),
        Route("/agenda.ics", _spoken(_agenda)),
    ]


class Media:
    """Serves ``/media/<slug>``, with byte ranges, ahead of Streamlit, which reserves that prefix for its own files."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._route = Route("/media/{slug}", _spoken(_media))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer for a masterclass; hand on everything else."""
        if scope["type"] == "http" and _RECORDING.fullmatch(scope["path"]):
            match, child = self._route.matches(scope)
            if match is not Match.NONE:
                scope.update(child)
                await self._route.handle(scope, receive, send)
                return
        await self._app(scope, receive, send)


def _spoken(handler: Callable[[Request], Response]) -> Callable[[Request], Any]:
    """Run a handler in a thread; an error becomes its sentence."""

    async def answer(request: Request) -> Response:
        try:
            return await run_in_threadpool(handler, request)
        except NotFound as error:
            return _problem(404, error)
        except BadInput as error:
            return _problem(400, error)
        except HubError as error:
            return _problem(503, error)

    return answer


def _problem(status: int, error: HubError) -> Response:
    """Return an error in the shape of RFC 9457."""
    return JSONResponse({"status": status, "detail": str(error)}, status, media_type="application/problem+json")


async def _healthz(_: Request) -> Response:
    return PlainTextResponse("ok")


def _search(request: Request) -> Response:
    asked = request.query_params
    limit = _count(asked.get("limit", "10"))
    try:
        since, until = (dt.date.fromisoformat(d) if (d := asked.get(key)) else None for key in ("since", "until"))
    except ValueError as error:
        raise BadInput("Une date de la requête est mal écrite : une date s’écrit 2026-05-12.") from error
    filters = Filters(asked.get("theme"), asked.get("speaker"), since, until)
    return _json(services().hub.search(asked.get("q", ""), limit, filters))


def _ask(request: Request) -> Response:
    return _json(services().hub.ask(request.query_params.get("q", "")))


def _near(request: Request) -> Response:
    asked = request.query_params
    return JSONResponse(services().hub.near(asked.get("m", ""), _count(asked.get("limit", "3"))))


def _count(text: str) -> int:
    try:
        return min(_LIMIT, max(1, int(text)))
    except ValueError as error:
        raise BadInput("Un nombre de la requête est mal écrit : il s’écrit en chiffres, comme 10.") from error


def _json(value: Any) -> Response:
    return Response(TypeAdapter(type(value)).dump_json(value), media_type="application/json")


def _media(request: Request) -> Response:
    slug = _published(request)
    path = services().library.recording(slug)
    if path is None:
        raise NotFound(slug)
    types = {
        ".ogg": "audio/ogg",
        ".oga": "audio/ogg",
        ".opus": "audio/ogg",
        ".m4a": "audio/mp4",
        ".mkv": "video/x-matroska",
    }
    # Only types that a browser plays: a media folder must never serve a page.
    return FileResponse(path, media_type=types.get(path.suffix), headers={"X-Content-Type-Options": "nosniff"})


def _vtt(request: Request) -> Response:
    return Response(export(services().library.read(_published(request)), "vtt"), media_type="text/vtt; charset=utf-8")


def _agenda(request: Request) -> Response:
    calendar = services().calendar.ics(f"{request.base_url}agenda")
    return Response(calendar, media_type="text/calendar; charset=utf-8")


def _published(request: Request) -> str:
    slug = str(request.path_params["slug"])
    if services().library.details(slug).status != "published":
        raise NotFound(slug)
    return slug
