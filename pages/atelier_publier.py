"""One masterclass before everybody sees it: what to look at, what it will look like, and when."""

import datetime as dt
import html

import streamlit as st

from app import publishing
from app.people import Person, Role
from app.services import services
from pages import parts, workshop
from pages.replacing import replacement
from pages.showing import show
from pages.study_care import care
from pages.who import require
from transcripts.checklist import Check
from transcripts.days import PARIS, today
from transcripts.errors import BadInput, HubError
from transcripts.model import Details, Difference, Masterclass, clock
from transcripts.speakers import listed
from transcripts.typography import spaced, typeset

_SIGNS = {True: ("✓", "fait"), False: ("!", "à faire")}


def _said(words: str) -> None:
    """Say it when the page is drawn again, and draw it."""
    workshop.act(lambda by: words)
    st.rerun()


def _describe(details: Details, by: Person, title: str, date: dt.date, people: str, theme: str) -> None:
    if not title.strip():
        raise BadInput("Le titre est vide\u00a0: rien n’a changé ; écrivez ce dont il est question.")
    speakers = listed(people)
    consents = tuple((name, day) for name, day in details.consents if name in speakers)
    services().library.set_details(
        details.slug, title=title.strip(), date=date, speakers=speakers, theme=theme, consents=consents
    )
    services().journal.note(by.email, "a changé la fiche", details.slug)


def _about(details: Details) -> None:
    themes = services().settings.library.themes
    with st.form("fiche", border=False):
        title = st.text_input("Titre", details.title, max_chars=200)
        date = workshop.day_field("Date de la masterclass", details.date)
        people = st.text_area("Qui parle, une personne par ligne", "\n".join(details.speakers), height=90)
        known = list(dict.fromkeys([*themes, details.theme]))
        theme = st.radio("Thème", known, known.index(details.theme), format_func=lambda name: themes.get(name, name))
        if st.form_submit_button("Enregistrer la fiche"):
            _describe(
                details,
                require(Role.STAFF),
                title,
                workshop.day(date) or details.date,
                people,
                str(theme),
            )
            _said("La fiche est enregistrée.")


def _consent(details: Details) -> None:
    given = dict(details.consents)
    with st.form("accords", border=False):
        st.write("Le jour où chaque personne a accepté d’être publiée\u00a0:")
        days = {name: workshop.day_field(name, given.get(name)) for name in details.speakers}
        if st.form_submit_button("Noter les accords"):
            me = require(Role.STAFF)
            consents = tuple((name, day) for name, text in days.items() if (day := workshop.day(text)))
            if any(day > today() for _, day in consents):
                raise BadInput("Un accord ne peut pas être donné demain : rien n’a changé ; corrigez la date.")
            services().library.set_details(details.slug, consents=consents)
            services().journal.note(
                me.email, f"a noté l’accord de {', '.join(name for name, _ in consents) or 'personne'}", details.slug
            )
            _said("Les accords sont notés.")


def _summary(slug: str) -> None:
    with st.form("résumé", border=False):
        name = st.text_input("Votre nom, comme les lecteurs le verront", max_chars=80)
        if st.form_submit_button("J’ai lu le résumé, il est juste"):
            publishing.read_summary(services(), slug, name, require(Role.STAFF))
            _said("Merci\u00a0: les lecteurs voient que le résumé est relu.")


def _difference(slug: str, number: int, difference: Difference) -> None:
    with st.container(border=True, key=f"difference-{number}"):
        kept, heard = (html.escape(words) or "<em>rien</em>" for words in (difference.kept, difference.heard))
        st.html(
            f"<p class='hub-byline'><a href='/masterclass?m={html.escape(slug)}&amp;t={difference.start:g}' target='_blank'>À {clock(difference.start)}</a></p>"
            f"<p>Corrigé par une personne\u00a0: <strong>{kept}</strong>. La nouvelle écoute a entendu\u00a0: <strong>{heard}</strong>.</p>"
        )

        def settle(by: Person, take: bool) -> str:
            publishing.settle(services(), slug, difference, by, take=take)
            return "Remplacé par ce que la nouvelle écoute a entendu." if take else "La correction reste."

        with st.container(horizontal=True):
            st.button(
                "Garder la correction",
                key=f"keep-{number}",
                on_click=workshop.act,
                args=(lambda by: settle(by, False),),
            )
            if difference.kept:
                st.button(
                    "Prendre la nouvelle",
                    key=f"take-{number}",
                    on_click=workshop.act,
                    args=(lambda by: settle(by, True),),
                )


