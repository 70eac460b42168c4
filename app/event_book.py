"""What happens at the places that relay the association, as staff write it in the browser or a table; ``agenda.toml`` keeps the rest."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomlkit
from filelock import FileLock
from pydantic import ValidationError
from slugify import slugify

from app.tables import labelled, read_csv
from transcripts.agenda import Agenda, Event, Planned, When
from transcripts.days import PARIS, written_day
from transcripts.errors import BadInput, writing
from transcripts.files import replace_text
from transcripts.reasons import reason
from transcripts.sheets import as_csv
from transcripts.staff_files import read_staff_file
from transcripts.venues import Venue

# What the form and the table call the fields of an event.
LABELS = {
    "title": "Titre",
    "day": "Jour",
    "time": "Heure",
    "minutes": "Minutes",
    "description": "Ce qui s’y passera",
    "join": "Lien pour participer",
}
_PLACE = "Lieu"
_TIME = re.compile(r"(\d{1,2})\s*(?:h|:|heures?)\s*(\d{2})?", re.IGNORECASE)
LARGEST = 1_000_000  # bytes of a table


@dataclass(frozen=True, slots=True)
class Change:
    """An event to inscribe, or as it would be once its ``fields`` (their labels) are changed."""

    event: Planned
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What a table would inscribe or change, what of it cannot be used (a sentence each), and how many rows are so already."""

    changes: tuple[Change, ...]
    faults: tuple[str, ...]
    same: int


class EventBook:
    """The agenda of a home. Errors: `BadInput`, `BadStaffFile` for a file that a person has to mend first, `NotWritable`."""

    def __init__(self, home: Path) -> None:
        self._home, self._path = home, home / "agenda.toml"

    def written(self) -> tuple[Planned, ...]:
        """Return what the agenda says of single events, in the order of the file."""
        return read_staff_file(self._path, Agenda).masterclass if self._path.exists() else ()

    def inscribe(self, events: Sequence[Planned]) -> None:
        """Write events down, all at once; of those that are there already, what is said anew is changed."""
        with self._changing() as document:
            present = {_key(event): (n, event) for n, event in enumerate(self.written())}
            for event in events:
                at, before = present.get(_key(event), (None, None))
                if at is None or before is None:
                    _append(document, event)
                else:
                    document["masterclass"][at].update(_said_anew(before, event))

    def plan(self, title: str, day: dt.date) -> None:
        """Write a masterclass down under its title. Raises `BadInput` where it is there already."""
        event = checked({"title": title, "day": f"{day:%d/%m/%Y}"}, None)
        with self._changing() as document:
            if _key(event) in map(_key, self.written()):
                raise BadInput("Cette masterclass est déjà à l’agenda : rien n’a été changé.")
            _append(document, event)

    def take_off(self, event: Event) -> None:
        """Take what happens at a place off the agenda. Raises `BadInput` where it is not there any more."""
        with self._changing() as document:
            key = event.day, event.title, event.place
            at = next((n for n, written in enumerate(self.written()) if _key(written) == key), None)
            if at is None:
                raise BadInput("Ce rendez-vous n’est plus à l’agenda : rien n’a changé ; rechargez la page.")
            del document["masterclass"][at]

    @contextmanager
    def _changing(self) -> Iterator[tomlkit.TOMLDocument]:
        """Lend the file to be changed; it is written where nothing was refused."""
        with writing(self._home), FileLock(self._path.with_suffix(".lock")):
            self.written()  # one that is refused is for a person to mend first
            document = tomlkit.parse(self._path.read_text("utf-8-sig") if self._path.exists() else "")
            yield document
            replace_text(self._path, tomlkit.dumps(document))


def _append(document: tomlkit.TOMLDocument, event: Planned) -> None:
    entry = tomlkit.table()
    entry.update({"date": event.date, **event.model_dump(exclude={"date"}, exclude_defaults=True)})
    document.setdefault("masterclass", tomlkit.aot()).append(entry)


