"""Who looks at a page. Streamlit reads cookies once, when a page's connection opens; the session is looked up each time."""

from __future__ import annotations

import streamlit as st

from app.gate import COOKIE
from app.people import Person, Refused, Role
from app.services import services


def person() -> Person:
    """Return whose page this is."""
    return services().people.who(st.context.cookies.get(COOKIE))


def require(role: Role) -> Person:
    """Return whose page this is. Raises `Refused` below a role: every action asks, not only the menu."""
    found = person()
    if found.role < role:
        raise Refused
    return found
