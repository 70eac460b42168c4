"""A question, and what was really said about it."""

import html

import streamlit as st

from app.services import services
from index.answer import frame
from pages import counting, helped, parts
from pages.ask_box import ask_box

st.title("Poser une question")
st.write("La réponse est faite de phrases prononcées en masterclass, chacune avec le lien pour l’écouter.")

question = st.query_params.get("q", "")
question = (
    ask_box(
        "Votre question",
        "Demander",
        key="question",
        value=question,
        placeholder="Comment marche un prêt participatif\u202f?",
    )
    or question
)

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
counting.asked(answer.question, answer.answered)
helped.ask(answer)