def checked(written: Mapping[str, str], place: str | None) -> Planned:
    """Return the event that the fields of its form describe. Raises `BadInput`."""
    values = {name: " ".join(text.split()) for name, text in written.items() if text.strip()}
    try:
        day = written_day(values.pop("day", ""))
    except ValueError:
        raise BadInput("Le jour manque, ou n’est pas une date comme 12/05/2026 : rien n’a changé.") from None
    date: dt.date = day
    if said := values.pop("time", ""):
        time = _TIME.fullmatch(said)
        if time is None or int(time[1]) > 23 or int(time[2] or 0) > 59:
            raise BadInput(f"« {said[:40]} » n’est pas une heure comme 18:30 ou 18 h 30 : rien n’a changé.")
        date = dt.datetime(day.year, day.month, day.day, int(time[1]), int(time[2] or 0))  # noqa: DTZ001 - Paris, as in the file
    try:
        return Planned.model_validate({"date": date, "place": place, **values})
    except ValidationError as error:
        told = reason(error, LABELS)
        raise BadInput(f"Le rendez-vous n’est pas inscrit : {told} ; corrigez, et rien d’autre n’a changé.") from error


def export(events: Sequence[Planned], venues: Sequence[Venue]) -> bytes:
    """Return events as CSV, as spreadsheets in French open it; those of no place among them."""
    names = {venue.id: venue.name for venue in venues}
    rows = []
    for event in events:
        date = _in_paris(event)
        time = f"{date:%H:%M}" if isinstance(date, dt.datetime) else ""
        about = (
            event.title,
            f"{date:%d/%m/%Y}",
            time,
            str(event.minutes or ""),
            event.description,
            event.join or "",
        )
        rows.append((*about, names.get(event.place or "", event.place or "")))
    return as_csv([(*LABELS.values(), _PLACE), *rows])


def compare(data: bytes, present: Sequence[Planned], venues: Sequence[Venue]) -> Plan:
    """Return what a table would inscribe or change. Raises `BadInput`.

    A row is the event of this title on this day at this place, else a new one; an empty cell, or a column that is not there,
    changes nothing, and nothing is taken off.
    """
    if len(data) > LARGEST:
        raise BadInput("Ce tableau dépasse 1 Mo : rien n’a changé ; n’envoyez que les rendez-vous, en CSV.")
    table = labelled(read_csv(data), LABELS | {"place": _PLACE})
    if not {"title", "day"} <= set(table.columns):
        raise BadInput("Ce tableau n’a pas de colonnes « Titre » et « Jour » : rien n’a changé ; partez de l’export.")
    places = {slugify(name): venue.id for venue in venues for name in (venue.id, venue.name)}
    before = {_key(event): event for event in present}
    after = dict(before)
    faults: list[str] = []
    same = 0
    for line, row in enumerate(table.to_dict("records"), 2):
        cells = {str(name): str(cell).strip() for name, cell in row.items()}
        place = cells.pop("place", "")
        if not any(cells.values()):
            continue
        if place and slugify(place) not in places:
            faults.append(f"La ligne {line} ne change rien. « {place[:60]} » n’est pas un lieu de la liste.")
            continue
        try:
            event = checked(cells, places.get(slugify(place)))
        except BadInput as error:
            faults.append(f"La ligne {line} ne change rien. {error}")
            continue
        known = after.get(_key(event))
        after[_key(event)] = known.model_copy(update=_said_anew(known, event)) if known else event
        same += after[_key(event)] == known
    changes = tuple(
        Change(event, _fields(before[key], event) if key in before else ())
        for key, event in after.items()
        if event != before.get(key)
    )
    return Plan(changes, tuple(faults), same)


def _said_anew(present: Planned, given: Planned) -> dict[str, Any]:
    """Return the fields of an event that are said otherwise now; what is not said, the hour too, stays."""
    said: dict[str, Any] = {"date": given.date} if isinstance(given.date, dt.datetime) else {}
    said |= given.model_dump(exclude={"date"}, exclude_defaults=True)
    before, after = _in_one_line(present), _in_one_line(given)
    return {name: value for name, value in said.items() if after[name] != before[name]}


def _in_one_line(event: Planned) -> dict[str, Any]:
    """Return an event's fields as a form and a cell hold them."""
    return event.model_dump() | {"date": _in_paris(event), "description": " ".join(event.description.split())}


def _fields(present: Planned, after: Planned) -> tuple[str, ...]:
    names = {"time" if name == "date" else name for name in _said_anew(present, after)}
    return tuple(label for name, label in LABELS.items() if name in names)


def _in_paris(event: Planned) -> When:
    if isinstance(event.date, dt.datetime) and event.date.tzinfo:
        return event.date.astimezone(PARIS).replace(tzinfo=None)
    return event.date


def _key(event: Planned) -> tuple[dt.date, str, str | None]:
    date = _in_paris(event)
    return date.date() if isinstance(date, dt.datetime) else date, event.title, event.place
