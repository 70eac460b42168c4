"""The frame around every page: navigation, title, and the edge where errors become words."""

import streamlit as st

from pages import parts
from pages.plan import PAGES, STATIC, heading
from transcripts.errors import HubError

st.set_page_config(page_icon=str(STATIC / "favicon.svg"), layout="centered")
st.logo(str(STATIC / "logo.svg"), size="large")
page = st.navigation(
    [
        st.Page(
            entry.file,
            title=entry.title,
            icon=entry.icon,
            url_path=entry.path,
            default=not entry.path,
            visibility="visible" if entry.in_menu else "hidden",
        )
        for entry in PAGES
    ],
    position="top",
)
st.set_page_config(page_title=heading(page.title))
try:
    page.run()
except HubError as error:
    parts.trouble(error)
finally:  # a page may end early
    parts.foot()
