"""The staff's side of the survey: give the file and its description, read the free texts, publish."""

import streamlit as st

from app.demo_survey import DESCRIPTION
from app.people import Person
from app.services import services
from app.surveys import key
from pages import parts, workshop
from transcripts.errors import BadInput

_AT_ONCE = 10  # texts to read


def _send() -> None:
    def keep(me: Person) -> str:
        table, written = st.session_state.get("reponses"), st.session_state.get("description")
        if not table or not written:
            raise BadInput("Il manque le fichier des réponses ou sa description : rien n’a changé ; donnez les deux.")
        try:
            text = written.getvalue().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise BadInput("La description n’est pas en UTF-8 : rien n’a changé ; enregistrez-la ainsi.") from error
        survey = services().surveys.keep(table.getvalue(), text)
        services().journal.note(me.email, "a donné une enquête", "")
        return f"L’enquête est gardée, en brouillon : {survey.size} réponses, {len(survey.questions)} questions."

    workshop.act(keep)


def _show(published: bool) -> None:
    def change(me: Person) -> str:
        services().surveys.show(published)
        services().journal.note(me.email, "a publié l’enquête" if published else "a retiré l’enquête", "")
        return "L’enquête est publique." if published else "L’enquête n’est plus publique."

    workshop.act(change)


def _decide(line: int, shown: bool) -> None:
    def keep(me: Person) -> str:
        services().surveys.review(line, st.session_state[f"texte-{line}"] if shown else "", me.email)
        return "Le texte peut être montré." if shown else "Le texte ne sera pas montré."

    workshop.act(keep)


workshop.begin("Enquête à relire")
survey = services().surveys.any()
if survey is None:
    parts.empty("Il n’y a pas encore d’enquête.", "Donnez ci-dessous le fichier des réponses et sa description.")
else:
    public = survey.description.published
    st.write(f"{survey.description.title}\u00a0: {survey.size} réponses, {'publique' if public else 'en brouillon'}.")
    st.button("Ne plus montrer" if public else "Publier l’enquête", on_click=_show, args=(not public,))
    for fault in survey.faults:
        st.warning(fault)
    waiting = services().surveys.waiting()
    if waiting:
        st.subheader(f"Textes à relire : {len(waiting)}")
        st.write("Ce qui semblait désigner quelqu’un est déjà remplacé par […]. Retirez ce qui reste, puis décidez.")
    for said in waiting[:_AT_ONCE]:
        with st.container(border=True):
            st.text_area(f"{said.question}, ligne {said.line}", said.text, key=f"texte-{said.line}", max_chars=1000)
            with st.container(horizontal=True):
                st.button("Montrer", key=f"oui-{key(said.text)}-{said.line}", on_click=_decide, args=(said.line, True))
                st.button(
                    "Ne pas montrer", key=f"non-{key(said.text)}-{said.line}", on_click=_decide, args=(said.line, False)
                )

st.subheader("Donner une enquête")
with st.form("enquete"):
    st.file_uploader("Les réponses (CSV ou XLSX)", type=["csv", "xlsx"], key="reponses", max_upload_size=60)
    st.file_uploader("La description des colonnes (TOML)", type=["toml"], key="description", max_upload_size=1)
    st.caption("L’enquête reste en brouillon jusqu’à ce que vous la publiiez ; elle prend la place de la précédente.")
    st.form_submit_button("Envoyer", on_click=_send)
with st.expander("À quoi ressemble une description"):
    st.write("Une colonne qui n’y est pas décrite n’est jamais montrée.")
    st.code(DESCRIPTION, language=None)
