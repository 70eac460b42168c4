"""A question, and what was really said and written about it."""

import streamlit as st

from app.services import services
from index.answer import lead_on
from pages import copying, counting, early, helped, parts, quotes, sought
from pages.ask_box import ask_box
from pages.parts import KINDS
from pages.plan import BOXES

_WITH = {"": "Tout"} | {str(kind): name for kind, name in KINDS.items()}

st.title("Poser une question")
st.write(BOXES["question"].about)
question = st.query_params.get("q", "")
question = ask_box(BOXES["question"], key="question", value=question) or question
chosen = st.segmented_control(
    "Répondre avec",
    list(_WITH),
    format_func=_WITH.__getitem__,
    default=sought.kind(st.query_params.get("sorte")) or "",
    required=True,
)
kind = sought.kind(chosen)

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
    if services().settings.access.reading == "public":
        st.html(
            "<p class='hub-text'>Votre assistant peut aussi chercher ici lui-même\u00a0: "
            "<a href='/partenaires' target='_self'>comment le connecter</a>.</p>"
        )
    st.stop()

kept = {"sorte": str(kind)} if kind else {}
st.query_params.from_dict({"q": question} | kept)
# Streamlit shows it after half a second.
with st.spinner(BOXES["question"].looking):
    answer = early.ask(question, kind)
for block in quotes.of(answer):
    st.html(block)
if answer.answered:
    copying.button(answer)
if answer.followups:
    st.write(lead_on(answer))
    parts.examples(answer.followups, "Questions voisines", **kept)
counting.asked(answer.question, answer.answered)
if answer.answered or answer.closest:
    helped.ask(answer)
