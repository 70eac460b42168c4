"""A speaker takes words back: a passage, or a whole masterclass."""

import html

import streamlit as st

from app import erasure
from app.people import Person, Role
from app.services import services
from pages import workshop
from pages.who import require
from transcripts.model import Masterclass, clock
from transcripts.typography import spaced
from transcripts.withdrawal import MARK, touched


def _withdraw(slug: str, start: float, end: float) -> None:
    def take(me: Person) -> str:
        with st.spinner("Le passage est retiré, le son est réécrit…"):
            left = erasure.withdraw_passage(services(), slug, start, end, me.email)
        return f"Le passage de {clock(left.start)} à {clock(left.end)} est retiré du texte, du son et de la recherche."

    workshop.act(take)


def _erase(slug: str) -> None:
    def remove(_: Person) -> str:
        naming = erasure.erase(services(), slug, require(Role.ADMINISTRATOR).email)
        also = f" {', '.join(naming)} la nomme encore\u00a0: corrigez-le." if naming else ""
        return f"La masterclass est effacée.{also} Les sauvegardes la gardent encore quelques jours\u00a0: voir « Santé du hub »."

    workshop.act(remove)


def _passage(masterclass: Masterclass) -> None:
    """Choose a stretch of lines, see what goes, confirm."""
    slug, cues = masterclass.details.slug, [cue for cue in masterclass.cues if cue.text != MARK]
    st.html("<h2>Retirer un passage</h2>")
    st.write(
        "Choisissez la première et la dernière ligne. Elles disparaissent du texte, du résumé et des titres qui les citent, de la "
        "recherche, des versions précédentes et du son ; à leur place, les lecteurs voient une marque. **Cela ne s’annule pas.**"
    )
    names = [f"{clock(cue.start)}\u2002{spaced(cue.text)}" for cue in cues]
    first = st.selectbox("Première ligne", range(len(cues)), format_func=names.__getitem__)
    last = st.selectbox("Dernière ligne", range(first, len(cues)), format_func=names.__getitem__)
    start, end = cues[first].start, cues[last].end
    gone = touched(cues, start, end)
    lines = "".join(f"<p>{html.escape(spaced(cue.text))}</p>" for cue in gone)
    st.html(
        f"<div class='hub-state hub-going' tabindex='0' role='region' aria-label='Ce qui sera retiré'>{lines}</div>"
    )
    sure = st.checkbox(
        f"Je retire {'une ligne' if len(gone) == 1 else f'{len(gone)} lignes'}, de {clock(start)} à {clock(end)}",
        key=f"sure-{start}-{end}",
    )
    st.button("Retirer ce passage", on_click=_withdraw, args=(slug, start, end), disabled=not sure, type="primary")


def _whole(masterclass: Masterclass, *, mine: bool) -> None:
    """Erase after the title was typed."""
    title = masterclass.details.title
    st.html("<h2>Effacer la masterclass pour de bon</h2>")
    if not mine:
        st.write(
            "L’administration peut effacer une masterclass avec tout ce qui en reste. Pour la cacher, retirez-la de la publication."
        )
        return
    st.write(
        "Enregistrement, texte, versions, recherche et comptes disparaissent. Pour la cacher seulement, retirez-la de la publication."
    )
    typed = st.text_input("Recopiez le titre pour confirmer", placeholder=title)
    same = " ".join(typed.split()) == " ".join(title.split())
    st.button(
        "Effacer pour de bon", on_click=_erase, args=(masterclass.details.slug,), disabled=not same, type="primary"
    )


me = workshop.begin("Retirer des paroles")
catalogue = {details.slug: details for details in services().library.catalogue()}
asked = st.query_params.get("m", "")
chosen = st.selectbox(
    "Masterclass",
    list(catalogue),
    index=list(catalogue).index(asked) if asked in catalogue else None,
    format_func=lambda slug: f"{catalogue[slug].title} ({catalogue[slug].date:%d/%m/%Y})",
    placeholder="Choisir une masterclass",
)
if chosen:
    masterclass = services().library.read(chosen)
    if masterclass.cues:
        _passage(masterclass)
    _whole(masterclass, mine=me.role >= Role.ADMINISTRATOR)
