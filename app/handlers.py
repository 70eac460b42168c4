"""What the HTTP handlers share: errors become sentences, and only what is published is found."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app.access import readable, who
from app.people import Refused
from transcripts.errors import BadInput, HubError, NotFound


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
    """Return the slug of a masterclass that a request names and whoever asks may read. Raises `NotFound`."""
    return readable(str(request.path_params["slug"]), who(request)).slug
