"""A theme: what it is about, and its masterclasses and studies."""

import html

import streamlit as st

from app.services import services
from pages import parts
from pages.picture import HEIGHT, WIDTH, as_address, picture
from transcripts.themes import INTRODUCTIONS
from transcripts.typography import spaced

themes = services().settings.library.themes
wanted = st.query_params.get("nom", "")
if wanted not in themes:
    parts.title("Page introuvable")
    st.title("Ce thème n’existe pas")
    st.write("Il a peut-être changé de nom. Voici ceux de la bibliothèque\u00a0:")
    parts.themes()
    st.stop()

parts.title(themes[wanted])
st.html(
    f"<img class='hub-banner' src='{as_address(picture(wanted, wanted))}' alt='' width='{WIDTH}' height='{HEIGHT}'>"
    f"<p class='hub-theme theme-{html.escape(wanted)}'>Thème</p><h1>{html.escape(themes[wanted])}</h1>"
    f"<p class='hub-lead'>{html.escape(spaced(INTRODUCTIONS.get(wanted, '')))}</p>"
)
found = [details for details in services().resources.published() if details.theme == wanted]
if found:
    st.html(f"<p class='hub-count'>{parts.count(found)}</p>")
    parts.cards(found)
else:
    parts.empty("Aucune masterclass sur ce thème pour l’instant.", "La prochaine apparaîtra ici.")
st.html("<h2>Les autres thèmes</h2>")
parts.themes(but=wanted)
