"""The masterclasses to come, as staff write them in ``agenda.toml``: a rule, and entries that fill it in. Pure.

A rule says when the masterclasses are; an entry says what one of them is about, and takes the place of the rule's on the
same day. A date with a time and no offset is Paris time; a date without a time takes the rule's, else the whole day.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated

from dateutil.rrule import WEEKLY, rrule
from pydantic import AfterValidator, Field
from slugify import slugify

from transcripts.days import PARIS
from transcripts.resources import About
from transcripts.staff_files import Written
from transcripts.typography import french_day

UNNAMED = "Masterclass : sujet à venir"
_DAYS = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"]


def _https(link: str) -> str:
    if not link.startswith("https://") or any(c.isspace() or c in "<>\"'" for c in link):
        raise ValueError("un lien est une adresse en https://")
    return link


Link = Annotated[str, Field(max_length=2000), AfterValidator(_https)]
Text = Annotated[str, Field(min_length=1, max_length=300)]
# TOML has three kinds of dates. The dates proper come last: a date with a time would be one too.
When = dt.datetime | dt.date


class Rule(Written):
    """One evening every so many weeks, from ``start`` (with its time) on, except ``skip``."""

    start: dt.datetime = Field(strict=True)  # a day alone would be midnight
    weeks: int = Field(2, ge=1, le=52)
    minutes: int = Field(60, ge=5, le=1440)
    until: dt.date | None = None
    skip: tuple[dt.date, ...] = ()
    join: Link | None = None


class Planned(Written):
    """One masterclass, or what happens at a place. ``slug`` names its recording once there is one; else the day does."""

    date: When
    title: Text
    speakers: tuple[Text, ...] = ()
    description: str = Field("", max_length=2000)
    minutes: int | None = Field(None, ge=5, le=1440)
    join: Link | None = None
    slug: str | None = None
    place: str | None = None


class Agenda(Written):
    """What ``agenda.toml`` says."""

    demonstration: bool = False
    rule: tuple[Rule, ...] = ()
    masterclass: tuple[Planned, ...] = ()


@dataclass(frozen=True, slots=True)
class Event:
    """A masterclass on a day. ``start`` is a time in Paris, or a day when no time is known.

    ``id`` names it for good, whatever else is inscribed or taken off: the day of a masterclass, with a number from the
    second of a day in the file on; for what happens at a place, the day, the place and a mark of the title. ``formerly`` is
    what it was called when all events of a day were numbered by their hour, empty where that could be another one.
    ``join`` is for members: it is in no text that is made of an event.
    """

    id: str
    start: When
    minutes: int
    title: str
    speakers: tuple[str, ...] = ()
    description: str = ""
    slug: str | None = None
    place: str | None = None
    demonstration: bool = False
    join: str | None = field(default=None, repr=False)
    formerly: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """What may name it: its ``id``, and what it was called before."""
        return tuple(filter(None, (self.id, self.formerly)))

    @property
    def day(self) -> dt.date:
        """The day in Paris."""
        return self.start.date() if isinstance(self.start, dt.datetime) else self.start

    @property
    def end(self) -> dt.datetime:
        """When it is over; a day without a time ends at midnight."""
        if isinstance(self.start, dt.datetime):
            return self.start + dt.timedelta(minutes=self.minutes)
        return dt.datetime.combine(self.start + dt.timedelta(1), dt.time(), PARIS)


def events(agenda: Agenda, since: dt.date, until: dt.date) -> list[Event]:
    """Return the masterclasses between two days, both included, in order."""
    ruled = {day: (start, rule) for rule in agenda.rule for day, start in _days(rule, since, until)}
    found: list[tuple[When, Planned | None, Rule | None]] = []
    for entry in agenda.masterclass:
        day, time = _placed(entry.date)
        if not since <= day <= until:
            continue
        ruled_start, rule = ruled.get(day, (None, None))
        if entry.place:  # what a place does stands beside the masterclass of that day
            ruled_start = rule = None
        found.append((time or ruled_start or day, entry, rule))
    filled = {_day(start) for start, entry, _ in found if not (entry and entry.place)}
    found += [(begin, None, rule) for day, (begin, rule) in ruled.items() if day not in filled]
    counted: Counter[str] = Counter()
    made = []
    for begins, written, rule in found:
        name = _name(_day(begins), written)
        counted[name] += 1
        made.append(
            Event(
                id=_numbered(name, counted[name]),
                start=begins,
                minutes=(written and written.minutes) or (rule.minutes if rule else 60),
                title=written.title if written else UNNAMED,
                speakers=written.speakers if written else (),
                description=written.description if written else "",
                slug=written.slug if written else None,
                place=written.place if written else None,
                demonstration=agenda.demonstration,
                join=(written and written.join) or (rule.join if rule else None),
            )
        )
    made.sort(key=lambda event: (event.day, str(event.start)))
    return _with_former_names(made)


def _name(day: dt.date, written: Planned | None) -> str:
    if not (written and written.place):
        return day.isoformat()
    mark = hashlib.sha256(written.title.encode()).hexdigest()[:8]
    return f"{day.isoformat()}-{slugify(written.place)}-{mark}"


def _numbered(name: str, number: int) -> str:
    return f"{name}-{number}" if number > 1 else name


def _with_former_names(made: Sequence[Event]) -> list[Event]:
    """Return events in order with what they were called before: of a day with as many as the number says, that is the last."""
    last = {event.day: event for event in made}
    of_day = Counter(event.day for event in made)
    taken = {event.id for event in made}
    former = {event.id: _numbered(day.isoformat(), of_day[day]) for day, event in last.items()}
    return [
        replace(event, formerly=name) if (name := former.get(event.id, "")) not in taken else event for event in made
    ]


def recorded(event: Event, published: Sequence[About]) -> tuple[About, ...]:
    """Return the masterclasses and studies that came of an event: those that name it, else the one that it names.

    Where neither names the other, it is the only masterclass of that day.
    """
    if naming := tuple(details for details in published if details.event in event.names):
        return naming
    if event.slug:
        return tuple(details for details in published if details.slug == event.slug)
    same = [details for details in published if details.kind == "masterclass" and details.date == event.day]
    return tuple(same) if len(same) == 1 and not event.place and not same[0].event else ()


def join_link(event: Event, *, member: bool) -> str | None:
    """Return where to take part, to members only."""
    return event.join if member else None


def when(event: Event) -> str:
    """Return the day and the hour in words: « jeudi 26 novembre 2026 à 18 h 30 »."""
    day = f"{_DAYS[event.day.weekday()]} {french_day(event.day)}"
    if not isinstance(event.start, dt.datetime):
        return day
    minute = f"\u00a0{event.start.minute:02}" if event.start.minute else ""
    return f"{day} à {event.start.hour}\u00a0h{minute}"


def _days(rule: Rule, since: dt.date, until: dt.date) -> list[tuple[dt.date, dt.datetime]]:
    # Reckoned by the clock on the wall, so that half past six stays half past six in summer.
    first = _in_paris(rule.start).replace(tzinfo=None)
    last = min(until, rule.until or until)
    found = rrule(WEEKLY, interval=rule.weeks, dtstart=first, until=dt.datetime.combine(last, dt.time.max))
    return [
        (one.date(), one.replace(tzinfo=PARIS)) for one in found if one.date() >= since and one.date() not in rule.skip
    ]


def _placed(when: When) -> tuple[dt.date, dt.datetime | None]:
    if isinstance(when, dt.datetime):
        start = _in_paris(when)
        return start.date(), start
    return when, None


def _in_paris(time: dt.datetime) -> dt.datetime:
    return time.astimezone(PARIS) if time.tzinfo else time.replace(tzinfo=PARIS)


def _day(start: When) -> dt.date:
    return start.date() if isinstance(start, dt.datetime) else start
