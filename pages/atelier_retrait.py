"""Somebody takes words back: a passage, or the whole of a masterclass or a study."""

import html

import streamlit as st

from app import erasure
from app.people import Person, Role
from app.services import services
from pages import workshop
from pages.who import require
from transcripts.model import Kind, Masterclass, clock
from transcripts.resources import About
from transcripts.study import Study
from transcripts.study_withdrawal import pieces
from transcripts.typography import spaced
from transcripts.withdrawal import MARK, touched

_THE: dict[Kind, str] = {"masterclass": "la masterclass", "study": "l’étude"}
_AHEAD = 200  # sentences that can be taken out at once


def _withdraw(slug: str, start: float, end: float) -> None:
    def take(me: Person) -> str:
        with st.spinner("Le passage est retiré, le son est réécrit…"):
            left = erasure.withdraw_passage(services(), slug, start, end, me.email)
        return f"Le passage de {clock(left.start)} à {clock(left.end)} est retiré du texte, du son et de la recherche."

    workshop.act(take)


def _erase(about: About) -> None:
    def remove(_: Person) -> str:
        naming = erasure.erase(services(), about.slug, require(Role.ADMINISTRATOR).email)
        also = f" {', '.join(naming)} la nomme encore\u00a0: corrigez-le." if naming else ""
        return f"{_THE[about.kind].capitalize()} est effacée.{also} Les sauvegardes déjà faites la contiennent encore\u00a0: voir « Santé du hub »."

    workshop.act(remove)


def _ways(about: About) -> None:
    """Lead to the other pages about the same thing."""
    slug = html.escape(about.slug)
    edit = f" · <a href='/atelier-relire?m={slug}' target='_self'>Corriger la transcription</a>"
    st.html(
        f"<p class='hub-byline'><a href='/atelier-publier?m={slug}' target='_self'>Vérifier et publier</a>"
        f"{edit if about.kind == 'masterclass' else ''}</p>"
    )


def _passage(masterclass: Masterclass) -> None:
    """Choose a stretch of lines, see what goes, confirm."""
    slug, cues = masterclass.details.slug, [cue for cue in masterclass.cues if cue.text != MARK]
    st.html("<h2>Retirer un passage</h2>")
    st.write(
        "Choisissez la première et la dernière ligne. Elles disparaissent du texte, du résumé et des titres qui les citent, de la "
        "recherche, des versions précédentes et du son\u202f; à leur place, les lecteurs voient une marque. **Cela ne s’annule pas.**"
    )
    if masterclass.details.recording and masterclass.details.recording.video:
        st.write(
            "**L’image de la vidéo reste**, sans le son, pendant ce passage\u00a0: si elle en montre trop, "
            "remplacez l’enregistrement par une vidéo où ce passage est masqué, à la page «\u00a0Publier\u00a0»."
        )
    names = [f"{clock(cue.start)}\u2002{spaced(cue.text)}" for cue in cues]
    first = st.selectbox("Première ligne", range(len(cues)), format_func=names.__getitem__)
    last = st.selectbox("Dernière ligne", range(first, len(cues)), format_func=names.__getitem__)
    start, end = cues[first].start, cues[last].end
    gone = touched(cues, start, end)
    _going([cue.text for cue in gone])
    sure = st.checkbox(
        f"Je retire {'une ligne' if len(gone) == 1 else f'{len(gone)} lignes'}, de {clock(start)} à {clock(end)}",
        key=f"sure-{start}-{end}",
    )
    st.button("Retirer ce passage", on_click=_withdraw, args=(slug, start, end), disabled=not sure, type="primary")


def _written_passage(study: Study) -> None:
    """Choose sentences of a study, see what goes, confirm."""
    slug, found = study.details.slug, pieces(study)
    st.html("<h2>Retirer un passage</h2>")
    st.write(
        "Choisissez la première et la dernière phrase. Elles disparaissent du texte, du résumé qui les cite, de la recherche et des "
        "versions précédentes\u202f; à leur place, les lecteurs voient une marque. L’original, qui les contient, n’est plus proposé\u00a0: "
        "vous pourrez en donner un autre à la page «\u00a0Publier\u00a0». **Cela ne s’annule pas.**"
    )
    page = int(st.number_input("Page", 1, max(1, study.details.pages), 1))
    names = [f"p.\u00a0{piece.page}\u2002{spaced(piece.text)[:200] or 'Une figure sans légende'}" for piece in found]
    here = [n for n, piece in enumerate(found) if piece.page == page]
    if not here:
        workshop.aside("Cette page n’a pas de texte.")
        return
    first = st.selectbox("Première phrase", here, format_func=names.__getitem__, key=f"first-{page}")
    ahead = range(first, min(len(found), first + _AHEAD))
    last = st.selectbox("Dernière phrase", ahead, format_func=names.__getitem__, key=f"last-{first}")
    _going([piece.text for piece in found[first : last + 1]])
    count = last + 1 - first
    sure = st.checkbox(f"Je retire {'une phrase' if count == 1 else f'{count} phrases'}", key=f"sure-{first}-{last}")
    seen = services().studies.digest(slug)

    def take(me: Person) -> str:
        erasure.withdraw_from_study(services(), slug, first, last, seen, me.email)
        return "Le passage est retiré du texte et de la recherche, et l’original n’est plus proposé."

    st.button("Retirer ce passage", on_click=workshop.act, args=(take,), disabled=not sure, type="primary")


def _going(texts: list[str]) -> None:
    lines = "".join(f"<p>{html.escape(spaced(text))}</p>" for text in texts)
    st.html(
        f"<div class='hub-state hub-going' tabindex='0' role='region' aria-label='Ce qui sera retiré'>{lines}</div>"
    )


def _whole(about: About, *, mine: bool) -> None:
    """Erase after the title was typed."""
    title = about.title
    st.html(f"<h2>Effacer {_THE[about.kind]} pour de bon</h2>")
    if not mine:
        st.write(
            f"L’administration peut effacer {_THE[about.kind]} avec tout ce qui en reste. Pour la cacher, retirez-la de la publication."
        )
        return
    what = "Document" if about.kind == "study" else "Enregistrement"
    st.write(
        f"{what}, texte, versions, recherche et nombres de lectures disparaissent. Pour la cacher seulement, retirez-la de la publication."
    )
    typed = st.text_input("Recopiez le titre pour confirmer", placeholder=title)
    same = " ".join(typed.split()) == " ".join(title.split())
    st.button("Effacer pour de bon", on_click=_erase, args=(about,), disabled=not same, type="primary")


me = workshop.begin("Retirer des paroles")
everything: list[About] = [*services().library.catalogue(), *services().studies.catalogue()]
catalogue = {details.slug: details for details in everything}
asked = st.query_params.get("m", "")
chosen = st.selectbox(
    "Masterclass ou étude",
    list(catalogue),
    index=list(catalogue).index(asked) if asked in catalogue else None,
    format_func=lambda slug: f"{catalogue[slug].title} ({catalogue[slug].date:%d/%m/%Y})",
    placeholder="Choisir une masterclass ou une étude",
)
if chosen:
    whole = services().resources.read(chosen)
    _ways(whole.details)
    if isinstance(whole, Study):
        _written_passage(whole)
    elif whole.cues:
        _passage(whole)
    _whole(whole.details, mine=me.role >= Role.ADMINISTRATOR)
