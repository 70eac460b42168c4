"""What a visitor may be looking for, offered while they type: words of the field, talks, studies, people, good questions. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from transcripts.glossary import Term
from transcripts.resources import About

Kind = Literal["question", "term", "masterclass", "study", "speaker", "author"]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A text to offer. ``also`` are other words that lead to it; ``slug`` is that of a masterclass or study."""

    kind: Kind
    text: str
    also: tuple[str, ...] = ()
    slug: str | None = None


def suggestions(published: Iterable[About], terms: Sequence[Term], questions: Sequence[str]) -> tuple[Suggestion, ...]:
    """Return everything that can be offered, the most useful kind first; the browser picks what fits what is typed.

    Names of the glossary only, people and titles of what is published, and questions that are nobody's own
    (`app.statistics.Statistics.good_questions`).
    """
    shown = tuple(published)
    people = {name for details in shown if details.kind == "masterclass" for name in details.speakers}
    authors = {name for details in shown if details.kind == "study" for name in details.authors}
    return (
        *(Suggestion("question", question) for question in questions),
        *(Suggestion("term", term.term, (*term.names[1:], *term.english)) for term in terms),
        *(Suggestion(details.kind, details.title, slug=details.slug) for details in shown),
        *(Suggestion("speaker", name) for name in sorted(people)),
        *(Suggestion("author", name) for name in sorted(authors - people)),
    )
