"""What the HTTP handlers share: errors become sentences, and only what is published is found."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app.people import Refused
from app.services import services
from transcripts.errors import BadInput, HubError, NotFound

_TYPES = {
    ".ogg": "audio/ogg",
    ".oga": "audio/ogg",
    ".opus": "audio/ogg",
    ".m4a": "audio/mp4",
    ".mkv": "video/x-matroska",
}


def spoken(handler: Callable[[Request], Response]) -> Callable[[Request], Any]:
    """Run a handler in a thread; an error becomes its sentence."""

    async def answer(request: Request) -> Response:
        try:
            return await run_in_threadpool(handler, request)
        except NotFound as error:
            return _problem(404, error)
        except Refused as error:
            return _problem(403, error)
        except BadInput as error:
            return _problem(400, error)
        except HubError as error:
            return _problem(503, error)

    return answer


def _problem(status: int, error: HubError) -> Response:
    """Return an error in the shape of RFC 9457."""
    return JSONResponse({"status": status, "detail": str(error)}, status, media_type="application/problem+json")


def published(request: Request) -> str:
    """Return the slug of a published masterclass that a request names. Raises `NotFound`."""
    slug = str(request.path_params["slug"])
    if services().library.details(slug).status != "published":
        raise NotFound(slug)
    return slug


def media_type(path: Path) -> str | None:
    """Return the type under which a recording is served, None to guess it."""
    return _TYPES.get(path.suffix)
