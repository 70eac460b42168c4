"""Parts that pages share. Whatever comes from a transcript, a file or an address is shown as text, never as markup."""

from __future__ import annotations

import html
import logging
import urllib.parse
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache

import streamlit as st
from starlette.datastructures import URL

from app.queue import Job
from app.services import services
from pages.picture import HEIGHT, WIDTH, as_address, picture
from pages.plan import heading
from transcripts.errors import DamagedFile, HubError, NotFound, Unavailable
from transcripts.glossary import Term
from transcripts.library import Library
from transcripts.mentions import most_said
from transcripts.model import Details, Kind
from transcripts.resources import About
from transcripts.typography import counted, french_day, french_length, spaced, typeset

# What a library says that holds nothing yet.
NOTHING = ("La bibliothèque est encore vide.", "La première masterclass publiée apparaîtra ici, avec sa transcription.")
_LONG = 90  # characters of a title that is set smaller
_log = logging.getLogger(__name__)
KINDS: dict[Kind, str] = {"masterclass": "Masterclass", "study": "Études"}


def title(text: str) -> None:
    """Give the page a title in the browser's tab that the navigation does not know."""
    st.set_page_config(page_title=heading(typeset(text)))


def empty(what: str, then: str, address: str = "", link: str = "") -> None:
    """Say that there is nothing here, why, and where to go on."""
    way = f"<p><a href='{html.escape(address)}' target='_self'>{html.escape(spaced(link))}</a></p>" if address else ""
    what, then = html.escape(spaced(what)), html.escape(spaced(then))
    st.html(f"<div class='hub-state' data-told><p><strong>{what}</strong></p><p>{then}</p>{way}</div>")


def count(shown: Sequence[About]) -> str:
    """Return how many masterclasses and studies, in words; the word does not change in the plural."""
    studies = sum(details.kind == "study" for details in shown)
    talks = len(shown) - studies
    written = counted(studies, "étude", "études")
    return " et ".join([f"{talks} masterclass"] * bool(talks or not studies) + [written] * bool(studies))


def examples(texts: Iterable[str], label: str = "Exemples de questions", page: str = "question", **kept: str) -> None:
    """Offer texts that a click asks, or looks for on another ``page``; ``label`` is what the list is called when it is read aloud.

    ``kept`` stays in the address beside them.
    """
    links = "".join(
        f"<li><a class='hub-example' href='/{page}?{html.escape(query(q=each, **kept))}' target='_self'>{html.escape(spaced(each))}</a></li>"
        for each in texts
    )
    st.html(f"<ul class='hub-examples' aria-label='{label}'>{links}</ul>")


def themes(but: str = "") -> None:
    """Show the themes as ways in, all but one."""
    links = "".join(
        f"<li class='hub-way theme-{html.escape(name)}'><img src='{as_address(picture(name, name))}' alt='' width='{WIDTH}' height='{HEIGHT}'>"
        f"<a class='hub-open' href='/theme?nom={quoted(name)}' target='_self'><strong>{html.escape(title)}</strong></a></li>"
        for name, title in services().settings.library.themes.items()
        if name != but
    )
    st.html(f"<ul class='hub-ways'>{links}</ul>")


def trouble(error: HubError) -> None:
    """Say what went wrong, in the error's own words."""
    again = "<a href='' target='_self'>Réessayer</a> · "
    st.html(
        f"<div class='hub-state hub-trouble' role='alert'><p>{html.escape(spaced(str(error)))}</p><p>"
        f"{again if isinstance(error, Unavailable) else ''}<a href='/' target='_self'>Revenir à l’accueil</a></p></div>"
    )


@contextmanager
def edge(name: str) -> Iterator[None]:
    """Turn what goes wrong in something into words, there; ``name`` is what the log calls it.

    What draws itself in time needs one of its own: Streamlit draws it without its page.
    """
    try:
        yield
    except HubError as error:
        trouble(error)
    except Exception:  # noqa: BLE001 - whatever broke, Streamlit would say it in English; the log has the cause
        _log.exception("« %s » failed", name)
        trouble(
            HubError(
                "Cette page n’a pas pu s’afficher en entier\u00a0: rien n’est perdu. Réessayez, ou signalez-le à l’équipe."
            )
        )


def foot() -> None:
    """Close the page."""
    st.html(
        "<footer class='hub-foot'>Opération Milliard, association loi 1901. Masterclass et études se lisent librement\u202f; "
        "les réponses s’appuient sur des citations mot pour mot. <a href='/enquete' target='_self'>Enquête</a> · <a href='/lieux' target='_self'>Lieux</a> · <a href='/partenaires' target='_self'>Partenaires</a> · "
        "<a href='/donnees' target='_self'>Vos données</a> · "
        "<a href='/connexion' target='_self'>Accès des membres</a></footer>"
    )


def length(details: About) -> str:
    """Return how long a masterclass or a study is, in words."""
    if isinstance(details, Details):
        return french_length(details.duration)
    return f"{details.pages}\u00a0page{'s' if details.pages > 1 else ''}"


