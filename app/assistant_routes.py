"""What members' assistants may do, over HTTP: they need nothing but the address ``/mcp``."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.types import Receive, Scope, Send

from app.faults import fault
from app.problems import problem
from app.services import services

if TYPE_CHECKING:
    from mcp.server import MCPServer


class Assistants:
    """``/mcp``, as an ASGI application. The protocol's library is loaded when somebody first asks."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer what is posted; other requests would open a stream for news, of which there are none."""
        if scope["method"] != "POST":
            await problem(fault(405), {"Allow": "POST"})(scope, receive, send)
            return
        server = await run_in_threadpool(lambda: self._server)
        from app.assistants import respond

        await respond(server, scope, receive, send)

    @cached_property
    def _server(self) -> MCPServer:
        from app.assistants import assistant_server

        return assistant_server(services())
