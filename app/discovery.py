"""How others find the masterclasses and pass them on: feed, sitemap, robots, oEmbed."""

from __future__ import annotations

import html
import json
import re
import urllib.parse
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from xml.etree import ElementTree as ET

from starlette.requests import Request
from starlette.responses import Response

from app import originals
from app.feed import Enclosure, Episode, feed
from app.handlers import document
from app.places import COVER, HubPlaces, Places
from app.problems import of_status, problem
from app.reading import base
from app.reading_page import description
from app.services import services
from app.study_page import told
from transcripts.errors import BadInput, DamagedFile, NotFound
from transcripts.library import Library
from transcripts.model import Details
from transcripts.prose import blocks
from transcripts.resources import About
from transcripts.studies import Studies
from transcripts.study import StudyDetails
from transcripts.typography import typeset

_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_OURS = re.compile(r"/(?:m|e|embed)/([a-z0-9-]+)/?|/masterclass|/etude")
_WIDTH, _HEIGHTS = 640, {"audio": 130, "video": 440}  # pixels of an embedded player that nobody asked a size of


def episodes(library: Library) -> list[Episode]:
    """Return what the feed holds, latest first; a masterclass whose files are damaged is left out."""
    found = []
    for details in library.published():
        try:
            about, chapters = _told(library, details, library.version(details.slug))
            name = library.recording(details.slug)
        except (DamagedFile, NotFound):
            continue
        found.append(Episode(details, about, chapters, Enclosure(name, library.media.size(name)) if name else None))
    return found


def papers(studies: Studies) -> list[Episode]:
    """Return the studies of the feed, latest first; one whose files are damaged is left out."""
    found = []
    for details in studies.published():
        try:
            about = _written(studies, details, studies.version(details.slug))
            kept = studies.original(details.slug)
            shown = Enclosure(kept.name, kept.stat().st_size) if kept and originals.has_pages(kept) else None
        except (DamagedFile, NotFound, FileNotFoundError):
            continue
        found.append(Episode(details, about, False, shown))
    return found


def together(heard: Sequence[Episode], read: Sequence[Episode]) -> list[Episode]:
    """Return masterclasses and studies as one feed, latest first. Pure."""
    return sorted([*heard, *read], key=lambda episode: episode.details.slug, reverse=True)


@lru_cache(maxsize=1024)
def _written(studies: Studies, details: StudyDetails, version: tuple[int, ...]) -> str:
    return told(details, studies.summary(details.slug))


@lru_cache(maxsize=4096)
def _told(library: Library, details: Details, version: tuple[int, ...]) -> tuple[str, bool]:
    chapters, summary = library.outline(details.slug)
    return description(details, blocks(typeset(summary.text))), bool(chapters)


def feed_xml(request: Request) -> Response:
    """Answer ``/feed.xml``."""
    items = together(episodes(services().library), papers(services().studies))
    return document(request, feed(items, HubPlaces(base(request))), "application/rss+xml; charset=utf-8")


def sitemap_xml(request: Request) -> Response:
    """Answer ``/sitemap.xml``."""
    library, studies = services().library, services().studies
    changed: list[tuple[About, datetime]] = [(d, library.changed(d.slug)) for d in library.published()]
    changed += [(d, studies.changed(d.slug)) for d in studies.published()]
    body = sitemap(changed, HubPlaces(base(request)))
    return document(request, body, "application/xml; charset=utf-8")


def sitemap(shown: Sequence[tuple[About, datetime]], places: Places) -> bytes:
    """Return the addresses worth reading, and when each masterclass and study last changed. Pure."""
    ET.register_namespace("", _SITEMAP)
    urls = ET.Element(f"{{{_SITEMAP}}}urlset")
    to = places.absolute()
    for address in dict.fromkeys([to.home(), to.listing()]):
        ET.SubElement(ET.SubElement(urls, f"{{{_SITEMAP}}}url"), f"{{{_SITEMAP}}}loc").text = address
    for details, changed in shown:
        url = ET.SubElement(urls, f"{{{_SITEMAP}}}url")
        ET.SubElement(url, f"{{{_SITEMAP}}}loc").text = address_of(details, to)
        ET.SubElement(url, f"{{{_SITEMAP}}}lastmod").text = changed.isoformat()
    return bytes(ET.tostring(urls, encoding="utf-8", xml_declaration=True))


