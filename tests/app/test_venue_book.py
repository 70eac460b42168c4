"""Places are changed in the browser as in the file: checked, and what a person wrote beside them stays."""

import datetime as dt
from pathlib import Path

import pytest

from app import event_book, venue_table
from app.calendar import Calendar
from app.event_book import EventBook
from app.venue_book import VenueBook
from transcripts.days import today
from transcripts.errors import BadInput, BadStaffFile
from transcripts.library import Library
from transcripts.resources import Resources
from transcripts.staff_files import read_staff_file
from transcripts.studies import Studies
from transcripts.venues import Venue, Venues

RENNES = {"name": "La Halle", "city": "Rennes", "region": "Bretagne", "latitude": "48,11", "longitude": "-1,68"}
BY_HAND = """# écrit à la main
demonstration = true

[[place]]
id = "lille"  # le nord
name = "L’Atelier"
city = "Lille"
region = "Hauts-de-France"
about = "Permanence."
"""


def places(home: Path) -> tuple[Venue, ...]:
    return read_staff_file(home / "lieux.toml", Venues).place


def test_a_place_is_inscribed_changed_and_taken_off(tmp_path: Path) -> None:
    (tmp_path / "lieux.toml").write_text(BY_HAND, "utf-8")
    book = VenueBook(tmp_path)
    assert book.keep(None, RENNES).id == "rennes"
    assert book.keep(None, RENNES | {"name": "La Cour", "latitude": "", "longitude": ""}).id == "rennes-2"
    assert [(venue.id, venue.latitude) for venue in places(tmp_path)] == [
        ("lille", None),
        ("rennes", 48.11),
        ("rennes-2", None),
    ]
    book.keep("lille", {"name": "L’Atelier du Nord", "city": "Lille", "region": "Hauts-de-France", "about": " "})
    assert (places(tmp_path)[0].name, places(tmp_path)[0].about) == ("L’Atelier du Nord", "")
    assert "# écrit à la main\ndemonstration = true" in (tmp_path / "lieux.toml").read_text("utf-8")
    book.remove("rennes")
    assert [venue.id for venue in places(tmp_path)] == ["lille", "rennes-2"]


