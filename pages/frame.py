"""The frame around every page: navigation, title, and the edge where errors become words."""

import streamlit as st

from pages import parts, session
from pages.plan import ENTRANCE, PAGES, STATIC, heading
from pages.who import person, sees

st.set_page_config(page_icon=str(STATIC / "favicon.svg"), layout="centered")
st.logo(str(STATIC / "logo.svg"), size="large")
# To others, a page that is not theirs does not exist; each page asks again for itself.
visitor = person()
shown = [
    st.Page(
        entry.file,
        title=entry.title,
        icon=entry.icon,
        url_path=entry.path,
        default=not entry.path,
        visibility="visible" if entry.in_menu else "hidden",
    )
    for entry in PAGES
    if sees(entry, visitor)
]
if not any(each.url_path == "" for each in shown):  # for members only: others begin at the entrance
    shown.insert(0, st.Page(ENTRANCE, title="Accès des membres", url_path="entree", default=True, visibility="hidden"))
page = st.navigation(shown, position="top")
st.set_page_config(page_title=heading(page.title))
# A page may end early, and nothing can be drawn after that: the end of the page has its place first.
body = st.container()
parts.foot()
with body:
    session.line(visitor)
    with parts.edge(page.title):
        page.run()
