"""A study as everybody sees it: on its page, and in the preview of those who are about to publish it."""

from __future__ import annotations

import html

import streamlit as st

from app.originals import has_pages
from app.places import HubPlaces
from app.services import services
from app.study_page import contents, form_of, passage, taken_out
from app.templating import render
from pages import parts
from pages.event import given
from transcripts.article import Item, article, fraction, on_page, sentence_at
from transcripts.prose import blocks, led, reviewed
from transcripts.sentences import Sentence
from transcripts.study import Study
from transcripts.typography import spaced, typeset

_MOST = 400_000  # characters of a study that are shown at once
_PLACES = HubPlaces("")


def asked_page(page: str, part: str, study: Study) -> tuple[int | None, Sentence | None, str]:
    """Return the page that an address asks for, None for none, the sentence it cites, and what to say when there is no such page."""
    if not page:
        return None, None, ""
    number = int(page) if page.isdecimal() and len(page) < 6 else 0
    last = study.details.pages
    if not 1 <= number <= last:
        return (
            None,
            None,
            f"La page que demande le lien n’existe pas\u00a0: cette étude a {parts.length(study.details)}.",
        )
    cited = sentence_at(study, number, int(part)) if part.isdecimal() and len(part) < 6 else None
    return number, cited, ""


def show(study: Study, page: int | None = None, cited: Sentence | None = None, notice: str = "") -> None:
    """Show a study, a page of it open and a sentence there marked; ``notice`` is said beside."""
    details = study.details
    st.html(parts.head(details) + given(details))
    if details.demonstration:
        st.info(
            "Étude de démonstration\u00a0: écrite pour montrer le hub, avec des personnes et des chiffres inventés.",
            icon=":material/science:",
        )
    if notice:
        st.info(notice, icon=":material/info:")
    items = article(study, cited)
    if page:
        _reader(study, items, page, cited)
    _summary(study)
    _contents(details.slug, items)
    if not page:
        _reader(study, items, 1, None)
    _whole(study, items)
    _take_away(study)


def _reader(study: Study, items: list[Item], page: int, cited: Sentence | None) -> None:
    """Show a page: its text, and beside it the original where it has pages."""
    slug = study.details.slug
    here = list(on_page(items, page))
    kept = services().studies.original(slug)
    pictures = has_pages(kept)
    place = f"{page}.{fraction(cited.start)}" if cited else f"{page}"
    words = passage(here, _PLACES, slug, pictures) if here else "<p>Cette page n’a pas de texte.</p>"
    text = f"<section class='hub-page' data-place='{place}' aria-labelledby='page'><h2 id='page'>Page {page}</h2>{words}</section>"
    if pictures:
        mark = f"?s={fraction(cited.start)}" if cited else ""
        address = f"/e/{html.escape(slug)}/page-{page}.webp{mark}"
        alt = f"Page {page} de l’original{', la citation surlignée' if cited else ''}\u202f; son texte est à côté."
        text = (
            f"<div class='hub-reader'>{text}<figure class='hub-original'><a href='{address}' target='_blank'>"
            f"<img src='{address}' alt='{html.escape(spaced(alt))}' width='1400' height='1980'></a>"
            f"<figcaption><a href='{address}' target='_blank'>Agrandir la page</a></figcaption></figure></div>"
        )
    st.html(f"{text}{_turning(slug, page, study.details.pages)}")


def _turning(slug: str, page: int, last: int) -> str:
    """Return the ways to the pages before and after."""
    ways = [(page - 1, "← Page précédente")] * (page > 1) + [(page + 1, "Page suivante →")] * (page < last)
    links = "".join(
        f"<li><a href='/etude?e={html.escape(slug)}&amp;p={number}' target='_self'>{words}</a></li>"
        for number, words in ways
    )
    return f"<nav class='hub-turning' aria-label='Pages'><ul>{links}</ul><p>Page {page} sur {last}</p></nav>"


def _summary(study: Study) -> None:
    slug = study.details.slug
    found = led(blocks(typeset(study.summary.text)), lambda page: f"/etude?e={slug}&p={page}")
    if found:
        review = html.escape(spaced(reviewed(study.summary)))
        st.html(
            f"<h2>Résumé</h2><p class='hub-byline'>{review}</p><div class='hub-prose'>{render('summary.html', blocks=found)}</div>"
        )


def _contents(slug: str, items: list[Item]) -> None:
    links = "".join(
        f"<li class='rd-level-{item.level}'><a href='/etude?e={html.escape(slug)}&amp;p={item.page}' target='_self'>"
        f"{html.escape(typeset(item.text))}</a> <span class='hub-count'>p.\u00a0{item.page}</span></li>"
        for item in contents(items)
    )
    if links:
        st.html(
            f"<nav class='hub-contents' aria-labelledby='sommaire'><h2 id='sommaire'>Sommaire</h2><ul>{links}</ul></nav>"
        )


def _whole(study: Study, items: list[Item]) -> None:
    slug = study.details.slug
    if sum(len(block.text) for block in study.blocks) > _MOST:
        st.html(f"<p><a href='/e/{html.escape(slug)}' target='_self'>Tout le texte, sur une page</a></p>")
        return
    text = passage(items, _PLACES, slug, has_pages(services().studies.original(slug)), ids=True, down=1)
    st.html(
        f"<details class='hub-whole'><summary>Tout le texte</summary><article class='rd-article'>{text}</article></details>"
    )


def _take_away(study: Study) -> None:
    slug = study.details.slug
    kept = services().studies.original(slug)
    name = html.escape(slug)
    files = [(f"/e/{name}.{form}", title) for form, title in (("txt", "texte"), ("md", "Markdown"), ("json", "JSON"))]
    if kept:
        files.insert(0, (f"/e/{name}/original", f"l’original ({form_of(kept.name)})"))
    links = "".join(f"<li><a href='{address}' download>{title}</a></li>" for address, title in files)
    gone = taken_out(study, kept.name if kept else None)
    told = f"<p class='hub-byline'>{html.escape(spaced(gone))}</p>" if gone else ""
    st.html(
        f"<h2>Télécharger</h2>{told}<ul class='hub-files'>{links}<li><a href='/e/{name}' target='_self'>adresse à garder (page simple, qui s’ouvre partout)</a></li></ul>"
    )
