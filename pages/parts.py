"""Parts that pages share. Whatever comes from a transcript, a file or an address is shown as text, never as markup."""

from __future__ import annotations

import html
import urllib.parse

import streamlit as st

from app.queue import Job
from app.services import services
from index.answer import Citation, moment_url
from index.search import Result
from pages.plan import heading
from transcripts.errors import HubError, Unavailable
from transcripts.model import Details, clock
from transcripts.typography import french_day, spaced


def title(text: str) -> None:
    """Give the page a title in the browser's tab that the navigation does not know."""
    st.set_page_config(page_title=heading(text))


def trouble(error: HubError) -> None:
    """Say what went wrong, in the error's own words."""
    st.html(
        f"<div class='hub-state' role='alert'><p>{html.escape(str(error))}</p>"
        "<p><a href='/' target='_self'>Revenir à l’accueil</a></p></div>"
    )


def foot() -> None:
    """Close the page."""
    st.html(
        "<footer class='hub-foot'>Opération Milliard, association loi 1901. Les masterclass se lisent librement ; "
        "les réponses citent mot pour mot ce qui a été dit.</footer>"
    )


def length(details: Details) -> str:
    """Return how long a masterclass is, in words."""
    minutes = max(1, round(details.duration / 60))
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02}"


def theme(details: Details) -> str:
    """Return the title of a masterclass's theme."""
    return services().settings.library.themes.get(details.theme, details.theme)


def byline(details: Details) -> str:
    """Return date, length and speakers as HTML, with the label of a demonstration."""
    invented = " (nom inventé)" if details.demonstration else ""
    who = ", ".join(f"{html.escape(name)}{invented}" for name in details.speakers)
    bits = [french_day(details.date), length(details), *([who] if who else [])]
    label = " <span class='hub-label'>Démonstration</span>" if details.demonstration else ""
    return f"<p class='hub-byline'>{' · '.join(bits)}{label}</p>"


def quoted(text: str) -> str:
    """Return a text as a part of an address."""
    return urllib.parse.quote(text, safe="")


def card(details: Details) -> None:
    """Show a masterclass in a list."""
    st.html(
        f"<a class='hub-card theme-{html.escape(details.theme)}' href='/masterclass?m={html.escape(details.slug)}' target='_self'>"
        f"<span class='hub-theme'>{html.escape(theme(details))}</span>"
        f"<strong>{html.escape(details.title)}</strong>{byline(details)}</a>"
    )


def in_preparation() -> None:
    """Say how far the masterclasses are that are being made; which ones is for staff to know."""
    if _running():
        st.fragment(_preparation, run_every=2)()


def _preparation() -> None:
    for job in _running():
        st.caption(f":material/hourglass_top: Une masterclass est en préparation : {job.progress.lower()}.")


def _running() -> list[Job]:
    try:
        return [job for job in services().queue.jobs() if job.state == "running"]
    except Unavailable:  # nobody can read less for it
        return []


def quote(citation: Citation) -> None:
    """Show what was said, with the link that plays it."""
    _moment(citation.quote, citation.slug, citation.start, citation.title, citation.speaker, number=citation.n)


def passage(found: Result) -> None:
    """Show a passage that was found, with the link that plays it."""
    _moment(found.text, found.slug, found.start, found.title, found.chapter)


def _moment(text: str, slug: str, start: float, title: str, about: str | None, number: int | None = None) -> None:
    mark = f"<span class='hub-number'>{number}</span>" if number else ""
    source = " · ".join(html.escape(bit) for bit in (title, about) if bit)
    st.html(
        f"<figure class='hub-quote'><blockquote>{mark}«\u00a0{html.escape(spaced(text))}\u00a0»</blockquote><figcaption>"
        f"<a href='{html.escape(moment_url(slug, start))}' target='_self'>▶ Écouter à {clock(start)}</a> {source}</figcaption></figure>"
    )
