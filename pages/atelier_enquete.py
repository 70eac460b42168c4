"""The staff's side of surveys: give the file and its description, read the free texts, publish, erase."""

import streamlit as st

from app.demo_survey import DESCRIPTION
from app.people import Person
from app.services import services
from app.survey_file import LARGEST
from app.surveys import KeptSurvey
from pages import parts, workshop
from pages.upload import pick
from transcripts.errors import BadInput, HubError
from transcripts.survey import Survey
from transcripts.typography import counted

_AT_ONCE = 10  # texts to read


def _send(answers: bytes | None, description: bytes | None) -> None:
    def keep(me: Person) -> str:
        if not answers or not description:
            raise BadInput("Il manque le fichier des réponses ou sa description : rien n’a changé ; donnez les deux.")
        try:
            text = description.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise BadInput("La description n’est pas en UTF-8 : rien n’a changé ; enregistrez-la ainsi.") from error
        surveys, place = services().surveys, st.session_state["place"]
        kept = surveys.new(text) if place is None else surveys.of(place)
        survey = kept.keep(answers, text)
        services().journal.note(me.email, "a donné une enquête", "")
        # The files stay chosen: sent again, they take their own place.
        st.session_state["donnee"] = st.session_state["place"] = kept.name
        return f"L’enquête est gardée, en brouillon : {_size(survey)}."

    workshop.act(keep)


def _show(kept: KeptSurvey, published: bool) -> None:
    def change(me: Person) -> str:
        kept.show(published)
        services().journal.note(me.email, "a publié une enquête" if published else "a retiré une enquête", "")
        return "L’enquête est publique." if published else "L’enquête n’est plus publique."

    workshop.act(change)


def _remove(kept: KeptSurvey) -> None:
    def remove(me: Person) -> str:
        kept.remove()
        services().journal.note(me.email, "a effacé une enquête", "")
        return "L’enquête est effacée, avec ses réponses. Les sauvegardes déjà faites la contiennent encore."

    workshop.act(remove)


def _decide(kept: KeptSurvey, known: str, shown: bool) -> None:
    def keep(me: Person) -> str:
        kept.review(known, st.session_state[f"texte-{known}"] if shown else "", me.email)
        return "Le texte peut être montré." if shown else "Le texte ne sera pas montré."

    workshop.act(keep)


def _size(survey: Survey) -> str:
    return f"{counted(survey.size, 'réponse', 'réponses')}, {counted(len(survey.questions), 'question', 'questions')}"


def _title(name: str) -> str:
    """Return what a survey is called, and whether it is public; of one that cannot be read, its folder."""
    try:
        survey = services().surveys.of(name).any()
    except HubError:
        survey = None
    if survey is None:
        return f"{name or 'survey'} (illisible)"
    return f"{survey.description.title} ({'publique' if survey.description.published else 'en brouillon'})"


def _one(name: str) -> None:
    """Show what a survey lacks, publish it, read its texts, erase it."""
    kept = services().surveys.of(name)
    survey = kept.any()
    if survey is None:
        return
    public = survey.description.published
    st.write(f"{_size(survey)}.")
    st.button("Ne plus montrer" if public else "Publier l’enquête", on_click=_show, args=(kept, not public))
    for fault in survey.faults:
        st.warning(workshop.plain(fault))
    waiting = kept.waiting()
    if waiting:
        st.subheader(f"Textes à relire\u00a0: {len(waiting)}")
        st.write("Ce qui semblait désigner quelqu’un est déjà remplacé par […]. Retirez ce qui reste, puis décidez.")
    for known, said in list(waiting.items())[:_AT_ONCE]:
        with st.container(border=True):
            st.text_area(
                workshop.plain(f"{said.question}, ligne {said.line}"), said.text, key=f"texte-{known}", max_chars=1000
            )
            with st.container(horizontal=True):
                for words, shown in (("Montrer", True), ("Ne pas montrer", False)):
                    st.button(words, key=f"{words}-{known}", on_click=_decide, args=(kept, known, shown))
    with st.expander("Effacer cette enquête"):
        sure = st.checkbox("J’efface l’enquête, ses réponses et ses textes relus", key=f"sure-{name}")
        st.button("Effacer pour de bon", on_click=_remove, args=(kept,), disabled=not sure)


workshop.begin("Enquête à relire")
names = services().surveys.names()
if names:
    # What was just given is the one to look at.
    given = st.session_state.pop("donnee", None)
    if given in names:
        st.session_state["enquete"] = given
    chosen = st.selectbox("Enquête", names, format_func=_title, key="enquete")
    try:
        _one(chosen)
    except HubError as error:
        workshop.refused(error)
else:
    parts.empty("Il n’y a pas encore d’enquête.", "Donnez ci-dessous le fichier des réponses et sa description.")

st.subheader("Donner une enquête")
answers = pick("Les réponses (CSV ou XLSX)", ".csv,.xlsx", LARGEST)
description = pick("La description des colonnes (TOML)", ".toml", LARGEST)
st.selectbox(
    "À la place de",
    [None, *names],
    format_func=lambda name: "Aucune\u00a0: c’est une enquête de plus" if name is None else _title(name),
    key="place",
)
workshop.aside("L’enquête reste en brouillon jusqu’à ce que vous la publiiez.")
st.button("Envoyer", on_click=_send, args=(answers, description), type="primary")
with st.expander("À quoi ressemble une description"):
    st.write("Une colonne qui n’y est pas décrite n’est jamais montrée.")
    st.code(DESCRIPTION, language=None)
