"""The catalogue. Every choice stands in the address, so that a list can be sent."""

import streamlit as st

from app.services import services
from pages import parts
from pages.catalogue import ORDERS, Choice, choose

_AT_ONCE = 24

st.title("Les masterclass")
parts.in_preparation()

published = services().resources.published()
themes = services().settings.library.themes
if not published:
    parts.empty(*parts.NOTHING)
    st.stop()

fold = st.empty()
filters = st.container(key="choix")
theme = filters.pills(
    "Thème", list(themes), format_func=lambda t: themes[t], key="theme", on_change=parts.first_page, bind="query-params"
)
fields = filters.container(key="filtres").columns([4, 4, 3, 3, 4], vertical_alignment="bottom")
words = fields[0].text_input(
    "Mots du titre ou d’un nom",
    placeholder="coopérative",
    max_chars=100,
    key="mots",
    on_change=parts.first_page,
    bind="query-params",
)
speaker = fields[1].selectbox(
    "Personne",
    [None, *sorted({name for details in published for name in details.speakers})],
    format_func=lambda name: name or "Tout le monde",
    filter_mode=None,
    key="voix",
    on_change=parts.first_page,
    bind="query-params",
)
year = fields[2].selectbox(
    "Année",
    [None, *sorted({details.date.year for details in published}, reverse=True)],
    format_func=lambda year: str(year) if year else "Toutes",
    filter_mode=None,
    key="annee",
    on_change=parts.first_page,
    bind="query-params",
)
kind = fields[3].selectbox(
    "Type",
    [None, *parts.KINDS],
    format_func=lambda kind: parts.KINDS[kind] if kind else "Toutes",
    filter_mode=None,
    key="sorte",
    on_change=parts.first_page,
    bind="query-params",
)
order = fields[4].selectbox(
    "Trier par",
    list(ORDERS),
    format_func=lambda order: ORDERS[order],
    filter_mode=None,
    key="ordre",
    on_change=parts.first_page,
    bind="query-params",
)

chosen = sum(map(bool, (words, theme, speaker, year, kind)))
fold.html(f"<details class='hub-fold'><summary>Filtrer{f' ({chosen})' if chosen else ''}</summary></details>")

shown = choose(published, Choice(words, theme, speaker, year, order, kind), themes)
if not shown:
    parts.empty(
        "Rien ne répond à ces critères.",
        "Élargissez le choix, ou cherchez dans tout ce qui a été dit et écrit.",
        f"/recherche?q={parts.quoted(words)}" if words else "/masterclasses",
        f"Chercher « {words} » dans les textes" if words else "Tout voir",
    )
    st.stop()
st.html(f"<p class='hub-count' data-told>{parts.count(shown)}</p>")
pages = -(-len(shown) // _AT_ONCE)
page = st.pagination(pages, key="page", bind="query-params") if pages > 1 else 1
parts.cards(shown[(page - 1) * _AT_ONCE : page * _AT_ONCE])
