"""What the catalogue shows: which masterclasses, in which order, and the address that says so. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

from slugify import slugify

from transcripts.model import Details, Kind
from transcripts.resources import About

_Shown = TypeVar("_Shown", bound=About)
Order = Literal["recentes", "anciennes", "courtes", "longues", "titre"]
ORDERS: dict[Order, str] = {
    "recentes": "Les plus récentes",
    "anciennes": "Les plus anciennes",
    "courtes": "Les plus courtes",
    "longues": "Les plus longues",
    "titre": "Par titre",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """What a reader chose; empty means everything. ``words`` must all stand in what is said about a masterclass."""

    words: str = ""
    theme: str | None = None
    speaker: str | None = None
    year: int | None = None
    order: Order = "recentes"
    kind: Kind | None = None


def choose(published: Sequence[_Shown], choice: Choice, themes: dict[str, str]) -> list[_Shown]:
    """Return the masterclasses and studies that answer a choice, in its order; ``themes`` are the themes' titles."""
    words = _plain(choice.words).split()
    shown = [
        details
        for details in published
        if choice.theme in (None, details.theme)
        and choice.kind in (None, details.kind)
        and (choice.speaker is None or choice.speaker in details.speakers)
        and choice.year in (None, details.date.year)
        and all(word in _about(details, themes) for word in words)
    ]
    match choice.order:
        case "courtes":
            return sorted(shown, key=_length)
        case "longues":
            return sorted(shown, key=_length, reverse=True)
        case "titre":
            return sorted(shown, key=lambda details: _plain(details.title))
        case order:
            return sorted(shown, key=lambda details: (details.date, details.slug), reverse=order == "recentes")


def _length(details: About) -> float:
    """Return how long something takes, in seconds; a page is read in some two minutes."""
    return details.duration if isinstance(details, Details) else 120.0 * details.pages


def _about(details: About, themes: dict[str, str]) -> str:
    theme = themes.get(details.theme, details.theme)
    return _plain(" ".join((details.title, theme, *details.speakers, details.description, str(details.date.year))))


def _plain(text: str) -> str:
    """Return words without accents, case or punctuation."""
    return slugify(text.replace("’", "'"), separator=" ")
