"""Passages, by words and by meaning."""

import streamlit as st

from app.services import services
from index.search import Filters
from pages import parts

st.title("Rechercher")
themes = services().settings.library.themes

with st.form("recherche", border=False):
    query = st.text_input("Mots ou idée", st.query_params.get("q", ""), placeholder="fonds de garantie")
    theme = st.selectbox("Thème", [None, *themes], format_func=lambda t: themes[t] if t else "Tous les thèmes")
    st.form_submit_button("Rechercher", type="primary", icon=":material/search:")

if not query.strip():
    st.stop()
st.query_params["q"] = query
with st.spinner("Recherche…"):
    reply = services().hub.search(query, 10, Filters(theme=theme))
if not reply.results:
    st.info("Aucun passage trouvé : essayez d’autres mots, ou un thème plus large.", icon=":material/search_off:")
for found in reply.results:
    parts.passage(found)
