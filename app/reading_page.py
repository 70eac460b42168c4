"""A masterclass as a page that is complete without a script: the same on the hub and in a static site. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from app.linked_data import linked_data
from app.places import COVER, Places
from app.templating import render
from transcripts.glossary import Term
from transcripts.model import Details, Masterclass, moment
from transcripts.prose import Block, blocks, moments, reviewed
from transcripts.reading import Mention, anchor, mentions, sections
from transcripts.typography import typeset

_ABOUT = 200  # characters of a description that others show
# In the order in which they are offered; a static site has no PDF, which takes a second to make.
FORMS = {
    "pdf": "PDF",
    "txt": "Texte",
    "md": "Markdown",
    "vtt": "Sous-titres WebVTT",
    "srt": "Sous-titres SubRip",
    "json": "JSON",
}
# No script but ours, no request to others: nothing here can follow a reader, and nothing said can become a program.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; media-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'"
)


@dataclass(frozen=True, slots=True)
class _Piece:
    """Some text; ``term`` is the slug of the term it names, ``moment`` a second that an address can point at."""

    text: str = ""
    term: str = ""
    moment: str = ""


@dataclass(frozen=True, slots=True)
class _Paragraph:
    id: str
    start: float
    speaker: str | None
    pieces: tuple[_Piece, ...]


@dataclass(frozen=True, slots=True)
class _Section:
    id: str
    title: str
    paragraphs: tuple[_Paragraph, ...]


def reading_page(
    masterclass: Masterclass, places: Places, theme: str, kept: str | None, terms: Sequence[Term], oembed: str = ""
) -> str:
    """Return the page of a masterclass.

    Args:
        theme: the title of its theme.
        kept: the name of the recording's file, None where the hub keeps none.
        terms: those of the field; the ones named in the talk are marked and explained.
        oembed: where to ask how to embed it, if anywhere.
    """
    details = masterclass.details
    named: dict[str, Term] = {}
    summary = blocks(typeset(masterclass.summary.text))
    shown = tuple(_sections(masterclass, terms, named, _pointed_at(masterclass, summary)))
    about = description(details, summary)
    recording = details.recording if kept else None
    return render(
        "reading.html",
        places=places,
        policy=POLICY,
        details=details,
        theme=theme,
        about=about,
        address=places.absolute().page(details.slug) if places.base else "",
        cover=places.absolute().asset(COVER) if places.base else "",
        oembed=oembed,
        media=places.media(details.slug, kept) if kept else "",
        video=bool(recording and recording.video),
        elsewhere=details.source if details.source.startswith(("https://", "http://")) else "",
        chapters=[(anchor(n, chapter), chapter) for n, chapter in enumerate(masterclass.chapters, 1)],
        summary=summary,
        review=typeset(reviewed(masterclass.summary)),
        sections=shown,
        terms=sorted(named.values(), key=lambda term: term.slug),
        forms=[(form, name) for form, name in FORMS.items() if places.live or form != "pdf"],
        linked=linked_data(masterclass, places, about, kept),
    )


def description(details: Details, summary: Sequence[Block]) -> str:
    """Return what to say of a masterclass where it is linked to: the first words of its summary, else who speaks."""
    invented = "Démonstration, personnes inventées. " if details.demonstration else ""
    first = next((block.text for block in summary if block.kind != "heading"), "")
    ways = "À écouter et à lire" if details.recording else "À lire"
    about = first or f"{ways}. {', '.join(details.speakers)}".rstrip(". ") + "."
    return shortened(invented + about)


def shortened(text: str) -> str:
    """Return the beginning of a text, as much as others show."""
    return text if len(text) <= _ABOUT else f"{text[:_ABOUT].rsplit(' ', 1)[0].rstrip(' ,;:')}…"


def _pointed_at(masterclass: Masterclass, summary: Sequence[Block]) -> list[float]:
    """Return the seconds that the page itself, or its linked data, points at, in order."""
    return sorted(moments(summary) | {chapter.start for chapter in masterclass.chapters})


def _sections(
    masterclass: Masterclass, terms: Sequence[Term], named: dict[str, Term], pointed_at: list[float]
) -> Iterator[_Section]:
    speaker = None
    for section in sections(masterclass):
        marked = mentions(section, terms)
        paragraphs = []
        for paragraph in section.paragraphs:
            id_ = moment(paragraph.start)
            pieces = []
            for cue in paragraph.cues:
                while pointed_at and pointed_at[0] < cue.end:
                    there = moment(pointed_at.pop(0))
                    pieces += [_Piece(moment=there)] if there != id_ else []
                pieces += [*_pieces(cue.text, next(marked), named), _Piece(" ")]
            named_now = paragraph.speaker if paragraph.speaker != speaker else None  # once, until another speaks
            speaker = paragraph.speaker
            paragraphs.append(_Paragraph(id_, paragraph.start, named_now, tuple(pieces[:-1])))
        chapter = section.chapter
        id_ = anchor(masterclass.chapters.index(chapter) + 1, chapter) if chapter else ""
        yield _Section(id_, chapter.title if chapter else "Transcription", tuple(paragraphs))


def _pieces(text: str, marks: Sequence[Mention], named: dict[str, Term]) -> Iterator[_Piece]:
    at = 0
    for mark in marks:
        yield _Piece(typeset(text[at : mark.start]))
        yield _Piece(typeset(text[mark.start : mark.end]), mark.term.slug)
        named[mark.term.slug] = mark.term
        at = mark.end
    yield _Piece(typeset(text[at:]))


def structure(masterclass: Masterclass) -> dict[str, Any]:
    """Return the chapters as Podcasting 2.0 has them (JSON chapters, version 1.2)."""
    return {
        "version": "1.2.0",
        "title": masterclass.details.title,
        "chapters": [
            {"startTime": chapter.start, "endTime": chapter.end, "title": chapter.title}
            for chapter in masterclass.chapters
        ],
    }
