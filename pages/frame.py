"""The frame around every page: navigation, look, and the edge where errors become words."""

import streamlit as st

from pages import parts
from transcripts.errors import HubError

st.set_page_config(page_title="Masterclass — Opération Milliard", page_icon="🌱", layout="centered")

PAGES = [
    st.Page(
        "masterclasses.py",
        title="Masterclass",
        icon=":material/video_library:",
        url_path="masterclasses",
        default=True,
    ),
    st.Page("question.py", title="Poser une question", icon=":material/contact_support:", url_path="question"),
    st.Page("recherche.py", title="Rechercher", icon=":material/search:", url_path="recherche"),
    st.Page(
        "masterclass.py",
        title="Écouter et lire",
        icon=":material/headphones:",
        url_path="masterclass",
        visibility="hidden",
    ),
]

page = st.navigation(PAGES, position="top")
parts.look()
try:
    page.run()
except HubError as error:
    st.error(str(error), icon=":material/info:")
parts.foot()
