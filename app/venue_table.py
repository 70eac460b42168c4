"""The places that relay the association as a table that spreadsheets open, and back: what it would change, before anything does. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from slugify import slugify

from app.tables import labelled, read_csv
from app.venue_book import LABELS, checked
from transcripts.errors import BadInput
from transcripts.sheets import as_csv
from transcripts.venues import Venue

LARGEST = 1_000_000  # bytes
_ID = "Identifiant"


@dataclass(frozen=True, slots=True)
class Inscribed:
    """What a row does: ``number`` is that of the place it changes, None for a new one; ``written`` what its form would hold."""

    number: str | None
    name: str
    written: dict[str, str]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a table would change, what of it cannot be used (a sentence each), and how many rows say what is so already."""

    places: tuple[Inscribed, ...]
    faults: tuple[str, ...]
    same: int


def export(venues: Sequence[Venue]) -> bytes:
    """Return places as CSV, as spreadsheets in French open it."""
    rows = [(venue.id, *as_written(venue).values()) for venue in venues]
    return as_csv([(_ID, *LABELS.values()), *rows])


def as_written(venue: Venue) -> dict[str, str]:
    """Return what the form of a place holds: degrees with a decimal comma."""
    fields = {name: getattr(venue, name) for name in LABELS}
    return {
        name: str(value).replace(".", ",") if isinstance(value, float) else value or ""
        for name, value in fields.items()
    }


def compare(data: bytes, venues: Sequence[Venue]) -> Plan:
    """Return what a table would change. An empty cell, or a column that is not there, changes nothing. Raises `BadInput`.

    A row without an identifier is the place of this name in this town, else a new one.
    """
    if len(data) > LARGEST:
        raise BadInput("Ce tableau dépasse 1 Mo : rien n’a changé ; n’envoyez que la liste des lieux, en CSV.")
    table = labelled(read_csv(data), LABELS | {"id": _ID})
    if not {"name", "id"} & set(table.columns):
        raise BadInput(
            "Ce tableau n’a ni colonne « Identifiant » ni colonne « Nom » : rien n’a changé ; partez de la liste exportée."
        )
    by_id = {venue.id: venue for venue in venues}
    by_name = {slugify(f"{venue.name} {venue.city}"): venue for venue in venues}
    places: list[Inscribed] = []
    faults: list[str] = []
    same = 0
    for line, row in enumerate(table.to_dict("records"), 2):
        cells = {str(name): _plain(str(cell)) for name, cell in row.items()}
        number = cells.pop("id", "")
        if not number and not any(cells.values()):
            continue
        named = slugify(f"{cells.get('name', '')} {cells.get('city', '')}")
        present = by_id.get(number) if number else by_name.get(named)
        if number and present is None:
            faults.append(f"La ligne {line} ne désigne aucun lieu (« {number[:60]} ») : elle ne change rien.")
            continue
        before = as_written(present) if present else {}
        written = before | {name: cell for name, cell in cells.items() if cell}
        try:
            venue = checked(present.id if present else "nouveau", written)
        except BadInput as error:
            faults.append(f"La ligne {line} ne change rien. {error}")
            continue
        if venue == present:
            same += 1
        else:
            places.append(Inscribed(present.id if present else None, venue.name, written))
    return Plan(tuple(places), tuple(faults), same)


def _plain(cell: str) -> str:
    clean = " ".join(cell.split())
    return clean[1:] if clean[:2] in ("'=", "'+", "'-", "'@") else clean
