"""The members' way in: by the association's own accounts, or by the link that was sent."""

import streamlit as st

from app.people import FRENCH
from app.services import services
from pages.who import person, provider

st.title("Accès des membres")
here = person()
if here.role:
    st.success(f"Vous êtes là comme «\u00a0{FRENCH[here.role]}\u00a0»\u00a0: {here.email}.")
    st.stop()
closed = services().settings.access.reading == "member"
st.write(
    "Ce hub est réservé aux membres de l’association."
    if closed
    else "Tout ce qui est publié se lit, s’écoute et s’interroge sans compte. Les membres voient en plus les liens pour participer, "
    "et l’équipe s’occupe de la bibliothèque."
)
if provider():
    if st.user.is_logged_in:
        st.warning(
            "Votre compte est connu, mais l’association ne lui a donné aucun accès\u00a0: demandez-en un à l’administration du hub."
        )
        st.button("Changer de compte", on_click=st.logout)
    else:
        st.button("Entrer avec mon compte", type="primary", on_click=st.login)
st.html(
    "<p class='hub-text'>Vous avez reçu un lien\u202f? Ouvrez-le, ou <a href='/entrer' target='_self'>donnez son code</a>.</p>"
)
