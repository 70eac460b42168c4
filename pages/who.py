"""Who looks at a page. Streamlit reads cookies once, when a page's connection opens; the session is looked up each time."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from app.access import COOKIE, sign_in
from app.people import Person, Refused, Role
from app.services import services
from pages.plan import OPEN, Entry


def person() -> Person:
    """Return whose page this is."""
    return services().people.who(st.context.cookies.get(COOKIE))


def sees(entry: Entry, visitor: Person) -> bool:
    """Say whether a page is there for somebody: by its role, and where reading is for members by theirs."""
    closed = services().settings.access.reading == "member" and entry.path not in OPEN
    return visitor.role >= max(entry.role, Role.MEMBER if closed else Role.PUBLIC)


def require(role: Role) -> Person:
    """Return whose page this is. Raises `Refused` below a role: every action asks, not only the menu."""
    found = person()
    if found.role < role:
        raise Refused
    return found


def still(role: Role) -> None:
    """Draw the whole page anew where it is no longer for whoever looks: a part that draws itself in time runs without the rest."""
    if person().role < role:
        st.rerun()


def asked(role: Role, make: Callable[[], bytes]) -> Callable[[], bytes]:
    """Return what makes a file, asking again whose page this is. Raises `Refused` then, below a role.

    Streamlit makes a file when it is asked for, without running the page: the session is held from now, and looked up then.
    """
    cookie = st.context.cookies.get(COOKIE)

    def made() -> bytes:
        if services().people.who(cookie).role < role:
            raise Refused
        return make()

    return made


def provider() -> bool:
    """Say whether this hub lets people in by OpenID Connect."""
    return bool(sign_in(services().settings))


def vouched() -> str | None:
    """Return a token of entrance for whom a provider has just let in, None for others.

    Only an address that the provider has verified counts: an unverified one is whatever its owner typed.
    """
    if not provider() or not st.user.is_logged_in or st.user.get("email_verified") is not True:
        return None
    return services().people.admit(str(st.user.get("email", "")))
