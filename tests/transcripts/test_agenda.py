"""When the masterclasses are, whatever way staff wrote it."""

import datetime as dt
from pathlib import Path

import pytest

from tests.papers import paper
from transcripts.agenda import Agenda, Event, events, join_link, recorded
from transcripts.errors import BadStaffFile
from transcripts.model import Details, Origin
from transcripts.staff_files import read_staff_file

SINCE, UNTIL = dt.date(2026, 1, 1), dt.date(2027, 12, 31)


def written(tmp_path: Path, text: str) -> list[Event]:
    (tmp_path / "agenda.toml").write_text(text, "utf-8")
    return events(read_staff_file(tmp_path / "agenda.toml", Agenda), SINCE, UNTIL)


def test_a_rule_keeps_its_hour_in_summer_and_skips(tmp_path: Path) -> None:
    found = written(tmp_path, "[[rule]]\nstart = 2026-03-12T18:30:00\nuntil = 2026-05-07\nskip = [2026-04-23]\n")
    assert [event.id for event in found] == ["2026-03-12", "2026-03-26", "2026-04-09", "2026-05-07"]
    assert [event.start.isoformat()[10:] for event in found[1:3]] == ["T18:30:00+01:00", "T18:30:00+02:00"]


def test_a_rule_that_began_long_ago_still_counts_its_weeks(tmp_path: Path) -> None:
    found = written(tmp_path, "[[rule]]\nstart = 2020-01-02T18:30:00\n")
    assert (found[0].day - dt.date(2020, 1, 2)).days % 14 == 0
    assert found[0].day <= SINCE + dt.timedelta(13)


@pytest.mark.parametrize(
    ("date", "start"),
    [
        ("2026-11-26", "2026-11-26T18:30:00+01:00"),  # a day takes the rule's hour
        ("2026-11-26T20:00:00", "2026-11-26T20:00:00+01:00"),  # a time alone is Paris time
        ("2026-11-26T19:00:00Z", "2026-11-26T20:00:00+01:00"),  # a time with its offset is what it says
        ('"2026-11-26T20:00:00"', "2026-11-26T20:00:00+01:00"),
    ],
)
def test_an_entry_takes_the_place_of_the_rules(tmp_path: Path, date: str, start: str) -> None:
    text = (
        f'[[rule]]\nstart = 2026-11-12T18:30:00\nuntil = 2026-11-30\n[[masterclass]]\ndate = {date}\ntitle = "Bilan"\n'
    )
    found = written(tmp_path, text)
    assert [(event.id, event.title) for event in found][1] == ("2026-11-26", "Bilan")
    assert len(found) == 2
    assert found[1].start.isoformat() == start


def test_a_day_without_an_hour_lasts_the_day(tmp_path: Path) -> None:
    (event,) = written(tmp_path, '[[masterclass]]\ndate = 2026-11-26\ntitle = "Bilan"\n')
    assert event.start == dt.date(2026, 11, 26)
    assert event.end.isoformat() == "2026-11-27T00:00:00+01:00"


def test_two_of_a_day_are_told_apart_and_stay_what_they_are_called(tmp_path: Path) -> None:
    entry = '[[masterclass]]\ndate = 2026-11-26T{}:00:00\ntitle = "{}"\n'
    at_place = entry + 'place = "{}"\n'
    own = entry.format("18", "Bilan")
    here, there = at_place.format("20", "Atelier", "lille"), at_place.format("10", "Atelier", "rennes")

    def ids(text: str) -> dict[str, str]:
        return {event.id: f"{event.title} {event.place}" for event in written(tmp_path, text)}

    known = ids(own + here)
    assert known["2026-11-26"] == "Bilan None" and len(known) == 2
    # Inscribed earlier on the day, twice at one place, or taken off: the others keep their names.
    later = ids(own + here + there + at_place.format("09", "Visite", "lille") + entry.format("08", "Café"))
    assert known.items() < later.items() and len(later) == 5 and later["2026-11-26-2"] == "Café None"
    assert ids(here).items() < known.items()


