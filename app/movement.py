"""Figures of the movement, counted from what is published: none is typed in."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from app.services import Services
from transcripts.disclosure import K, rounded
from transcripts.errors import HubError


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, what it counts, and where to see that."""

    number: int
    what: str
    address: str


def figures(services: Services) -> tuple[list[Figure], bool]:
    """Return the figures that are not nought, and whether something of the demonstration is among them."""
    published, studies = services.library.published(), services.studies.published()
    hours = round(sum(details.duration for details in published) / 3600)
    found = [
        Figure(len(published), "masterclass", "/masterclasses"),
        Figure(hours, "heure à écouter" if hours == 1 else "heures à écouter", "/masterclasses"),
        Figure(len(studies), "étude" if len(studies) == 1 else "études", "/masterclasses?sorte=%C3%89tudes"),
        Figure(len(services.staff_glossary.explained()), "mots expliqués", "/glossaire"),
    ]
    invented = any(d.demonstration for d in published) or any(d.demonstration for d in studies)
    surveys = [survey for survey in services.surveys.published().values() if survey.size >= K]
    for who in dict.fromkeys(survey.description.who for survey in surveys):
        sizes = [rounded(survey.size) for survey in surveys if survey.description.who == who]
        asked = "réponses à une enquête" if len(sizes) == 1 else f"réponses à {len(sizes)} enquêtes"
        # The same may have answered two of them: only one counts where those who did are counted.
        figure = (max(sizes), f"{who} ayant répondu à une enquête") if who else (sum(sizes), asked)
        found.append(Figure(*figure, "/enquete"))
    invented |= any(survey.description.demonstration for survey in surveys)
    with suppress(HubError):  # a file that staff have to mend says so on its own page
        venues = services.calendar.venues()
        found.append(
            Figure(len(venues.place), "lieu référent" if len(venues.place) == 1 else "lieux référents", "/lieux")
        )
        invented |= venues.demonstration and bool(venues.place)
    return [figure for figure in found if figure.number], invented
