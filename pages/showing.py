"""A masterclass as everybody sees it: on its page, and in the preview of those who are about to publish it."""

from __future__ import annotations

import streamlit as st

from pages import parts
from pages.event import given
from pages.player import player
from transcripts.model import Masterclass


def show(masterclass: Masterclass, at: float | None = None, notice: str = "", state: str = "") -> None:
    """Show title, player and transcript; see `player`."""
    details = masterclass.details
    st.html(parts.head(details) + given(details))
    if details.demonstration:
        st.info(
            "Masterclass de démonstration\u00a0: écrite pour montrer le hub, avec des personnes inventées et une voix de synthèse.",
            icon=":material/science:",
        )
    player(masterclass, at, notice, state)
