"""What is told to addresses that the settings name and nobody else: figures, ours and Streamlit's, and the ways Streamlit has for machines."""

from __future__ import annotations

import ipaddress

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from app.clients import address_of
from app.faults import fault
from app.problems import problem
from app.services import services

_INSIDE = ("/metrics", "/_stcore/metrics", "/_stcore/agent")


class Inside:
    """Stands before all that answers; to others, what is told inside is not there."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer who is near, and everybody about everything else."""
        if scope["type"] == "http" and _within(scope["path"]) and not _near(HTTPConnection(scope)):
            await problem(fault(404))(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def _within(path: str) -> bool:
    return any(path == one or path.startswith(f"{one}/") for one in _INSIDE)


def _near(connection: HTTPConnection) -> bool:
    # What a proxy passes on comes from elsewhere, whatever address the proxy has.
    if {"forwarded", "x-forwarded-for"} & set(connection.headers):
        return False
    try:
        found = ipaddress.ip_address(address_of(connection))
    except ValueError:
        return False
    return any(found in network for network in services().settings.public.metrics)
