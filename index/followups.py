"""Questions that an answer leads to: terms of the field that were said beside it, and that the same talks explain. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from index.inquiry import Inquiry
from index.overlap import terms_in
from index.selection import Candidate, defines
from transcripts.glossary import Term

_MOST = 3


def followups(study: Inquiry, chosen: Sequence[Candidate], terms: Sequence[Term]) -> tuple[str, ...]:
    """Return up to three questions in the language of the one asked, the nearest to the quotes first."""
    asked = {term.term for term in study.asked.subjects} | {t.term for t in terms_in(study.asked.text, tuple(terms))}
    beside = [term for text in study.around_texts(chosen) for term in terms_in(text, tuple(terms))]
    explained = {
        term.term
        for talk in study.talks.values()
        for sentence in talk
        if defines(sentence.text)
        for term in terms_in(sentence.text, tuple(terms))
    }
    found = dict.fromkeys(t.term for t in beside if t.term in explained and t.term not in asked)
    form = "What does “{}” mean?" if study.asked.language == "en" else "Que veut dire « {} » ?"
    return tuple(form.format(term) for term in list(found)[:_MOST])
