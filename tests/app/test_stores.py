"""Small stores that are damaged say so in a sentence, which names the file."""

from collections.abc import Callable
from pathlib import Path

import pytest

from app.journal import Journal
from app.people import People
from app.queue import Queue
from app.statistics import Statistics
from transcripts.errors import DamagedFile, Unavailable


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("people.db", lambda home: People(home).who("session")),
        ("journal.db", lambda home: Journal(home).entries()),
        ("statistics.db", lambda home: Statistics(home, 90).good_questions()),
    ],
)
def test_a_damaged_store_is_named(tmp_path: Path, name: str, read: Callable[[Path], object]) -> None:
    (tmp_path / name).write_bytes(b"no database" * 100)
    with pytest.raises(DamagedFile, match=rf"{name} » est abîmé.*restaurez-le"):
        read(tmp_path)


def test_a_damaged_queue_does_not_answer(tmp_path: Path) -> None:
    (tmp_path / "jobs.db").write_bytes(b"no database" * 100)
    with pytest.raises(Unavailable, match="file d’attente ne répond pas"):
        Queue(tmp_path).jobs()
