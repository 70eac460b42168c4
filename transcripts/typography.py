"""French texts as they are set: spaces that do not break, and lines of subtitles. Pure."""

from __future__ import annotations

import datetime as dt
import re
import textwrap
from collections.abc import Sequence

# Common practice of subtitling: lines of 42 characters.
LINE = 42
_THIN, _WIDE = "\u202f", "\u00a0"
_BEFORE = re.compile(r" (?=[;!?](?:\W|$))")
_BEFORE_WIDE = re.compile(r" (?=:(?:\s|$)|»(?:\W|$))")
_UNITS = re.compile(r"(?<=\d) (?=%|€|\d{3}(?!\d))")
_UNITS_WIDE = re.compile(
    r"(?<=\d) (?=k€|(?:euros?|ans?|mois|semaines?|jours?|h|min|s|[kMG]o|pour cent|millions?|milliards?)\b)|(?<=\d[ \u00a0]h) (?=\d\d\b)"
)
# A line, or a cue, that ends on one of these leaves the reader hanging.
_HANGING = re.compile(
    r"(?:à|au|aux|avec|c'est|ce|ces|cet|cette|d'un|d'une|dans|de|des|du|en|et|il|ils|elle|la|le|les|leur|leurs|mais|ne|nos|nous|on"
    r"|ont|ou|où|par|pas|pour|qu'on|que|qui|sa|se|ses|si|son|sont|sur|un|une|vous|y|est|a|je|plus|très)",
    re.IGNORECASE,
)

# What begins a new group of words: before these a reader expects a break.
_OPENING = re.compile(
    r"(?:et|ou|mais|car|puis|que|qui|dont|où|quand|lorsque|si|parce|puisque|comme|pour|avec|sans|dans|sur|chez|entre|vers"
    r"|avant|après|pendant|depuis|afin|c'est|ce|est|sont|a|ont|ne)\b|(?:n|qu|s|lorsqu|puisqu|jusqu)['’]",
    re.IGNORECASE,
)


def spaced(text: str) -> str:
    """Return a text whose spaces before high punctuation, in numbers and inside guillemets do not break.

    Spaces are replaced, never added or removed: read without regard to their kind, the text is the same.
    """
    text = _BEFORE.sub(_THIN, text)
    text = _BEFORE_WIDE.sub(_WIDE, text)
    text = re.sub(r"(?<=«) ", _WIDE, text)
    return _UNITS.sub(_THIN, _UNITS_WIDE.sub(_WIDE, text))


def typeset(text: str) -> str:
    """Return a text as it is set: curved apostrophes, and the spaces of `spaced`."""
    return spaced(text.replace("'", "’"))


def hanging(text: str) -> bool:
    """Say whether a text ends on a word that belongs to what follows."""
    return any(_HANGING.fullmatch(word) for word in text.split()[-1:])


def opening(text: str) -> bool:
    """Say whether a text begins with a word that a break may well stand before."""
    return _OPENING.match(text) is not None


def lines(text: str) -> list[str]:
    """Return a text in as few lines of `LINE` characters as it takes; two are of like length, cut where the sense allows."""
    wrapped = textwrap.wrap(spaced(text), LINE, break_long_words=False, break_on_hyphens=False)
    if len(wrapped) != 2:
        return wrapped
    words = spaced(text).split(" ")
    pairs = [[" ".join(words[:cut]), " ".join(words[cut:])] for cut in range(1, len(words))]

    def cost(pair: Sequence[str]) -> float:
        first, second = pair
        stop = first.endswith((",", ";", ":", ".", "?", "!"))
        alone = " " not in first or " " not in second
        return abs(len(first) - len(second)) + 30 * alone + 12 * hanging(first) - 10 * stop - 6 * opening(second)

    return min((pair for pair in pairs if max(map(len, pair)) <= LINE), key=cost, default=wrapped)


_MONTHS = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
]


def counted(number: int, one: str, several: str) -> str:
    """Return a number with what it counts, as French agrees: « 0 lieu », « 1 lieu », « 2 lieux »."""
    return f"{number} {one if number < 2 else several}"


def decimal(number: float, form: str = ".3g") -> str:
    """Return a number with a decimal comma: « 1,5 »; ``form`` is Python's."""
    return f"{number:{form}}".replace(".", ",")


def french_month(date: dt.date) -> str:
    """Return the month of a date as it is written in French: « mai 2026 »."""
    return f"{_MONTHS[date.month - 1]} {date.year}"


def french_day(date: dt.date) -> str:
    """Return a date as it is written in French: « 1er mai 2026 »."""
    return f"{'1er' if date.day == 1 else date.day} {french_month(date)}"


def french_length(seconds: float) -> str:
    """Return how long something lasts, in words: « 52 min », « 1 h 05 »."""
    minutes = max(1, round(seconds / 60))
    return spaced(f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02}")
