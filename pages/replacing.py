"""Another recording in place of the one that a masterclass has, or another original in place of that of a study."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from app import adding
from app.people import Person
from app.services import services
from ingest.sources.sent import Sent
from pages import workshop
from pages.upload import upload
from transcripts.model import Details
from transcripts.study import StudyDetails
from transcripts.typography import spaced


def replacement(details: Details) -> None:
    """Offer to send a recording, and to put one that came whole in place of the present one."""

    def put(number: str, by: Person) -> str:
        adding.replace_recording(services(), details.slug, number, by)
        return "L’enregistrement est remplacé, et la masterclass est un brouillon : écoutez si les temps sont justes."

    _offer(
        "Remplacer l’enregistrement" if details.recording else "Donner un enregistrement",
        "Le texte, les chapitres et le résumé restent. La masterclass redevient un brouillon, jusqu’à ce que "
        "quelqu’un ait dit que les temps des lignes sont ceux du nouvel enregistrement.",
        put,
    )


def other_original(details: StudyDetails) -> None:
    """Offer to send a document, and to put one that came whole in place of the original."""

    def put(number: str, by: Person) -> str:
        adding.replace_original(services(), details.slug, number, by)
        return "C’est désormais ce document que les lecteurs voient comme original."

    _offer(
        "Remplacer l’original" if details.original else "Donner un original",
        "Le texte reste tel qu’il est\u00a0: seul le document que l’on ouvre et télécharge change. "
        "Vérifiez qu’il ne contient rien de ce qui a été retiré.",
        put,
    )


def _offer(label: str, about: str, put: Callable[[str, Person], str]) -> None:
    with st.expander(label):
        st.write(about)
        upload()
        for sent in adding.waiting(services()):
            _one(sent, put)


def _one(sent: Sent, put: Callable[[str, Person], str]) -> None:
    with st.container(border=True, key=f"replace-{sent.id}"):
        st.text(spaced(f"« {sent.name} » est arrivé."))
        with st.container(horizontal=True):
            st.button(
                "Mettre à la place", key=f"put-{sent.id}", on_click=workshop.act, args=(lambda by: put(sent.id, by),)
            )
            st.button(
                "Ne pas garder ce fichier",
                key=f"drop-{sent.id}",
                on_click=workshop.act,
                args=(lambda by: workshop.dropped(sent.id, by),),
            )
