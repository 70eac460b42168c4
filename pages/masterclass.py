"""One masterclass: listen, read, jump to a moment."""

import contextlib
import html
import math
import re

import streamlit as st

from app.services import services
from pages import counting, parts
from pages.catalogue import nearest_titles
from transcripts.errors import NotFound
from transcripts.formats import Form, export

library = services().library
slug = st.query_params.get("m", "")
try:
    if library.details(slug).status != "published":
        raise NotFound(slug)
except NotFound:
    st.title("Cette page n’existe pas")
    st.write("La masterclass demandée n’est pas ici, ou plus. Peut-être cherchiez-vous :")
    parts.cards(nearest_titles(slug, library.published()))
    st.stop()

masterclass = library.read(slug)
counting.read(slug)
details = masterclass.details
parts.title(details.title)
second = None
with contextlib.suppress(ValueError):
    wanted = float(st.query_params.get("t", "nan"))
    second = min(max(0.0, wanted), details.duration) if math.isfinite(wanted) else None

st.html(f"{parts.theme_label(details)}<h1>{html.escape(details.title)}</h1>{parts.byline(details)}")
if details.demonstration:
    st.info(
        "Masterclass de démonstration : écrite pour montrer le hub, avec des personnes inventées et une voix de synthèse.",
        icon=":material/science:",
    )

summary = masterclass.summary
if summary.text:
    reviewed = (
        f"Relu par {summary.reviewed_by}, le {parts.day(summary.reviewed_on)}"
        if summary.reviewed_by and summary.reviewed_on
        else f"Résumé écrit par le modèle {summary.written_by}, comparé phrase par phrase à la transcription, non relu"
        if summary.written_by
        else "Résumé automatique, non relu"
    )
    with st.expander("Résumé", expanded=second is None, icon=":material/summarize:"):
        st.html(parts.prose(summary.text, slug) + f"<p class='hub-byline'>{html.escape(reviewed)}</p>")

parts.player(masterclass, second)

with st.expander("Emporter la transcription", icon=":material/download:"):
    names: dict[Form, str] = {
        "txt": "Texte",
        "md": "Markdown",
        "vtt": "Sous-titres WebVTT",
        "srt": "Sous-titres SubRip",
    }
    for form, name in names.items():
        st.download_button(
            name,
            export(masterclass, form),
            f"{re.sub(r'[^a-z0-9-]', '', slug)}.{form}",
            key=form,
            on_click="ignore",
        )

parts.listen_next(slug)
