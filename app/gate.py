"""The way in over HTTP: the link that opens a session, the cookie that keeps it, and handlers for some roles only.

The token of a link stands after its ``#``: a browser sends that part to nobody, so no server's or proxy's log and no
``Referer`` ever holds it. The entrance's own form sends it, once.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qs, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.access import COOKIE, who
from app.clients import Minute, address_of, client_of
from app.entrance import entrance
from app.handlers import spoken, status_of
from app.people import NOBODY, SESSION, LinkUsed, Refused, Role
from app.services import services
from transcripts.errors import HubError

__all__ = ["COOKIE", "link", "only", "routes", "who"]

PROVIDED = "_streamlit_user"  # what `st.login` keeps; only Streamlit reads it
_GUESSES = 10  # wrong codes a minute
_FORM = 500  # bytes of the entrance's form
_SLOWER = "Trop d’essais : rien n’a été fait, et un lien qui n’a pas servi reste bon ; rouvrez-le dans une minute."


def routes() -> list[Route]:
    """Return the routes by which people come and go."""
    return [
        # A mail program or a messenger may look at a link before a person does: only the button uses it up.
        Route("/entrer", _ask),
        Route("/entrer", _enter, methods=["POST"]),
        Route("/sortir", spoken(_leave), methods=["POST"]),
    ]


def link(base: str, token: str) -> str:
    """Return the address that an invitation is sent as."""
    return f"{base.rstrip('/')}/entrer#{token}"


def only(role: Role, handler: Callable[[Request], Response]) -> Callable[[Request], Any]:
    """Run a handler as `spoken` does, for people of a role or above; a request that changes things must come from our own pages."""

    def guarded(request: Request) -> Response:
        _same_origin(request)
        if who(request).role < role:
            raise Refused
        return handler(request)

    return spoken(guarded)


def _same_origin(request: Request) -> None:
    """Refuse what another site has a browser send. Raises `Refused`."""
    if request.method in ("GET", "HEAD"):
        return
    origin = request.headers.get("origin")
    try:
        ours = origin is None or urlsplit(origin).netloc == request.headers.get("host")
    except ValueError:  # half an address is nobody's of ours
        ours = False
    if not ours:
        raise Refused


async def _ask(_: Request) -> Response:
    return entrance()


async def _enter(request: Request) -> Response:
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > _FORM:
            return _kept_out(LinkUsed())
    token = parse_qs(body.decode("utf-8", "replace")).get("token", [""])[0]
    return await run_in_threadpool(_opened, request, token.strip())


def _opened(request: Request, token: str) -> Response:
    # Kept in memory for a minute, and nowhere else.
    host = address_of(request)
    guesser = client_of(host) or host
    if _guesses().wait(guesser, _GUESSES):
        return entrance(_SLOWER, 429)
    try:
        _same_origin(request)
        session = services().people.enter(token, request.cookies.get(COOKIE))
    except HubError as error:
        if isinstance(error, LinkUsed):  # all else says nothing about the code
            _guesses().hit(guesser, _GUESSES)
        return _kept_out(error)
    staff = False
    with suppress(HubError):  # the link is used up: whoever cannot be looked up just now is in all the same
        staff = services().people.who(session).role >= Role.STAFF
    answer = RedirectResponse("/atelier" if staff else "/", 303)
    # Never the session that the browser came with: whoever planted that one would share the new one.
    answer.set_cookie(
        COOKIE, session, max_age=int(SESSION), httponly=True, samesite="lax", secure=request.url.scheme == "https"
    )
    return answer


def _kept_out(error: HubError) -> Response:
    return entrance(str(error), status_of(error))


@lru_cache(maxsize=1)
def _guesses() -> Minute:
    return Minute()


def _leave(request: Request) -> Response:
    _same_origin(request)
    if who(request) != NOBODY:
        services().people.leave(request.cookies[COOKIE])
    # Who came by a provider would be let in again at the next page.
    answer = RedirectResponse("/auth/logout" if PROVIDED in request.cookies else "/", 303)
    answer.delete_cookie(COOKIE)
    return answer
