"""Whether the hub lives (``/healthz``) and whether it can do its work (``/readyz``), for those who look after machines."""

from __future__ import annotations

import shutil

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from app.services import Services, services
from transcripts.errors import HubError

_ROOM = 200_000_000  # bytes below which nothing more can safely be taken in


async def alive(_: Request) -> Response:
    """Answer ``/healthz``: this process answers."""
    return PlainTextResponse("ok", headers={"Cache-Control": "no-store"})


def ready(_: Request) -> Response:
    """Answer ``/readyz``: 200 where people can read and search; what else is wrong is told, and takes no hub out of service."""
    found = conditions(services())
    serving = found["library"] and found["search"]
    said = {"ready": serving, **found}
    return JSONResponse(said, 200 if serving else 503, {"Cache-Control": "no-store"})


def conditions(parts: Services) -> dict[str, bool]:
    """Return which parts work: library, recordings, search, vectors, queue, room on the disk."""
    return {
        "library": _library(parts),
        "media": not parts.library.media.away,
        "search": parts.hub.ready,
        "vectors": parts.hub.ready and not parts.hub.away,
        "queue": _queue(parts),
        "disk": shutil.disk_usage(parts.settings.home).free > _ROOM,
    }


def _library(parts: Services) -> bool:
    try:
        parts.library.published()
    except (HubError, OSError):
        return False
    return True


def _queue(parts: Services) -> bool:
    try:
        parts.queue.jobs()
    except HubError:
        return False
    return True
