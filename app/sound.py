"""A recording or another file over HTTP, whole or in parts (RFC 9110, section 14), wherever it lies.

What lies in a store comes through the hub: each request asks anew who may hear it, and nobody else learns who listens.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import FileResponse, Response, StreamingResponse

from app.feed import media_type
from app.handlers import unchanged
from app.problems import of_status, problem
from app.services import services
from transcripts.bucket import Stored
from transcripts.errors import NotFound

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
# A store that is slow holds these threads, and never those that pages need.
_LISTENERS = CapacityLimiter(16)
_BEYOND = of_status(416, "Ce fichier est plus court : demandez-en un passage qui existe.")


def recording(request: Request, slug: str, headers: Mapping[str, str], end: str = "") -> Response:
    """Answer with the recording of a masterclass; ``end`` is what the address says its name ends with, "" for nothing.

    Raises `NotFound`, `MediaDown`.
    """
    media, name = services().library.media, services().library.recording(slug)
    found = media.find(name) if name and (not end or Path(name).suffix == f".{end}") else None
    if name is None or found is None:
        raise NotFound(slug, "recording")
    # Only types that a browser plays: what is among the recordings must never be served as a page.
    kind = media_type(name)
    if not isinstance(found, Stored):
        return partly(request, FileResponse(found, media_type=kind, stat_result=found.stat(), headers=headers))
    about = {"Accept-Ranges": "bytes", "ETag": f'"{found.version}"', "Content-Length": str(found.size)}
    return partly(request, Response(media_type=kind, headers={**headers, **about}), found)


def partly(request: Request, whole: Response, found: Stored | None = None) -> Response:
    """Answer with what a request wants of a file: all, a part, or word that there is no such part or that the asker has it.

    Args:
        request: who asks.
        whole: the answer with all of a file on disk, or the head of one with all of ``found``.
        found: what lies in a store.
    """
    if same := unchanged(request, whole):
        return same
    size = int(whole.headers["content-length"])
    part = _part(request, whole, size)
    if part and part[0] >= part[1]:
        return problem(_BEYOND, {"Content-Range": f"bytes */{size}"})
    if found:
        return _streamed(request, found, whole, part)
    if part is None:  # Starlette would refuse some of what is to be ignored, and heed the rest
        request.scope["headers"] = [header for header in request.scope["headers"] if header[0] != b"range"]
    return whole


def _part(request: Request, whole: Response, size: int) -> tuple[int, int] | None:
    """Return the bytes that a request wants, None for all of them."""
    fresh = ("", whole.headers["etag"], whole.headers.get("last-modified", ""))
    if request.method != "GET" or request.headers.get("if-range", "") not in fresh:
        return None
    return span(request.headers.get("range", ""), size)


def span(asked: str, size: int) -> tuple[int, int] | None:
    """Return the bytes that a Range asks for, the first and the one after the last; none in between where there are no such. Pure.

    None for a Range to be ignored: there is none, it is malformed, or it names several.
    """
    found = _RANGE.fullmatch(asked)
    if found is None or not any(found.groups()):
        return None
    first, last = found.groups()
    if not first:  # so many at the end
        return max(size - int(last), 0), size
    if last and int(last) < int(first):
        return None
    return int(first), min(int(last) + 1, size) if last else size


def _streamed(request: Request, found: Stored, whole: Response, part: tuple[int, int] | None) -> Response:
    start, end = part or (0, found.size)
    headers = {**whole.headers, "content-length": str(end - start)}
    if part:
        headers["content-range"] = f"bytes {start}-{end - 1}/{found.size}"
    status = 206 if part else 200
    if request.method == "HEAD":
        return Response(status_code=status, headers=headers)
    return StreamingResponse(_pieces(found.read(start, end)), status, headers)


async def _pieces(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    while piece := await to_thread.run_sync(next, pieces, b"", limiter=_LISTENERS):
        yield piece
