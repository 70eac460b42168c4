"""The way in over HTTP: the link that opens a session, the cookie that keeps it, and handlers for some roles only."""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from app.handlers import spoken
from app.people import NOBODY, Person, Refused, Role
from app.services import services

COOKIE = "hub_session"
ENTRANCE = "/atelier"  # where staff begin


def routes() -> list[Route]:
    """Return the routes by which people come and go."""
    return [
        # A mail program or a messenger may look at a link before a person does: only the button uses it up.
        Route("/entrer/{token}", spoken(_ask)),
        Route("/entrer/{token}", spoken(_enter), methods=["POST"]),
        Route("/sortir", spoken(_leave), methods=["POST"]),
    ]


def who(request: Request) -> Person:
    """Return whose request this is."""
    return services().people.who(request.cookies.get(COOKIE))


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
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        raise Refused


def _ask(_: Request) -> Response:
    page = (
        '<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8"><meta name="robots" content="noindex">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><title>Entrer</title>'
        '<link rel="stylesheet" href="/app/static/hub.css"></head><body class="hub-plain"><main><h1>Bienvenue</h1>'
        f"<p>{html.escape('Ce lien sert une seule fois, sur cet appareil.')}</p>"
        '<form method="post"><button>Entrer dans le hub</button></form></main></body></html>'
    )
    return HTMLResponse(page, headers={"Referrer-Policy": "same-origin", "Cache-Control": "no-store"})


def _enter(request: Request) -> Response:
    _same_origin(request)
    session = services().people.enter(str(request.path_params["token"]))
    answer = RedirectResponse(ENTRANCE, 303)
    answer.set_cookie(COOKIE, session, httponly=True, samesite="lax", secure=request.url.scheme == "https")
    return answer


def _leave(request: Request) -> Response:
    _same_origin(request)
    if who(request) != NOBODY:
        services().people.leave(request.cookies[COOKIE])
    answer = RedirectResponse("/", 303)
    answer.delete_cookie(COOKIE)
    return answer
