"""What day it is where the association meets, whatever the server's clock is set to."""

from __future__ import annotations

import datetime as dt
import re
from typing import ClassVar
from zoneinfo import ZoneInfo

from dateutil import parser

PARIS = ZoneInfo("Europe/Paris")
# Two days that differ in every part.
_ONE, _OTHER = dt.datetime(2000, 1, 1, tzinfo=PARIS), dt.datetime(2001, 2, 2, tzinfo=PARIS)


class _French(parser.parserinfo):  # type: ignore[misc]
    JUMP: ClassVar = [" ", ".", ",", ";", "-", "/", "'", "le", "du", "de", "er", "t"]
    WEEKDAYS: ClassVar = [
        ("lun", "lundi"),
        ("mar", "mardi"),
        ("mer", "mercredi"),
        ("jeu", "jeudi"),
        ("ven", "vendredi"),
        ("sam", "samedi"),
        ("dim", "dimanche"),
    ]
    MONTHS: ClassVar = [
        ("janv", "janvier"),
        ("févr", "février", "fevrier"),
        ("mars",),
        ("avr", "avril"),
        ("mai",),
        ("juin",),
        ("juil", "juillet"),
        ("août", "aout"),
        ("sept", "septembre"),
        ("oct", "octobre"),
        ("nov", "novembre"),
        ("déc", "décembre", "decembre"),
    ]


def now() -> dt.datetime:
    """Return the present time in Paris."""
    return dt.datetime.now(PARIS)


def today() -> dt.date:
    """Return the present day in Paris."""
    return now().date()


def written_day(text: str) -> dt.date:
    """Read a date as 2026-05-12, 12/05/2026 or 12 mai 2026. Raises `ValueError` when a part is missing or impossible."""
    if re.match(r"\d{4}-\d{2}-\d{2}", text):
        return dt.date.fromisoformat(text[:10])
    try:
        # Read over two different days: what the text does not say differs.
        found, other = (parser.parse(text.lower(), _French(dayfirst=True), default=day) for day in (_ONE, _OTHER))
    except OverflowError as error:
        raise ValueError(text) from error
    if found.date() != other.date():
        raise ValueError(text)
    day: dt.date = found.date()
    return day
