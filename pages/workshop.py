"""What the pages of the workshop share: the way between them, and actions whose outcome is said."""

from __future__ import annotations

import datetime as dt
import html
from collections.abc import Callable
from typing import Literal

import streamlit as st

from app import adding
from app.people import Person, Role
from app.services import services
from ingest.sources.sent import shown_of
from ingest.wishes import Outcome
from pages import parts
from pages.guide import about
from pages.plan import PAGES
from pages.who import require
from transcripts.days import written_day
from transcripts.errors import BadInput, HubError, NotFound
from transcripts.model import Details
from transcripts.typography import spaced

# Pages about one masterclass: they are reached from it.
_ABOUT_ONE = {"atelier-publier", "atelier-relire"}


def begin(title: str) -> Person:
    """Begin a page of the workshop, and return who works there. Raises `Refused` for anybody but staff."""
    person = require(Role.STAFF)
    # The guide opens at what it says about this page.
    here = next((entry.path for entry in PAGES if entry.title == title), "")
    links = "".join(
        f"<li><a href='{about(here) if entry.path == 'atelier-aide' else f'/{entry.path}'}' target='_self'{' aria-current=page' if entry.title == title else ''}>{html.escape(entry.title)}</a></li>"
        for entry in PAGES
        if (entry.path == "atelier" or entry.path.startswith("atelier-"))
        and entry.path not in _ABOUT_ONE
        and entry.role <= person.role
    )
    st.html(f"<nav class='hub-work' aria-label='Atelier'><ul>{links}</ul></nav>")
    st.title(title)
    say()
    return person


def act(action: Callable[[Person], str]) -> None:
    """Do what a button asks, if whoever pressed it may; what came of it is said when the page is drawn again."""
    try:
        said: tuple[Literal["done", "failed"], str] = ("done", action(require(Role.STAFF)))
    except HubError as error:
        said = ("failed", str(error))
    st.session_state["said"] = said


def refused(error: HubError) -> None:
    """Say what could not be done, where it was tried."""
    st.session_state["said"] = ("failed", str(error))
    say()


def say() -> None:
    """Say once what the last action came to."""
    kind, words = st.session_state.pop("said", ("", ""))
    if words:
        look = "hub-trouble" if kind == "failed" else "hub-done"
        st.html(
            f"<div class='hub-state hub-said {look}' role='{'alert' if kind == 'failed' else 'status'}'><p>{html.escape(spaced(words))}</p></div>"
        )


def masterclass(slug: str, heading: str = "") -> Details | None:
    """Return the details of the masterclass that an address names; else say what to do instead, and return None.

    ``heading`` stands above it on a page that has none yet.
    """
    try:
        return services().library.details(slug)
    except NotFound:
        if heading:
            st.title(heading)
        parts.empty(
            "Cette masterclass n’existe pas, ou n’existe plus.",
            "Choisissez-en une dans l’atelier.",
            "/atelier",
            "Ouvrir l’atelier",
        )
        return None


def aside(text: str) -> None:
    """Say something beside the matter, dark enough to be read: Streamlit's captions are not."""
    st.html(f"<p class='hub-byline'>{html.escape(spaced(text))}</p>")


def plain(text: str) -> str:
    """Return a text as Streamlit's labels, which are Markdown, show it to the letter."""
    return "".join(f"\\{c}" if c in "\\`*_{}[]()#+-.!|<>~$:&" else c for c in text)


def day_field(label: str, present: dt.date | None) -> str:
    """Ask for a day, in words or figures: Streamlit's own field speaks English to those who listen."""
    return st.text_input(label, f"{present:%d/%m/%Y}" if present else "", max_chars=40, placeholder="jour/mois/année")


def day(text: str) -> dt.date | None:
    """Return the day that somebody wrote, None for nothing. Raises `BadInput`."""
    try:
        return written_day(text.strip()) if text.strip() else None
    except ValueError:
        raise BadInput(
            f"« {text[:40]} » n’est pas une date : rien n’a changé ; écrivez-la comme 12/05/2026 ou 12 mai 2026."
        ) from None


def dropped(number: str, by: Person) -> str:
    """Leave nothing of a file that was sent, and say so."""
    return f"« {adding.drop(services(), number, by)} » est abandonné ; il n’en reste rien."


def name_of(source: str, title: str | None) -> str:
    """Return what to call a job: the title it was given, else what its source is called."""
    return title or shown_of(source)


def fate(outcome: Outcome) -> str:
    """Return what became of one source, in words."""
    words = {
        "draft": "Brouillon prêt à relire",
        "published": "Publiée",
        "unchanged": "Déjà dans le hub",
        "failed": "Échec",
    }
    return words[outcome.status]
