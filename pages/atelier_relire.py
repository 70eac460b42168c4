"""Listening and correcting: the editor of one masterclass, for staff."""

import html

import streamlit as st

from app.people import Role
from pages import parts, workshop
from pages.guide import about
from pages.relire_parts import editor
from pages.who import require
from transcripts.typography import typeset

require(Role.STAFF)
details = workshop.masterclass(st.query_params.get("m", ""), "Relire")
if details is None:
    st.stop()
parts.title(f"Relire\u00a0: {details.title}")
seen = (
    f" · <a href='/masterclass?m={details.slug}' target='_blank'>la page publique</a>"
    if details.status == "published"
    else " · brouillon"
)
st.html(
    f"<header class='mc-head'><p class='hub-back'><a href='/atelier' target='_self'>Atelier</a>{seen} · <a href='/atelier-publier?m={details.slug}' target='_self'>vérifier et publier</a> · <a href='{about('atelier-relire')}' target='_blank'>aide</a></p><h1>{html.escape(typeset(details.title))}</h1></header>"
)
editor(details, st.query_params.get("chercher", "")[:200], st.query_params.get("par", "")[:200])
