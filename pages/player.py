"""The player with its transcript, as the component takes it."""

from __future__ import annotations

import dataclasses
from functools import lru_cache
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from app.services import services
from pages.embeds import site
from pages.hearing import heard
from transcripts.glossary import Term
from transcripts.model import Chapter, Masterclass
from transcripts.prose import blocks, reviewed
from transcripts.reading import anchor, mentions, sections
from transcripts.typography import french_day, typeset

_HERE = Path(__file__).parent
_FILES = {"pdf": "PDF", "txt": "texte", "md": "Markdown", "vtt": "sous-titres WebVTT", "srt": "sous-titres SubRip"}


@lru_cache(maxsize=2)
def _component(name: str) -> ComponentRenderer:
    # In the page's own tree and not in a shadow: anchors, selected words and print reach it there.
    return st.components.v2.component(
        f"hub_{name}",
        html=f"<div class='{'mc' if name == 'player' else 'mc-notes mc'}'></div>",
        css=(_HERE / f"{name}.css").read_text("utf-8"),
        js="".join((_HERE / file).read_text("utf-8") for file in ("dom.js", f"{name}.js")),
        isolate_styles=False,
    )


def player(masterclass: Masterclass, at: float | None, notice: str, state: str = "") -> None:
    """Show a masterclass to hear and to read, standing at a second when one is given; ``notice`` is said beside it.

    It is drawn anew, and silent, when ``state`` is another.
    """
    details = masterclass.details
    slug = details.slug
    elsewhere = site(details.source)
    kept = services().library.recording(slug) is not None
    video = bool(details.recording and details.recording.video)
    about = {"slug": slug, "title": typeset(details.title), "speakers": ", ".join(details.speakers)}
    _component("player")(
        key=f"player-{slug}{state}",
        data=about
        | {
            "media": f"/media/{slug}" if kept else None,
            "video": video,
            "site": dataclasses.asdict(elsewhere) if elsewhere else None,
            "subtitles": f"/m/{slug}.vtt",
            "duration": max(details.duration, masterclass.cues[-1].end if masterclass.cues else 0.0, 1.0),
            "language": details.language or "fr",
            "at": at,
            "notice": notice,
            "files": [[name, f"/m/{slug}.{form}"] for form, name in _FILES.items()],
        }
        | reading(masterclass, services().staff_glossary.explained()),
    )
    _component("notes")(
        key=f"notes-{slug}",
        data=about | {"date": french_day(details.date), "kept": kept, "heard": heard(details), "video": video},
    )


@lru_cache(maxsize=32)
def reading(masterclass: Masterclass, known: tuple[Term, ...]) -> dict[str, Any]:
    """Return chapters, transcript, definitions and summary in the component's shapes; cues are short lists.

    A cue is ``[start, end, text, marks]``, a mark ``[first, last, term]`` of characters and a place in ``terms``.
    """
    terms: list[Term] = []
    shown = []
    for section in sections(masterclass):
        marked = mentions(section, known)
        spoken = []
        for paragraph in section.paragraphs:
            cues = []
            for cue in paragraph.cues:
                marks = []
                for mention in next(marked):
                    if mention.term not in terms:
                        terms.append(mention.term)
                    marks.append([mention.start, mention.end, terms.index(mention.term)])
                cues.append([cue.start, cue.end, typeset(cue.text), marks])
            spoken.append({"speaker": paragraph.speaker, "cues": cues})
        chapter = masterclass.chapters.index(section.chapter) if section.chapter else None
        shown.append({"chapter": chapter, "paragraphs": spoken})
    return {
        "sections": shown,
        "chapters": [_chapter(n, chapter) for n, chapter in enumerate(masterclass.chapters, 1)],
        "terms": [[term.term, typeset(term.definition)] for term in terms],
        "summary": {
            "review": typeset(reviewed(masterclass.summary)),
            "blocks": [dataclasses.asdict(block) for block in blocks(typeset(masterclass.summary.text))],
        },
    }


def _chapter(number: int, chapter: Chapter) -> dict[str, Any]:
    return {"id": anchor(number, chapter), "start": chapter.start, "end": chapter.end, "title": typeset(chapter.title)}
