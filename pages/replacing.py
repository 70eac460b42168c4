"""Another recording in place of the one that a masterclass has: a better one, or one whose beginning was cut."""

from __future__ import annotations

import streamlit as st

from app import adding
from app.people import Person
from app.services import services
from ingest.sources.sent import Sent
from pages import workshop
from pages.upload import upload
from transcripts.model import Details
from transcripts.typography import spaced


def replacement(details: Details) -> None:
    """Offer to send a recording, and to put one that came whole in place of the present one."""
    with st.expander("Remplacer l’enregistrement" if details.recording else "Donner un enregistrement"):
        st.write(
            "Le texte, les chapitres et le résumé restent. La masterclass redevient un brouillon, jusqu’à ce que "
            "quelqu’un ait dit que les temps des lignes sont ceux du nouvel enregistrement."
        )
        upload()
        for sent in adding.waiting(services()):
            _offer(details.slug, sent)


def _offer(slug: str, sent: Sent) -> None:
    def put(by: Person) -> str:
        adding.replace_recording(services(), slug, sent.id, by)
        return "L’enregistrement est remplacé, et la masterclass est un brouillon : écoutez si les temps sont justes."

    with st.container(border=True, key=f"replace-{sent.id}"):
        st.text(spaced(f"« {sent.name} » est arrivé."))
        with st.container(horizontal=True):
            st.button("Mettre à la place", key=f"put-{sent.id}", on_click=workshop.act, args=(put,))
            st.button(
                "Ne pas garder ce fichier",
                key=f"drop-{sent.id}",
                on_click=workshop.act,
                args=(lambda by: workshop.dropped(sent.id, by),),
            )
