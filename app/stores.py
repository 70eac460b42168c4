"""Opening a small SQLite file below the home, that other processes may be writing to."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from transcripts.errors import Unavailable

_BUSY = 5.0  # seconds to wait for another process that writes


@contextmanager
def opened(path: Path, held: str) -> Iterator[sqlite3.Connection]:
    """Lend a connection, closed afterwards. Raises `Unavailable`, which says ``held``, while the file is held."""
    try:
        with closing(sqlite3.connect(path, timeout=_BUSY)) as store:
            yield store
    except sqlite3.OperationalError as error:
        raise Unavailable(held) from error
