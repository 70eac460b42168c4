"""What day it is where the association meets, whatever the server's clock is set to."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


def now() -> dt.datetime:
    """Return the present time in Paris."""
    return dt.datetime.now(PARIS)


def today() -> dt.date:
    """Return the present day in Paris."""
    return now().date()
