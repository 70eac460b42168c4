"""How results of a search are shown: neighbours of one talk together, the words that match marked."""

from __future__ import annotations

import html
from collections.abc import Sequence

import streamlit as st

from index.marks import grouped, marks, pieces
from index.search import Result
from pages.hearing import place
from transcripts.typography import french_day, typeset


def show(results: Sequence[Result], query: str) -> None:
    """Show results, the best first; those near each other in one talk, or on one page, side by side."""
    st.html("".join(_group(group, query) for group in grouped(results)))


def named(results: Sequence[Result], query: str) -> bool:
    """Say whether a word of the query stands in any of the results: others are only near it in meaning."""
    return any(marks(typeset(result.text), query) for result in results)


def _group(group: Sequence[Result], query: str) -> str:
    first = group[0]
    about = html.escape(f"{typeset(first.title)} · {french_day(first.date)}")
    if first.kind == "study":
        about = f"<span class='hub-label'>Étude</span> {about}"
    return f"<figure class='hub-quote'>{''.join(_passage(r, query) for r in group)}<figcaption>{about}</figcaption></figure>"


def _passage(result: Result, query: str) -> str:
    text = "".join(
        f"<mark>{html.escape(piece)}</mark>" if matches else html.escape(piece)
        for piece, matches in pieces(typeset(result.text), query)
    )
    chapter = f" <span>{html.escape(typeset(result.chapter))}</span>" if result.chapter else ""
    return (
        f"<blockquote>«\u00a0{text}\u00a0»</blockquote><div class='hub-byline hub-place'>{place(result)}{chapter}</div>"
    )
