"""What staff do before everybody sees a masterclass or a study: its check list, what is said of it, and when it is public."""

from __future__ import annotations

import datetime as dt
import html
from collections.abc import Callable

import streamlit as st

from app import publishing
from app.people import Person, Role
from app.services import services
from pages import parts, workshop
from pages.who import require
from transcripts.agenda import Event, when
from transcripts.checklist import Check
from transcripts.days import PARIS, today
from transcripts.errors import HubError
from transcripts.resources import About
from transcripts.speakers import listed
from transcripts.typography import french_day, spaced, typeset

_SIGNS = {True: ("✓", "fait"), False: ("!", "à faire")}
_AHEAD = 6  # events to come that are offered: a rule has no end
_READ = {
    "masterclass": "tout le monde peut la lire et l’écouter",
    "study": "tout le monde peut la lire",
}


def said(words: str) -> None:
    """Say it when the page is drawn again, and draw it."""
    workshop.act(lambda by: words)
    st.rerun()


def checks(slug: str, remedy: Callable[[Check], None]) -> None:
    """Show the check list, below each of its points what puts that right."""
    st.html("<h2>À regarder avant de publier</h2>")
    for check in publishing.checks(services(), slug):
        sign, words = _SIGNS[check.ok]
        needed = " <span class='hub-label'>nécessaire</span>" if check.needed and not check.ok else ""
        advice = f" {html.escape(spaced(check.advice))}" if check.advice else ""
        st.html(
            f"<div class='hub-check{'' if check.ok else ' hub-open-check'}'><span class='hub-sign' aria-label='{words}' role='img'>{sign}</span>"
            f"<p><strong>{check.name}</strong>{needed}<br>{html.escape(spaced(check.found))}{advice}</p></div>"
        )
        guarded(lambda check=check: remedy(check))  # type: ignore[misc]


def guarded(show: Callable[[], None]) -> None:
    """Show a part of a page; what it refuses is said there, and the rest of the page stays."""
    try:
        show()
    except HubError as error:
        workshop.refused(error)


def about(details: About) -> None:
    """Offer to change the title, the date, who speaks or wrote it, and the theme."""
    themes = services().settings.library.themes
    study = details.kind == "study"
    label = (
        "Changer le titre, la date, les auteurs ou le thème"
        if study
        else "Changer le titre, la date, les personnes ou le thème"
    )
    with st.expander(label), st.form("fiche", border=False):
        title = st.text_input("Titre", details.title, max_chars=200)
        date = workshop.day_field("Date de l’étude" if study else "Date de la masterclass", details.date)
        who = "Qui l’a écrite, une personne ou un organisme par ligne" if study else "Qui parle, une personne par ligne"
        people = st.text_area(who, "\n".join(details.speakers), height=90)
        known = list(dict.fromkeys([*themes, details.theme]))
        theme = st.radio("Thème", known, known.index(details.theme), format_func=lambda name: themes.get(name, name))
        named = services().calendar.named(details.event)
        events = {event.id: f"{event.title} ({when(event)})" for event in _events(named)}
        event = st.selectbox(
            "Rendez-vous de l’agenda où elle a été présentée",
            ["", *events],
            ["", *events].index(named.id) if named else 0,
            format_func=lambda number: events.get(number, "Aucun"),
        )
        if st.form_submit_button("Enregistrer la fiche"):
            publishing.describe(
                services(),
                details.slug,
                require(Role.STAFF),
                title=title,
                date=workshop.day(date) or details.date,
                people=listed(people),
                theme=str(theme),
                event=event,
            )
            before = (
                "" if study else " «\u00a0Corriger la transcription\u00a0» garde l’état d’avant, dans l’historique."
            )
            said(f"La fiche est enregistrée.{before}")


def _events(named: Event | None) -> list[Event]:
    """Return the events that can be named, the latest first, the one that is named among them."""
    calendar = services().calendar
    found = [*reversed(calendar.coming()[:_AHEAD]), *(event for event, _ in calendar.past())]
    return found if named is None or named.id in (event.id for event in found) else [named, *found]


def publish(details: About) -> None:
    """Offer to publish now or later, or to take it back."""
    slug = details.slug

    def now(by: Person) -> str:
        publishing.publish(services(), slug, by)
        return f"Publiée : {_READ[details.kind]} dès maintenant ; la recherche la trouve dans quelques secondes, ou un peu plus tard pendant une transcription."

    def back(by: Person) -> str:
        publishing.unpublish(services(), slug, by)
        return "Retirée : plus personne ne la voit, sauf l’équipe. Rien n’est effacé."

    def never(by: Person) -> str:
        publishing.unschedule(services(), slug, by)
        return "La publication prévue est annulée ; c’est de nouveau un brouillon."

    if details.status == "published":
        address = f"/etude?e={html.escape(slug)}" if details.kind == "study" else f"/masterclass?m={html.escape(slug)}"
        st.html(f"<p><a href='{address}' target='_self'>Voir la page publique</a></p>")
        st.button("Retirer de la publication", on_click=workshop.act, args=(back,))
        return
    if details.publish_at:
        st.button("Annuler la publication prévue", on_click=workshop.act, args=(never,))
    st.button("Publier maintenant", type="primary", on_click=workshop.act, args=(now,))
    planned = details.publish_at.astimezone(PARIS) if details.publish_at else None
    with st.expander("Publier plus tard"), st.form("plus tard", border=False):
        day = workshop.day_field("Jour", planned.date() if planned else today() + dt.timedelta(1))
        hours = [dt.time(hour, minute) for hour in range(24) for minute in (0, 30)]
        hour = st.selectbox("Heure, à Paris", hours, 18, format_func=lambda time: f"{time:%H:%M}", filter_mode=None)
        if st.form_submit_button("Prévoir la publication"):
            moment = dt.datetime.combine(workshop.day(day) or today(), hour, PARIS)
            publishing.schedule(services(), slug, moment, require(Role.STAFF))
            said(f"La publication est prévue {publishing.when(moment)} ; le hub s’en charge.")


def row(details: About) -> str:
    """Return a line of the table of masterclasses or studies: what it is, whether it is public, what is to be done."""
    slug = html.escape(details.slug)
    try:
        todo = [check.found for check in publishing.checks(services(), details.slug) if not check.ok]
    except HubError as error:  # the others can still be worked on
        todo = [str(error)]
    waiting = "".join(f"<li>{html.escape(spaced(each))}</li>" for each in todo) or "<li>Rien</li>"
    state = "public" if details.status == "published" else "planned" if details.publish_at else "draft"
    return (
        f"<tr><th scope='row'><a href='/atelier-publier?m={slug}' target='_self'>{html.escape(typeset(details.title))}</a>"
        f"<p class='hub-byline'>{french_day(details.date)} · {parts.length(details)}</p></th>"
        f"<td data-name='Statut'><span class='hub-standing hub-{state}'>{publishing.standing(details)}</span></td>"
        f"<td data-name='À faire'><ul>{waiting}</ul></td></tr>"
    )


def table(caption: str, what: str, rows: str) -> None:
    """Show a table of such lines."""
    st.html(
        f"<table class='hub-table'><caption>{caption}</caption><thead><tr><th scope='col'>{what}</th>"
        f"<th scope='col'>Statut</th><th scope='col'>À faire</th></tr></thead><tbody>{rows}</tbody></table>"
    )
