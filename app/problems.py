"""Errors over HTTP, in the shape of RFC 9457."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from starlette.responses import JSONResponse, Response
from typing_extensions import TypedDict  # pydantic reads this one before Python 3.12


class Problem(TypedDict):
    """An error in the shape of RFC 9457; ``detail`` is a French sentence."""

    type: str
    title: str
    status: int
    detail: str


def of_status(status: int, detail: str) -> Problem:
    """Return an error as others are told of it, under the name that its status has."""
    return {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}


def problem(said: Problem, headers: Mapping[str, str] | None = None) -> Response:
    """Answer with an error."""
    headers = {"Cache-Control": "no-store", **(headers or {})}
    return JSONResponse(said, said["status"], headers, media_type="application/problem+json")
