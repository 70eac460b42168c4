"""A hub whose reading is for members: nothing but the ways in is answered to others, whatever routes and pages there are."""

from __future__ import annotations

import hmac
from collections.abc import Collection

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app.access import COOKIE
from app.handlers import told
from app.owner import KEY, Ownership
from app.people import Role
from app.problems import of_status, problem
from app.services import services
from transcripts.errors import HubError

# The ways in, and what Streamlit needs to show them; the frame decides which pages its connection may have.
_WAYS = ("/entrer", "/sortir", "/healthz", "/readyz", "/metrics", "/robots.txt", "/oauth2callback")
_BELOW = ("/app/static/", "/static/", "/_stcore/", "/auth/")


class Closed:
    """Stands before everything where ``HUB_ACCESS_READING`` says « member »; ``pages`` are addresses that stay open."""

    def __init__(self, app: ASGIApp, pages: Collection[str]) -> None:
        self._app = app
        self._open = {*_WAYS, *(f"/{page}" for page in pages)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer members and those who come in; send others to the entrance."""
        closed = scope["type"] == "http" and not self._is_open(scope["path"])
        if closed and (refusal := await run_in_threadpool(_refusal, HTTPConnection(scope))):
            await refusal(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _is_open(self, path: str) -> bool:
        return services().settings.access.reading == "public" or path in self._open or path.startswith(_BELOW)


def _may(connection: HTTPConnection) -> bool:
    if services().people.who(connection.cookies.get(COOKIE)).role >= Role.MEMBER:
        return True
    key = Ownership(services().settings.index_folder).key()
    return bool(key) and hmac.compare_digest(connection.headers.get(KEY, "").encode(), (key or "").encode())


def _refusal(connection: HTTPConnection) -> Response | None:
    """Return what is answered to who may not read, None for who may."""
    page = "text/html" in connection.headers.get("accept", "")
    try:
        if _may(connection):
            return None
    except HubError as error:  # the list of people is held or damaged: nobody is known
        return told(error, page=page)
    if page:
        return RedirectResponse("/connexion", 303, {"Cache-Control": "no-store"})
    detail = "Ce hub est réservé à ses membres : entrez d’abord, à l’adresse « /connexion »."
    return problem(of_status(401, detail))
