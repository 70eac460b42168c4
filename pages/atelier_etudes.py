"""The studies in the workshop: what there is, who sees it, and what is said and written about each."""

import html
from collections.abc import Callable

import streamlit as st

from app import erasure, study_care
from app.people import Person, Role
from app.services import services
from pages import parts, workshop
from pages.paper import show
from pages.who import require
from transcripts.errors import HubError, NotFound
from transcripts.speakers import listed
from transcripts.study import Study, StudyDetails
from transcripts.typography import french_day, typeset

_HERE = "/atelier-etudes"


def _said(words: str) -> None:
    """Say it when the page is drawn again, and draw it."""
    workshop.act(lambda by: words)
    st.rerun()


def _row(details: StudyDetails) -> str:
    slug = html.escape(details.slug)
    public = details.status == "published"
    return (
        f"<tr><th scope='row'><a href='{_HERE}?e={slug}' target='_self'>{html.escape(typeset(details.title))}</a>"
        f"<p class='hub-byline'>{french_day(details.date)} · {parts.length(details)}</p></th>"
        f"<td data-name='Statut'><span class='hub-standing hub-{'public' if public else 'draft'}'>{'Publiée' if public else 'Brouillon'}</span></td>"
        f"<td data-name='À savoir'>{html.escape(details.origin.note) or 'Rien'}</td></tr>"
    )


def _list() -> None:
    st.session_state.pop("texte-ouvert", None)
    studies = services().studies
    for error in studies.damaged():
        parts.trouble(error)
    catalogue = studies.catalogue()
    if not catalogue:
        parts.empty(
            "Il n’y a pas encore d’étude.",
            "Envoyez un document\u00a0: le hub en lit le texte. Vous relisez, puis vous publiez.",
            "/atelier-ajouter",
            "Ajouter la première",
        )
        return
    rows = "".join(map(_row, catalogue))
    st.html(
        "<table class='hub-table'><caption>Les études, et qui les voit</caption><thead><tr><th scope='col'>Étude</th>"
        f"<th scope='col'>Statut</th><th scope='col'>À savoir</th></tr></thead><tbody>{rows}</tbody></table>"
    )


def _status(details: StudyDetails) -> None:
    slug = details.slug

    def now(by: Person) -> str:
        study_care.publish(services(), slug, by)
        return "Publiée : tout le monde peut la lire et la trouver dès maintenant."

    def back(by: Person) -> str:
        study_care.unpublish(services(), slug, by)
        return "Retirée : plus personne ne la voit, sauf l’équipe. Rien n’est effacé."

    if details.status == "published":
        st.html(f"<p><a href='/etude?e={html.escape(slug)}' target='_self'>Voir la page publique</a></p>")
        st.button("Retirer de la publication", on_click=workshop.act, args=(back,))
    else:
        st.button("Publier maintenant", type="primary", on_click=workshop.act, args=(now,))


def _about(details: StudyDetails) -> None:
    themes = services().settings.library.themes
    with st.form("fiche", border=False):
        title = st.text_input("Titre", details.title, max_chars=200)
        date = workshop.day_field("Date de l’étude", details.date)
        authors = st.text_area("Qui l’a écrite, une personne ou une organisation par ligne", "\n".join(details.authors))
        known = list(dict.fromkeys([*themes, details.theme]))
        theme = st.radio("Thème", known, known.index(details.theme), format_func=lambda name: themes.get(name, name))
        if st.form_submit_button("Enregistrer la fiche"):
            study_care.describe(
                services(),
                details.slug,
                require(Role.STAFF),
                title=title,
                date=workshop.day(date) or details.date,
                authors=listed(authors),
                theme=str(theme),
            )
            _said("La fiche est enregistrée.")


def _summary(study: Study) -> None:
    with st.form("résumé", border=False):
        text = st.text_area("Résumé", study.summary.text, height=240, max_chars=20_000)
        name = st.text_input("Votre nom, comme les lecteurs le verront", study.summary.reviewed_by or "", max_chars=80)
        if st.form_submit_button("J’ai lu le résumé, il est juste"):
            study_care.summarise(services(), study.details.slug, require(Role.STAFF), text=text, name=name)
            _said("Merci\u00a0: les lecteurs voient que le résumé est relu.")


def _text(slug: str) -> None:
    # What the form was opened with: a text that somebody else changes meanwhile is not overwritten, nor what is typed here.
    if st.session_state.get("texte-ouvert", ("",))[0] != slug:
        st.session_state["texte-ouvert"] = (slug, *study_care.text_of(services(), slug))
    _, written, mark = st.session_state["texte-ouvert"]
    with st.form("texte", border=False):
        workshop.aside(
            "Un titre commence par un dièse (#), une page par sa marque (<!-- page 12 -->) : laissez les marques en place."
        )
        text = st.text_area("Texte, en Markdown", written, height=480)
        if st.form_submit_button("Enregistrer le texte"):
            study_care.correct(services(), slug, require(Role.STAFF), text=text, mark=mark)
            del st.session_state["texte-ouvert"]
            _said("Le texte est enregistré ; la recherche suit.")


def _erase(slug: str) -> None:
    def gone(by: Person) -> str:
        require(Role.ADMINISTRATOR)
        naming = erasure.erase(services(), slug, by.email)
        left = f" À corriger à la main, car on l’y nomme encore\u00a0: {', '.join(naming)}." if naming else ""
        return f"L’étude est effacée, avec son document.{left}"

    workshop.act(gone)


def _end(details: StudyDetails, mine: bool) -> None:
    if not mine:
        st.write("L’administration peut effacer une étude. Pour la cacher, retirez-la de la publication.")
        return
    st.write(
        "Document, texte, recherche et comptes disparaissent. Pour la cacher seulement, retirez-la de la publication."
    )
    typed = st.text_input("Recopiez le titre pour confirmer", placeholder=details.title)
    same = " ".join(typed.split()) == " ".join(details.title.split())
    st.button("Effacer pour de bon", on_click=_erase, args=(details.slug,), disabled=not same, type="primary")


def _one(study: Study, mine: bool) -> None:
    details = study.details
    parts.title(details.title)
    st.html(
        f"<p class='hub-back'><a href='{_HERE}' target='_self'>← Toutes les études</a></p><h2>{html.escape(typeset(details.title))}</h2>"
    )
    if details.origin.note:
        workshop.aside(details.origin.note)
    forms: dict[str, Callable[[], None]] = {
        "Changer le titre, la date, les auteurs ou le thème": lambda: _about(details),
        "Relire le résumé": lambda: _summary(study),
        "Corriger le texte": lambda: _text(details.slug),
        "Effacer": lambda: _end(details, mine),
    }
    for title, part in forms.items():
        with st.expander(title):
            try:
                part()
            except HubError as error:
                workshop.refused(error)


me = workshop.begin("Études")
slug = st.query_params.get("e", "")
try:
    study = services().studies.read(slug) if slug else None
except NotFound:
    study = None
if study is None:
    _list()
else:
    _status(study.details)
    _one(study, me.role >= Role.ADMINISTRATOR)
    st.html("<h2>Aperçu</h2><p class='hub-byline'>Ce que tout le monde verra.</p>")
    with st.container(border=True, key="apercu"):
        show(study)