def _check(check: Check) -> None:
    sign, words = _SIGNS[check.ok]
    needed = " <span class='hub-label'>nécessaire</span>" if check.needed and not check.ok else ""
    advice = f" {html.escape(spaced(check.advice))}" if check.advice else ""
    st.html(
        f"<div class='hub-check{'' if check.ok else ' hub-open-check'}'><span class='hub-sign' aria-label='{words}' role='img'>{sign}</span>"
        f"<p><strong>{check.name}</strong>{needed}<br>{html.escape(spaced(check.found))}{advice}</p></div>"
    )


def _remedy(check: Check, masterclass: Masterclass) -> None:
    """Offer what puts a thing right."""
    details = masterclass.details
    if check.subject == "title":
        with st.expander("Changer le titre, la date, les personnes ou le thème"):
            _about(details)
    elif check.subject == "consent" and details.speakers and not details.demonstration:
        with st.expander("Noter les accords", expanded=not check.ok):
            _consent(details)
    elif check.subject == "summary" and not check.ok and masterclass.summary.text:
        with st.expander("Dire que le résumé est relu"):
            _summary(details.slug)
    elif check.subject == "times":
        if not check.ok:
            st.html(
                f"<p><a href='/atelier-relire?m={html.escape(details.slug)}' target='_self'>Écouter et dire si les temps sont justes</a></p>"
            )
        replacement(details)
    elif check.subject == "doubts":
        for number, difference in enumerate(services().library.trace(details.slug).differences):
            _difference(details.slug, number, difference)


def _publish(slug: str) -> None:
    def now(by: Person) -> str:
        publishing.publish(services(), slug, by)
        return "Publiée : tout le monde peut la lire, l’écouter et la trouver dès maintenant."

    def back(by: Person) -> str:
        publishing.unpublish(services(), slug, by)
        return "Retirée : plus personne ne la voit, sauf l’équipe. Rien n’est effacé."

    def never(by: Person) -> str:
        publishing.unschedule(services(), slug, by)
        return "La publication prévue est annulée ; la masterclass reste un brouillon."

    details = services().library.details(slug)
    if details.status == "published":
        st.html(f"<p><a href='/masterclass?m={html.escape(slug)}' target='_self'>Voir la page publique</a></p>")
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
            _said(f"La publication est prévue {publishing.when(moment)} ; le hub s’en charge.")


workshop.begin("Publier")
slug = st.query_params.get("m", "")
if slug in services().studies.slugs():
    care(slug)
    st.stop()
found = workshop.masterclass(slug)
if found is None:
    st.stop()
parts.title(found.title)
address = html.escape(slug)
st.html(
    f"<h2>{html.escape(typeset(found.title))}</h2><p class='hub-byline'>{publishing.standing(found)}"
    f" · <a href='/atelier-relire?m={address}' target='_self'>Corriger la transcription</a>"
    f" · <a href='/atelier-retrait?m={address}' target='_self'>Retirer des paroles</a></p>"
)
masterclass = services().library.read(slug)
try:
    _publish(slug)
except HubError as error:
    workshop.refused(error)
st.html("<h2>À regarder avant de publier</h2>")
for check in publishing.checks(services(), slug):
    _check(check)
    try:
        _remedy(check, masterclass)
    except HubError as error:
        workshop.refused(error)
st.html("<h2>Aperçu</h2><p class='hub-byline'>Ce que tout le monde verra.</p>")
with st.container(border=True, key="apercu"):
    show(masterclass)
