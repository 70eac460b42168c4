"""What is counted, what is forgotten, and what other visitors may see of it."""

import datetime as dt
import sqlite3
import threading
from pathlib import Path

import pytest

from app import statistics
from app.statistics import Statistics
from transcripts.errors import DamagedFile, NotWritable

QUESTION = "Comment marche un prêt participatif ?"
MOMENT = "/masterclass?m=2026-11-12-le-pret&t=12"
LONG_AGO = dt.date(2000, 1, 1)


@pytest.fixture
def day(monkeypatch: pytest.MonkeyPatch) -> list[dt.date]:
    """Today, which a test may move."""
    days = [dt.date(2026, 11, 20)]
    monkeypatch.setattr(statistics, "today", lambda: days[-1])
    return days


@pytest.fixture
def counts(tmp_path: Path, day: list[dt.date]) -> Statistics:
    return Statistics(tmp_path, 90)


def test_reading_creates_nothing(counts: Statistics, tmp_path: Path) -> None:
    assert counts.report(LONG_AGO).reads == ()
    assert counts.good_questions() == ()
    assert list(tmp_path.iterdir()) == []


def test_reads_are_counted_by_day_and_kept(counts: Statistics, day: list[dt.date]) -> None:
    for slug in ("a", "b", "b"):
        counts.read(slug)
    day.append(dt.date(2028, 1, 1))
    counts.read("a")
    counts.read("a")
    assert [(r.slug, r.count) for r in counts.report(LONG_AGO).reads] == [("a", 3), ("b", 2)]
    assert [(r.slug, r.count) for r in counts.report(day[-1]).reads] == [("a", 2)]


def test_spellings_of_a_question_are_one_and_the_last_answer_counts(counts: Statistics, day: list[dt.date]) -> None:
    counts.asked(QUESTION, False)
    day.append(day[-1] + dt.timedelta(1))
    counts.asked("comment marche un pret participatif", True)
    (asked,) = counts.report(LONG_AGO).questions
    assert (asked.question, asked.count, asked.answered) == ("comment marche un pret participatif", 2, True)


def test_only_questions_that_are_nobodys_own_are_shown(counts: Statistics) -> None:
    for question, times, answered in (
        (QUESTION, 3, True),
        ("Posée deux fois ?", 2, True),
        ("Sans réponse ?", 5, False),
        ("Jugée inutile ?", 4, True),
        ("Très longue " * 20, 4, True),
    ):
        for _ in range(times):
            counts.asked(question, answered)
    counts.judged("jugee inutile", [MOMENT], False)
    counts.judged(QUESTION, [MOMENT], True)
    assert counts.good_questions() == (QUESTION,)


@pytest.mark.parametrize(
    "question",
    [
        "Écrivez-moi à prenom.nom@example.org",
        "Mon numéro est le 06 12 34 56 78, rappelez-moi",
        "FR76 3000 6000 0112 3456 7890 189",
        "que pense @quelquun du prêt ?",
    ],
)
def test_what_may_name_somebody_is_not_written(counts: Statistics, tmp_path: Path, question: str) -> None:
    counts.asked(question, True)
    counts.judged(question, [MOMENT], False)
    report = counts.report(LONG_AGO)
    assert report.questions == ()
    assert [(j.question, j.moments, j.unhelpful) for j in report.answers] == [("", (MOMENT,), 1)]


@pytest.mark.parametrize("question", ["Emprunter 1 500 000 € sur 10 ans ?", "La loi du 31 juillet 2014 ?", QUESTION])
def test_amounts_and_dates_are_no_telephone_numbers(counts: Statistics, question: str) -> None:
    counts.asked(question, True)
    assert [q.question for q in counts.report(LONG_AGO).questions] == [question]


def test_words_are_erased_from_the_disk_after_their_days(
    counts: Statistics, day: list[dt.date], tmp_path: Path
) -> None:
    counts.asked("Ornithorynque ?", True)
    counts.judged("Ornithorynque ?", [MOMENT], True)
    day.append(day[-1] + dt.timedelta(89))
    assert len(counts.report(LONG_AGO).questions) == 1
    day.append(day[-1] + dt.timedelta(1))
    assert counts.report(LONG_AGO).questions == counts.report(LONG_AGO).answers == ()
    counts.read("a")
    assert not [f for f in tmp_path.iterdir() if b"rnithorynque" in f.read_bytes()]


def test_a_question_can_be_forgotten(counts: Statistics) -> None:
    counts.asked(QUESTION, True)
    counts.judged(QUESTION, [MOMENT], True)
    assert counts.forget("COMMENT marche un prêt participatif") == 2
    assert counts.report(LONG_AGO).questions == counts.report(LONG_AGO).answers == ()


def test_switched_off_no_words_are_kept(tmp_path: Path, counts: Statistics) -> None:
    counts.asked(QUESTION, True)
    off = Statistics(tmp_path, 0)
    assert off.report(LONG_AGO).questions == ()
    off.asked(QUESTION, True)
    off.judged(QUESTION, [MOMENT], True)
    off.read("a")
    assert [r.slug for r in off.report(LONG_AGO).reads] == ["a"]
    assert off.report(LONG_AGO).questions == off.report(LONG_AGO).answers == ()
    assert not [f for f in tmp_path.iterdir() if b"participatif" in f.read_bytes()]


def test_many_visitors_at_once_are_all_counted(counts: Statistics) -> None:
    def visit() -> None:
        for _ in range(25):
            counts.read("a")

    threads = [threading.Thread(target=visit) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counts.report(LONG_AGO).reads[0].count == 100


def test_a_broken_or_forbidden_store_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "statistics.db").write_bytes(b"no database" * 100)
    with pytest.raises(DamagedFile, match=r"statistics.db.*abîmé.*pas touché"):
        Statistics(tmp_path, 90).read("a")
    (tmp_path / "file").touch()
    with pytest.raises(NotWritable):
        Statistics(tmp_path / "file", 90).read("a")


def test_no_column_could_hold_a_person(counts: Statistics, tmp_path: Path) -> None:
    counts.read("a")
    with sqlite3.connect(tmp_path / "statistics.db") as store:
        columns = {row[0] for row in store.execute("SELECT c.name FROM sqlite_master m, pragma_table_info(m.name) c")}
    store.close()
    assert columns == {"day", "slug", "n", "key", "question", "answered", "moments", "helpful", "unhelpful"}
