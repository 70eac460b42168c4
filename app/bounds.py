"""How much a request may bring: its address, its headers, its body, and how slowly; and each message of an open page."""

from __future__ import annotations

import math

import anyio
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.problems import of_status, problem

_ADDRESS = 16_000  # bytes of path and query: the longest question takes 12,000 where each letter takes 12
_HEADERS = 32_000  # bytes of all headers
_BODY = 1_000_000  # bytes, but where files come in, each with a limit of its own
_FILES = ("/atelier/envois/", "/atelier/revision/", "/atelier/texte")
_SILENCE = 30.0  # seconds without a byte of a body after which the sender counts as gone
_MESSAGE = 1_000_000  # bytes that a page says at once: its fields, with the longest text that somebody writes into one

_SAID = {
    408: "Le reste de cette demande n’est pas venu : recommencez ; un envoi reprend où il s’est arrêté.",
    413: "Cette demande porte trop de contenu : rien n’en a été gardé ; envoyez-en moins.",
    414: "Cette adresse est trop longue : rien n’a été fait ; raccourcissez-la.",
    431: "Cette demande porte trop d’en-têtes : rien n’a été fait.",
}


class Bounds:
    """Refuses what is too large before anything reads it, bodies that grow beyond what they announced, and those that do not come."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request within the bounds."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        refused = _refused(scope)
        if refused and scope["type"] == "http":
            await _refusal(refused)(scope, receive, send)
        elif refused:
            await send({"type": "websocket.close", "code": 1009})
        elif scope["type"] == "http":
            await self._read(scope, receive, send)
        else:
            await self._app(scope, _brief(receive, send), send)

    async def _read(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Have a body read as far as it may come. Whoever reads is told then that the sender is gone, and the answer is ours."""
        most = math.inf if scope["path"].startswith(_FILES) else _BODY
        taken, due, begun, refused = 0, True, False, 0

        async def next_piece() -> Message:
            nonlocal taken, due, refused
            if not refused:
                try:
                    with anyio.fail_after(_SILENCE if due else None):
                        message = await receive()
                    taken += len(message.get("body", b""))
                    if taken <= most:
                        due = message.get("more_body", False)
                        return message
                    refused = 413
                except TimeoutError:
                    refused = 408
            return {"type": "http.disconnect"}

        async def said(message: Message) -> None:
            nonlocal begun
            if begun or not refused:
                begun = True
                await send(message)

        try:
            await self._app(scope, next_piece, said)
        except Exception:
            if begun or not refused:
                raise
        if refused and not begun:
            await _refusal(refused)(scope, receive, send)


def _refusal(status: int) -> Response:
    return problem(of_status(status, _SAID[status]), {"Connection": "close"})


def _refused(scope: Scope) -> int | None:
    """Return the status of what is refused at the first look, None for the rest. Pure."""
    headers = dict(scope["headers"])
    if len(scope.get("raw_path") or scope["path"].encode()) + len(scope["query_string"]) > _ADDRESS:
        return 414
    if sum(len(name) + len(value) for name, value in scope["headers"]) > _HEADERS:
        return 431
    length = headers.get(b"content-length", b"0")
    if length.isdigit() and int(length) > _BODY and not scope["path"].startswith(_FILES):
        return 413
    return None


def _brief(receive: Receive, send: Send) -> Receive:
    async def next_message() -> Message:
        message = await receive()
        if len(message.get("bytes") or message.get("text") or "") <= _MESSAGE:
            return message
        await send({"type": "websocket.close", "code": 1009})
        return {"type": "websocket.disconnect", "code": 1009}

    return next_message