def theme(details: About) -> str:
    """Return the title of the theme of a masterclass or a study."""
    return services().settings.library.themes.get(details.theme, details.theme)


def byline(details: About) -> str:
    """Return date, length and speakers or authors as HTML, with the label of a study and of a demonstration."""
    who = html.escape(", ".join(details.speakers))
    if who and details.demonstration:
        who += " (noms inventés)" if len(details.speakers) > 1 else " (nom inventé)"
    whole = (text.replace(" ", "\u00a0") for text in (french_day(details.date), length(details)))
    bits = [*whole, *([who] if who else [])]
    label = " <span class='hub-label'>Démonstration</span>" if details.demonstration else ""
    study = "<span class='hub-label'>Étude</span> " if details.kind == "study" else ""
    return f"<p class='hub-byline'>{study}{' · '.join(bits)}{label}</p>"


def head(details: About) -> str:
    """Return what a page of one masterclass or study begins with, as HTML: theme, title, date, length and names."""
    long = " class='hub-long'" * (len(details.title) > _LONG)
    title = f"<h1{long}>{html.escape(typeset(details.title))}</h1>"
    return f"<header class='mc-head'>{theme_label(details)}{title}{byline(details)}</header>"


def origin() -> str:
    """Return the address of the hub, as it was set up or as the visitor asked for it; without a slash at its end."""
    asked = URL(st.context.url or "http://localhost:8501/")
    return services().settings.public.url or f"{asked.scheme}://{asked.netloc}"


def quoted(text: str) -> str:
    """Return a text as a part of an address."""
    return urllib.parse.quote(text, safe="")


def query(**asked: str) -> str:
    """Return what an address asks for, by its names."""
    return urllib.parse.urlencode(asked, safe="", quote_via=urllib.parse.quote)


def address(details: About) -> str:
    """Return the address of the page on which a masterclass is heard, or a study read."""
    return f"/{'masterclass?m' if details.kind == 'masterclass' else 'etude?e'}={details.slug}"


def cards(shown: Iterable[About]) -> None:
    """Show masterclasses and studies side by side, as many as there is room for."""
    known = services().staff_glossary.explained()
    st.html(f"<ul class='hub-cards'>{''.join(_card(details, known) for details in shown)}</ul>")


def _card(details: About, known: tuple[Term, ...]) -> str:
    spoken = details.kind == "masterclass"
    terms = "".join(f"<li>{html.escape(term)}</li>" for term in (_terms(details.slug, known) if spoken else ()))
    return (
        f"<li class='hub-card'><img src='{as_address(picture(details.slug, details.theme))}' alt='' width='{WIDTH}' height='{HEIGHT}'>"
        f"<div>{theme_label(details)}"
        f"<a class='hub-open' href='{address(details)}' target='_self'><strong>{html.escape(typeset(details.title))}</strong></a>"
        f"{byline(details)}{f'<ul class=hub-terms aria-label=Termes>{terms}</ul>' if terms else ''}</div></li>"
    )


def theme_label(details: About) -> str:
    """Return the theme of a masterclass or study as HTML, in its colour."""
    known = details.theme in services().settings.library.themes
    inside = html.escape(theme(details))
    if known:
        inside = f"<a href='/theme?nom={quoted(details.theme)}' target='_self'>{inside}</a>"
    return f"<p class='hub-theme theme-{html.escape(details.theme)}'>{inside}</p>"


def _terms(slug: str, known: tuple[Term, ...]) -> tuple[str, ...]:
    library = services().library
    try:
        return _most_said(library, slug, library.signature(slug), known)
    except HubError:  # a card is no place for a damaged file: the page of the masterclass says it
        return ()


@lru_cache(maxsize=4096)
def _most_said(library: Library, slug: str, signature: tuple[int, ...], known: tuple[Term, ...]) -> tuple[str, ...]:
    return tuple(term.term for term in most_said(library.read(slug).cues, known, 3))


def listen_next(slug: str) -> None:
    """Show the masterclasses nearest in meaning to one or to a study, where the index knows some."""
    library = services().library
    nearest = []
    for each in services().hub.near(slug):
        with suppress(NotFound, DamagedFile):  # since the index was asked
            nearest.append(library.details(each))
    if nearest:
        st.html("<h2>À écouter ensuite</h2>")
        cards(nearest)


def first_page() -> None:
    """Turn to the first page: another choice has been made of what is shown page by page."""
    st.session_state["page"] = 1


def in_preparation() -> None:
    """Say how far the masterclasses are that are being made; which ones is for staff to know."""
    if _running():
        st.fragment(_preparation, run_every=2)()


def _preparation() -> None:
    for job in _running():
        st.caption(f":material/hourglass_top: Une masterclass est en préparation\u00a0: {job.progress.lower()}.")


def _running() -> list[Job]:
    try:
        return [job for job in services().queue.jobs() if job.state == "running"]
    except Unavailable:  # nobody can read less for it
        return []
