"""The places that relay the association: inscribed, changed, taken off the list."""

import streamlit as st

from app.people import Person, Role
from app.services import services
from app.venue_book import LABELS
from pages import workshop
from pages.who import require
from transcripts.errors import BadInput
from transcripts.regions import REGIONS
from transcripts.venues import Venue

_LONG = ("address", "link")


def _remove(venue: Venue) -> None:
    def take_off(me: Person) -> str:
        services().venue_book.remove(venue.id)
        services().journal.note(me.email, f"a retiré le lieu « {venue.name} »")
        return f"« {venue.name} » n’est plus sur la liste."

    workshop.act(take_off)


def _keep(venue: Venue | None, written: dict[str, str]) -> None:
    me = require(Role.STAFF)
    kept = services().venue_book.keep(venue.id if venue else None, written)
    services().journal.note(me.email, f"a {'changé' if venue else 'inscrit'} le lieu « {kept.name} »")
    st.session_state["lieu-gardé"] = kept.id
    workshop.act(lambda by: f"« {kept.name} » est enregistré : la page « Lieux » le montre dès maintenant.")
    st.rerun()


def _form(venue: Venue | None) -> None:
    present = {name: "" if venue is None else str(getattr(venue, name) or "") for name in LABELS}
    regions = list(REGIONS)
    with st.form(f"lieu-{venue.id if venue else 'nouveau'}", border=False):
        written = {name: st.text_input(LABELS[name], present[name], max_chars=300) for name in ("name", "city")}
        at = regions.index(present["region"]) if present["region"] in regions else None
        written["region"] = st.selectbox(LABELS["region"], regions, at, placeholder="Choisir", filter_mode=None) or ""
        written |= {name: st.text_input(LABELS[name], present[name], max_chars=2000) for name in _LONG}
        written["about"] = st.text_area(LABELS["about"], present["about"], max_chars=1000, height=90)
        st.write("Pour la carte, en degrés, comme 48,11 et -1,68\u00a0; sans eux, le lieu est seulement dans la liste.")
        for name, column in zip(("latitude", "longitude"), st.columns(2), strict=True):
            written[name] = column.text_input(LABELS[name], present[name].replace(".", ","), max_chars=20)
        if st.form_submit_button("Enregistrer le lieu", type="primary"):
            try:
                _keep(venue, written)
            except BadInput as error:
                workshop.refused(error)
    if venue:
        sure = st.checkbox(f"Je retire {workshop.plain(venue.name)} de la liste", key=f"sure-{venue.id}")
        st.button("Retirer ce lieu", on_click=_remove, args=(venue,), disabled=not sure)


workshop.begin("Lieux référents")
venues = {venue.id: venue for venue in services().calendar.venues().place}
# The choice stays under its key: without one, the run after a save chose a new place, and what was being typed was gone.
chosen = st.session_state.pop("lieu-gardé", st.session_state.get("lieu"))
st.session_state["lieu"] = chosen if chosen in venues else None
chosen = st.selectbox(
    "Lieu",
    [None, *venues],
    key="lieu",
    format_func=lambda number: f"{venues[number].city}\u00a0: {venues[number].name}" if number else "Un nouveau lieu",
    filter_mode=None,
)
_form(venues.get(chosen or ""))
workshop.aside(
    "Un rendez-vous nomme un lieu dans agenda.toml par son identifiant"
    + (f'\u00a0: place = "{chosen}".' if chosen else ", que cette page montre quand le lieu est choisi.")
)
