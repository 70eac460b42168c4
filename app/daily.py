"""What a running hub does once a day: a backup into ``home/backups``; those of the last seven days are kept."""

from __future__ import annotations

import datetime as dt
import logging
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.backup import alone, back_up, clear
from transcripts.days import now, today
from transcripts.errors import HubError

if TYPE_CHECKING:
    from app.services import Services
    from app.settings import Settings

KEPT = 7  # days that have a backup; and, of several in a day, how many of the latest
_NAME = re.compile(r"hub-(\d{4}-\d{2}-\d{2})(-\d{4})?\.zip")
_FIRST = 60.0  # seconds after a start: those who open the hub come first
_LOOK = 3600.0  # seconds between two looks at the calendar

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Stored:
    """A backup in ``home/backups``; ``size`` in bytes."""

    path: Path
    day: dt.date
    size: int


def stored(home: Path) -> list[Stored]:
    """Return the backups that are there, latest first."""
    named = [
        (match.groups(""), path)
        for path in (home / "backups").glob("hub-*.zip")
        if (match := _NAME.fullmatch(path.name))
    ]
    return [
        Stored(path, dt.date.fromisoformat(day), path.stat().st_size) for (day, _), path in sorted(named, reverse=True)
    ]


def left_out(settings: Settings) -> str:
    """Return where the recordings lie that these backups leave out, empty where they hold them. Pure."""
    return settings.media.url or ("" if settings.backup.media else str(settings.home / "media"))


def keep(services: Services, *, named: bool = False) -> Path:
    """Make today's backup, or one named by the minute, and let the oldest go: however many are asked for, no day loses its last one."""
    home = services.settings.home
    moment = f"{now():%Y-%m-%d-%H%M}" if named else f"{today():%Y-%m-%d}"
    target = home / "backups" / f"hub-{moment}.zip"
    back_up(home, target, media=services.settings.backup.media)
    found = stored(home)
    last_of_day = {backup.day: backup for backup in reversed(found)}
    kept = {*found[:KEPT], *sorted(last_of_day.values(), key=lambda backup: backup.day)[-KEPT:]}
    for old in set(found) - kept:
        old.path.unlink(missing_ok=True)
    return target


@contextmanager
def every_day(services: Services) -> Iterator[None]:
    """Make a backup on each day that has none, while the block runs; end first what a killed one left half done."""
    stop, home = threading.Event(), services.settings.home

    def run() -> None:
        wait = _FIRST
        while not stop.wait(wait):
            wait = _LOOK
            try:
                with alone(home):  # of several hubs, the first makes it
                    if not any(backup.day == today() for backup in stored(home)):
                        keep(services)
            except (HubError, OSError) as error:  # the health page tells that the backups are old
                _log.warning("the daily backup failed: %s", error)

    try:
        clear(home)
    except (HubError, OSError) as error:
        _log.warning("what a killed backup or restore left is still there: %s", error)
    if not services.settings.backup.daily:
        yield
        return
    thread = threading.Thread(target=run, name="daily", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
