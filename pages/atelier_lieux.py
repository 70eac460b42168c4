"""The places that relay the association, and what happens there: inscribed, changed, taken off the list."""

import html

import streamlit as st

from app import venue_table
from app.people import Person, Role
from app.services import services
from app.venue_book import LABELS
from pages import workshop
from pages.upload import pick
from pages.venue_events import events_of, events_table
from pages.who import asked, require
from transcripts.errors import BadInput
from transcripts.regions import REGIONS
from transcripts.typography import counted, spaced
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
    st.session_state["lieu"] = kept.id
    workshop.act(lambda by: f"« {kept.name} » est enregistré : la page « Lieux » le montre dès maintenant.")
    st.rerun()


def _form(venue: Venue | None) -> None:
    present = dict.fromkeys(LABELS, "") if venue is None else venue_table.as_written(venue)
    regions = list(REGIONS)
    with st.form(f"lieu-{venue.id if venue else 'nouveau'}", border=False):
        written = {name: st.text_input(LABELS[name], present[name], max_chars=300) for name in ("name", "city")}
        at = regions.index(present["region"]) if present["region"] in regions else None
        written["region"] = st.selectbox(LABELS["region"], regions, at, placeholder="Choisir", filter_mode=None) or ""
        written |= {name: st.text_input(LABELS[name], present[name], max_chars=2000) for name in _LONG}
        written["about"] = st.text_area(LABELS["about"], present["about"], max_chars=1000, height=90)
        st.write(
            "Pour la carte, latitude et longitude en degrés, comme 48,11 et -1,68\u202f; sans elles, le lieu est seulement dans la liste."
        )
        for name, column in zip(("latitude", "longitude"), st.columns(2), strict=True):
            written[name] = column.text_input(LABELS[name], present[name], max_chars=20)
        if st.form_submit_button("Enregistrer le lieu", type="primary"):
            try:
                _keep(venue, written)
            except BadInput as error:
                workshop.refused(error)
    if venue:
        sure = st.checkbox(f"Je retire {workshop.plain(venue.name)} de la liste", key=f"sure-{venue.id}")
        st.button("Retirer ce lieu", on_click=_remove, args=(venue,), disabled=not sure)


def _table(present: tuple[Venue, ...]) -> None:
    """Give the list as a table, and take one back: what it would change is shown before anything does."""
    st.html("<h2>En tableau</h2>")
    st.download_button(
        "Exporter les lieux (CSV)",
        asked(Role.STAFF, lambda: venue_table.export(present)),
        "lieux.csv",
        "text/csv",
        on_click="ignore",
    )
    given = pick("Choisir un tableau CSV", ".csv,.txt", venue_table.LARGEST)
    if given is None:
        return
    plan = venue_table.compare(given, present)
    for fault in plan.faults:
        st.html(f"<p class='hub-warm'>{html.escape(spaced(fault))}</p>")
    count = len(plan.places)
    if not count:
        same = counted(plan.same, "ligne dit", "lignes disent")
        st.html(f"<p role='status'>Ce tableau ne change rien\u202f; {same} ce qui est déjà.</p>")
        return
    rows = "".join(
        f"<li>{'Changer' if place.number else 'Inscrire'} {html.escape(spaced(place.name))}</li>"
        for place in plan.places
    )
    st.html(f"<ul class='hub-rows'>{rows}</ul>")

    def apply(me: Person) -> str:
        for place in plan.places:
            services().venue_book.keep(place.number, place.written)
        services().journal.note(me.email, f"a changé {counted(count, 'lieu', 'lieux')} par un tableau")
        kept = counted(count, "lieu est enregistré", "lieux sont enregistrés")
        return f"{kept} ; la page « Lieux » est à jour dès maintenant."

    st.button(
        "Enregistrer ce lieu" if count == 1 else f"Enregistrer ces {count} lieux",
        type="primary",
        on_click=workshop.act,
        args=(apply,),
    )


workshop.begin("Lieux référents")
venues = {venue.id: venue for venue in services().calendar.venues().place}
# What was just inscribed stays chosen, whatever is done next; what was taken off does not.
kept = st.session_state.pop("lieu", st.session_state.get("lieu-choisi"))
st.session_state["lieu-choisi"] = kept if kept in venues else None
chosen = st.selectbox(
    "Lieu",
    [None, *venues],
    format_func=lambda number: f"{venues[number].city}\u00a0: {venues[number].name}" if number else "Un nouveau lieu",
    filter_mode=None,
    key="lieu-choisi",
)
_form(venues.get(chosen or ""))
if chosen:
    events_of(venues[chosen])
try:
    _table(services().calendar.venues().place)
    events_table(services().calendar.venues().place)
except BadInput as error:
    workshop.refused(error)
