"""Home: what this is, a question, the latest, the next and the themes."""

from contextlib import suppress
from dataclasses import replace

import streamlit as st

from app.movement import figures
from app.services import services
from pages import event, parts
from pages.ask_box import ask_box
from pages.charts import thousands
from pages.plan import ABOUT, BOXES, GREETING
from transcripts.errors import HubError

_EXAMPLES = ("Ma banque dit non, que faire ?", "Qui crée la monnaie ?", "À quoi sert une part sociale ?")

st.html(f"<div class='hub-hero'><h1>{GREETING}</h1><p class='hub-lead'>{ABOUT}</p></div>")
box = replace(BOXES["question"], label="Votre question sur le financement")
if question := ask_box(box, key="question-accueil"):
    st.switch_page("question.py", query_params={"q": question})
parts.examples(_EXAMPLES)

published = services().library.published()
if published:
    st.html("<h2>Les dernières masterclass</h2>")
    parts.cards(published[:3])
    st.html("<p><a href='/masterclasses' target='_self'>Toutes les masterclass</a></p>")
else:
    parts.empty(*parts.NOTHING)
if studies := services().studies.published():
    st.html("<h2>Les dernières études</h2>")
    parts.cards(studies[:3])
    st.html("<p><a href='/masterclasses?sorte=%C3%89tudes' target='_self'>Toutes les études</a></p>")
with suppress(HubError):  # the agenda's own page says what is wrong with it
    if coming := services().calendar.coming():
        st.html("<h2>La prochaine</h2>")
        event.cards(coming[:1])
        st.html("<p><a href='/agenda' target='_self'>Tout l’agenda</a></p>")
st.html("<h2>Les thèmes</h2>")
parts.themes()

numbers, invented = figures(services())
label = " <span class='hub-label'>Démonstration comprise</span>" if invented else ""
rows = "".join(
    f"<div><dt><a href='{each.address}' target='_self'>{each.what}</a></dt><dd>{thousands(each.number)}</dd></div>"
    for each in numbers
)
st.html(f"<h2>Le mouvement en chiffres{label}</h2><dl class='hub-figures'>{rows}</dl>")
