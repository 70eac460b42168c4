"""One study: a page of it beside the original, its summary, its contents, all its text."""

import streamlit as st

from app.access import readable_study
from app.services import services
from pages import counting, parts
from pages.moment import nearest
from pages.paper import asked_page, show
from pages.who import person
from transcripts.errors import Gone, NotFound

studies = services().studies
slug = st.query_params.get("e", "")
try:
    readable_study(slug, person())
except NotFound as error:
    published = studies.published()
    near = nearest(slug, published)
    parts.title("Page introuvable")
    st.title("Cette page n’existe pas")
    st.write(
        "L’étude demandée a été retirée."
        if isinstance(error, Gone)
        else "L’étude demandée n’est pas ici, ou n’y est plus."
    )
    if near or published:
        st.write("En voici dont le titre s’en approche\u00a0:" if near else "Voici les dernières\u00a0:")
        parts.cards(near or published[:3])
    else:
        st.html("<p><a href='/masterclasses' target='_self'>Tout le catalogue</a></p>")
    st.stop()

study = studies.read(slug)
if study.details.status == "published":
    counting.read(slug)
else:
    st.warning(
        "Aperçu\u00a0: cette étude n’est pas publiée, et d’autres ne la voient pas.", icon=":material/visibility:"
    )
parts.title(study.details.title)
show(study, *asked_page(st.query_params.get("p", ""), st.query_params.get("s", ""), study))
parts.listen_next(slug)
