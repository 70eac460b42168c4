"""The API's description over HTTP: for programs, and as a page to read."""

from __future__ import annotations

import json
from typing import Any

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from app.handlers import document
from app.openapi import openapi
from app.places import HubPlaces
from app.reading import HTML, base
from app.services import services
from app.templating import render


def description(request: Request) -> Response:
    """Answer ``/api/openapi.json``."""
    said = {**openapi(), "servers": [{"url": base(request)}]}
    return document(request, json.dumps(said, ensure_ascii=False), "application/json")


def page(request: Request) -> Response:
    """Answer ``/api``."""
    body = render(
        "api.html",
        places=HubPlaces(base(request)),
        document=openapi(),
        limits=services().settings.public,
        kind=kind,
    )
    return document(request, body, HTML)


def kind(schema: dict[str, Any]) -> Markup | str:
    """Return what a schema describes, in a few words; what is described elsewhere is a link. Pure."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        return Markup('<a href="#{0}">{0}</a>').format(name)
    if "anyOf" in schema:
        return Markup(" ou ").join(kind(one) for one in schema["anyOf"])
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    if schema.get("type") == "array":
        return Markup("liste de {}").format(kind(schema["items"])) if schema.get("items") else "liste"
    names = {"string": "texte", "integer": "entier", "number": "nombre", "boolean": "vrai ou faux", "null": "rien"}
    shown = names.get(schema.get("type", ""), "objet")
    bounds = [f"{schema[key]}" for key in ("minimum", "maximum") if key in schema]
    return (
        f"{shown} ({schema['format']})"
        if "format" in schema
        else shown + (f" de {' à '.join(bounds)}" if bounds else "")
    )
