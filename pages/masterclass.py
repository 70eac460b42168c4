"""One masterclass: listen, read, jump to a moment, note, share."""

import html

import streamlit as st

from app.services import services
from pages import counting, parts
from pages.moment import moment, nearest
from pages.player import player
from transcripts.errors import Gone, NotFound
from transcripts.typography import typeset

library = services().library
slug = st.query_params.get("m", "")
try:
    if library.details(slug).status != "published":
        raise NotFound(slug)
except NotFound as error:
    published = library.published()
    near = nearest(slug, published)
    parts.title("Page introuvable")
    st.title("Cette page n’existe pas")
    st.write(
        (
            "La masterclass demandée a été retirée. "
            if isinstance(error, Gone)
            else "La masterclass demandée n’est pas ici, ou n’y est plus. "
        )
        + ("Voici celles dont le titre s’en approche\u00a0:" if near else "Voici les dernières\u00a0:")
    )
    parts.cards(near or published[:3])
    st.stop()

masterclass = library.read(slug)
counting.read(slug)
details = masterclass.details
parts.title(details.title)
st.html(
    f"<header class='mc-head'>{parts.theme_label(details)}<h1>{html.escape(typeset(details.title))}</h1>{parts.byline(details)}</header>"
)
if details.demonstration:
    st.info(
        "Masterclass de démonstration\u00a0: écrite pour montrer le hub, avec des personnes inventées et une voix de synthèse.",
        icon=":material/science:",
    )
player(masterclass, *moment(st.query_params.get("t", ""), details.duration))
parts.listen_next(slug)
