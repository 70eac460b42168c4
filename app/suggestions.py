"""What a visitor may be looking for, offered while they type: words of the field, talks, people, good questions. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from transcripts.glossary import Term
from transcripts.model import Details

Kind = Literal["question", "term", "masterclass", "speaker"]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A text to offer. ``also`` are other words that lead to it; ``slug`` is that of a masterclass."""

    kind: Kind
    text: str
    also: tuple[str, ...] = ()
    slug: str | None = None


def suggestions(
    published: Iterable[Details], terms: Sequence[Term], questions: Sequence[str]
) -> tuple[Suggestion, ...]:
    """Return everything that can be offered, the most useful kind first; the browser picks what fits what is typed.

    Names of the glossary only, people and titles of what is published, and questions that are nobody's own
    (`app.statistics.Statistics.good_questions`).
    """
    talks = tuple(published)
    people = sorted({name for details in talks for name in details.speakers})
    return (
        *(Suggestion("question", question) for question in questions),
        *(Suggestion("term", term.term, (*term.abbreviations, *term.english)) for term in terms),
        *(Suggestion("masterclass", details.title, slug=details.slug) for details in talks),
        *(Suggestion("speaker", name) for name in people),
    )
