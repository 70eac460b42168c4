"""The masterclasses as a podcast: RSS 2.0 with the words of iTunes and of Podcasting 2.0. Pure.

Studies are items too, their PDF enclosed as Apple's podcasts allow: readers of feeds show them, players pass them over.
"""

from __future__ import annotations

import datetime as dt
import mimetypes
import unicodedata
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from email.utils import format_datetime
from pathlib import Path
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

from app.places import COVER, Places
from transcripts.model import Details
from transcripts.resources import About

_ATOM = "http://www.w3.org/2005/Atom"
_ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"
_PODCAST = "https://podcastindex.org/namespace/1.0"
_NAMESPACES = {"atom": _ATOM, "itunes": _ITUNES, "podcast": _PODCAST}
# The name space in which Podcasting 2.0 makes a feed's identifier of its address.
_FEEDS = uuid.UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")
_AUTHOR = "Opération Milliard"
_EVENING = dt.time(18, 30, tzinfo=ZoneInfo("Europe/Paris"))
TITLE = "Masterclass, Opération Milliard"
ABOUT = (
    "Une heure toutes les deux semaines pour comprendre comment se finance la transition écologique juste : "
    "les masterclass de l’association Opération Milliard."
)
# Types that a browser or a podcast player plays, where the system's table is wrong or silent.
_TYPES = {
    ".ogg": "audio/ogg",
    ".oga": "audio/ogg",
    ".opus": "audio/ogg",
    ".m4a": "audio/mp4",
    ".mkv": "video/x-matroska",
}


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A recording or a document: its file's name, and its size in bytes, 0 where it is not known."""

    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Episode:
    """A masterclass or a study in the feed; ``enclosure`` is None where the hub keeps no recording or document."""

    details: About
    about: str
    chapters: bool
    enclosure: Enclosure | None


def media_type(name: str) -> str:
    """Return the type of a recording by its name."""
    suffix = Path(name).suffix.lower()
    return _TYPES.get(suffix) or mimetypes.types_map.get(suffix, "application/octet-stream")


def feed(episodes: Iterable[Episode], places: Places) -> bytes:
    """Return the feed, latest first as the episodes come; ``places`` must know its absolute addresses."""
    for prefix, name in _NAMESPACES.items():
        ET.register_namespace(prefix, name)
    rss = ET.Element("rss", version="2.0")
    channel = ET.SubElement(rss, "channel")
    to = places.absolute()
    bare = to.feed().split("://", 1)[-1].rstrip("/")
    _add(channel, "title", TITLE)
    _add(channel, "link", to.listing())
    _add(channel, "description", ABOUT)
    _add(channel, "language", "fr")
    _add(channel, f"{{{_ATOM}}}link", href=to.feed(), rel="self", type="application/rss+xml")
    _add(channel, f"{{{_ITUNES}}}author", _AUTHOR)
    _add(channel, f"{{{_ITUNES}}}image", href=to.asset(COVER))
    image = ET.SubElement(channel, "image")
    for name, value in (("url", to.asset(COVER)), ("title", TITLE), ("link", to.listing())):
        _add(image, name, value)
    _add(channel, f"{{{_ITUNES}}}category", text="Education")
    _add(channel, f"{{{_ITUNES}}}explicit", "false")
    _add(channel, f"{{{_ITUNES}}}type", "episodic")
    _add(channel, f"{{{_PODCAST}}}guid", str(uuid.uuid5(_FEEDS, bare)))
    _add(channel, f"{{{_PODCAST}}}medium", "podcast")
    for episode in episodes:
        _item(ET.SubElement(channel, "item"), episode, to)
    return bytes(ET.tostring(rss, encoding="utf-8", xml_declaration=True))


def _item(item: ET.Element, episode: Episode, to: Places) -> None:
    details, slug = episode.details, episode.details.slug
    _add(item, "title", details.title)
    _add(item, "link", to.page(slug) if isinstance(details, Details) else to.study(slug))
    _add(item, "guid", slug, isPermaLink="false")
    _add(item, "pubDate", format_datetime(dt.datetime.combine(details.date, _EVENING)))
    _add(item, "description", episode.about)
    if episode.enclosure:
        name, size = episode.enclosure.name, str(episode.enclosure.size)
        url = to.media(slug, name) if isinstance(details, Details) else to.original(slug, name)
        _add(item, "enclosure", url=url, length=size, type=media_type(name))
    if not isinstance(details, Details):
        _authors(item, details)
        return
    if details.duration >= 1:
        _add(item, f"{{{_ITUNES}}}duration", str(round(details.duration)))
    _add(item, f"{{{_ITUNES}}}explicit", "false")
    _add(item, f"{{{_ITUNES}}}episodeType", "full")
    _authors(item, details)
    language = details.language or "fr"
    for form, kind, rel in (("vtt", "text/vtt", "captions"), ("srt", "application/x-subrip", "captions")):
        _add(item, f"{{{_PODCAST}}}transcript", url=to.file(slug, form), type=kind, language=language, rel=rel)
    if episode.chapters:
        _add(item, f"{{{_PODCAST}}}chapters", url=to.file(slug, "chapters.json"), type="application/json+chapters")


def _authors(item: ET.Element, details: About) -> None:
    if details.speakers:
        _add(item, f"{{{_ITUNES}}}author", ", ".join(details.speakers))
    for name in details.speakers:
        _add(item, f"{{{_PODCAST}}}person", name, role="guest" if details.kind == "masterclass" else "author")


def _add(parent: ET.Element, name: str, value: str = "", **attributes: str) -> None:
    element = ET.SubElement(parent, name, {key: xml_text(said) for key, said in attributes.items()})
    if value:
        element.text = xml_text(value)


def xml_text(text: str) -> str:
    """Return a text without the characters that XML 1.0 cannot hold."""
    return "".join(
        c for c in text if (unicodedata.category(c) not in ("Cc", "Cs") or c in "\t\n\r") and c not in "\ufffe\uffff"
    )
