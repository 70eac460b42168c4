"""How an answer and its quotes are shown, as HTML: on the page, and before Streamlit has drawn it."""

from __future__ import annotations

import html

from app.services import services
from index.answer import Answer, Citation, frame
from index.question import Language
from index.search import Result, moments
from pages import hearing
from transcripts.article import row_with_header
from transcripts.typography import spaced, typeset


def of(answer: Answer) -> list[str]:
    """Return the question, which its box may be too narrow for, a sentence that introduces the answer, and its quotes.

    Where there is no answer, the passages that come closest.
    """
    if answer.written_by:
        quotes = [
            _written(answer),
            *(_quote(citation, answer.language, citation.quote) for citation in answer.citations),
        ]
    else:
        said = zip(answer.answer, answer.citations, strict=True)
        quotes = [_quote(citation, answer.language, statement.text) for statement, citation in said]
    closest = [passage(found, answer.language) for found in moments(answer.closest)]
    asked = f"<h2 class='hub-question' lang='{answer.language}'>{html.escape(spaced(answer.question))}</h2>"
    return [f"{asked}<p class='hub-told' data-told>{html.escape(spaced(frame(answer)))}</p>", *quotes, *closest]


def passage(found: Result, language: Language = "fr") -> str:
    """Return a passage that was found, with the link that plays or shows it."""
    return _place(found.text, found, found.chapter, language)


def _quote(citation: Citation, language: Language, text: str) -> str:
    """Return what was said or written, or a readable form of it, with the link that plays or shows it."""
    row = _row(citation)
    return _place(text, citation, citation.speaker, language, citation.n, chosen=citation.chosen, row=row)


def _row(citation: Citation) -> str:
    """Return a quote that is a row of a table under its header; empty for any other."""
    if citation.page is None or "|" not in citation.quote:
        return ""
    found = row_with_header(services().studies.read(citation.slug), citation.page, citation.quote)
    if found is None:
        return ""
    header, row = (
        "".join(f"<{tag}>{html.escape(typeset(cell))}</{tag}>" for cell in cells)
        for tag, cells in zip(("th", "td"), found, strict=True)
    )
    return (
        "<div class='hub-wide rd-table' role='region' tabindex='0' aria-label='Ligne d’un tableau'>"
        f"<table><thead><tr>{header}</tr></thead><tbody><tr>{row}</tr></tbody></table></div>"
    )


def _written(answer: Answer) -> str:
    """Return what a model wrote, each sentence with the numbers of its quotes."""
    places = {c.n: c.url for c in answer.citations}
    sentences = []
    for statement in answer.answer:
        numbers = "".join(
            f"<a class='hub-number' href='{html.escape(places[n])}' target='_self'>{n}</a>" for n in statement.citations
        )
        sentences.append(f"{html.escape(typeset(statement.text))} {numbers}")
    return f"<p class='hub-written' lang='{answer.language}'>{' '.join(sentences)}</p>"


def _place(
    text: str,
    found: Citation | Result,
    about: str | None,
    language: Language,
    number: int | None = None,
    *,
    chosen: bool = False,
    row: str = "",
) -> str:
    english = language == "en"
    mark = f"<span class='hub-number'>{number}</span>" if number else ""
    label = f"<span class='hub-label'>{'chosen by the team' if english else 'choisi par l’équipe'}</span> " * chosen
    study = f"<span class='hub-label'>{'Study' if english else 'Étude'}</span> " * (found.kind == "study")
    source = label + study + " · ".join(html.escape(typeset(bit)) for bit in (found.title, about) if bit)
    words = row or f"«\u00a0{html.escape(typeset(text))}\u00a0»"
    return (
        f"<figure class='hub-quote'><blockquote>{mark}{words}</blockquote>"
        f"<figcaption class='hub-place'>{hearing.place(found, language)} <span>{source}</span></figcaption></figure>"
    )
