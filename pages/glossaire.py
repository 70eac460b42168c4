"""The words of the field: what they mean, where they are best explained, what belongs to them."""

import html

import streamlit as st

from pages import glossary_parts, parts, quotes
from transcripts.errors import HubError
from transcripts.typography import spaced

terms = glossary_parts.terms()
wanted = st.query_params.get("terme", "").strip()
term = glossary_parts.find(wanted)

if term is None:
    st.title("Le glossaire")
    st.write(f"{len(terms)} mots du financement et de la transition, expliqués, et entendus en masterclass.")
    if wanted:
        st.info("Ce mot n’est pas dans le glossaire\u00a0: voici ce qui s’en approche le plus.")
    glossary_parts.listing(wanted)
else:
    parts.title(term.term)
    also = " · ".join(
        html.escape(part)
        for part in (
            ", ".join(term.abbreviations),
            f"en anglais\u00a0: {', '.join(term.english)}" if term.english else "",
        )
        if part
    )
    st.html(
        "<p class='hub-back'><a href='/glossaire' target='_self'>Tout le glossaire</a></p>"
        f"<p class='hub-theme'>{html.escape(term.category)}</p><h1>{html.escape(term.term)}</h1>"
        f"<p class='hub-byline'>{also}</p><p class='hub-definition'>{html.escape(spaced(term.definition))}</p>"
    )

    # The map is at hand; the search may still be getting ready.
    explained = st.container()
    glossary_parts.neighbours(term)
    with explained:
        st.html("<h2>Où on l’explique le mieux</h2>")
        try:
            with st.spinner("Recherche dans ce qui a été dit…"):
                moments = glossary_parts.moments(term)
            for moment in moments:
                st.html(quotes.passage(moment))
            if not moments:
                st.write("Aucune masterclass ni étude publiée n’explique encore ce mot.")
        except HubError as error:  # the definition and the map are there all the same
            parts.trouble(error)
