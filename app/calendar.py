"""The agenda at work: its file, its calendar, and the questions that members send ahead."""

from __future__ import annotations

import datetime as dt
import time
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from filelock import FileLock
from icalendar import Calendar as ICalendar
from icalendar import Event as IEvent

from index.question import clean
from transcripts.agenda import UNNAMED, Agenda, Event, events, recorded
from transcripts.days import PARIS, now
from transcripts.errors import BadInput, NotFound, writing
from transcripts.resources import About
from transcripts.staff_files import read_staff_file
from transcripts.venues import Venue, Venues

_YEAR = dt.timedelta(366)
_LONGEST = 500  # characters of a question sent ahead
_MOST = 200  # questions for one masterclass
_BURST = 10  # questions a minute, from everybody together: nobody is known by name


class _Published(Protocol):
    """What masterclasses and studies are looked up in."""

    def published(self) -> Sequence[About]: ...


class Calendar:
    """The agenda of a home: ``agenda.toml``, the places of ``lieux.toml``, and ``questions/<event>.txt`` with a question a line.

    Errors: `BadStaffFile`, `BadInput`, `NotWritable`.
    """

    def __init__(self, home: Path, library: _Published) -> None:
        self._home = home
        self._path = home / "agenda.toml"
        self._library = library
        self._latest: deque[float] = deque(maxlen=_BURST)

    def coming(self) -> list[Event]:
        """Return what is under way or to come within a year, the next first."""
        present = now()
        return [event for event in self._between(present, present + _YEAR) if event.end > present]

    def weeks(self) -> int | None:
        """Return how many weeks lie between masterclasses, None where no rule says so, or several do."""
        today = now().date()
        rules = [rule for rule in self._agenda().rule if rule.until is None or rule.until >= today]
        return rules[0].weeks if len(rules) == 1 else None

    def free(self) -> list[Event]:
        """Return the evenings to come that have no subject yet, the next first."""
        return [event for event in self.coming() if event.title == UNNAMED]

    def past(self) -> list[tuple[Event, tuple[About, ...]]]:
        """Return what is over, the latest first, with the masterclasses and studies that came of it."""
        present = now()
        published = self._library.published()
        over = [event for event in self._between(present - _YEAR, present) if event.end <= present]
        return [(event, recorded(event, published)) for event in reversed(over)]

    def named(self, event_id: str) -> Event | None:
        """Return the event that a masterclass or study names, None where there is no such event."""
        try:
            day = dt.datetime.combine(dt.date.fromisoformat(event_id[:10]), dt.time(), PARIS)
        except ValueError:
            return None
        return next((event for event in self._between(day, day) if event_id in event.names), None)

    def _between(self, since: dt.datetime, until: dt.datetime) -> list[Event]:
        return events(self._agenda(), since.date(), until.date())

    def _agenda(self) -> Agenda:
        try:
            return read_staff_file(self._path, Agenda)
        except FileNotFoundError:
            return Agenda()

    def venues(self) -> Venues:
        """Return the places that relay the association."""
        try:
            return read_staff_file(self._home / "lieux.toml", Venues)
        except FileNotFoundError:
            return Venues()

    def ics(self, page: str, place: str | None = None) -> bytes:
        """Return a year back and a year ahead as iCalendar (RFC 5545); ``page`` is the address of the agenda.

        With ``place``, only what happens there; raises `NotFound` where there is no such place.

        Whoever has the address can read it: it holds no link to take part.
        """
        venues = {venue.id: venue for venue in self.venues().place}
        if place is not None and place not in venues:
            raise NotFound(place, "venue")
        name = "Masterclass Opération Milliard" if place is None else f"Opération Milliard, {venues[place].name}"
        calendar = ICalendar()
        for key, value in (
            ("prodid", "-//Masterclass hub//FR"),
            ("version", "2.0"),
            ("x-wr-calname", name),
            ("x-wr-timezone", "Europe/Paris"),
        ):
            calendar.add(key, value)
        present = now()
        for event in self._between(present - _YEAR, present + _YEAR):
            if place in (None, event.place):
                calendar.add_component(self._entry(event, page, venues.get(event.place or "")))
        calendar.add_missing_timezones((present - _YEAR).date(), (present + 2 * _YEAR).date())
        return bytes(calendar.to_ical())

    def _entry(self, event: Event, page: str, venue: Venue | None) -> IEvent:
        entry = IEvent()
        entry.add("uid", f"{event.id}@masterclass-hub")
        # The same file gives the same calendar, whenever it is asked for.
        entry.add("dtstamp", dt.datetime.fromtimestamp(int(self._path.stat().st_mtime), dt.UTC))
        entry.add("dtstart", event.start)
        entry.add("dtend", event.end if isinstance(event.start, dt.datetime) else event.start + dt.timedelta(1))
        entry.add("summary", ("Démonstration : " if event.demonstration else "") + event.title)
        about = [f"Avec {', '.join(event.speakers)}."] if event.speakers else []
        if event.description:
            about.append(event.description)
        if not event.place:
            about.append(f"Le lien pour participer est réservé aux membres : {page}")
        entry.add("description", "\n\n".join(about))
        entry.add("url", page)
        if venue:
            entry.add("location", ", ".join(filter(None, (venue.name, venue.address, venue.city))))
            if venue.latitude is not None and venue.longitude is not None:
                entry.add("geo", (venue.latitude, venue.longitude))
        return entry

    def ask(self, event_id: str, text: str) -> None:
        """Keep a question for a masterclass to come, with nothing about who sends it."""
        question = clean(text)
        if len(question) > _LONGEST:
            raise BadInput(
                f"La question est trop longue ({len(question)} caractères) : rien n’a été gardé ; posez-la en {_LONGEST} caractères au plus."
            )
        if event_id not in (event.id for event in self.coming()):
            raise BadInput("Cette masterclass n’est plus à venir : rien n’a été gardé ; choisissez-en une autre.")
        if len(self._latest) == _BURST and time.monotonic() - self._latest[0] < 60:
            raise BadInput(
                "Beaucoup de questions arrivent en ce moment : rien n’a été gardé ; réessayez dans une minute."
            )
        path = self._questions(event_id)
        with writing(self._home):
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with FileLock(path.with_suffix(".lock")):
                present = self.questions(event_id)
                if len(present) >= _MOST:
                    raise BadInput(
                        "Cette masterclass a déjà reçu beaucoup de questions : rien n’a été gardé ; posez la vôtre le jour même."
                    )
                if question not in present:
                    with path.open("a", encoding="utf-8", newline="\n") as file:
                        file.write(f"{question}\n")
        self._latest.append(time.monotonic())

    def questions(self, event_id: str) -> tuple[str, ...]:
        """Return the questions that were sent ahead, in order."""
        event = self.named(event_id)
        return self.sent_ahead(event) if event else self._sent((event_id,))

    def sent_ahead(self, event: Event) -> tuple[str, ...]:
        """Return the questions of an event that is at hand, in order."""
        return self._sent(event.names)

    def _sent(self, names: Sequence[str]) -> tuple[str, ...]:
        found: list[str] = []
        for name in reversed(names):
            with suppress(FileNotFoundError):
                found += filter(None, self._questions(name).read_text("utf-8").split("\n"))
        return tuple(found)

    def _questions(self, event_id: str) -> Path:
        return self._home / "questions" / f"{Path(event_id).name}.txt"
