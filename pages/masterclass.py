"""One masterclass: listen, read, jump to a moment, note, share."""

import streamlit as st

from app.access import readable
from app.services import services
from pages import counting, parts
from pages.absent import absent
from pages.moment import moment
from pages.showing import show
from pages.who import person
from transcripts.errors import NotFound

library = services().library
slug = st.query_params.get("m", "")
try:
    readable(slug, person())
except NotFound as error:
    absent("La masterclass", slug, error, library.published())

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
