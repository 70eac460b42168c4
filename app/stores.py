"""Opening a small SQLite file below the home, that other processes may be writing to."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from transcripts.errors import DamagedFile, Unavailable

_BUSY = 5.0  # seconds to wait for another process that writes


@contextmanager
def opened(path: Path, held: str) -> Iterator[sqlite3.Connection]:
    """Lend a connection, closed afterwards. Raises `DamagedFile`, and `Unavailable`, which says ``held``, while the file is held."""
    try:
        with closing(sqlite3.connect(path, timeout=_BUSY)) as store:
            yield store
    except sqlite3.OperationalError as error:
        raise Unavailable(held) from error
    except sqlite3.DatabaseError as error:
        raise DamagedFile(path, "la base ne peut plus être lue") from error


@contextmanager
def reading(path: Path, schema: str, held: str) -> Iterator[sqlite3.Connection]:
    """Lend a connection as `opened` does; where there is no file none is made, and the same questions find an empty store.

    A table that an older hub did not have is made.
    """
    with opened(path if path.exists() else Path(":memory:"), held) as store:
        store.executescript(schema)
        yield store
