"""A recording, a link, a list, subtitles or a document come in: looked at first, asked about once, then left to the queue."""

from collections.abc import Sequence

import streamlit as st

from app import adding
from app.people import Role
from app.services import services
from ingest.sources import Glimpse
from ingest.sources.sent import Sent, sent_name
from ingest.wishes import Wishes
from pages import parts, workshop
from pages.upload import upload
from pages.who import require
from transcripts.days import today
from transcripts.errors import HubError
from transcripts.model import clock
from transcripts.speakers import listed
from transcripts.typography import french_day, spaced

_STALE = 60.0  # seconds without news after which an upload counts as stopped


def _added(glimpses: Sequence[Glimpse], wishes: Wishes) -> None:
    """Put things into the queue and go and see them there."""
    me = require(Role.STAFF)
    for glimpse in glimpses:
        adding.add(services(), glimpse.name, wishes if len(glimpses) == 1 else _each(wishes, glimpse), me)
    st.session_state.pop("lien", None)
    st.switch_page("atelier_travaux.py")


def _each(wishes: Wishes, glimpse: Glimpse) -> Wishes:
    """Return what is wished of one thing in a list: its own title and date, and what they have in common."""
    return Wishes(glimpse.title, glimpse.date, wishes.speakers, wishes.theme)


def _form(glimpse: Glimpse, button: str) -> None:
    """Ask once what the source does not say, or says wrongly.

    What is left as it stands is no wish: the file may know better than its address, or than the date of today.
    """
    guess = glimpse.date or today()
    with st.form(f"form-{glimpse.name}", border=False):
        title = st.text_input("Titre", glimpse.title, max_chars=200)
        day, who = (
            ("Date de l’étude", "Qui l’a écrite, une personne ou un organisme par ligne")
            if glimpse.written
            else ("Date de la masterclass", "Qui parle, une personne par ligne")
        )
        date = workshop.day_field(day, guess)
        people = st.text_area(who, "\n".join(glimpse.speakers), height=90)
        voices = None
        if glimpse.duration or "://" in glimpse.name:
            label = "Combien de personnes parlent, au plus (laissez vide\u00a0: le hub le trouve)"
            voices = st.number_input(label, 1, None, None)
        theme = _theme()
        sent = st.form_submit_button(button, type="primary")
    if sent:
        named, dated, speakers = title.strip(), workshop.day(date), listed(people)
        wishes = Wishes(
            named if named != glimpse.title else None,
            dated if dated != guess else None,
            speakers if speakers != glimpse.speakers else (),
            theme,
            voices=voices,
            unnamed=bool(glimpse.speakers) and not speakers,
        )
        _added([glimpse], wishes)


def _theme() -> str:
    themes = services().settings.library.themes
    return str(st.radio("Thème", list(themes), format_func=lambda theme: themes[theme]))


def _file(sent: Sent) -> None:
    with st.container(border=True, key=f"sent-{sent.id}"):
        try:
            (glimpse,) = adding.look(services(), sent_name(sent))
        except HubError as error:
            workshop.refused(error)
        else:
            length = f" ({clock(glimpse.duration)})" if glimpse.duration else ""
            st.text(spaced(f"« {sent.name} » est arrivé{length}. Vérifiez ce qui suit."))
            unheard = "Lire ce document" if glimpse.written else "Importer ces sous-titres"
            try:
                _form(glimpse, "Transcrire" if glimpse.duration else unheard)
            except HubError as error:
                workshop.refused(error)
        st.button(
            "Ne pas garder ce fichier",
            key=f"drop-{sent.id}",
            on_click=workshop.act,
            args=(lambda by: workshop.dropped(sent.id, by),),
        )


def _link(given: str) -> None:
    with st.spinner("Le hub regarde ce lien…"):
        found = _looked(given)
    there = adding.known(services(), [glimpse.name for glimpse in found])
    fresh = [glimpse for glimpse in found if glimpse.name not in there]
    if len(found) == 1 and fresh:
        _form(found[0], "Transcrire")
        return
    if not fresh:
        said = (
            there[found[0].name]
            if len(found) == 1
            else f"Ce lien mène à {len(found)} enregistrements, tous déjà dans le hub ou en route."
        )
        parts.empty("Il n’y a rien à ajouter.", said, "/atelier", "Ouvrir l’atelier")
        return
    with st.form("list", border=False):
        st.write(f"Cette liste contient {len(found)} enregistrements, dont {len(fresh)} que le hub n’a pas.")
        chosen = [
            glimpse
            for number, glimpse in enumerate(fresh)
            if st.checkbox(_line(glimpse), value=True, key=f"entry-{number}-{glimpse.name}")
        ]
        people = st.text_area(
            "Qui parle dans tous, une personne par ligne (laissez vide pour le dire plus tard)", height=90
        )
        theme = _theme()
        if st.form_submit_button("Transcrire ceux qui sont cochés", type="primary"):
            if chosen:
                _added(chosen, Wishes(speakers=listed(people), theme=theme))
            else:
                st.warning("Rien n’est coché\u00a0: rien n’a été ajouté.")


def _line(glimpse: Glimpse) -> str:
    words = workshop.plain(glimpse.title or glimpse.name)
    bits = [
        words,
        *([french_day(glimpse.date)] if glimpse.date else []),
        *([clock(glimpse.duration)] if glimpse.duration else []),
    ]
    return " · ".join(bits)


def _looked(given: str) -> list[Glimpse]:
    """Look at a link once, not at every key: one that fails is looked at again when somebody asks."""
    known = st.session_state.get("looked")
    if known is None or known[0] != given:
        try:
            known = st.session_state["looked"] = (given, adding.look(services(), given))
        except HubError:
            del st.session_state["lien"]
            raise
    found: list[Glimpse] = known[1]
    return found


workshop.begin("Ajouter")
st.write("Rien n’est public avant que vous ne le disiez. Le hub transcrit ou lit, puis vous relisez.")
st.subheader("Un fichier")
upload()
for whole in adding.waiting(services()):
    _file(whole)
for part in adding.stopped(services(), _STALE):
    share = 100 * services().uploads.offset(part) // part.size
    with st.container(border=True, horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.text(
            spaced(
                f"« {part.name} » s’est arrêté à {share} %. Choisissez de nouveau le même fichier : l’envoi continuera de là."
            )
        )
        st.button(
            "Abandonner",
            key=f"drop-{part.id}",
            on_click=workshop.act,
            args=(lambda by, n=part.id: workshop.dropped(n, by),),
        )

st.subheader("Ou un lien")
with st.form("look", border=False):
    given = st.text_input(
        "Adresse d’un enregistrement, d’une page, d’une liste ou d’un podcast", max_chars=2000, placeholder="https://…"
    )
    looking = st.form_submit_button("Regarder ce lien")
if looking:
    st.session_state["lien"] = given.strip()
if looking or st.session_state.get("lien"):
    try:
        _link(st.session_state["lien"])
    except HubError as error:
        workshop.refused(error)