def address_of(details: About, to: Places) -> str:
    """Return the address at which something is read. Pure."""
    return to.study(details.slug) if details.kind == "study" else to.page(details.slug)


def robots(request: Request) -> Response:
    """Answer ``/robots.txt``: everything may be read; what is made for one asker costs more than it is worth to a robot."""
    lines = [
        "User-agent: *",
        "Disallow: /api/ask",
        "Disallow: /api/search",
        "Disallow: /question?",
        "Disallow: /recherche?",
        "Disallow: /m/*.pdf",
    ]
    body = "\n".join([*lines, "", f"Sitemap: {base(request)}/sitemap.xml", ""])
    return document(request, body, "text/plain; charset=utf-8")


def oembed(request: Request) -> Response:
    """Answer ``/oembed?url=`` (oEmbed 1.0): how to show a masterclass, or name a study, inside another page."""
    asked = request.query_params
    if asked.get("format", "json") != "json":
        detail = "Cette adresse répond en JSON seulement : demandez format=json."
        return problem(of_status(501, detail))
    slug, second = _named(asked.get("url", ""), base(request))
    details = services().resources.details(slug)
    if details.status != "published":
        raise NotFound(slug, "resource")
    found = {
        "version": "1.0",
        "type": "link",
        "title": details.title,
        "author_name": ", ".join(details.speakers),
        "provider_name": "Opération Milliard",
        "provider_url": f"{base(request)}/",
        "thumbnail_url": HubPlaces(base(request)).absolute().asset(COVER),
        "thumbnail_width": 1400,
        "thumbnail_height": 1400,
    }
    if isinstance(details, Details) and details.recording and services().library.recording(slug):
        width = _size(asked.get("maxwidth"), _WIDTH)
        height = _size(asked.get("maxheight"), _HEIGHTS["video" if details.recording.video else "audio"])
        player = f"{base(request)}/embed/{slug}" + (f"?start={second}" if second else "")
        frame = (
            f'<iframe src="{html.escape(player)}" width="{width}" height="{height}" title="{html.escape(details.title)}" '
            'loading="lazy" style="border:0"></iframe>'
        )
        found |= {"type": "rich", "width": width, "height": height, "html": frame}
    return document(request, json.dumps(found, ensure_ascii=False), "application/json")


def _named(address: str, base: str) -> tuple[str, str]:
    """Return the slug that one of our addresses names, and the second, empty when it names none. Raises `BadInput`."""
    try:
        found = urllib.parse.urlsplit(address)
        ours = urllib.parse.urlsplit(base)
    except ValueError as error:
        raise BadInput(
            "Cette adresse est mal écrite : donnez celle d’une masterclass ou d’une étude de ce site."
        ) from error
    path = found.path.removeprefix(ours.path)
    page = _OURS.fullmatch(path)
    if (found.scheme, found.netloc) != (ours.scheme, ours.netloc) or page is None:
        raise BadInput(
            "Cette adresse n’est pas celle d’une masterclass ou d’une étude de ce site : donnez l’adresse de l’une de leurs pages."
        )
    query = urllib.parse.parse_qs(found.query)
    second = query.get("t", [""])[0] or re.sub(r"^t=", "", found.fragment)
    return page[1] or (query.get("m") or query.get("e") or [""])[0], second if re.fullmatch(
        r"\d{1,6}(\.\d{1,3})?", second
    ) else ""


def _size(asked: str | None, usual: int) -> int:
    try:
        most = int(asked or usual)
    except ValueError as error:
        raise BadInput("Une largeur ou une hauteur s’écrit en chiffres, comme 640.") from error
    return max(1, min(usual, most))
