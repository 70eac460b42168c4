"""What happens at a place: inscribed and taken off, one by one or by a table."""

from __future__ import annotations

import html

import streamlit as st

from app import event_book
from app.people import Person, Role
from app.services import services
from pages import workshop
from pages.upload import pick
from pages.who import asked, require
from transcripts.agenda import Event, when
from transcripts.errors import HubError
from transcripts.typography import counted, spaced
from transcripts.venues import Venue


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
        asked(Role.STAFF, lambda: event_book.export(book.written(), venues)),
        "rendez-vous.csv",
        "text/csv",
        on_click="ignore",
    )
    given = pick("Choisir un tableau de rendez-vous (CSV)", ".csv,.txt", event_book.LARGEST)
    if given is None:
        return
    plan = event_book.compare(given, book.written(), venues)
    for fault in plan.faults:
        st.html(f"<p class='hub-warm'>{html.escape(spaced(fault))}</p>")
    count = len(plan.changes)
    if not count:
        same = counted(plan.same, "ligne dit", "lignes disent")
        st.html(f"<p role='status'>Ce tableau ne change rien\u202f; {same} ce qui est déjà.</p>")
        return
    st.html(f"<ul class='hub-rows'>{''.join(map(_row, plan.changes))}</ul>")

    def apply(me: Person) -> str:
        book.inscribe([change.event for change in plan.changes])
        services().journal.note(me.email, f"a inscrit ou changé {count} rendez-vous par un tableau")
        return f"{counted(count, 'rendez-vous est', 'rendez-vous sont')} à l’agenda, comme le tableau le dit."

    label = f"Enregistrer {'ce' if count == 1 else f'ces {count}'} rendez-vous"
    st.button(label, type="primary", on_click=workshop.act, args=(apply,))


def _row(change: event_book.Change) -> str:
    event = change.event
    what = f"Changer ({', '.join(change.fields)})" if change.fields else "Inscrire"
    return f"<li>{what}\u00a0: {event.date:%d/%m/%Y}, {html.escape(spaced(event.title))}</li>"
