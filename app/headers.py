"""What every answer says to a browser beside its content, whichever route or page it comes from."""

from __future__ import annotations

import base64
import hashlib
import re

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.places import fresh

# For what has no policy of its own: data, scripts, errors. Nothing of it may act as a page.
STRICT = "default-src 'none'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'"

_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Content-Security-Policy": STRICT,
}
_SECURE = "max-age=31536000"  # a year, and this name only: what stands beside the hub is not ours to decide
_STATIC = "/app/static/"
_INLINE = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", re.DOTALL)


def application_policy(page: str) -> str:
    """Return the policy of a page that Streamlit fills, whose own inline scripts are allowed by their hashes. Pure.

    It is looser than that of our pages, as Streamlit is made: it writes styles into the page, loads components' scripts from
    blobs, compiles WebAssembly, and shows other sites' players in frames. Scripts come from this hub alone all the same.
    """
    hashes = " ".join(f"'sha256-{_digest(script)}'" for script in _INLINE.findall(page))
    return (
        f"default-src 'self'; script-src 'self' blob: 'wasm-unsafe-eval' {hashes}; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; font-src 'self' data:; media-src 'self' blob:; connect-src 'self'; "
        "frame-src 'self' https:; worker-src 'self' blob:; object-src 'none'; base-uri 'self'; form-action 'self'; "
        "frame-ancestors 'self'"
    )


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


class Headers:
    """Adds the usual headers to all answers; one that an answer has already stays as it is."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, with the headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _ALWAYS.items():
                    headers.setdefault(name, value)
                if scope["path"].startswith(_STATIC) and message["status"] == 200:
                    headers.setdefault("Cache-Control", _kept(scope))
                if scope["scheme"] == "https":
                    headers.setdefault("Strict-Transport-Security", _SECURE)
            await send(message)

        await self._app(scope, receive, dressed)


def _kept(scope: Scope) -> str:
    """Say how long a file of ours may be kept: for ever where its address has the mark of what it holds."""
    name = scope["path"].removeprefix(_STATIC)
    marked = f"{name}?{scope['query_string'].decode('ascii', 'replace')}" == fresh(name)
    return "max-age=31536000, immutable" if marked else "no-cache"
