"""How a masterclass to come is shown, on the agenda and at home."""

import datetime as dt
import html

import streamlit as st

from app.services import services
from transcripts.agenda import Event
from transcripts.errors import BadStaffFile
from transcripts.resources import About
from transcripts.typography import french_day, spaced

_DAYS = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"]


def when(event: Event) -> str:
    """Return the day and the hour in words: « jeudi 26 novembre 2026 à 18 h 30 »."""
    day = f"{_DAYS[event.day.weekday()]} {french_day(event.day)}"
    if not isinstance(event.start, dt.datetime):
        return day
    minute = f"\u00a0{event.start.minute:02}" if event.start.minute else ""
    return f"{day} à {event.start.hour}\u00a0h{minute}"


def given(details: About) -> str:
    """Return at which event a masterclass was given, or a study shown, as HTML; empty where neither is known."""
    try:
        event = services().calendar.named(details.event) if details.event else None
    except BadStaffFile:  # the agenda says so itself; what was said at an event can be heard all the same
        event = None
    if event is None:
        return ""
    return (
        f"<p class='hub-byline'>Présentée le {when(event)}\u00a0: <a href='/agenda' target='_self'>"
        f"{html.escape(spaced(event.title))}</a></p>{_where(event)}"
    )


def _where(event: Event) -> str:
    venue = next((venue for venue in services().calendar.venues().place if venue.id == event.place), None)
    if venue is None:
        return ""
    return f"<p class='hub-byline'>À <a href='/lieux' target='_self'>{html.escape(spaced(venue.name))}</a>, {html.escape(venue.city)}</p>"


def card(event: Event, *, link: str | None = None) -> None:
    """Show a masterclass to come; ``link`` is where a member takes part."""
    label = " <span class='hub-label'>Démonstration</span>" if event.demonstration else ""
    who = f"<p class='hub-byline'>Avec {html.escape(', '.join(event.speakers))}</p>" if event.speakers else ""
    about = f"<p>{html.escape(spaced(event.description))}</p>" if event.description else ""
    join = (
        f"<p><a href='{html.escape(link)}' rel='noopener noreferrer'>Participer</a></p>"
        if link
        else ""
        if event.place
        else "<p class='hub-byline'>Le lien pour participer est envoyé aux membres.</p>"
    )
    st.html(
        f"<article class='hub-event'><p class='hub-theme'>{when(event)}{label}</p>"
        f"<strong>{html.escape(spaced(event.title))}</strong>{who}{_where(event)}{about}{join}</article>"
    )
