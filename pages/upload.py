"""The place from which files go to `app.receiving`: chosen or dropped, with progress, pause, and a way on after a cut."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from app.receiving import ADDRESS
from ingest.sources.files import MEDIA, SUBTITLES

_HERE = Path(__file__).parent


@lru_cache(maxsize=1)
def _component() -> ComponentRenderer:
    return st.components.v2.component(
        "hub_upload",
        html="<div class='hub-upload'></div>",
        css=(_HERE / "upload.css").read_text("utf-8"),
        js=(_HERE / "upload.js").read_text("utf-8"),
        isolate_styles=False,
    )


def upload() -> None:
    """Show it; the page is drawn again whenever a file has come whole."""
    _component()(
        key="upload",
        data={"address": ADDRESS, "accept": ",".join(sorted(MEDIA | SUBTITLES))},
        on_done_change=lambda: None,
    )
