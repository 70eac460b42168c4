"""The vectors of a passage's sentences and its tokens, beside Chroma: they rank the passages that a search has found, and say which sentence did.

Looked up for the passages of a pool only, so their number costs a search nothing.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Sequence
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt

from index.embedder import Reading
from index.tokens import WIDTH, Tokens

Vectors = npt.NDArray[np.float32]

_MANY = 500  # identifiers in one statement
# Bytes of the file, those of 60,000 passages, that are read where the system has them: in half the time.
_MAPPED = 2_000_000_000
# Part of what the index remembers: passages kept in another way are read again.
LAYOUT = f"tokens{WIDTH}"


class WindowStore:
    """An SQLite file: passage id, slug, a float16 matrix with the passage's vector and its sentences' below it, and its tokens."""

    def __init__(self, file: Path) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._database = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute(f"PRAGMA mmap_size = {_MAPPED}")
        # With row numbers: a table by id keeps these large rows in its tree, and takes four times as long to find them.
        self._database.execute(
            "CREATE TABLE IF NOT EXISTS windows "
            "(id TEXT PRIMARY KEY, slug TEXT NOT NULL, vectors BLOB NOT NULL, tokens BLOB NOT NULL)"
        )
        self._database.execute("CREATE INDEX IF NOT EXISTS by_slug ON windows (slug)")

    def update(self, slug: str, gone: Sequence[str], ids: Sequence[str], read: Sequence[Reading]) -> None:
        """Take passages of a masterclass out and put others in."""
        rows = [
            (place, slug, one.vectors.astype("<f2").tobytes(), one.tokens.tobytes())
            for place, one in zip(ids, read, strict=True)
        ]
        with self._lock:
            self._database.execute("BEGIN")
            try:
                self._database.executemany("DELETE FROM windows WHERE id = ?", [(place,) for place in gone])
                self._database.executemany("INSERT OR REPLACE INTO windows VALUES (?, ?, ?, ?)", rows)
            except BaseException:
                self._database.execute("ROLLBACK")
                raise
            self._database.execute("COMMIT")

    def cosines(self, query: Vectors, ids: Sequence[str]) -> dict[str, tuple[float, ...]]:
        """Return {id: cosines of the query with the passage and with each of its sentences} of those that are here."""
        rows = self._read("vectors", ids)
        if not rows:
            return {}
        width = len(query)
        every = np.frombuffer(b"".join(blob for _, blob in rows), "<f2").reshape(-1, width)
        # Python's own numbers: of a few sentences, numpy is slower to take the best.
        found = (every.astype(np.float32) @ query).tolist()
        ends = [0, *accumulate(len(blob) // (2 * width) for _, blob in rows)]
        return {place: tuple(found[a:b]) for (place, _), (a, b) in zip(rows, pairwise(ends), strict=True)}

    def tokens(self, ids: Sequence[str]) -> dict[str, Tokens]:
        """Return {id: tokens} of those that are here."""
        return {place: np.frombuffer(blob, np.int8).reshape(-1, WIDTH) for place, blob in self._read("tokens", ids)}

    def _read(self, column: Literal["vectors", "tokens"], ids: Sequence[str]) -> list[tuple[str, bytes]]:
        rows: list[tuple[str, bytes]] = []
        with self._lock:
            for begin in range(0, len(ids), _MANY):
                page = list(ids[begin : begin + _MANY])
                marks = ",".join("?" * len(page))
                rows += self._database.execute(f"SELECT id, {column} FROM windows WHERE id IN ({marks})", page)  # noqa: S608 - question marks only
        return rows

    def present(self, slug: str) -> set[str]:
        """Return the ids that a masterclass has here."""
        with self._lock:
            return {place for (place,) in self._database.execute("SELECT id FROM windows WHERE slug = ?", (slug,))}

    def of(self, slug: str, width: int) -> tuple[list[str], Vectors]:
        """Return the passages of a masterclass: ids, and vectors of shape (ids, ``width``)."""
        with self._lock:
            rows = self._database.execute("SELECT id, vectors FROM windows WHERE slug = ?", (slug,)).fetchall()
        return [place for place, _ in rows], np.array([np.frombuffer(b, "<f2", width) for _, b in rows], np.float32)

    def hand_over(self, slug: str, other: WindowStore) -> None:
        """Copy what a masterclass has here into another store."""
        with self._lock:
            rows = self._database.execute("SELECT * FROM windows WHERE slug = ?", (slug,)).fetchall()
        with other._lock:
            other._database.execute("BEGIN")
            other._database.executemany("INSERT OR REPLACE INTO windows VALUES (?, ?, ?, ?)", rows)
            other._database.execute("COMMIT")

    def count(self) -> int:
        """Return how many passages there are."""
        with self._lock:
            return int(self._database.execute("SELECT count(*) FROM windows").fetchone()[0])

    def clear(self) -> None:
        """Forget every passage."""
        with self._lock:
            self._database.execute("DELETE FROM windows")
