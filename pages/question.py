"""A question, and what was really said and written about it."""

import streamlit as st

from app.services import services
from index.answer import Answer, frame, lead_on
from pages import copying, counting, helped, parts
from pages.ask_box import ask_box


def show(answer: Answer) -> None:
    """Show an answer with its quotes, or the passages that come closest."""
    st.write(frame(answer))
    if answer.written_by:
        parts.written(answer)
    else:
        for statement, citation in zip(answer.answer, answer.citations, strict=True):
            parts.quote(citation, answer.language, statement.text)
    if answer.answered:
        copying.button(answer)
    for found in answer.closest:
        parts.passage(found, answer.language)
    if answer.followups:
        st.write(lead_on(answer))
        parts.examples(answer.followups, "Questions voisines")


st.title("Poser une question")
st.write(
    "La réponse est faite de phrases prononcées en masterclass ou écrites dans une étude, chacune avec le lien pour l’écouter ou la lire."
)

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
    parts.examples(
        (
            "Comment marche un prêt participatif ?",
            "Qui crée la monnaie ?",
            "Ma banque dit non, que faire ?",
            "How does a participatory loan work?",
        )
    )
    st.stop()

st.query_params["q"] = question
# Streamlit shows it after half a second.
with st.spinner("Recherche dans ce qui a été dit et écrit…"):
    answer = services().hub.ask(question)
show(answer)
counting.asked(answer.question, answer.answered)
helped.ask(answer)
