"""The guide for those who keep the archive, one part at a time."""

import html

import streamlit as st

from pages import parts, workshop
from pages.guide import about, guide

workshop.begin("Aide")
chapters = guide()
part = chapters.get(st.query_params.get("partie", ""), next(iter(chapters.values())))
parts.title(part.title)
contents = "".join(
    f"<li><a href='{about(each.name)}' target='_self'{' aria-current=page' if each is part else ''}>{html.escape(each.title)}</a></li>"
    for each in chapters.values()
)
st.html(f"<nav class='hub-guide-contents' aria-label='Parties de l’aide'><ol>{contents}</ol></nav>")
st.html(f"<article class='hub-text hub-guide'>{part.body}</article>")
later = list(chapters)[list(chapters).index(part.name) + 1 :]
if later:
    following = chapters[later[0]]
    st.html(
        f"<p class='hub-text'><a href='{about(following.name)}' target='_self'>La suite\u00a0: {html.escape(following.title)}</a></p>"
    )
