"""Home: what this is, a question, the latest and the themes."""

import streamlit as st

from app.services import services
from pages import parts
from pages.ask_box import ask_box
from pages.plan import ABOUT

_EXAMPLES = ("Ma banque dit non, que faire ?", "Qui crée la monnaie ?", "À quoi sert une part sociale ?")

st.html(f"<div class='hub-hero'><h1>Que voulez-vous comprendre&nbsp;?</h1><p class='hub-lead'>{ABOUT}</p></div>")
question = ask_box(
    "Votre question sur le financement",
    "Demander",
    key="question-accueil",
    placeholder="Comment marche un prêt participatif\u202f?",
)
if question:
    st.switch_page("question.py", query_params={"q": question})
parts.examples(_EXAMPLES)

published = services().library.published()
if published:
    st.html("<h2>Les dernières masterclass</h2>")
    parts.cards(published[:3])
    st.html("<p><a href='/masterclasses' target='_self'>Toutes les masterclass</a></p>")
else:
    parts.empty(
        "La bibliothèque est encore vide.", "La première masterclass publiée apparaîtra ici, avec sa transcription."
    )
st.html("<h2>Les thèmes</h2>")
parts.themes()
