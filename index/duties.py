"""What is asked of whoever keeps an index: to make it anew, or to leave nothing on the disk of what was taken out.

A request is a file in a place that all who keep an index look at. Where the index itself lies there, as on one machine, the
file goes when the duty is done; an index elsewhere notes which request it has done, since others still have to do theirs.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from transcripts.errors import writing
from transcripts.files import replace_text

Duty = Literal["rebuild", "purge"]


def ask_rebuild(place: Path) -> None:
    """Ask for an index made anew; the request outlives a crash."""
    _ask(place, "rebuild")


def ask_purge(place: Path) -> None:
    """Ask that nothing is left on the disk of what was taken out; where there is no index, nothing is."""
    if place.is_dir():
        _ask(place, "purge")


def _ask(place: Path, duty: Duty) -> None:
    with writing(place):
        place.mkdir(parents=True, exist_ok=True)
        replace_text(place / duty, secrets.token_hex(8))


@dataclass(frozen=True, slots=True)
class Duties:
    """The requests in a place, as the index in ``folder`` sees them."""

    place: Path
    folder: Path

    def asked(self, duty: Duty) -> str | None:
        """Return the number of a request that this index has still to do, None where there is none."""
        request = _read(self.place / duty)
        return None if request is None or request == _read(self._note(duty)) else request

    def done(self, duty: Duty, request: str) -> None:
        """Take note that a request was done; one that came meanwhile stays."""
        if self.place != self.folder:
            self._note(duty).write_text(request, "utf-8")
        elif self.asked(duty) == request:
            (self.place / duty).unlink(missing_ok=True)

    def any(self) -> bool:
        """Say whether there is anything to do."""
        return any(self.asked(duty) is not None for duty in ("rebuild", "purge"))

    def _note(self, duty: Duty) -> Path:
        return self.folder / f"{duty}.done"


def _read(path: Path) -> str | None:
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        return None