@pytest.mark.parametrize(
    ("number", "changes", "said"),
    [
        (None, {"name": ""}, "« Nom »"),
        (None, {"region": "Atlantide"}, "n’est pas une région"),
        (None, {"latitude": "480"}, "« Latitude » doit valoir au plus 90"),
        (None, {"latitude": "nord"}, "« Latitude » n’est pas un nombre"),
        (None, {"longitude": ""}, "donnez les deux"),
        (None, {"link": "javascript:alert(1)"}, "un lien est une adresse en https"),
        ("ailleurs", {}, "n’est plus sur la liste"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_changes(
    tmp_path: Path, number: str | None, changes: dict[str, str], said: str
) -> None:
    (tmp_path / "lieux.toml").write_text(BY_HAND, "utf-8")
    with pytest.raises(BadInput, match=said):
        VenueBook(tmp_path).keep(number, RENNES | changes)
    assert (tmp_path / "lieux.toml").read_text("utf-8") == BY_HAND


def test_a_file_that_somebody_broke_is_theirs_to_mend(tmp_path: Path) -> None:
    (tmp_path / "lieux.toml").write_text("[[place]\n", "utf-8")
    with pytest.raises(BadStaffFile):
        VenueBook(tmp_path).keep(None, RENNES)
    assert (tmp_path / "lieux.toml").read_text("utf-8") == "[[place]\n"


def test_places_go_out_as_a_table_and_come_back(tmp_path: Path) -> None:
    (tmp_path / "lieux.toml").write_text(BY_HAND, "utf-8")
    book = VenueBook(tmp_path)
    book.keep(None, RENNES)
    table = venue_table.export(places(tmp_path))
    assert "rennes;La Halle;Rennes;Bretagne;;;;48,11;-1,68" in table.decode("utf-8-sig").splitlines()
    assert venue_table.compare(table, places(tmp_path)) == venue_table.Plan((), (), 2)
    lines = [
        "Identifiant;Nom;Ville;Région;Site",
        "lille;;;;https://nord.example.org",  # empty cells change nothing
        ";La Halle;Rennes;;",
        ";Le Quai;Nantes;Pays de la Loire;",
        ";Sans région;Nulle part;Atlantide;",
        "ailleurs;X;Y;Bretagne;",
    ]
    plan = venue_table.compare("\r\n".join(lines).encode("cp1252"), places(tmp_path))
    assert ([(p.number, p.name) for p in plan.places], plan.same) == ([("lille", "L’Atelier"), (None, "Le Quai")], 1)
    assert ["ligne 5" in plan.faults[0], "Atlantide" in plan.faults[0], "ligne 6" in plan.faults[1]] == [True] * 3
    for place in plan.places:
        book.keep(place.number, place.written)
    assert [(venue.id, venue.link, venue.about) for venue in places(tmp_path)] == [
        ("lille", "https://nord.example.org", "Permanence."),
        ("rennes", None, ""),
        ("nantes", None, ""),
    ]
    with pytest.raises(BadInput, match="ni colonne"):
        venue_table.compare(b"a;b\n1;2\n", places(tmp_path))


def test_events_are_inscribed_by_form_and_table_and_taken_off(tmp_path: Path) -> None:
    (tmp_path / "lieux.toml").write_text(BY_HAND, "utf-8")
    (tmp_path / "agenda.toml").write_text("# à la main\n[[rule]]\nstart = 2026-11-12T18:30:00\n", "utf-8")
    book, venues = EventBook(tmp_path), places(tmp_path)
    year = today().year + 1
    book.inscribe([event_book.checked({"title": "Atelier", "day": f"3 mars {year}", "time": "18 h 30"}, "lille")])
    assert (tmp_path / "agenda.toml").read_text("utf-8").startswith("# à la main")
    table = event_book.export(book.written(), venues)
    assert event_book.compare(table, book.written(), venues) == event_book.Plan((), (), 1)
    lines = [
        "Lieu;Titre;Jour;Heure;Lien pour participer",
        f"L’Atelier;Permanence;04/03/{year};9h;",
        f";En ligne;{year}-03-05;;https://visio.example.org/x",
        f"Ailleurs;X;{year}-03-05;;",
        f"lille;Y;{year}-03-05;25:00;",
        "lille;Z;demain;;",
        f"lille;V;{year}-03-05;;javascript:alert(1)",
    ]
    plan = event_book.compare("\n".join(lines).encode(), book.written(), venues)
    assert [(c.event.title, c.event.place) for c in plan.changes] == [("Permanence", "lille"), ("En ligne", None)]
    assert [fault.split(" ne change")[0] for fault in plan.faults] == [f"La ligne {n}" for n in (4, 5, 6, 7)]
    book.inscribe([change.event for change in plan.changes])
    calendar = Calendar(tmp_path, Resources(Library(tmp_path), Studies(tmp_path)))
    at_lille = [event for event in calendar.coming() if event.place == "lille"]
    hours = [event.start.hour for event in at_lille if isinstance(event.start, dt.datetime)]
    assert ([event.title for event in at_lille], hours) == (["Atelier", "Permanence"], [18, 9])
    assert b"Permanence" in calendar.ics("https://hub.example.org/agenda", "lille")
    book.take_off(at_lille[0])
    assert [event.title for event in book.written()] == ["Permanence", "En ligne"]
    with pytest.raises(BadInput, match="n’est plus à l’agenda"):
        book.take_off(at_lille[0])


def test_a_table_changes_what_it_says_otherwise_of_an_event_and_says_which(tmp_path: Path) -> None:
    (tmp_path / "lieux.toml").write_text(BY_HAND, "utf-8")
    (tmp_path / "agenda.toml").write_text(
        '[[masterclass]]  # le premier\ndate = 2027-03-03T17:30:00Z\ntitle = "Atelier"\nplace = "lille"\nminutes = 90\n'
        'description = """Deux\nlignes."""\nspeakers = ["Ada Lovelace"]\n',
        "utf-8",
    )
    book, venues = EventBook(tmp_path), places(tmp_path)
    assert event_book.compare(event_book.export(book.written(), venues), book.written(), venues).same == 1
    head = "Titre;Jour;Lieu;Heure;Minutes;Ce qui s’y passera;Lien pour participer\n"
    rows = "Atelier;03/03/2027;lille;19 h;;;https://visio.example.org/y\nAtelier;04/03/2027;lille;;;;\n"
    plan = event_book.compare((head + rows).encode(), book.written(), venues)
    assert [change.fields for change in plan.changes] == [("Heure", "Lien pour participer"), ()]
    book.inscribe([change.event for change in plan.changes])
    changed, new = book.written()
    assert (changed.date, changed.join) == (dt.datetime(2027, 3, 3, 19), "https://visio.example.org/y")  # noqa: DTZ001 - as TOML gives it
    assert (changed.minutes, changed.description, changed.speakers) == (90, "Deux\nlignes.", ("Ada Lovelace",))
    assert new.date == dt.date(2027, 3, 4)
    assert "# le premier" in (tmp_path / "agenda.toml").read_text("utf-8")
    assert event_book.compare((head + rows).encode(), book.written(), venues) == event_book.Plan((), (), 2)
