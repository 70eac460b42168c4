"""Places: where they stand on the map, what of their file is refused, and what happens there."""

import datetime as dt
from pathlib import Path

import pytest
from icalendar import Calendar as ICalendar

from app.calendar import Calendar
from transcripts.agenda import Agenda, Planned, Rule, events, recorded
from transcripts.errors import BadStaffFile, NotFound
from transcripts.library import Library
from transcripts.regions import region_of
from transcripts.venues import HEIGHT, Venue, placed

RENNES = '[[place]]\nid = "rennes"\nname = "La Halle"\ncity = "Rennes"\nregion = "Bretagne"\nlatitude = 48.11\nlongitude = -1.68\n'


def venue(**more: object) -> Venue:
    return Venue.model_validate({"id": "a", "name": "A", "city": "A", "region": "Bretagne", **more})


def test_west_is_left_and_north_is_up() -> None:
    brest, nice = placed(venue(longitude=-4.5, latitude=48.4)), placed(venue(longitude=7.3, latitude=43.7))
    assert brest and nice
    assert 0 < brest[0] < nice[0] < 100
    assert 0 < brest[1] < nice[1] < HEIGHT
    assert placed(venue(longitude=55.5, latitude=-21.1)) is None  # overseas: in the list
    assert placed(venue()) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (RENNES * 2, "même « id »"),
        (RENNES.replace("Bretagne", "Breizh"), "n’est pas une région"),
        (RENNES.replace("48.11", "148"), "latitude"),
        (RENNES + 'link = "javascript:alert(1)"', "https://"),
    ],
)
def test_a_file_of_places_that_cannot_be_is_refused(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "lieux.toml").write_text(text, "utf-8")
    with pytest.raises(BadStaffFile, match=said):
        Calendar(tmp_path, Library(tmp_path)).venues()


@pytest.mark.parametrize(
    ("place", "region"),
    [("35", "Bretagne"), ("2a", "Corse"), ("20200", "Corse"), ("97400", "Outre-mer"), ("1", "Auvergne-Rhône-Alpes"),
     ("ile de france", "Île-de-France"), ("PROVENCE-ALPES-CÔTE D'AZUR", "Provence-Alpes-Côte d’Azur"), ("Breizh", None)],
)  # fmt: skip
def test_regions(place: str, region: str | None) -> None:
    assert region_of(place) == region


def test_what_a_place_does_stands_beside_the_masterclass_of_the_day() -> None:
    rule = Rule(start=dt.datetime(2026, 11, 26, 18, 30), weeks=2)  # noqa: DTZ001 - as TOML gives it
    both = events(
        Agenda(rule=(rule,), masterclass=(Planned(date=dt.date(2026, 11, 26), title="Atelier", place="rennes"),)),
        dt.date(2026, 11, 26),
        dt.date(2026, 11, 26),
    )
    assert [(event.title, event.place) for event in both] == [
        ("Atelier", "rennes"),
        ("Masterclass : sujet à venir", None),
    ]
    assert both[0].join is None and both[0].id != both[1].id
    assert recorded(both[0], []) == ()


def test_each_place_has_its_calendar(tmp_path: Path) -> None:
    (tmp_path / "lieux.toml").write_text(RENNES, "utf-8")
    day = dt.datetime.now(dt.UTC).date() + dt.timedelta(7)
    (tmp_path / "agenda.toml").write_text(
        f'[[masterclass]]\ndate = {day}\ntitle = "Ici"\nplace = "rennes"\n[[masterclass]]\ndate = {day}\ntitle = "Ailleurs"\n',
        "utf-8",
    )
    calendar = Calendar(tmp_path, Library(tmp_path))
    (entry,) = ICalendar.from_ical(calendar.ics("https://hub.example/agenda", "rennes")).walk("VEVENT")
    assert (entry["summary"], entry["location"]) == ("Ici", "La Halle, Rennes")
    assert len(ICalendar.from_ical(calendar.ics("https://hub.example/agenda")).walk("VEVENT")) == 2
    with pytest.raises(NotFound):
        calendar.ics("https://hub.example/agenda", "paris")
