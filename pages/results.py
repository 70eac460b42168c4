"""How results of a search are shown, as HTML: neighbours of one talk together, the words that match marked."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence

from index.marks import grouped, named, pieces
from index.search import Result, SearchReply, moments
from pages import parts
from pages.hearing import place
from transcripts.typography import french_day, typeset


def of(reply: SearchReply, filters: Mapping[str, str]) -> list[str]:
    """Return what a search found, the best first; results near each other in one talk, or on one page, stand side by side.

    ``filters`` are those of the page's address, with which the suggestion is searched too.
    """
    found = moments(reply.results)
    shown = ["".join(_group(group, reply.query) for group in grouped(found))] if found else []
    if shown:
        count = len(found)
        told = f"{count} passages, les plus proches d’abord." if count > 1 else "1 passage."
        if not named((typeset(result.text) for result in reply.results), reply.query):
            told = "Aucun passage ne contient ces mots\u00a0: voici ceux dont le sens s’en approche le plus."
        shown.insert(0, f"<p class='hub-told' data-told>{told}</p>")
    if reply.suggestion:
        address = html.escape(parts.query(q=reply.suggestion, **filters))
        again = f"<a href='/recherche?{address}' target='_self'>{html.escape(reply.suggestion)}</a>"
        shown.insert(0, f"<p class='hub-told'>Vouliez-vous dire {again}\u202f?</p>")
    return shown


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
