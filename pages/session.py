"""The line that says who is signed in, as what, and lets them out; and the step from a provider's word to a session of ours."""

import html

import streamlit as st

from app.people import FRENCH, Person
from pages.who import vouched


def line(person: Person) -> None:
    """Show who is signed in; open a session for whom a provider vouches and who has none."""
    if person.role:
        st.html(
            f"<form class='hub-session' method='post' action='/sortir'><span>{html.escape(person.email)} · {FRENCH[person.role]}</span>"
            "<button>Sortir</button></form>"
        )
    elif token := vouched():
        st.html(f"<span class='hub-vouched' data-token='{token}' hidden></span>")  # hub.js takes it from here
