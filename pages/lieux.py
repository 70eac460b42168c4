"""The places that relay the association: a map that asks no other service, a list, and what happens there."""

import html

import streamlit as st

from app.services import services
from pages import parts
from pages.atlas import atlas
from transcripts.agenda import when
from transcripts.typography import counted, spaced
from transcripts.venues import Venue

_NAMED = 3  # events shown for a place


def _events(venue: Venue) -> str:
    coming = [event for event in events if event.place == venue.id][:_NAMED]
    rows = "".join(f"<li>{when(event)}\u00a0: {html.escape(spaced(event.title))}</li>" for event in coming)
    return f"<ul>{rows}</ul>" if rows else "<p class='hub-byline'>Aucun rendez-vous annoncé.</p>"


def _card(venue: Venue) -> str:
    site = f"<a href='{html.escape(venue.link)}' rel='noopener noreferrer'>Son site</a> · " if venue.link else ""
    address = html.escape(", ".join(filter(None, (venue.address, venue.city, venue.region))))
    return (
        f"<article class='hub-event' id='lieu-{venue.id}' tabindex='-1'><h3>{html.escape(spaced(venue.name))}</h3>"
        f"<p class='hub-byline'>{address}</p><p>{html.escape(spaced(venue.about))}</p>{_events(venue)}"
        f"<p>{site}<a href='/lieux/{venue.id}.ics' target='_self'>Son calendrier<span class='hub-hidden'> ({html.escape(venue.city)})</span></a></p></article>"
    )


st.title("Les lieux référents")
book = services().calendar.venues()
if not book.place:
    parts.empty("Aucun lieu n’est encore inscrit.", "Le premier apparaîtra ici, avec ses rendez-vous.")
    st.stop()
events = services().calendar.coming()
label = " <span class='hub-label'>Lieux inventés, pour la démonstration</span>" if book.demonstration else ""
st.html(
    f"<p class='hub-lead'>{counted(len(book.place), 'lieu', 'lieux')} où l’on se retrouve pour écouter, apprendre et monter des dossiers ensemble.{label}</p>"
)
drawing = st.container()
regions = sorted({venue.region for venue in book.place})
region = st.selectbox(
    "Région",
    [None, *regions],
    format_func=lambda region: region or "Toutes les régions",
    filter_mode=None,
    key="region",
    bind="query-params",
)
listed = sorted((v for v in book.place if region in (None, v.region)), key=lambda v: (v.region, v.city))
drawing.html(atlas(listed, region))
count = counted(len(listed), "lieu", "lieux")
st.html(
    f"<h2>La liste</h2><p class='hub-count' data-told>{count}</p><div class='hub-places'>{''.join(map(_card, listed))}</div>"
)
