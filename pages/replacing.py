"""Another recording in place of the one that a masterclass has, or another original in place of that of a study."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import streamlit as st

from app import adding
from app.people import Person
from app.services import services
from ingest.sources.sent import Sent
from pages import workshop
from pages.upload import upload
from transcripts.days import PARIS
from transcripts.model import Details, clock
from transcripts.study import StudyDetails
from transcripts.typography import french_day, spaced


def replacement(details: Details) -> None:
    """Offer to send a recording, and to put one that came whole in place of the present one."""

    def put(number: str, by: Person) -> str:
        adding.replace_recording(services(), details.slug, number, by)
        return "L’enregistrement est remplacé, et la masterclass est un brouillon : écoutez si les temps sont justes."

    _offer(
        "Remplacer l’enregistrement" if details.recording else "Donner un enregistrement",
        "Le texte, les chapitres et le résumé restent, et l’ancien enregistrement aussi, sept jours. La masterclass redevient un brouillon, jusqu’à ce que "
        "quelqu’un ait dit que les temps des lignes sont ceux du nouvel enregistrement.",
        put,
    )
    if before := services().library.replaced(details.slug):

        def back(by: Person) -> str:
            adding.bring_back(services(), details.slug, by)
            return "L’ancien enregistrement est de nouveau en place, et la masterclass est un brouillon."

        until = french_day(dt.datetime.fromtimestamp(before.until, PARIS).date())
        workshop.aside(f"L’ancien enregistrement ({clock(before.duration)}) est gardé jusqu’au {until}.")
        st.button("Remettre l’ancien enregistrement", on_click=workshop.act, args=(back,))


def other_original(details: StudyDetails) -> None:
    """Offer to send a document, and to put one that came whole in place of the original."""

    def put(number: str, by: Person) -> str:
        adding.replace_original(services(), details.slug, number, by)
        return "C’est désormais ce document que les lecteurs voient comme original."

    _offer(
        "Remplacer l’original" if details.original else "Donner un original",
        "Le texte reste tel qu’il est\u00a0: seul le document que l’on ouvre et télécharge change. "
        "Vérifiez qu’il ne contient rien de ce qui a été retiré. L’original d’avant disparaît\u00a0: téléchargez-le d’abord.",
        put,
        final=bool(details.original),
    )


def _offer(label: str, about: str, put: Callable[[str, Person], str], *, final: bool = False) -> None:
    with st.expander(label):
        st.write(about)
        upload()
        for sent in adding.waiting(services()):
            _one(sent, put, final)


def _one(sent: Sent, put: Callable[[str, Person], str], final: bool) -> None:
    with st.container(border=True, key=f"replace-{sent.id}"):
        st.text(spaced(f"« {sent.name} » est arrivé."))
        sure = not final or st.checkbox("L’original d’avant peut disparaître.", key=f"sure-{sent.id}")
        with st.container(horizontal=True):
            st.button(
                "Mettre à la place",
                key=f"put-{sent.id}",
                disabled=not sure,
                on_click=workshop.act,
                args=(lambda by: put(sent.id, by),),
            )
            st.button(
                "Ne pas garder ce fichier",
                key=f"drop-{sent.id}",
                on_click=workshop.act,
                args=(lambda by: workshop.dropped(sent.id, by),),
            )
