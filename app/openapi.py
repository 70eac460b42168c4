"""The API told to programs (OpenAPI 3.1) and to people, both made of the types in `app.api`. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from pydantic import TypeAdapter

from app.api import ENDPOINTS, Endpoint
from app.problems import Problem

_PROBLEM = "application/problem+json"
_REF = "#/components/schemas/{model}"
_ERRORS = {
    "400": "A parameter is missing or cannot be; the detail says which, in French.",
    "404": "No published masterclass or study has this identifier.",
    "410": "The masterclass or study was taken away.",
    "429": "Too many requests of this kind within a minute; Retry-After says for how many seconds to wait.",
    "503": "Something is missing just now; trying again may help.",
}


@lru_cache(maxsize=1)
def openapi() -> dict[str, Any]:
    """Return the OpenAPI document."""
    adapters = [(e.path, "serialization", TypeAdapter(e.reply)) for e in ENDPOINTS]
    problem = ("problem", "serialization", TypeAdapter(Problem))
    schemas, shared = TypeAdapter.json_schemas([*adapters, problem], ref_template=_REF)  # type: ignore[list-item]
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Masterclass, Opération Milliard",
            "version": _version(),
            "summary": "Search, answers and texts of the published masterclasses and studies. Times are seconds, places in studies pages.",
            "license": {"name": "GPL-3.0-or-later", "identifier": "GPL-3.0-or-later"},
        },
        "paths": {
            endpoint.path: {"get": _operation(endpoint, schemas[endpoint.path, "serialization"])}
            for endpoint in ENDPOINTS
        },
        "components": {"schemas": shared["$defs"]},
    }


def _operation(endpoint: Endpoint, reply: dict[str, Any]) -> dict[str, Any]:
    content: dict[str, Any] = {"application/json": {"schema": reply}}
    if endpoint.streams:
        content["text/event-stream"] = {
            "schema": {"type": "string", "description": re.sub(r"\s+", " ", endpoint.streams.__doc__ or "")}
        }
    possible = ("400", "503", *(["404", "410"] if "{" in endpoint.path else []), *(["429"] if endpoint.limit else []))
    errors = {
        status: {
            "description": _ERRORS[status],
            "content": {_PROBLEM: {"schema": {"$ref": _REF.format(model=Problem.__name__)}}},
        }
        for status in sorted(possible)
    }
    return {
        "operationId": endpoint.call.__name__,
        "summary": (endpoint.call.__doc__ or "").strip(),
        "parameters": list(_parameters(endpoint)),
        "responses": {"200": {"description": "what was asked for", "content": content}, **errors},
    }


def _parameters(endpoint: Endpoint) -> Iterator[dict[str, Any]]:
    schema = endpoint.asked.model_json_schema()
    for name, found in schema["properties"].items():
        said = {key: value for key, value in found.items() if key not in ("title", "description")}
        if "anyOf" in said:  # left out is not the same as null, which a query cannot say
            said |= next(one for one in said.pop("anyOf") if one != {"type": "null"})
            said.pop("default", None)
        yield {
            "name": name,
            "in": "path" if f"{{{name}}}" in endpoint.path else "query",
            "required": name in schema.get("required", ()),
            "description": found.get("description", ""),
            "schema": said,
        }


def _version() -> str:
    try:
        return version("masterclass-hub")
    except PackageNotFoundError:
        return "0"
