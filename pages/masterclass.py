"""One masterclass: listen, read, jump to a moment, note, share."""

import streamlit as st

from app.access import readable
from app.services import services
from pages import counting, parts
from pages.moment import moment, nearest
from pages.showing import show
from pages.who import person
from transcripts.errors import Gone, NotFound

library = services().library
slug = st.query_params.get("m", "")
try:
    readable(slug, person())
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
details = masterclass.details
if details.status == "published":
    counting.read(slug)
else:
    st.warning(
        "Aperçu\u00a0: cette masterclass n’est pas publiée, et d’autres ne la voient pas.", icon=":material/visibility:"
    )
parts.title(details.title)
show(masterclass, *moment(st.query_params.get("t", ""), details.duration))
parts.listen_next(slug)
