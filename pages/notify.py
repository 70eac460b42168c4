"""A word from the browser when a job is over, for those who asked for it with a button."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

_HERE = Path(__file__).parent


@lru_cache(maxsize=1)
def _component() -> ComponentRenderer:
    return st.components.v2.component(
        "hub_notify",
        html="<div class='hub-notify'></div>",
        js=(_HERE / "notify.js").read_text("utf-8"),
        isolate_styles=False,
    )


def notify(over: dict[str, str]) -> None:
    """Offer to be told; ``over`` are the tries that are over, name to what is said of it. Those of the first call are old."""
    _component()(key="notify", data=over)
