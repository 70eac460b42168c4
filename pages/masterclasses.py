"""The catalogue."""

import streamlit as st

from app.services import services
from pages import parts

st.title("Les masterclass")
st.write("Toutes les deux semaines, une heure pour comprendre le financement de la transition écologique juste.")
parts.in_preparation()

published = services().library.published()
themes = services().settings.library.themes
everyone = sorted({name for details in published for name in details.speakers})
years = sorted({details.date.year for details in published}, reverse=True)

if not published:
    st.info(
        "La bibliothèque est encore vide : la première masterclass publiée apparaîtra ici.",
        icon=":material/hourglass_empty:",
    )
    st.stop()

first, second, third = st.columns([3, 2, 1])
theme = first.selectbox(
    "Thème",
    [None, *themes],
    format_func=lambda t: themes[t] if t else "Tous les thèmes",
    bind="query-params",
    key="theme",
)
speaker = second.selectbox("Intervenant·e", [None, *everyone], format_func=lambda s: s or "Tout le monde", key="voix")
year = third.selectbox("Année", [None, *years], format_func=lambda y: str(y) if y else "Toutes", key="annee")

shown = [
    details
    for details in published
    if theme in (None, details.theme)
    and (speaker is None or speaker in details.speakers)
    and year in (None, details.date.year)
]
for details in shown:
    parts.card(details)
if not shown:
    st.info("Aucune masterclass ne répond à ces critères : élargissez le choix.", icon=":material/filter_alt_off:")
