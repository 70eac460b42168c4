"""A question, and what was really said and written about it."""

import streamlit as st

from index.answer import lead_on
from pages import copying, counting, early, helped, parts, quotes
from pages.ask_box import ask_box
from pages.plan import BOXES

st.title("Poser une question")
st.write(BOXES["question"].about)
question = st.query_params.get("q", "")
question = ask_box(BOXES["question"], key="question", value=question) or question

if not question.strip():
    st.write("Par exemple\u00a0:")
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
with st.spinner(BOXES["question"].looking):
    answer = early.ask(question)
for block in quotes.of(answer):
    st.html(block)
if answer.answered:
    copying.button(answer)
if answer.followups:
    st.write(lead_on(answer))
    parts.examples(answer.followups, "Questions voisines")
counting.asked(answer.question, answer.answered)
if answer.answered or answer.closest:
    helped.ask(answer)
