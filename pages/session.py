"""The line that says who is signed in, as what, and lets them out; and the step from a provider's word to a session of ours."""

import html
import json

import streamlit as st

from app.people import FRENCH, Person
from pages.who import vouched

# Not twice in a row: a browser that refuses the cookie would be sent round and round.
_OPEN = """<script>
if (Date.now() - Number(sessionStorage.getItem("hub-vouched")) > 15000) {
  sessionStorage.setItem("hub-vouched", String(Date.now()));
  fetch("/entrer", { method: "POST", body: new URLSearchParams({ token: %s }) })
    .then(answer => { if (answer.ok) location.replace(answer.url); });
}
</script>"""


def line(person: Person) -> None:
    """Show who is signed in; open a session for whom a provider vouches and who has none."""
    if person.role:
        st.html(
            f"<form class='hub-session' method='post' action='/sortir'><span>{html.escape(person.email)} · {FRENCH[person.role]}</span>"
            "<button>Sortir</button></form>"
        )
    elif token := vouched():
        st.html(_OPEN % json.dumps(token), unsafe_allow_javascript=True)
