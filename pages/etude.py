"""One study: a page of it beside the original, its summary, its contents, all its text."""

import streamlit as st

from app.access import readable_study
from app.services import services
from pages import counting, parts
from pages.absent import absent
from pages.paper import asked_page, show
from pages.who import person
from transcripts.errors import NotFound

studies = services().studies
slug = st.query_params.get("e", "")
try:
    readable_study(slug, person())
except NotFound as error:
    absent("L’étude", slug, error, studies.published())

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
