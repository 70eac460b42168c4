"""Passages, by words and by meaning."""

import streamlit as st

from app.services import services
from index.search import Filters
from pages import parts
from pages.ask_box import ask_box

st.title("Rechercher")
themes = services().settings.library.themes

query = st.query_params.get("q", "")
query = ask_box("Mots ou idée", "Rechercher", key="recherche", value=query, placeholder="fonds de garantie") or query
theme = st.selectbox("Thème", [None, *themes], format_func=lambda t: themes[t] if t else "Tous les thèmes")

if not query.strip():
    st.stop()
st.query_params["q"] = query
with st.spinner("Recherche…"):
    reply = services().hub.search(query, 10, Filters(theme=theme))
if not reply.results:
    st.info("Aucun passage trouvé : essayez d’autres mots, ou un thème plus large.", icon=":material/search_off:")
for found in reply.results:
    parts.passage(found)
