"""A study before everybody sees it: what it says, what is said of it, and whether it is public."""

from __future__ import annotations

import html

import streamlit as st

from app import papers, publishing
from app.people import Person, Role
from app.services import services
from pages import parts, publication, workshop
from pages.paper import show
from pages.replacing import other_original
from pages.who import require
from transcripts.checklist import Check
from transcripts.days import PARIS
from transcripts.differences import Reading
from transcripts.study import Study
from transcripts.study_files import pages_of
from transcripts.typography import french_day, spaced, typeset

_TAGS = {"same": "{}", "gone": "<del>{}</del>", "new": "<ins>{}</ins>"}


def care(slug: str) -> None:
    """Show all that staff do with a study."""
    study = services().studies.read(slug)
    details = study.details
    address = html.escape(slug)
    parts.title(details.title)
    st.html(
        f"<h2>{html.escape(typeset(details.title))}</h2><p class='hub-byline'>Étude · {publishing.standing(details)} · {parts.length(details)}"
        f" · {french_day(details.date)} · <a href='/atelier-retrait?m={address}' target='_self'>Retirer un passage, ou l’étude</a></p>"
    )
    publication.guarded(lambda: publication.publish(details))
    publication.checks(slug, lambda check: _remedy(check, study))
    publication.guarded(lambda: _history(slug))
    st.html("<h2>Aperçu</h2><p class='hub-byline'>Ce que tout le monde verra.</p>")
    with st.container(border=True, key="apercu"):
        show(study)


def _remedy(check: Check, study: Study) -> None:
    """Offer what puts a thing right."""
    if check.subject == "title":
        publication.about(study.details)
    elif check.subject == "summary":
        with st.expander("Relire le résumé"):
            _summary(study)
    elif check.subject == "text":
        with st.expander("Corriger le texte d’une page"):
            _text(study)
        other_original(study.details)


def _summary(study: Study) -> None:
    with st.form("resume-etude", border=False):
        text = st.text_area("Résumé, en Markdown", study.summary.text, height=260)
        name = st.text_input("Votre nom, comme les lecteurs le verront", study.summary.reviewed_by or "", max_chars=80)
        if st.form_submit_button("J’ai lu le résumé, il est juste"):
            publishing.read_summary(services(), study.details.slug, name, require(Role.STAFF), text)
            publication.said("Merci\u00a0: les lecteurs voient que le résumé est relu.")


def _text(study: Study) -> None:
    page = int(st.number_input("Page", 1, max(1, study.details.pages), 1, key="page-etude"))
    here = (study.details.slug, page)
    # What the form was opened with: somebody else’s correction meanwhile takes nothing from what is typed here.
    if st.session_state.get("page-ouverte", ((), ""))[0] != here:
        st.session_state["page-ouverte"] = (here, pages_of(study.blocks).get(page, ""))
    before = st.session_state["page-ouverte"][1]
    with st.form(f"texte-{page}", border=False):
        text = st.text_area("Texte de la page, en Markdown", before, height=420)
        if st.form_submit_button("Enregistrer cette page"):
            papers.correct(services(), study.details.slug, page, before, text, require(Role.STAFF))
            del st.session_state["page-ouverte"]
            publication.said(f"La page {page} est corrigée ; le texte d’avant est gardé.")


def _history(slug: str) -> None:
    """Show who changed what, when, and offer the way back."""
    st.html("<h2>Historique</h2>")
    steps = papers.steps(services(), slug)
    if len(steps) == 1:
        workshop.aside("Personne n’a encore rien changé à cette étude.")
        return
    latest = steps[0].version.number  # in the key: what was just changed is what is shown
    step = st.selectbox("Ce qui a changé", steps, format_func=_told, filter_mode=None, key=f"historique-{latest}")
    words = "".join(map(_read, papers.readings(services(), step)))
    if words:
        st.html(f"<div class='hub-changes'>{words}</div>")

    def back(by: Person) -> str:
        papers.go_back(services(), slug, step.version.number, by)
        return f"L’état n° {step.version.number} est de nouveau là ; celui d’avant est gardé aussi."

    if step != steps[0]:
        st.button("Revenir à cet état", on_click=workshop.act, args=(back,))


def _told(step: papers.Step) -> str:
    version, moment = step.version, step.version.when.astimezone(PARIS)
    who = "Comme elle était au début" if step.before is None else version.who or "Hors de l’atelier"
    said = f"{who} {version.why}".strip()
    return spaced(f"N° {version.number}, le {moment:%d/%m/%Y à %H:%M} : {said}{f' ({step.what})' if step.what else ''}")


def _read(reading: Reading) -> str:
    words = " ".join(_TAGS[kind].format(html.escape(text).replace("\n", "<br>")) for kind, text in reading.words)
    return f"<p><strong>{html.escape(reading.where)}</strong><br>{words}</p>"
