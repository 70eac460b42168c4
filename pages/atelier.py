"""The staff's workshop: what there is, and what is to be done with it."""

import streamlit as st

from app import adding
from app.services import services
from pages import parts, publication, workshop

_AT_ONCE = 50


me = workshop.begin("Atelier")
library = services().library
catalogue = library.catalogue()
jobs = [job for job in services().queue.jobs() if job.state in ("waiting", "running")]
failed = [job for job in services().queue.jobs() if job.state == "failed"]
sent = adding.waiting(services())

for number, one, many, address, link in (
    (len(jobs), "un travail en cours", "travaux en cours", "/atelier-travaux", "Suivre"),
    (len(failed), "un travail a échoué", "travaux ont échoué", "/atelier-travaux", "Voir pourquoi"),
    (
        len(sent),
        "un fichier envoyé attend son titre",
        "fichiers envoyés attendent leur titre",
        "/atelier-ajouter",
        "Continuer",
    ),
):
    if number:
        words = one if number == 1 else f"{number} {many}"
        st.html(f"<p class='hub-now'>{words[:1].upper()}{words[1:]}. <a href='{address}' target='_self'>{link}</a></p>")
for error in library.damaged():
    parts.trouble(error)

for error in services().studies.damaged():
    parts.trouble(error)
if not catalogue and not services().studies.slugs():
    parts.empty(
        "Il n’y a pas encore de masterclass.",
        "Envoyez un enregistrement\u00a0: le hub l’écoute, écrit la transcription, les chapitres et un résumé. "
        "Vous relisez, puis vous publiez. Rien n’est public avant que vous ne le disiez, et tout peut être défait, sauf un retrait, un "
        "effacement, ou l’original d’une étude qu’on remplace.",
        "/atelier-ajouter",
        "Ajouter la première",
    )
    st.stop()

st.html("<p><a class='hub-button' href='/atelier-ajouter' target='_self'>Ajouter une masterclass ou une étude</a></p>")
if studies := "".join(map(publication.row, services().studies.catalogue())):
    publication.table("Les études, et ce qui reste à faire", "Étude", studies)
if not catalogue:
    st.stop()
which = st.segmented_control(
    "Montrer",
    ["Toutes", "Brouillons", "Prévues", "Publiées"],
    default="Toutes",
    key="montrer",
    on_change=parts.first_page,
)
shown = [
    details
    for details in catalogue
    if {
        "Brouillons": details.status == "draft" and not details.publish_at,
        "Prévues": details.status == "draft" and bool(details.publish_at),
        "Publiées": details.status == "published",
    }.get(which or "Toutes", True)
]
if not shown:
    parts.empty("Aucune masterclass n’est dans ce cas.", "Choisissez « Toutes » pour les revoir.")
    st.stop()
pages = -(-len(shown) // _AT_ONCE)
page = st.pagination(pages, key="page") if pages > 1 else 1
rows = "".join(map(publication.row, shown[(page - 1) * _AT_ONCE : page * _AT_ONCE]))
publication.table("Les masterclass, et ce qui reste à faire", "Masterclass", rows)