def test_what_an_event_of_a_place_was_called_before_still_names_it_where_it_is_clear(tmp_path: Path) -> None:
    entry = '[[masterclass]]\ndate = 2026-11-26T{}:00:00\ntitle = "x"\n'
    here = entry.format("20") + 'place = "lille"\n'
    (alone,) = written(tmp_path, here)
    assert recorded(alone, [study := paper(event="2026-11-26").details]) == (study,)
    own, second = written(tmp_path, here + entry.format("18"))
    assert (own.names, second.formerly) == (("2026-11-26",), "2026-11-26-2")
    assert recorded(own, [study]) == (study,) and recorded(second, [study]) == ()
    three = written(tmp_path, here + entry.format("18") + here.replace("lille", "rennes"))
    assert not [event for event in three if "2026-11-26-2" in event.names]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[rule]\n", "pas du TOML à la ligne 1"),
        ("[[rule]]\nstart = 2026-11-12\n", "« rule 1 start » a une valeur qui ne convient pas"),
        ("[[rule]]\nstart = 2026-11-12T18:30:00\nweeks = 0\n", "« rule 1 weeks » doit valoir au moins 1"),
        ('[[masterclass]]\ntitle = "x"\n', "« masterclass 1 date » manque"),
        ('[[masterclass]]\ndate = "demain"\ntitle = "x"\n', "« masterclass 1 date"),
        ('[[masterclass]]\ndate = 2026-11-12\ntitle = " "\n', "« masterclass 1 title » est vide"),
        ("[[seance]]\n", "« seance » n’est pas un nom connu"),
        ('[[masterclass]]\ndate = 2026-11-12\ntitle = "x"\njoin = "javascript:alert(1)"\n', "adresse en https://"),
    ],
)
def test_what_cannot_be_is_said_in_one_sentence(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(BadStaffFile) as refused:
        written(tmp_path, text)
    assert said in str(refused.value)
    assert "« agenda.toml »" in str(refused.value)


def test_a_file_in_another_encoding_is_said(tmp_path: Path) -> None:
    (tmp_path / "agenda.toml").write_bytes("# été".encode("latin-1"))
    with pytest.raises(BadStaffFile, match="UTF-8"):
        read_staff_file(tmp_path / "agenda.toml", Agenda)


def test_an_event_becomes_what_names_it_or_the_masterclass_it_names_or_that_of_its_day() -> None:
    def talk(slug: str, event: str = "") -> Details:
        day = dt.date.fromisoformat(slug[:10])
        return Details(slug, "t", day, "t", (), "published", 60, "fr", "", Origin("", ""), event=event)

    talks = [talk("2026-11-26-a"), talk("2026-12-10-a"), talk("2026-12-10-b")]
    event = Event("2026-11-26", dt.date(2026, 11, 26), 60, "x")
    assert recorded(event, talks) == (talks[0],)
    assert recorded(Event("2026-12-10", dt.date(2026, 12, 10), 60, "x"), talks) == ()
    assert recorded(Event("2026-12-10", dt.date(2026, 12, 10), 60, "x", slug="2026-12-10-b"), talks) == (talks[2],)
    assert recorded(Event("2026-11-26", dt.date(2026, 11, 26), 60, "x", slug="nowhere"), talks) == ()
    study, later = paper(event="2026-11-26").details, talk("2027-01-07-c", "2026-11-26")
    assert recorded(event, [*talks, study, later]) == (study, later)
    assert recorded(event, [talk("2026-11-26-a", "2026-12-10")]) == (), "it was given at another one"


def test_the_link_is_for_members() -> None:
    event = Event("2026-11-26", dt.date(2026, 11, 26), 60, "x", join="https://visio.example.org/secret")
    assert join_link(event, member=False) is None
    assert join_link(event, member=True) == "https://visio.example.org/secret"
    assert "secret" not in repr(event)
