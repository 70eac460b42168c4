"""An answer to paste elsewhere: its sentences, and where each was said or written."""

from __future__ import annotations

import html

import streamlit as st

from index.answer import Answer, Citation
from index.question import Language
from pages import parts
from pages.hearing import second_of
from transcripts.model import clock
from transcripts.typography import spaced, typeset


def button(answer: Answer) -> None:
    """Offer to copy an answer; `hub.js` does."""
    english = answer.language == "en"
    label = "Copy the answer and its sources" if english else "Copier la réponse et ses sources"
    text = html.escape(as_text(answer, parts.origin()))
    st.html(
        f"<p class='hub-copying'><button type='button' class='hub-plain-button' data-copy='{text}'>{label}</button>"
        "<span role='status'></span></p>"
    )


def as_text(answer: Answer, origin: str) -> str:
    """Return an answer as plain text: the question, what was answered, each source with its address below ``origin``. Pure."""
    if answer.written_by:
        written = [f"{typeset(each.text)} {' '.join(f'[{n}]' for n in each.citations)}" for each in answer.answer]
        told = [" ".join(written)]
        told += [f"[{each.n}] {_source(each, each.quote, origin, answer.language)}" for each in answer.citations]
    else:
        told = [
            _source(citation, statement.text, origin, answer.language)
            for statement, citation in zip(answer.answer, answer.citations, strict=True)
        ]
    return "\n\n".join([spaced(answer.question), *told])


def _source(citation: Citation, text: str, origin: str, language: Language) -> str:
    if citation.page is None:
        at = f"{'at' if language == 'en' else 'à'} {clock(second_of(citation))}"
    else:
        at = f"p.\u00a0{citation.page}"
    who = ", ".join(filter(None, (citation.speaker, f"« {typeset(citation.title)} »", "Opération Milliard", at)))
    return f"«\u00a0{typeset(text)}\u00a0»\n{spaced(who)}\u00a0: {origin}{citation.url}"
