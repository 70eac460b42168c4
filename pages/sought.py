"""What a search looks for: what it may be narrowed to, and what the address of its page asks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from app.services import services
from index.search import Filters
from pages.parts import KINDS
from transcripts.model import Kind


def offered() -> dict[str, dict[str, str]]:
    """Return of each filter, by its name in an address, the values there are and what they are called."""
    published = services().resources.published()
    speakers = sorted({name for details in published for name in details.speakers})
    years = sorted({str(details.date.year) for details in published}, reverse=True)
    return {
        "theme": dict(services().settings.library.themes),
        "voix": {name: name for name in speakers},
        "annee": {year: year for year in years},
        "sorte": {str(kind): name for kind, name in KINDS.items()},
    }


def asked(address: Mapping[str, str]) -> dict[str, str]:
    """Return the filters that an address asks for, those that are offered alone."""
    return {name: address[name] for name, values in offered().items() if address.get(name) in values}


def filters(chosen: Mapping[str, str | None]) -> Filters:
    """Return what results must be, by the filters' names in an address. Pure."""
    year = chosen.get("annee")
    since, until = (dt.date(int(year), 1, 1), dt.date(int(year), 12, 31)) if year else (None, None)
    return Filters(chosen.get("theme"), chosen.get("voix"), since, until, kind(chosen.get("sorte")))


def kind(asked: str | None) -> Kind | None:
    """Return the kind that an address asks for, None for both. Pure."""
    return next((kind for kind in KINDS if kind == asked), None)
