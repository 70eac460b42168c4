"""Masterclasses to read over HTTP, below ``/m/``: each one, and the list of all, with the studies."""

from __future__ import annotations

import json
import urllib.parse
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TypeVar

from starlette.requests import Request
from starlette.responses import Response

from app.handlers import document, named
from app.places import HubPlaces, Places
from app.reading_page import POLICY, reading_page, structure
from app.services import services
from app.templating import render
from transcripts.glossary import Term
from transcripts.resources import About

Shown = TypeVar("Shown", bound=About)

HTML = "text/html; charset=utf-8"
PAGE_HEADERS = {
    "Content-Security-Policy": f"{POLICY}; frame-ancestors 'self'",
    "Referrer-Policy": "strict-origin-when-cross-origin",
}
ABOUT = (
    "Une heure toutes les deux semaines pour comprendre comment se finance la transition écologique juste : "
    "les masterclass de l’association, à lire et à écouter."
)


def base(request: Request) -> str:
    """Return the address that the hub has for others, without a final slash: the setting's, else the request's."""
    return services().settings.public.url or str(request.base_url).rstrip("/")


def read(request: Request) -> Response:
    """Answer ``/m/<slug>``."""
    slug = named(request)
    library = services().library
    page = _page(
        base(request), slug, library.version(slug), library.recording(slug), services().staff_glossary.explained()
    )
    return document(request, page, HTML)


@lru_cache(maxsize=64)
def _page(base: str, slug: str, version: tuple[int, ...], kept: str | None, terms: tuple[Term, ...]) -> str:
    masterclass = services().library.read(slug)
    places = HubPlaces(base)
    oembed = f"{base}/oembed?url={urllib.parse.quote(places.absolute().page(slug), safe='')}"
    return reading_page(masterclass, places, theme_title(masterclass.details.theme), kept, terms, oembed)


def chapters(request: Request) -> Response:
    """Answer ``/m/<slug>.chapters.json``: the chapters as podcast players read them."""
    masterclass = services().library.read(named(request))
    return document(request, json.dumps(structure(masterclass), ensure_ascii=False), "application/json+chapters")


def listing(request: Request) -> Response:
    """Answer ``/m/``: everything that is published, by theme."""
    places = HubPlaces(base(request))
    groups = by_theme(services().resources.published(), services().settings.library.themes)
    page = listing_page("Toutes les masterclass", ABOUT, groups, places)
    return document(request, page, HTML)


def by_theme(shown: Sequence[Shown], themes: Mapping[str, str]) -> list[tuple[str, str, list[Shown]]]:
    """Group masterclasses and studies: the identifier and title of each theme, and what it holds, in the order of ``themes``. Pure."""
    found: dict[str, list[Shown]] = defaultdict(list)
    for details in shown:
        found[details.theme].append(details)
    known = [name for name in themes if name in found]
    return [(name, themes.get(name, name), found[name]) for name in [*known, *sorted(found.keys() - set(known))]]


def listing_page(
    title: str,
    about: str,
    groups: Sequence[tuple[str, str, Sequence[About]]],
    places: Places,
    address: str | None = None,
) -> str:
    """Return a page that lists masterclasses and studies in groups, as `by_theme` makes them; a group without a name has no heading."""
    if address is None:
        address = places.absolute().listing() if places.base else ""
    return render(
        "listing.html", places=places, policy=POLICY, title=title, about=about, groups=groups, address=address
    )


def theme_title(name: str) -> str:
    """Return what a theme is called."""
    return services().settings.library.themes.get(name, name)
