"""The box to ask or to search in, which offers what fits while one types, without running the script."""

from __future__ import annotations

from dataclasses import asdict
from functools import lru_cache
from pathlib import Path

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from app.services import services
from app.suggestions import suggestions
from pages.plan import Box
from transcripts.errors import HubError

_HERE = Path(__file__).parent
CSS = (_HERE / "ask_box.css").read_text("utf-8")
_FRESH = 60  # seconds for which the suggestions are not gathered again


def ask_box(box: Box, *, key: str, value: str = "") -> str | None:
    """Show the box; return what was sent just now, None on every other run.

    ``value`` stands in the box at first, and again whenever it changes. A masterclass or study that is chosen opens at once.
    """
    # What is sent in this run is the value already: an older one would be written over it.
    value = st.session_state.get(key, {}).get("sent") or value
    sent = _box()(
        key=key,
        data={
            "label": box.label,
            "button": box.button,
            "placeholder": box.placeholder,
            "value": value,
            "suggestions": _offered(),
        },
        on_sent_change=lambda: None,
    ).sent
    return str(sent) if sent else None


@st.cache_data(ttl=_FRESH, show_spinner=False)
def _offered() -> list[dict[str, object]]:
    # The same for every visitor: published masterclasses and studies, and questions that others may see.
    try:
        questions = services().statistics.good_questions()
    except HubError:  # one can ask without them
        questions = ()
    terms = services().staff_glossary.explained()
    return [asdict(one) for one in suggestions(services().resources.published(), terms, questions)]


@lru_cache(maxsize=1)
def _box() -> ComponentRenderer:
    return st.components.v2.component(
        "hub_ask_box",
        html="<form class='ask' role='search'></form>",
        css=CSS,
        js=(_HERE / "ask_box.js").read_text("utf-8"),
    )
