"""A moment to put into another site: the recording from one second to another, and nothing else."""

from __future__ import annotations

import base64
import hashlib
import math

from jinja2 import Environment
from starlette.requests import Request
from starlette.responses import Response

from app.handlers import document, named
from app.places import fresh
from app.reading import HTML
from app.services import services
from transcripts.errors import NotFound
from transcripts.typography import typeset

_STYLE = (
    f'@font-face{{font-family:Literata;src:url(/app/static/{fresh("fonts/literata-latin.woff2")}) format("woff2");font-display:swap}}'
    f'@font-face{{font-family:Literata;src:url(/app/static/{fresh("fonts/narrow-space.woff")}) format("woff");unicode-range:U+202F}}'
    "body{background:#fff;color:#1c2a30;color-scheme:light dark;font:16px/1.45 Literata,Georgia,serif;margin:0;padding:12px}"
    "audio,video{display:block;margin:0 0 8px;max-height:calc(100vh - 80px);width:100%}p{margin:0}a{color:#0c5c52}"
    "@media(prefers-color-scheme:dark){body{background:#12191d;color:#e8ede9}a{color:#7fd1bf}}"
)
# No script, no frame, no request but for the sound, its subtitles and the typeface: nothing here can follow a reader.
_POLICY = (
    "default-src 'none'; media-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *; "
    f"style-src 'sha256-{base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()}'"
)
EMBED_HEADERS = {"Content-Security-Policy": _POLICY, "Referrer-Policy": "no-referrer"}
_PAGE = Environment(autoescape=True).from_string(
    """<!DOCTYPE html>
<html lang="fr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><title>{{ title }}</title><style>{{ style | safe }}</style></head><body><main>
<{{ tag }} controls preload="metadata" src="/media/{{ slug }}{{ range }}" aria-label="{{ title }}">
{%- if tag == "video" %}<track kind="subtitles" srclang="{{ language }}" label="Sous-titres" src="/m/{{ slug }}.vtt">{% endif -%}
</{{ tag }}>
<p><a href="/masterclass?m={{ slug }}{{ moment }}" target="_blank" rel="noopener">{{ title }}</a>
{%- if speakers %}, {{ speakers }}{% endif %}. Opération Milliard.</p></main></body></html>"""
)


def embed(request: Request) -> Response:
    """Answer ``/embed/<slug>?start=&end=`` (seconds); what is no second of the recording is left out."""
    slug = named(request)
    library = services().library
    details = library.details(slug)
    if not library.recording(slug) or not details.recording:
        raise NotFound(slug, "recording")
    start = _second(request.query_params.get("start"), details.duration)
    end = _second(request.query_params.get("end"), details.duration)
    if end is not None and end <= (start or 0):
        end = None
    # Media fragments (W3C, 2012): the browser itself begins and stops.
    fragment = f"#t={start or 0:g}" + (f",{end:g}" if end is not None else "")
    page = _PAGE.render(
        slug=slug,
        title=typeset(details.title),
        language=details.language or "fr",
        speakers=", ".join(details.speakers),
        style=_STYLE,
        tag="video" if details.recording.video else "audio",
        range=fragment if start is not None or end is not None else "",
        moment=f"&t={start:g}" if start is not None else "",
    )
    return document(request, page, HTML)


def _second(asked: str | None, duration: float) -> float | None:
    try:
        second = float(asked or "nan")
    except ValueError:
        return None
    return second if math.isfinite(second) and 0 <= second <= duration else None
