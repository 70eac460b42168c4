"""What happens at a place: inscribed and taken off, one by one or by a table."""

from __future__ import annotations

import html

import streamlit as st

from app import event_book
from app.people import Person, Role
from app.services import services
from pages import workshop
from pages.event import when
from pages.upload import pick
from pages.who import require
from transcripts.agenda import Event
from transcripts.errors import HubError
from transcripts.typography import spaced
from transcripts.venues import Venue

_BYTES = 1_000_000  # of a table


def events_of(venue: Venue) -> None:
    """Show what is to come at a place, and offer to inscribe more."""
    st.html(f"<h2>Les rendez-vous de {html.escape(spaced(venue.name))}</h2>")
    coming = [event for event in services().calendar.coming() if event.place == venue.id]
    if not coming:
        workshop.aside("Aucun n’est annoncé.")
    for event in coming:
        _coming(event)
    # Another form once one is sent: what was refused stays as it was typed.
    with st.expander("Inscrire un rendez-vous"), st.form(f"rendez-vous-{venue.id}-{len(coming)}", border=False):
        written = {name: st.text_input(label, max_chars=2000) for name, label in event_book.LABELS.items()}
        if st.form_submit_button("Inscrire ce rendez-vous"):
            try:
                _inscribe(venue, written)
            except HubError as error:
                workshop.refused(error)


def _inscribe(venue: Venue, written: dict[str, str]) -> None:
    me = require(Role.STAFF)
    event = event_book.checked(written, venue.id)
    services().event_book.inscribe([event])
    services().journal.note(me.email, f"a inscrit le rendez-vous « {event.title} »")
    workshop.act(lambda by: f"« {event.title} » est à l’agenda, et dans le calendrier du lieu.")
    st.rerun()


def _coming(event: Event) -> None:
    def take_off(me: Person) -> str:
        services().event_book.take_off(event)
        services().journal.note(me.email, f"a retiré le rendez-vous « {event.title} »")
        return f"« {event.title} » n’est plus à l’agenda."

    with st.container(border=True, key=f"event-{event.id}"):
        st.text(spaced(f"{event.title}, {when(event)}"))
        st.button("Retirer ce rendez-vous", key=f"off-{event.id}", on_click=workshop.act, args=(take_off,))


def events_table(venues: tuple[Venue, ...]) -> None:
    """Give all events as a table, and inscribe those of one, shown before anything changes."""
    book = services().event_book
    st.download_button(
        "Exporter les rendez-vous (CSV)",
        lambda: event_book.export(book.written(), venues),
        "rendez-vous.csv",
        "text/csv",
        on_click="ignore",
    )
    given = pick("Choisir un tableau de rendez-vous (CSV)", ".csv,.txt", _BYTES)
    if given is None:
        return
    plan = event_book.compare(given, book.written(), venues)
    for fault in plan.faults:
        st.html(f"<p class='hub-warm'>{html.escape(spaced(fault))}</p>")
    if not plan.events:
        st.html(f"<p role='status'>Ce tableau n’inscrit rien\u202f; {plan.same} lignes y sont déjà.</p>")
        return
    rows = "".join(f"<li>{event.date:%d/%m/%Y}\u00a0: {html.escape(spaced(event.title))}</li>" for event in plan.events)
    st.html(f"<ul class='hub-rows'>{rows}</ul>")

    def apply(me: Person) -> str:
        book.inscribe(plan.events)
        services().journal.note(me.email, f"a inscrit {len(plan.events)} rendez-vous par un tableau")
        return f"{len(plan.events)} rendez-vous sont à l’agenda."

    st.button(f"Inscrire ces {len(plan.events)} rendez-vous", type="primary", on_click=workshop.act, args=(apply,))
