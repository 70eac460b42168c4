"""Transcripts to take away, below ``/m/``: made when asked for, never while a page is drawn."""

from __future__ import annotations

from functools import lru_cache
from typing import get_args

from starlette.requests import Request
from starlette.responses import Response

from app.handlers import document, named
from app.handout import handout
from app.reading import base
from app.services import services
from app.turns import Turns
from transcripts.errors import NotFound
from transcripts.formats import Form, export
from transcripts.model import Masterclass

_TYPES = {
    "vtt": "text/vtt; charset=utf-8",
    "srt": "application/x-subrip; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
    "json": "application/json",
    "pdf": "application/pdf",
}
_TURNS = Turns("handout", 1, 8, 10.0)


def take_away(request: Request) -> Response:
    """Answer ``/m/<slug>.<form>``: vtt, srt, txt, md, json, pdf. Raises `Busy`."""
    slug, form = named(request), str(request.path_params["form"])
    if form not in _TYPES:
        raise NotFound(slug)
    masterclass = services().library.read(slug)
    url = f"{base(request)}/masterclass?m={slug}"
    body = _in_turn(masterclass, url) if form == "pdf" else _text(masterclass, form)
    return document(request, body, _TYPES[form], {"Content-Disposition": f'inline; filename="{slug}.{form}"'})


def _text(masterclass: Masterclass, form: str) -> str:
    return next(export(masterclass, known) for known in get_args(Form) if known == form)


def _in_turn(masterclass: Masterclass, url: str) -> bytes:
    # A long talk takes seconds of this process; who waited for the same one finds it made.
    with _TURNS.turn():
        return _pdf(masterclass, url)


@lru_cache(maxsize=8)
def _pdf(masterclass: Masterclass, url: str) -> bytes:
    return handout(masterclass, url)
