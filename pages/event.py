"""How a masterclass to come is shown, on the agenda and at home."""

import html
from collections.abc import Iterable

import streamlit as st

from app.services import services
from transcripts.agenda import Event, join_link, when
from transcripts.errors import BadStaffFile
from transcripts.resources import About
from transcripts.typography import spaced
from transcripts.venues import Venue


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
        f"{html.escape(spaced(event.title))}</a></p>{_where(_venues().get(event.place or ''))}"
    )


def _venues() -> dict[str, Venue]:
    try:
        return {venue.id: venue for venue in services().calendar.venues().place}
    except BadStaffFile:  # the page of the places says so itself
        return {}


def _where(venue: Venue | None) -> str:
    if venue is None:
        return ""
    return (
        f"<p class='hub-byline'>À <a href='/lieux#lieu-{venue.id}' target='_self'>{html.escape(spaced(venue.name))}</a>, "
        f"{html.escape(venue.city)}</p>"
    )


def cards(shown: Iterable[Event], *, member: bool = False) -> None:
    """Show events to come; a member is told where to take part."""
    venues = _venues()
    for event in shown:
        st.html(_card(event, venues.get(event.place or ""), join_link(event, member=member)))


def _card(event: Event, venue: Venue | None, link: str | None) -> str:
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
    return (
        f"<article class='hub-event'><p class='hub-theme'>{when(event)}{label}</p>"
        f"<strong>{html.escape(spaced(event.title))}</strong>{who}{_where(venue)}{about}{join}</article>"
    )
