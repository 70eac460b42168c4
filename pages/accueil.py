"""Home: what this is, a question, the latest and the themes."""

import streamlit as st

from app.services import services
from pages import parts
from pages.plan import ABOUT

st.title("Comprendre l’argent de la transition")
st.write(ABOUT)
with st.form("question", border=False):
    question = st.text_input("Votre question", placeholder="Comment marche un prêt participatif ?")
    asked = st.form_submit_button("Demander", type="primary")
if asked and question.strip():
    st.switch_page("question.py", query_params={"q": question})
for details in services().library.published()[:3]:
    parts.card(details)
