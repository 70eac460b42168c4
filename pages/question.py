"""A question, and what was really said about it."""

import streamlit as st

from app.services import services
from index.answer import Answer, frame, lead_on
from pages import parts


def show(answer: Answer) -> None:
    """Show an answer with its quotes, or the passages that come closest."""
    st.write(frame(answer))
    if answer.written_by:
        parts.written(answer)
    else:
        for statement, citation in zip(answer.answer, answer.citations, strict=True):
            parts.quote(citation, answer.language, statement.text)
    for found in answer.closest:
        parts.passage(found, answer.language)
    if answer.followups:
        st.write(lead_on(answer))
        for question in answer.followups:
            parts.example(question)


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
        parts.example(example)
    st.stop()

st.query_params["q"] = question
# Streamlit shows it after half a second.
with st.spinner("Recherche dans ce qui a été dit…"):
    answer = services().hub.ask(question)
show(answer)
