"""The editor of a masterclass, as the component takes it."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from app.services import services
from transcripts.model import Details
from transcripts.typography import typeset

_HERE = Path(__file__).parent
_STYLES = ("player.css", "relire.css")
_SCRIPTS = ("dom.js", "relire_store.js", "relire_sound.js", "relire_panels.js", "relire.js")


@lru_cache(maxsize=1)
def _component() -> ComponentRenderer:
    # In the page's own tree and not in a shadow: the selection is read there, and doubts are painted.
    return st.components.v2.component(
        "hub_relire",
        html="<div class='re mc'></div>",
        css="".join((_HERE / name).read_text("utf-8") for name in _STYLES),
        js="".join((_HERE / name).read_text("utf-8") for name in _SCRIPTS),
        isolate_styles=False,
    )


def editor(details: Details, search: str, by: str) -> None:
    """Show the editor; it fetches and saves the text by itself. ``search`` is looked for at once, to be replaced ``by``."""
    slug = details.slug
    address = f"/atelier/revision/{slug}"
    kept = services().library.recording(slug) is not None
    _component()(
        key=f"relire-{slug}",
        data={
            "slug": slug,
            "title": typeset(details.title),
            "address": address,
            "media": f"{address}/son" if kept else None,
            "video": bool(details.recording and details.recording.video),
            "duration": max(details.duration, 1.0),
            "language": details.language,
            "search": search,
            "by": by,
        },
    )
