"""What a page says when its address names a masterclass or a study that is not there."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages import parts
from pages.moment import nearest
from transcripts.errors import Gone, NotFound
from transcripts.resources import About

_LATEST = 3


def absent(what: str, slug: str, error: NotFound, published: Sequence[About]) -> None:
    """Say that ``what`` ("La masterclass") is not here, offer what the address may have meant, and end the page."""
    near = nearest(slug, published)
    parts.title("Page introuvable")
    st.title("Cette page n’existe pas")
    st.write(
        f"{what} demandée a été retirée."
        if isinstance(error, Gone)
        else f"{what} demandée n’est pas ici, ou n’y est plus."
    )
    if near or published:
        st.write("En voici dont le titre s’en approche\u00a0:" if near else "Voici les dernières\u00a0:")
        parts.cards(near or published[:_LATEST])
    else:
        st.html("<p><a href='/masterclasses' target='_self'>Tout le catalogue</a></p>")
    st.stop()
