"""What stands beside masterclasses and studies in a static site, as on the day of the export: agenda, learning paths, glossary, places.

What needs a hub is not there: the questionnaire before the paths, the map, surveys, and what partners embed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.places import SitePlaces
from app.reading_page import POLICY
from app.services import Services
from app.templating import render
from transcripts.errors import BadStaffFile
from transcripts.parcours import read_paths
from transcripts.resources import About


def beside(services: Services, shown: Sequence[About], base: str) -> tuple[dict[str, bytes], list[str]]:
    """Return files by their paths, and a sentence for each file of the staff's that cannot be read."""
    paths = read_paths(services.settings.home / "parcours")
    errors = [str(error) for error in paths.errors]
    titles = {details.slug: details.title for details in shown if details.kind == "masterclass"}
    calendars, planned = _planned(services, base)
    files = {
        "glossaire": _page("glossary.html", base, terms=services.staff_glossary.explained()),
        "parcours": _page("paths.html", base, paths=paths.parcours, titles=titles, errors=errors),
        "agenda": _page("agenda.html", base, **planned),
        "lieux": _page("venues.html", base, **planned),
    }
    trouble = list(filter(None, (*errors, planned["trouble"])))
    return {f"{name}/index.html": page for name, page in files.items()} | calendars, trouble


def _planned(services: Services, base: str) -> tuple[dict[str, bytes], dict[str, Any]]:
    """Return the calendars by their paths, which need an address as the feed does, and what the agenda and the places show."""
    calendar = services.calendar
    try:
        events, book = calendar.coming(), calendar.venues()
    except BadStaffFile as error:
        return {}, {"events": [], "venues": {}, "demonstration": False, "trouble": str(error)}
    venues = {venue.id: venue for venue in book.place}
    calendars = {}
    if base:
        page = SitePlaces(base).absolute().beside("agenda")
        calendars = {f"lieux/{place}.ics": calendar.ics(page, place) for place in venues}
        calendars["agenda.ics"] = calendar.ics(page)
    return calendars, {"events": events, "venues": venues, "demonstration": book.demonstration, "trouble": ""}


def _page(template: str, base: str, **values: Any) -> bytes:
    return render(template, places=SitePlaces(base, "../"), policy=POLICY, **values).encode()
