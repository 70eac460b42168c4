"""Places: where they stand on the map, what of their file is refused, and what happens there."""

import datetime as dt
import functools
import re
from itertools import accumulate
from pathlib import Path
from xml.etree import ElementTree

import pytest
from icalendar import Calendar as ICalendar

from app.calendar import Calendar
from app.places import STATIC
from pages.atlas import names
from transcripts.agenda import Agenda, Planned, Rule, events, recorded
from transcripts.errors import BadStaffFile, NotFound
from transcripts.france import HEIGHT
from transcripts.library import Library
from transcripts.regions import region_of
from transcripts.venues import Venue, placed

RENNES = '[[place]]\nid = "rennes"\nname = "La Halle"\ncity = "Rennes"\nregion = "Bretagne"\nlatitude = 48.11\nlongitude = -1.68\n'


def venue(**more: object) -> Venue:
    return Venue.model_validate({"id": "a", "name": "A", "city": "A", "region": "Bretagne", **more})


def test_west_is_left_and_north_is_up() -> None:
    brest, nice = placed(venue(longitude=-4.5, latitude=48.4)), placed(venue(longitude=7.3, latitude=43.7))
    assert brest and nice
    assert 0 < brest[0] < nice[0] < 100
    assert 0 < brest[1] < nice[1] < HEIGHT
    assert placed(venue(longitude=-73.6, latitude=45.5)) is None  # Montréal: in the list
    assert placed(venue()) is None


@pytest.mark.parametrize(
    ("region", "longitude", "latitude"),
    [("bretagne", -1.68, 48.11), ("hauts-de-france", 3.06, 50.63), ("pays-de-la-loire", -1.55, 47.22), ("grand-est", 7.75, 48.58),
     ("corse", 8.74, 41.95), ("ile-de-france", 2.35, 48.86), ("provence-alpes-cote-d-azur", 5.37, 43.33), ("outre-mer", 55.47, -20.95),
     ("outre-mer", -52.3, 4.9), ("outre-mer", -61.05, 14.65), ("outre-mer", 45.15, -12.8), ("outre-mer", -61.6, 16.1)],
)  # fmt: skip
def test_a_town_stands_in_its_region_on_the_map(region: str, longitude: float, latitude: float) -> None:
    spot = placed(venue(longitude=longitude, latitude=latitude))
    assert spot
    assert [name for name, rings in _regions().items() if _inside(spot, rings)] == [region]


@functools.cache
def _regions() -> dict[str, list[list[tuple[float, float]]]]:
    """Return the rings of each region that the map draws, in its hundredths."""
    found = {}
    for path in ElementTree.parse(STATIC / "france.svg").getroot().findall("{*}path"):  # noqa: S314 - a file of ours
        rings = []
        for ring in re.findall(r"M([^z]+)z", path.attrib["d"]):
            numbers = [int(number) / 10 for number in re.findall(r"-?\d+", ring)]
            rings.append(list(zip(accumulate(numbers[::2]), accumulate(numbers[1::2]), strict=True)))
        found[path.attrib["id"]] = rings
    return found


def _inside(spot: tuple[float, float], rings: list[list[tuple[float, float]]]) -> bool:
    """Say whether a line from a point to the east crosses borders an odd number of times."""
    x, y = spot
    edges = (edge for ring in rings for edge in zip(ring, [*ring[1:], ring[0]], strict=True))
    crossed = ((a, b) for a, b in edges if (a[1] > y) != (b[1] > y))
    return sum(x < a[0] + (y - a[1]) * (b[0] - a[0]) / (b[1] - a[1]) for a, b in crossed) % 2 == 1


def test_names_on_the_map_do_not_cover_each_other() -> None:
    crowd = [
        ((53.0, 32.0), "Paris"),
        ((54.0, 32.5), "Montreuil"),
        ((52.5, 31.5), "Clichy"),
        ((95.0, 40.0), "Strasbourg"),
    ]
    assert names(crowd) == ["west", "east", "none", "west"]


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
     ("ile de france", "Île-de-France"), ("PROVENCE-ALPES-CÔTE D'AZUR", "Provence-Alpes-Côte d’Azur"), ("Breizh", None),
     ("Ille-et-Vilaine", "Bretagne"), ("Côtes d'Armor", "Bretagne"), ("35000 Rennes", "Bretagne"), ("Rennes (35)", "Bretagne"),
     ("Ajaccio, Corse-du-Sud", "Corse"), ("2 rue de Paris, 35 000 Rennes", "Bretagne"), ("Réunion", "Outre-mer"),
     ("Rennes", None), ("Bretagne, Corse", None), ("", None)],
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
