"""Addresses of the pages that play, or show, a place of a masterclass or a study. Pure."""

from __future__ import annotations

from transcripts.article import fraction
from transcripts.model import Kind


def moment_url(slug: str, second: float) -> str:
    """Return the address of the page that plays a masterclass from a second on."""
    return f"/masterclass?m={slug}&t={second:g}"


def page_url(slug: str, place: float) -> str:
    """Return the address that shows a page of a study, its sentence at ``place`` marked: 12.5 is halfway down page 12."""
    return f"/etude?e={slug}&p={int(place)}&s={fraction(place)}"


def place_url(kind: Kind, slug: str, place: float) -> str:
    """Return the address of a place: a second of a masterclass, or a position in the pages of a study."""
    return moment_url(slug, place) if kind == "masterclass" else page_url(slug, place)
