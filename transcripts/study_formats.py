"""Studies as text to take away, and as the API has them. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Literal, get_args

from typing_extensions import TypedDict  # pydantic reads this one before Python 3.12

from transcripts.formats import markdown_text
from transcripts.model import Status
from transcripts.study import Study, StudyDetails
from transcripts.study_files import format_text
from transcripts.typography import spaced

StudyForm = Literal["txt", "md", "json"]
FORMS: tuple[StudyForm, ...] = get_args(StudyForm)


class StudyEntry(TypedDict):
    """A study in a list; ``pages`` is how many it has."""

    slug: str
    title: str
    date: str
    theme: str
    authors: list[str]
    status: Status
    pages: int
    kind: Literal["study"]


class Part(TypedDict):
    """A heading, paragraph, table (Markdown), note or caption, and the page it begins on.

    ``picture`` is the number of a figure's picture, which lies at ``/e/<slug>/figure-<picture>.webp``; 0 where there is none.
    ``labels`` are the words on it.
    """

    page: int
    kind: Literal["heading", "text", "table", "note", "figure"]
    level: int
    text: str
    picture: int
    labels: str


class WholeStudy(StudyEntry):
    """A study whole, its parts in reading order."""

    parts: list[Part]
    summary: str


def study_entry(details: StudyDetails) -> StudyEntry:
    """Return a study as a list has it."""
    return {
        "slug": details.slug,
        "title": details.title,
        "date": details.date.isoformat(),
        "theme": details.theme,
        "authors": list(details.authors),
        "status": details.status,
        "pages": details.pages,
        "kind": "study",
    }


def whole_study(study: Study) -> WholeStudy:
    """Return a study whole."""
    parts: list[Part] = [
        {"page": b.page, "kind": b.kind, "level": b.level, "text": b.text, "picture": b.picture, "labels": b.labels}
        for b in study.blocks
    ]
    return {**study_entry(study.details), "parts": parts, "summary": study.summary.text}


def export_study(study: Study, form: StudyForm) -> str:
    """Return a study in one of the forms it can be taken away in."""
    if form == "json":
        return json.dumps(whole_study(study), ensure_ascii=False, indent=1) + "\n"
    return "\n\n".join(_txt(study) if form == "txt" else _markdown(study)) + "\n"


def _txt(study: Study) -> Iterator[str]:
    yield study.details.title
    page = 0
    for block in study.blocks:
        if block.page != page:
            page = block.page
            yield f"[Page {page}]"
        if block.text:
            yield spaced(block.text)


def _markdown(study: Study) -> Iterator[str]:
    details = study.details
    yield f"# {markdown_text(details.title)}"
    yield markdown_text(", ".join([details.date.isoformat(), *details.authors]))
    if study.summary.text:
        yield f"## Résumé\n\n{study.summary.text}"
    yield format_text(study.blocks, f"{details.slug}/figure-").rstrip()
