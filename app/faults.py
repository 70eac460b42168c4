"""Errors that no handler of ours tells: what the frameworks say in plain English, and what nobody foresaw, become sentences."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.messages import message_page
from app.problems import Problem, of_status, problem

_SAID = {
    400: "Cette demande n’a pas été comprise : rien n’a été fait ; vérifiez l’adresse.",
    404: "Rien ne se trouve à cette adresse : vérifiez-la.",
    405: "Cette adresse ne répond pas à cette sorte de demande : rien n’a été changé.",
    500: "Le hub a rencontré une erreur imprévue, notée dans son journal : réessayez dans un instant, ou signalez-la.",
}

_log = logging.getLogger(__name__)


class Faults:
    """Stands before everything that answers, by ``routes`` and others. An answer that has begun is left as it is."""

    def __init__(self, app: ASGIApp, routes: Sequence[BaseRoute]) -> None:
        self._app, self._routes = app, routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, with sentences in the place of errors that have none."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = retold = False

        async def told(message: Message) -> None:
            nonlocal begun, retold
            if message["type"] == "http.response.start":
                begun, said = True, Headers(raw=message["headers"])
                retold = message["status"] in _SAID and _plain(said)
                if retold:
                    allow = self._methods(scope, said.get("allow", "")) if message["status"] == 405 else ""
                    await _answer(scope, message["status"], {"Allow": allow} if allow else {})(scope, receive, send)
            if not retold:
                await send(message)

        try:
            await self._app(scope, receive, told)
        except Exception:
            if begun:
                raise
            _log.exception("nobody foresaw this")
            await _answer(scope, 500, {})(scope, receive, send)

    def _methods(self, scope: Scope, said: str) -> str:
        """Return the methods of all routes of an address: who refused it has ``said`` those of one, or of Streamlit's files."""
        bare = {**scope, "path_params": {}}
        found = [getattr(route, "methods", None) for route in self._routes if route.matches(bare)[0] is not Match.NONE]
        return ", ".join(sorted(set().union(*filter(None, found)) or filter(None, said.split(", "))))


def _plain(headers: Headers) -> bool:
    """Say whether an answer is a framework's few words: ours have a type, or nothing to say."""
    kind = headers.get("content-type", "")
    return kind.startswith("text/plain") or not (kind or headers.get("content-length", "0") == "0")


def _answer(scope: Scope, status: int, headers: dict[str, str]) -> Response:
    said = fault(status)
    if status == 500 and "text/html" in Request(scope).headers.get("accept", ""):
        return message_page(status, said["detail"], headers)
    return problem(said, headers)


def fault(status: int) -> Problem:
    """Return an error of which nothing is known but its status: 400, 404, 405 or 500. Pure."""
    return of_status(status, _SAID[status])
