"""A document becomes a study: its details, its text, a summary that quotes it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from ingest.chapters import Embed
from ingest.documents import Document
from ingest.sources import Material
from ingest.sources.files import date_in
from ingest.summary import Reach, draft_summary
from ingest.wishes import IMPORTED, Wishes
from transcripts.glossary import glossary
from transcripts.model import Origin, make_slug
from transcripts.sentences import Sentence
from transcripts.study import Block, Study, StudyDetails, page_of, said

_MOST = 800  # sentences among which those of the summary are chosen: what takes seconds to compare, not minutes
_PAGES = 40.0  # of a study whose summary is as long as that of an hour's talk
_MARK = re.compile(r"\s*\[\d{1,3}\]")
_FRONT = 3  # pages on which a document says its title


def title_in(document: Document) -> str:
    """Return what a document calls itself, or its first heading of the first level; empty where it has neither."""
    first = (b for b in document.blocks if b.kind == "heading" and b.page <= _FRONT)
    return document.title or next((b.text for b in sorted(first, key=lambda b: b.level)), "")[:200]


def day_in(document: Document) -> dt.date | None:
    """Return the day of a document, where it says one that can be."""
    day = document.date
    return day if day and dt.date(1950, 1, 1) <= day <= dt.datetime.now(dt.UTC).date() + dt.timedelta(days=1) else None


def make_study(document: Document, material: Material, wishes: Wishes, *, theme: str, language: str) -> Study:
    """Return the study that a document makes, without a summary; nothing is written."""
    title = wishes.title or title_in(document) or material.title
    date = wishes.date or date_in(Path(material.name)) or day_in(document) or material.date
    details = StudyDetails(
        slug=wishes.slug or make_slug(date, title),
        title=title,
        date=date,
        authors=wishes.named(document.authors),
        theme=theme,
        status="published" if wishes.publish else "draft",
        language=language,
        source=material.name,
        origin=Origin(IMPORTED, material.sha256, note=" ".join(document.notes)),
        pages=document.pages,
        description=document.description,
    )
    return Study(details, document.blocks)


def summarised(study: Study, embed: Embed) -> str:
    """Return a summary in Markdown: sentences of the text that stand alone, each with a link to its page (``#page=…``)."""
    read = list(_running(study.blocks))
    read = read[:: 1 + len(read) // _MOST]
    if not read:
        return ""
    reach = Reach(study.details.pages / _PAGES, lambda place: (f"p.\u00a0{page_of(place)}", f"page={page_of(place)}"))
    return draft_summary(read, embed([sentence.text for sentence in read]), study.chapters, glossary(), reach=reach)


def _running(blocks: tuple[Block, ...]) -> Iterator[Sentence]:
    """Yield the sentences of paragraphs, without the marks of notes."""
    for block in blocks:
        if block.kind == "text" and not block.text.startswith("•"):
            for sentence in said(block):
                yield replace(sentence, text=_MARK.sub("", sentence.text))
