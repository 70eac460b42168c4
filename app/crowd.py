"""How many pages are open at once: each is a session of Streamlit's, and costs memory for as long as it is open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from prometheus_client import Gauge
from starlette.types import ASGIApp, Receive, Scope, Send

from app.clients import client_of
from app.messages import message_page
from app.turns import SENT_AWAY

_OPEN = Gauge("hub_pages_open", "Pages that are open.")
_AGAIN = {"Retry-After": "60"}  # seconds
_SAID = (
    "Beaucoup de monde lit en ce moment : cette page ne s’est pas ouverte, et rien n’est perdu ; "
    "lisez les textes sous « Toutes les masterclass », ou revenez dans une minute."
)


class Crowd:
    """Turns ``pages`` away while ``most`` are open, or a third of that by one client. This machine counts as nobody's client.

    What needs no session (texts, feeds, API) is answered all the same.
    """

    def __init__(self, app: ASGIApp, pages: Collection[str], most: int) -> None:
        self._app, self._pages, self._most = app, {f"/{page}" for page in pages}, most
        self._open: Counter[str | None] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer where there is room."""
        client = client_of(scope["client"][0]) if scope.get("client") else None
        session = scope["type"] == "websocket"
        if (session or scope.get("path") in self._pages) and self._full(client):
            SENT_AWAY.labels("page").inc()
            if session:
                await send({"type": "websocket.close", "code": 1013})
            else:
                await message_page(503, _SAID, _AGAIN)(scope, receive, send)
        elif session:
            self._open[client] += 1
            try:
                with _OPEN.track_inprogress():
                    await self._app(scope, receive, send)
            finally:
                self._open -= Counter([client])  # which leaves out who has none open
        else:
            await self._app(scope, receive, send)

    def _full(self, client: str | None) -> bool:
        return self._open.total() >= self._most or (client is not None and self._open[client] >= self._most // 3)
