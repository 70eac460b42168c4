"""The calendar file, and the questions that come ahead."""

import datetime as dt
from pathlib import Path

import icalendar
import pytest

from app import calendar
from app.calendar import Calendar
from transcripts.days import PARIS
from transcripts.errors import BadInput
from transcripts.library import Library

AGENDA = """
[[rule]]
start = 2026-11-12T18:30:00
join = "https://visio.example.org/secret"
[[masterclass]]
date = 2026-11-26
title = "Lire ; un, bilan \\\\ <b>:red[x]</b> et un titre long, très long, plus long que les soixante-quinze octets d’une ligne"
[[masterclass]]
date = 2026-12-03
title = "Une journée"
"""


@pytest.fixture
def agenda(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Calendar:
    monkeypatch.setattr(calendar, "now", lambda: dt.datetime(2026, 11, 25, 12, tzinfo=PARIS))
    (tmp_path / "agenda.toml").write_text(AGENDA, "utf-8")
    return Calendar(tmp_path, Library(tmp_path))


def test_no_file_is_no_masterclass(tmp_path: Path) -> None:
    empty = Calendar(tmp_path, Library(tmp_path))
    assert empty.coming() == empty.past() == []
    assert icalendar.Calendar.from_ical(empty.ics("http://hub/agenda")).events == []


def test_what_is_under_way_is_still_to_come(agenda: Calendar, monkeypatch: pytest.MonkeyPatch) -> None:
    assert agenda.coming()[0].id == "2026-11-26"
    assert [event.id for event, _ in agenda.past()] == ["2026-11-12"]
    monkeypatch.setattr(calendar, "now", lambda: dt.datetime(2026, 11, 26, 19, tzinfo=PARIS))
    assert agenda.coming()[0].id == "2026-11-26"
    monkeypatch.setattr(calendar, "now", lambda: dt.datetime(2026, 11, 26, 19, 30, tzinfo=PARIS))
    assert agenda.coming()[0].id == "2026-12-03"


def test_the_calendar_is_one_that_calendars_read(agenda: Calendar) -> None:
    data = agenda.ics("http://hub/agenda")
    assert data == agenda.ics("http://hub/agenda")
    assert data.count(b"\n") == data.count(b"\r\n")
    assert max(map(len, data.split(b"\r\n"))) <= 75
    assert b"secret" not in data
    read = icalendar.Calendar.from_ical(data)
    # What RFC 5545 requires of a calendar and of an event.
    assert (read["VERSION"], bool(read["PRODID"])) == ("2.0", True)
    assert all({"UID", "DTSTAMP", "DTSTART"} <= set(event) for event in read.events)
    by_uid = {str(event["UID"]): event for event in read.events}
    assert len(by_uid) == len(read.events)
    event = by_uid["2026-11-26@masterclass-hub"]
    assert event["SUMMARY"].startswith("Lire ; un, bilan \\ <b>:red[x]</b>")
    assert event["DTSTART"].params["TZID"] == "Europe/Paris"
    assert event.start == dt.datetime(2026, 11, 26, 18, 30, tzinfo=PARIS)
    assert event.duration == dt.timedelta(hours=1)
    assert by_uid["2026-12-03@masterclass-hub"].start == dt.date(2026, 12, 3)
    assert [str(zone["TZID"]) for zone in read.timezones] == ["Europe/Paris"]


def test_a_question_is_kept_as_one_line_and_once(agenda: Calendar, tmp_path: Path) -> None:
    agenda.ask("2026-11-26", "Que dit\nle bilan\u2028? \x00<script>")
    agenda.ask("2026-11-26", "Que dit le bilan ? <script>")
    assert agenda.questions("2026-11-26") == ("Que dit le bilan ? <script>",)
    assert (tmp_path / "questions" / "2026-11-26.txt").read_text("utf-8") == "Que dit le bilan ? <script>\n"


@pytest.mark.parametrize(
    ("event", "text", "said"),
    [
        ("2026-11-26", "x" * 501, "trop longue"),
        ("2026-11-26", " \u200b ", "aucun mot"),
        ("2026-11-12", "Trop tard ?", "plus à venir"),
        ("../../etc/passwd", "Où ?", "plus à venir"),
    ],
)
def test_what_cannot_be_kept_is_refused(agenda: Calendar, tmp_path: Path, event: str, text: str, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        agenda.ask(event, text)
    assert not (tmp_path / "questions").exists()


def test_a_flood_is_held_back(agenda: Calendar) -> None:
    for n in range(10):
        agenda.ask("2026-11-26", f"Question {n} ?")
    with pytest.raises(BadInput, match="réessayez dans une minute"):
        agenda.ask("2026-11-26", "Une de trop ?")
    assert len(agenda.questions("2026-11-26")) == 10


def test_no_masterclass_takes_more_than_its_share(agenda: Calendar, tmp_path: Path) -> None:
    (tmp_path / "questions").mkdir()
    (tmp_path / "questions" / "2026-11-26.txt").write_text("".join(f"Q{n}\n" for n in range(200)))
    with pytest.raises(BadInput, match="beaucoup de questions"):
        agenda.ask("2026-11-26", "Une de trop ?")
