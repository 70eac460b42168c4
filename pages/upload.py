"""The places where files are chosen or dropped: large ones go to `app.receiving`, with progress, pause, and a way on after
a cut; small ones come with the page's own messages. Streamlit's field for files speaks English."""

from __future__ import annotations

import base64
from functools import lru_cache
from pathlib import Path

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from app.receiving import ADDRESS
from ingest.documents import SUFFIXES
from ingest.sources.files import MEDIA, SUBTITLES

_HERE = Path(__file__).parent


@lru_cache(maxsize=2)
def _component(name: str) -> ComponentRenderer:
    return st.components.v2.component(
        f"hub_{name}",
        html=f"<div class='hub-{name}'></div>",
        css=(_HERE / "upload.css").read_text("utf-8"),
        js=(_HERE / f"{name}.js").read_text("utf-8"),
        isolate_styles=False,
    )


def upload() -> None:
    """Show it; the page is drawn again whenever a file has come whole."""
    _component("upload")(
        key="upload",
        data={"address": ADDRESS, "accept": ",".join(sorted(MEDIA | SUBTITLES | SUFFIXES))},
        on_done_change=lambda: None,
    )


def pick(label: str, accept: str, most: int) -> bytes | None:
    """Let a small file be chosen, of ``most`` bytes, and return what it holds; None as long as there is none."""
    chosen = _component("pick")(
        key=f"pick-{label}",
        data={"label": label, "accept": accept, "most": most},
        default={"file": None},
        on_file_change=lambda: None,
    )
    held = chosen.get("file")
    return None if held is None else base64.b64decode(held)
