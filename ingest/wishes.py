"""What is wanted of something that comes into the library, and what became of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

IMPORTED = "imported"

# Hears the stage in the user's words, and how much of it is done of how much (0 of 0: unknown): seconds of sound, bytes…
# What it raises stops the work.
Progress = Callable[[str, float, float], None]


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the user says of a masterclass or a study, whose authors are its speakers; None leaves it to the source.

    So do no ``speakers``, unless ``unnamed`` says that nobody is to be named: a field of its own, since hubs of another version read
    the same queue. ``voices`` says how many people speak at most, None where that is to be found. ``by`` is the address of who asks,
    empty where nobody is known.
    """

    title: str | None = None
    date: dt.date | None = None
    speakers: tuple[str, ...] = ()
    theme: str | None = None
    language: str | None = None
    slug: str | None = None
    publish: bool = False
    by: str = ""
    voices: int | None = None
    unnamed: bool = False

    def named(self, found: tuple[str, ...]) -> tuple[str, ...]:
        """Return whom the card names, where the source names those ``found``."""
        return self.speakers or (() if self.unnamed else found)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one source; ``duration`` and ``took`` in seconds. The contract's JSON of ``hub ingest``."""

    source: str
    slug: str | None
    status: Literal["draft", "published", "unchanged", "failed"]
    duration: float = 0.0
    cues: int = 0
    language: str | None = None
    took: float = 0.0
    error: str | None = None
