"""Pages that need no script: Jinja templates that escape everything. What is said in them is set as French is."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from transcripts.agenda import when
from transcripts.model import clock
from transcripts.typography import french_day, french_length, spaced, typeset


def render(template: str, **values: Any) -> str:
    """Return a template of ``app/templates`` filled with values."""
    return _environment().get_template(template).render(values)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).with_name("templates")),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters |= {
        "clock": clock,
        "day": french_day,
        "length_in_words": french_length,
        "spaced": spaced,
        "typeset": typeset,
        "when": when,
        "data": as_data,
    }
    return environment


def as_data(value: Any) -> Markup:
    """Return JSON that can stand in a ``<script>`` of data: nothing in it ends the element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029"))  # noqa: S704 - escaped here
