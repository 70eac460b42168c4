"""A study before everybody sees it: what it says, what is said of it, and whether it is public."""

from __future__ import annotations

import html

import streamlit as st

from app import erasure, papers
from app.people import Person, Role
from app.services import services
from pages import parts, workshop
from pages.paper import show
from pages.who import require
from transcripts.days import PARIS
from transcripts.errors import HubError
from transcripts.speakers import listed
from transcripts.study import Study, StudyDetails
from transcripts.typography import french_day, spaced, typeset


def care(slug: str) -> None:
    """Show all that staff do with a study."""
    study = services().studies.read(slug)
    details = study.details
    parts.title(details.title)
    standing = "Publiée" if details.status == "published" else "Brouillon"
    st.html(
        f"<h2>{html.escape(typeset(details.title))}</h2><p class='hub-byline'>Étude · {standing} · {details.pages}\u00a0pages"
        f" · {french_day(details.date)}</p>"
    )
    if details.origin.note:
        workshop.aside(details.origin.note)
    _publish(details)
    for label, part in (
        ("Changer le titre, la date, les auteurs ou le thème", _about),
        ("Relire le résumé", _summary),
        ("Corriger le texte d’une page", _text),
        ("Revenir à un texte d’avant", _versions),
        ("Effacer l’étude pour de bon", _erase),
    ):
        with st.expander(label):
            try:
                part(study)
            except HubError as error:
                workshop.refused(error)
    st.html("<h2>Aperçu</h2><p class='hub-byline'>Ce que tout le monde verra.</p>")
    with st.container(border=True, key="apercu"):
        show(study)


def _said(words: str) -> None:
    workshop.act(lambda by: words)
    st.rerun()


def _publish(details: StudyDetails) -> None:
    slug = details.slug

    def now(by: Person) -> str:
        papers.publish(services(), slug, by)
        return "Publiée : tout le monde peut la lire et la trouver dès maintenant."

    def back(by: Person) -> str:
        papers.unpublish(services(), slug, by)
        return "Retirée : plus personne ne la voit, sauf l’équipe. Rien n’est effacé."

    if details.status == "published":
        st.html(f"<p><a href='/etude?e={html.escape(slug)}' target='_self'>Voir la page publique</a></p>")
        st.button("Retirer de la publication", on_click=workshop.act, args=(back,))
    else:
        st.button("Publier maintenant", type="primary", on_click=workshop.act, args=(now,))


def _about(study: Study) -> None:
    details, themes = study.details, services().settings.library.themes
    with st.form("fiche-etude", border=False):
        title = st.text_input("Titre", details.title, max_chars=200)
        date = workshop.day_field("Date de l’étude", details.date)
        people = st.text_area("Qui l’a écrite, une personne par ligne", "\n".join(details.authors), height=90)
        known = list(dict.fromkeys([*themes, details.theme]))
        theme = st.radio("Thème", known, known.index(details.theme), format_func=lambda name: themes.get(name, name))
        if st.form_submit_button("Enregistrer la fiche"):
            papers.describe(
                services(),
                details.slug,
                require(Role.STAFF),
                title=title,
                date=workshop.day(date) or details.date,
                authors=listed(people),
                theme=str(theme),
            )
            _said("La fiche est enregistrée.")


def _summary(study: Study) -> None:
    with st.form("resume-etude", border=False):
        text = st.text_area("Résumé, en Markdown", study.summary.text, height=260)
        name = st.text_input("Votre nom, comme les lecteurs le verront", study.summary.reviewed_by or "", max_chars=80)
        if st.form_submit_button("J’ai lu le résumé, il est juste"):
            papers.read_summary(services(), study.details.slug, text, name, require(Role.STAFF))
            _said("Merci\u00a0: les lecteurs voient que le résumé est relu.")


def _text(study: Study) -> None:
    page = int(st.number_input("Page", 1, max(1, study.details.pages), 1, key="page-etude"))
    here = (study.details.slug, page)
    # What the form was opened with: somebody else’s correction meanwhile takes nothing from what is typed here.
    if st.session_state.get("page-ouverte", ((), ""))[0] != here:
        st.session_state["page-ouverte"] = (here, papers.page_text(study.blocks, page))
    before = st.session_state["page-ouverte"][1]
    with st.form(f"texte-{page}", border=False):
        text = st.text_area("Texte de la page, en Markdown", before, height=420)
        if st.form_submit_button("Enregistrer cette page"):
            papers.correct(services(), study.details.slug, page, before, text, require(Role.STAFF))
            del st.session_state["page-ouverte"]
            _said(f"La page {page} est corrigée ; le texte d’avant est gardé.")


def _versions(study: Study) -> None:
    versions = services().studies.versions(study.details.slug)
    if not versions:
        workshop.aside("Personne n’a encore corrigé ce texte.")
    for version in reversed(versions):

        def back(by: Person, number: int = version.number) -> str:
            papers.go_back(services(), study.details.slug, number, by)
            return f"Le texte n° {number} est de nouveau là ; celui d’avant est gardé aussi."

        until = version.until.astimezone(PARIS)
        st.button(
            f"Texte n° {version.number}, jusqu’au {until:%d/%m/%Y à %H:%M}",
            key=f"version-{version.number}",
            on_click=workshop.act,
            args=(back,),
        )


def _erase(study: Study) -> None:
    if require(Role.STAFF).role < Role.ADMINISTRATOR:
        st.write("L’administration peut effacer une étude avec tout ce qui en reste.")
        return
    title = study.details.title

    def gone(_: Person) -> str:
        naming = erasure.erase(services(), study.details.slug, require(Role.ADMINISTRATOR).email)
        also = f" {', '.join(naming)} la nomme encore\u00a0: corrigez-le." if naming else ""
        return (
            f"L’étude est effacée.{also} Les sauvegardes la gardent encore quelques jours\u00a0: voir « Santé du hub »."
        )

    st.write("Document, texte, versions, recherche et comptes disparaissent.")
    typed = st.text_input("Recopiez le titre pour confirmer", placeholder=title, key="titre-etude")
    same = " ".join(typed.split()) == " ".join(title.split())
    st.button("Effacer pour de bon", on_click=workshop.act, args=(gone,), disabled=not same, type="primary")


def row(details: StudyDetails) -> str:
    """Return a line of the table of studies."""
    public = details.status == "published"
    return (
        f"<tr><th scope='row'><a href='/atelier-publier?m={html.escape(details.slug)}' target='_self'>"
        f"{html.escape(typeset(details.title))}</a><p class='hub-byline'>{french_day(details.date)} · {details.pages}\u00a0pages</p></th>"
        f"<td data-name='Statut'><span class='hub-standing hub-{'public' if public else 'draft'}'>"
        f"{'Publiée' if public else 'Brouillon'}</span></td>"
        f"<td data-name='Auteurs'>{html.escape(spaced(', '.join(details.authors)))}</td></tr>"
    )


def table() -> None:
    """Show the studies, where there are any."""
    studies = services().studies
    for error in studies.damaged():
        parts.trouble(error)
    if rows := "".join(map(row, studies.catalogue())):
        st.html(
            "<table class='hub-table'><caption>Les études</caption><thead><tr><th scope='col'>Étude</th>"
            f"<th scope='col'>Statut</th><th scope='col'>Auteurs</th></tr></thead><tbody>{rows}</tbody></table>"
        )
