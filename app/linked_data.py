"""A masterclass in the words of schema.org, for those who index the web. Pure."""

from __future__ import annotations

from typing import Any

from app.places import COVER, Places
from transcripts.model import Masterclass, moment

ASSOCIATION = {"@type": "Organization", "name": "Opération Milliard"}


def linked_data(masterclass: Masterclass, places: Places, about: str, kept: str | None) -> dict[str, Any]:
    """Return JSON-LD: a VideoObject or AudioObject with its clips and transcript, an Article where there is no recording.

    Addresses are left out where no absolute one is known, since relative ones would mean another document.
    """
    details = masterclass.details
    page = places.absolute().page(details.slug) if places.base else ""
    kind = "Article"
    if kept and details.recording:
        kind = "VideoObject" if details.recording.video else "AudioObject"
    said = " ".join(cue.text for cue in masterclass.cues)
    found: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": kind,
        "name": details.title,
        "description": about,
        "inLanguage": details.language or "fr",
        "isAccessibleForFree": True,
        "publisher": ASSOCIATION,
    }
    if details.speakers:
        found["author"] = [{"@type": "Person", "name": name} for name in details.speakers]
    if page:
        found |= {"@id": page, "url": page, "image": places.absolute().asset(COVER)}
    if kind == "Article":
        return found | {"headline": details.title, "datePublished": details.date.isoformat(), "articleBody": said}
    found |= {
        "uploadDate": details.date.isoformat(),
        "duration": iso_duration(details.duration),
        "transcript": said,
        "hasPart": [
            {"@type": "Clip", "name": chapter.title, "startOffset": chapter.start, "endOffset": chapter.end}
            | ({"url": f"{page}#{moment(chapter.start)}"} if page else {})
            for chapter in masterclass.chapters
        ],
    }
    if page and kept:
        found |= {
            "contentUrl": places.absolute().media(details.slug, kept),
            "thumbnailUrl": places.absolute().asset(COVER),
        }
        if places.live:
            found["embedUrl"] = f"{places.base}/embed/{details.slug}"
    return found


def iso_duration(seconds: float) -> str:
    """Return a duration as ISO 8601 writes it, to the second."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"PT{hours}H{minutes}M{rest}S"
