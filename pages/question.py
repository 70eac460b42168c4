"""A question, and what was really said about it."""

import html

import streamlit as st

from app.services import services
from index.answer import frame
from pages import parts

st.title("Poser une question")
st.write("La réponse est faite de phrases prononcées en masterclass, chacune avec le lien pour l’écouter.")

with st.form("question", border=False):
    question = st.text_input(
        "Votre question", st.query_params.get("q", ""), placeholder="Comment marche un prêt participatif ?"
    )
    st.form_submit_button("Demander", type="primary", icon=":material/send:")

if not question.strip():
    st.write("Par exemple :")
    for example in (
        "Comment marche un prêt participatif ?",
        "Qui crée la monnaie ?",
        "Ma banque dit non, que faire ?",
        "How does a participatory loan work?",
    ):
        st.html(
            f"<a class='hub-example' href='/question?q={parts.quoted(example)}' target='_self'>{html.escape(example)}</a>"
        )
    st.stop()

st.query_params["q"] = question
with st.spinner("Recherche dans ce qui a été dit…"):
    answer = services().hub.ask(question)
st.write(frame(answer))
for citation in answer.citations:
    parts.quote(citation)
for found in answer.closest:
    parts.passage(found)
