"""Home: what this is, a question, the latest and the themes."""

import streamlit as st

from app.movement import figures
from app.services import services
from pages import parts
from pages.charts import thousands
from pages.plan import ABOUT

_EXAMPLES = ("Ma banque dit non, que faire ?", "Qui crée la monnaie ?", "À quoi sert une part sociale ?")

st.html(f"<div class='hub-hero'><h1>Que voulez-vous comprendre&nbsp;?</h1><p class='hub-lead'>{ABOUT}</p></div>")
with st.form("question", border=False):
    row = st.columns([5, 1], vertical_alignment="bottom")
    question = row[0].text_input(
        "Votre question sur le financement", placeholder="Comment marche un prêt participatif ?"
    )
    asked = row[1].form_submit_button("Demander", type="primary", width="stretch")
if asked and question.strip():
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

numbers, invented = figures(services())
label = " <span class='hub-label'>Démonstration comprise</span>" if invented else ""
rows = "".join(
    f"<div><dt><a href='{each.address}' target='_self'>{each.what}</a></dt><dd>{thousands(each.number)}</dd></div>"
    for each in numbers
)
st.html(f"<h2>Le mouvement en chiffres{label}</h2><dl class='hub-figures'>{rows}</dl>")
