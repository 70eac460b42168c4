"""A download goes on where it stopped only while the site has the same file. Runs in the process of `ingest.sources.fetch` only."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yt_dlp.networking import Request, Response
from yt_dlp.networking.exceptions import HTTPError


@dataclass(frozen=True, slots=True)
class Part:
    """The file at ``url`` that is being fetched; ``marks`` is kept beside what has come of it, and tells it from another."""

    url: str
    marks: Path

    def asked(self, request: Any) -> bool:
        """Say whether a request is for this file; yt-dlp puts its address into ASCII."""
        return isinstance(request, Request) and request.url == Request(self.url).url

    def open(self, request: Request, ask: Callable[[Request], Response]) -> Response:
        """Ask for the file, or for the rest of it: for the whole where it is not the same any more."""
        began = request.headers.get("Range", "bytes=0-").startswith("bytes=0-")
        try:
            response = ask(request)
            other = not began and self._differ(response)
        except HTTPError as error:
            other = error.status == 416 and self._differ(error.response)  # shorter than what has come
            if not other:
                raise
        else:
            if other:
                response.close()
        if other:
            request = request.copy()
            del request.headers["Range"]
            response = ask(request)
        self.marks.write_text(json.dumps(_marks(response)), "utf-8")
        return response

    def _differ(self, response: Response) -> bool:
        """Say whether a response is of another file than that of which a part has come."""
        try:
            before = json.loads(self.marks.read_text("utf-8"))
        except (OSError, ValueError):  # of a part that an earlier version has begun
            return False
        return any(before.get(name) not in (None, mark) for name, mark in _marks(response).items() if mark)


def _marks(response: Response) -> dict[str, Any]:
    headers = response.headers
    _, ranged, size = headers.get("Content-Range", "").rpartition("/")
    size = size if ranged else headers.get("Content-Length") if response.status == 200 else None
    return {
        "etag": headers.get("ETag"),
        "modified": headers.get("Last-Modified"),
        "size": None if size == "*" else size,
    }
