"""How results of a search are shown: neighbours of one talk together, the words that match marked."""

from __future__ import annotations

import html
from collections.abc import Sequence

import streamlit as st

from index.marks import grouped, pieces
from index.search import Result
from transcripts.model import clock
from transcripts.typography import french_day, typeset


def show(results: Sequence[Result], query: str) -> None:
    """Show results, the best first; those near each other in one talk, or on one page, side by side."""
    st.html("".join(_group(group, query) for group in grouped(results)))


def _group(group: Sequence[Result], query: str) -> str:
    first = group[0]
    about = html.escape(f"{first.title} · {french_day(first.date)}")
    if first.kind == "study":
        about = f"<span class='hub-label'>Étude</span> {about}"
    return f"<figure class='hub-quote'>{''.join(_passage(r, query) for r in group)}<figcaption>{about}</figcaption></figure>"


def _passage(result: Result, query: str) -> str:
    text = "".join(
        f"<mark>{html.escape(piece)}</mark>" if matches else html.escape(piece)
        for piece, matches in pieces(typeset(result.text), query)
    )
    chapter = f" {html.escape(result.chapter)}" if result.chapter else ""
    link = html.escape(result.url)
    go = f"Lire p.\u00a0{result.page}" if result.page is not None else f"▶ Écouter à {clock(result.moment or 0.0)}"
    return (
        f"<blockquote>«\u00a0{text}\u00a0»</blockquote><p class='hub-byline'>"
        f"<a href='{link}' target='_self'>{go}</a>{chapter}</p>"
    )
