"""What the HTTP handlers share: errors become sentences, only what whoever asks may read is found, and what is known is not sent twice."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.convertors import IntegerConvertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.access import readable, who
from app.clients import TooMany
from app.messages import message_page
from app.people import Refused
from app.problems import Problem, of_status, problem
from app.turns import Busy
from transcripts.errors import BadInput, Gone, HubError, NotFound

Handler = Callable[[Request], Response]


class _Number(IntegerConvertor):
    """``{…:number}`` in the address of a route: no more digits than Python makes a number of, and a file system a name."""

    regex = "[0-9]{1,6}"


register_url_convertor("number", _Number())

_STATUS: tuple[tuple[type[HubError], int], ...] = (
    (Gone, 410),
    (NotFound, 404),
    (Refused, 403),
    (BadInput, 400),
    (TooMany, 429),
    (HubError, 503),
)


class Resource:
    """An address of the public HTTP, as an ASGI application: GET and HEAD, anything else is a 405.

    Args:
        handler: answers a request, in a thread; a `HubError` becomes its sentence.
        page: whether that sentence comes as a page to read, or in the shape of RFC 9457.
        headers: what every answer says, errors too.
    """

    def __init__(self, handler: Handler, *, page: bool = False, headers: Mapping[str, str] | None = None) -> None:
        self._handler, self._page, self._headers = handler, page, dict(headers or {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        response = await self._answer(Request(scope, receive))
        for name, value in self._headers.items():
            response.headers.setdefault(name, value)
        # Types are what we say they are, whatever a title or a transcript makes them look like.
        response.headers["X-Content-Type-Options"] = "nosniff"
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        if request.method not in ("GET", "HEAD"):
            return _not_allowed()
        try:
            return await run_in_threadpool(self._handler, request)
        except HubError as error:
            return await run_in_threadpool(told, error, page=True) if self._page else told(error)


def spoken(handler: Handler) -> Callable[[Request], Any]:
    """Run a handler in a thread, for any method; an error becomes its sentence."""

    async def answer(request: Request) -> Response:
        try:
            return await run_in_threadpool(handler, request)
        except HubError as error:
            return told(error)

    return answer


def status_of(error: HubError) -> int:
    """Return the status that an error has over HTTP. Pure."""
    return next(status for kind, status in _STATUS if isinstance(error, kind))


def as_problem(error: HubError) -> Problem:
    """Return an error as others are told of it."""
    return of_status(status_of(error), str(error))


def told(error: HubError, *, page: bool = False) -> Response:
    """Return an error as it is answered: as a page to read, or in the shape of RFC 9457."""
    again = {"Retry-After": str(error.seconds)} if isinstance(error, (TooMany, Busy)) else {}
    return message_page(status_of(error), str(error), again) if page else problem(as_problem(error), again)


def _not_allowed() -> Response:
    return problem(of_status(405, "Cette adresse se lit seulement : rien n’a été changé."), {"Allow": "GET, HEAD"})


def named(request: Request) -> str:
    """Return the slug of a masterclass that a request names and whoever asks may read. Raises `NotFound`."""
    return readable(str(request.path_params["slug"]), who(request)).slug


def document(
    request: Request, body: str | bytes, media_type: str, headers: Mapping[str, str] | None = None
) -> Response:
    """Return a body that may be kept but is asked for again each time, and 304 where the asker has it (RFC 9110)."""
    data = body.encode() if isinstance(body, str) else body
    # Weak, since it may be compressed on the way.
    tag = f'W/"{hashlib.sha256(data).hexdigest()[:32]}"'
    said = {**(headers or {}), "ETag": tag, "Cache-Control": "no-cache"}
    if known(request, tag):
        return Response(status_code=304, headers=said)
    return Response(data, media_type=media_type, headers=said)


def known(request: Request, tag: str) -> bool:
    """Tell whether a request says that it has what ``tag`` names, by the weak comparison of RFC 9110."""
    said = request.headers.get("if-none-match", "")
    bare = tag.removeprefix("W/")
    return said.strip() == "*" or any(one.strip().removeprefix("W/") == bare for one in said.split(","))


def unchanged(request: Request, whole: Response) -> Response | None:
    """Return a 304 where the asker of a file has it, by its tag or, where none is named, by its date; else None.

    That goes before any range (RFC 9110, 13.2.2). The date must be the very one: an earlier file may have been put back.
    """
    said = request.headers
    if "if-none-match" in said:
        same = known(request, whole.headers["etag"])
    else:
        same = said.get("if-modified-since", "") == whole.headers.get("last-modified")
    if not same:
        return None
    kept = ("etag", "last-modified", "cache-control")
    return Response(status_code=304, headers={name: whole.headers[name] for name in kept if name in whole.headers})
