"""One masterclass before everybody sees it: what to look at, what it will look like, and when."""

import html

import streamlit as st

from app import publishing, review
from app.people import Person, Role
from app.services import services
from pages import parts, publication, workshop
from pages.replacing import replacement
from pages.showing import show
from pages.study_care import care
from pages.who import require
from transcripts.checklist import Check
from transcripts.model import Difference, Masterclass, clock
from transcripts.speakers import everybody
from transcripts.typography import typeset


def _consent(masterclass: Masterclass) -> None:
    details = masterclass.details
    given = dict(details.consents)
    with st.form("accords", border=False):
        st.write("Le jour où chaque personne a accepté d’être publiée\u00a0:")
        days = {name: workshop.day_field(name, given.get(name)) for name in everybody(masterclass)}
        if st.form_submit_button("Noter les accords"):
            consents = tuple((name, day) for name, text in days.items() if (day := workshop.day(text)))
            publishing.note_consents(services(), details.slug, consents, require(Role.STAFF))
            publication.said("Les accords sont notés.")


def _summary(slug: str) -> None:
    with st.form("résumé", border=False):
        name = st.text_input("Votre nom, comme les lecteurs le verront", max_chars=80)
        if st.form_submit_button("J’ai lu le résumé, il est juste"):
            publishing.read_summary(services(), slug, name, require(Role.STAFF))
            publication.said("Merci\u00a0: les lecteurs voient que le résumé est relu.")


def _difference(slug: str, number: int, difference: Difference) -> None:
    with st.container(border=True, key=f"difference-{number}"):
        kept, heard = (html.escape(words) or "<em>rien</em>" for words in (difference.kept, difference.heard))
        st.html(
            f"<p class='hub-byline'><a href='/masterclass?m={html.escape(slug)}&amp;t={difference.start:g}' target='_blank'>À {clock(difference.start)}</a></p>"
            f"<p>Corrigé par une personne\u00a0: <strong>{kept}</strong>. La nouvelle écoute a entendu\u00a0: <strong>{heard}</strong>.</p>"
        )

        def settle(by: Person, take: bool) -> str:
            publishing.settle(services(), slug, difference, by, take=take)
            return (
                "Remplacé par ce que la nouvelle écoute a entendu."
                if take
                else "La correction reste ; ce que la nouvelle écoute avait entendu est oublié."
            )

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


def _remedy(check: Check, masterclass: Masterclass) -> None:
    """Offer what puts a thing right."""
    details = masterclass.details
    if check.subject == "title":
        publication.about(details)
    elif check.subject == "consent" and details.speakers and not details.demonstration:
        with st.expander("Noter les accords", expanded=not check.ok):
            _consent(masterclass)
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
        for number, difference in enumerate(review.trace(services(), details.slug).differences):
            _difference(details.slug, number, difference)


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
publication.guarded(lambda: publication.publish(masterclass.details))
publication.checks(slug, lambda check: _remedy(check, masterclass))
st.html("<h2>Aperçu</h2><p class='hub-byline'>Ce que tout le monde verra.</p>")
with st.container(border=True, key="apercu"):
    # What was just changed here is shown, also where that stops the sound.
    show(masterclass, state=str(hash(services().library.version(slug))))
