"""What is read and asked, counted by day: no cookie, no address, no session, nobody.

One SQLite file below the home. Counts stay; the words of questions go after some days, and those that seem to hold an
address or a telephone number are never written.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from transcripts.days import today
from transcripts.errors import Unavailable, writing
from transcripts.phonetics import fold

_BUSY = 5.0  # seconds to wait for another process that writes
_OFTEN = 3  # times a question is asked before other visitors may see it
_SHORT = 120  # characters of a question that is shown to others

_SCHEMA = """
CREATE TABLE IF NOT EXISTS reads (day TEXT, slug TEXT, n INTEGER, PRIMARY KEY (day, slug)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS questions (
    day TEXT, key TEXT, question TEXT, answered INTEGER, n INTEGER, PRIMARY KEY (day, key)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS feedback (
    day TEXT, key TEXT, question TEXT, moments TEXT, helpful INTEGER, unhelpful INTEGER,
    PRIMARY KEY (day, key, moments)) WITHOUT ROWID;
"""

# An e-mail address, a handle, or as many digits as a telephone number has.
_PERSONAL = re.compile(r"\S@\S|(?:^|\s)@\w|(?:\d[ .\u00a0\u202f-]?){9,}")


@dataclass(frozen=True, slots=True)
class ReadCount:
    """How often a masterclass was opened."""

    slug: str
    count: int


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, how often it was asked, whether the library answered it last, and what readers said of the answer."""

    question: str
    count: int
    answered: bool
    helpful: int
    unhelpful: int


@dataclass(frozen=True, slots=True)
class Judged:
    """What readers said of an answer: the question, and the addresses of the moments it cited."""

    question: str
    moments: tuple[str, ...]
    helpful: int
    unhelpful: int


@dataclass(frozen=True, slots=True)
class Report:
    """What was read and asked since a day, most often first. The JSON of ``hub stats``."""

    since: dt.date
    reads: tuple[ReadCount, ...]
    questions: tuple[Asked, ...]
    answers: tuple[Judged, ...]


class Statistics:
    """The counts below a home; ``days`` that questions and what was said of answers are kept, 0 for not at all.

    Reading never creates the file. Errors: `NotWritable`, `Unavailable` while another process holds the file.
    """

    def __init__(self, home: Path, days: int) -> None:
        self._path = home / "statistics.db"
        self._days = days

    def read(self, slug: str) -> None:
        """Count that a masterclass was opened."""
        with self._writing() as store:
            store.execute(
                "INSERT INTO reads VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET n = n + 1", (_day(today()), slug)
            )

    def asked(self, question: str, answered: bool) -> None:
        """Count a question, unless its words are not to be kept."""
        if not self._keeps(question):
            return
        with self._writing() as store:
            store.execute(
                "INSERT INTO questions VALUES (?, ?, ?, ?, 1)"
                " ON CONFLICT DO UPDATE SET n = n + 1, answered = excluded.answered",
                (_day(today()), _key(question), question, answered),
            )

    def judged(self, question: str, moments: Sequence[str], helpful: bool) -> None:
        """Count what a reader said of an answer; the question is left out where it may name somebody."""
        kept = question if self._keeps(question) else ""
        with self._writing() as store:
            store.execute(
                "INSERT INTO feedback VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE"
                " SET helpful = helpful + excluded.helpful, unhelpful = unhelpful + excluded.unhelpful",
                (_day(today()), _key(kept), kept, json.dumps(list(moments)), helpful, not helpful),
            )

    def forget(self, question: str) -> int:
        """Erase a question and what was said of its answers; return how many rows went."""
        with self._writing() as store:
            gone = [
                store.execute(f"DELETE FROM {table} WHERE key = ?", (_key(question),)).rowcount  # noqa: S608 - our names
                for table in ("questions", "feedback")
            ]
        return sum(gone)

    def forget_masterclass(self, slug: str) -> None:
        """Erase the readings of a masterclass, and what was said of answers that cited it, or a study."""
        with self._writing() as store:
            store.execute("DELETE FROM reads WHERE slug = ?", (slug,))
            for word in "me":
                store.execute("DELETE FROM feedback WHERE instr(moments, ?)", (f"{word}={slug}&",))

    def report(self, since: dt.date) -> Report:
        """Return the counts since a day, that day included."""
        with self._reading() as store:
            reads = store.execute(
                "SELECT slug, sum(n) FROM reads WHERE day >= ? GROUP BY slug ORDER BY 2 DESC, 1", (_day(since),)
            ).fetchall()
            questions = store.execute(_QUESTIONS, (self._oldest(since),) * 2).fetchall()
            answers = store.execute(
                "SELECT max(question), moments, sum(helpful), sum(unhelpful) FROM feedback WHERE day >= ?"
                " GROUP BY key, moments ORDER BY 4 DESC, 3 DESC, 1",
                (self._oldest(since),),
            ).fetchall()
        return Report(
            since,
            tuple(ReadCount(*row) for row in reads),
            tuple(Asked(question, n, bool(answered), good, bad) for question, _, answered, n, good, bad in questions),
            tuple(Judged(question, tuple(json.loads(moments)), good, bad) for question, moments, good, bad in answers),
        )

    def good_questions(self) -> tuple[str, ...]:
        """Return the questions that others may be shown, most often asked first.

        Asked three times or more, answered when last asked, and never judged unhelpful: one visitor's words stay theirs.
        """
        known = self.report(dt.date.min).questions
        return tuple(
            q.question
            for q in known
            if q.count >= _OFTEN and q.answered and not q.unhelpful and len(q.question) <= _SHORT
        )

    def _keeps(self, question: str) -> bool:
        return self._days > 0 and not _PERSONAL.search(question)

    def _oldest(self, since: dt.date) -> str:
        """Return the first day whose questions may be shown: what is to be erased is not read either."""
        return _day(max(since, today() - dt.timedelta(days=self._days - 1)))

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with writing(self._path.parent), self._translated():
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._path.touch(mode=0o600)  # questions are the staff's to read
            with closing(sqlite3.connect(self._path, timeout=_BUSY)) as store, store:
                store.execute("PRAGMA journal_mode = WAL")
                store.execute("PRAGMA secure_delete = ON")  # what is erased is gone from the disk too
                store.executescript(_SCHEMA)
                for table in ("questions", "feedback"):
                    store.execute(f"DELETE FROM {table} WHERE day < ?", (self._oldest(dt.date.min),))  # noqa: S608
                yield store

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with self._translated():
            # In memory where nothing was counted yet: the same questions are asked of an empty store.
            path = self._path if self._path.exists() else ":memory:"
            with closing(sqlite3.connect(path, timeout=_BUSY)) as store:
                if path == ":memory:":
                    store.executescript(_SCHEMA)
                yield store

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise Unavailable(
                "Les statistiques ne sont pas accessibles : rien d’autre n’est touché ; "
                f"si cela dure, mettez le fichier « {self._path.name} » de côté."
            ) from error


# The spelling and the success that were seen last stand for all: SQLite takes bare columns from the row of the maximum.
_QUESTIONS = """
SELECT q.question, q.last, q.answered, q.n, coalesce(f.good, 0), coalesce(f.bad, 0)
FROM (SELECT key, question, max(day) AS last, answered, sum(n) AS n FROM questions WHERE day >= ? GROUP BY key) AS q
LEFT JOIN (SELECT key, sum(helpful) AS good, sum(unhelpful) AS bad FROM feedback WHERE day >= ? GROUP BY key) AS f
USING (key) ORDER BY q.n DESC, q.question
"""


def _key(question: str) -> str:
    """Return what spellings of one question share."""
    return " ".join(re.findall(r"\w+", fold(question)))


def _day(date: dt.date) -> str:
    return date.isoformat()
