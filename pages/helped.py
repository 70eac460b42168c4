"""« Cette réponse vous aide-t-elle ? »: what is said is kept with the question and the moments, not with who said it."""

import streamlit as st

from index.answer import Answer
from pages import counting


@st.fragment
def ask(answer: Answer) -> None:
    """Ask whether an answer helps; the click runs nothing else of the page, whose question would be asked again."""
    with st.container(key="helped"):
        if st.session_state.get("judged") == answer.question:
            st.write("Merci\u00a0: votre avis sert à améliorer les réponses. Il est gardé sans rien qui vous désigne.")
            return
        asked = "Cette réponse vous aide-t-elle" if answer.answered else "Ces passages vous aident-ils quand même"
        st.write(f"**{asked}\u202f?**")
        with st.container(horizontal=True):
            st.button("Oui", icon=":material/thumb_up:", on_click=_judge, args=(answer, True))
            st.button("Non", icon=":material/thumb_down:", on_click=_judge, args=(answer, False))


def _judge(answer: Answer, helpful: bool) -> None:
    st.session_state["judged"] = answer.question
    moments = [citation.url for citation in answer.citations] or [found.url for found in answer.closest]
    counting.judged(answer.question, moments, helpful)
