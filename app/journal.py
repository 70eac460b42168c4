"""What staff did, when: one SQLite file below the home, only ever added to."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from app.stores import opened, reading
from transcripts.errors import writing

_HELD = "Le journal ne répond pas : réessayez dans un instant."
# From here on, an entry may quote a masterclass, or name who speaks in it.
_WORDS = re.compile("« .*|(?<=l’accord de ).*", re.DOTALL)
_SCHEMA = "CREATE TABLE IF NOT EXISTS journal (moment TEXT NOT NULL, who TEXT NOT NULL, what TEXT NOT NULL, slug TEXT NOT NULL)"


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody (``who``, an address) did something (``what``, a French phrase) to a masterclass, or to none (empty slug).

    Only an entry of a masterclass may say words of it, so that they go with it.
    """

    moment: dt.datetime
    who: str
    what: str
    slug: str


class Journal:
    """The journal below a home. Reading never creates the file.

    Errors: `NotWritable`, `DamagedFile`, `Unavailable` while it is held.
    """

    def __init__(self, home: Path) -> None:
        self._path = home / "journal.db"

    def note(self, who: str, what: str, slug: str = "") -> None:
        """Add an entry."""
        with writing(self._path.parent), opened(self._path, _HELD) as store, store:
            store.execute(_SCHEMA)
            now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
            store.execute("INSERT INTO journal VALUES (?, ?, ?, ?)", (now, who, what, slug))

    def forget(self, slug: str, names: Iterable[str] = ()) -> None:
        """Take a masterclass out of what was noted, and what it was ever called (``names``); who did something, and when, stays."""
        if not self._path.exists():
            return
        with opened(self._path, _HELD) as store, store:
            store.execute("PRAGMA secure_delete = ON")
            store.create_function("without_words", 1, lambda what: _WORDS.sub("…", what), deterministic=True)
            store.execute(
                "UPDATE journal SET what = without_words(what), slug = substr(slug, 1, 10) WHERE slug = ?", (slug,)
            )
            for words in filter(None, (slug, *names)):
                store.execute("UPDATE journal SET what = replace(what, ?, '…') WHERE instr(what, ?)", (words, words))

    def entries(self, slug: str | None = None, limit: int = 200) -> list[Entry]:
        """Return what was done last, latest first; of one masterclass when ``slug`` names it."""
        with reading(self._path, _SCHEMA, _HELD) as store:
            rows = store.execute(
                "SELECT * FROM journal WHERE ? IN (slug, '*') ORDER BY rowid DESC LIMIT ?", (slug or "*", limit)
            ).fetchall()
        return [Entry(dt.datetime.fromisoformat(moment), *rest) for moment, *rest in rows]
