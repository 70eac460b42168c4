"""Every button of the workshop, pressed by somebody whose role ended while the page was open: nothing happens. And what a form asks is passed on."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from app.access import COOKIE
from app.daily import keep
from app.people import Person, Refused, Role
from app.services import Services, services
from app.settings import ROOT
from ingest.pipeline import Wishes
from pages.plan import PAGES, Entry
from tests.talks import lines, silence, talk
from transcripts.days import today

STAFF = [entry for entry in PAGES if entry.role]
# Pages without a button of Streamlit's: their own scripts ask routes, which tests/browser/test_roles.py tries.
WITHOUT = {"atelier", "atelier-aide", "atelier-relire"}
WITH_FILES = {"atelier-catalogue", "atelier-lieux"}
REFUSED = [(entry, role) for entry in STAFF for role in Role if role < entry.role]
TITLE = "Le prêt"
ME = Person("camille@example.org", Role.ADMINISTRATOR)


@pytest.fixture
def hub(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Services]:
    """A hub in which each page of the workshop has something to do."""
    monkeypatch.setenv("HUB_HOME", str(home))
    monkeypatch.syspath_prepend(str(ROOT))
    services.cache_clear()
    hub = services()
    recording = silence(home / "recording.flac", 4)
    slug = talk(hub.library, TITLE, lines(1), summary="- Un.", recording=recording)
    sent = hub.uploads.begin("a.flac", recording.stat().st_size, ME.email)
    with hub.uploads.appending(sent, 0) as append:
        append(recording.read_bytes())
    hub.uploads.complete(sent)
    hub.queue.add("https://tube.example.org/w/abcdefgh", Wishes(title="En attente"))
    hub.people.invite("membre@example.org", Role.MEMBER)
    hub.venue_book.keep(None, {"name": "La Halle", "city": "Rennes", "region": "Bretagne"})
    hub.pins.pin("Qu’est-ce qu’un prêt ?", slug, 0.0, 2.88, ME.email)
    yield hub
    hub.hub.stop()
    services.cache_clear()


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> dict[str, Callable[[], bytes]]:
    """What makes each file that a page offers, by its button: Streamlit calls it without running the page."""
    offered: dict[str, Callable[[], bytes]] = {}
    monkeypatch.setattr(st, "download_button", lambda label, data, *_, **__: offered.update({label: data}))
    return offered


def state(hub: Services) -> dict[str, bytes]:
    """Return all that is written, but for people and their sessions, which are asked for by name."""
    ours = ("models/", "people.db", "index/", "recording.flac")
    files = (path for path in hub.settings.home.rglob("*") if path.is_file() and path.suffix != ".lock")
    return {
        name: path.read_bytes()
        for path in files
        if not (name := str(path.relative_to(hub.settings.home))).startswith(ours)
    }


def session(hub: Services, role: Role) -> str:
    return hub.people.enter(hub.people.invite(f"{role.name.lower()}@example.org", role)) if role else ""


def opened(hub: Services, cookies: dict[str, str], entry: Entry) -> AppTest:
    """Open a page as an administrator."""
    cookies[COOKIE] = session(hub, Role.ADMINISTRATOR)
    app = AppTest.from_file(str(ROOT / "pages" / "frame.py"), default_timeout=60).run()
    app.query_params["m"] = hub.library.slugs()[0]
    app.switch_page(entry.file).run()
    # What a button waits for is done: all is ticked, and the title stands wherever something is typed.
    for box in app.checkbox:
        box.check()
    for field in app.text_input:
        field.input(TITLE)
    app.run()
    assert not app.exception
    return app


@pytest.mark.parametrize(
    ("entry", "role"), REFUSED, ids=lambda value: getattr(value, "path", getattr(value, "name", ""))
)
def test_no_button_works_for_whom_the_page_is_not(
    entry: Entry, role: Role, hub: Services, cookies: dict[str, str], files: dict[str, Callable[[], bytes]]
) -> None:
    app = opened(hub, cookies, entry)
    assert bool(app.button) is (entry.path not in WITHOUT)
    assert bool(files) is (entry.path in WITH_FILES)
    for make in files.values():
        assert make()
    hub.people.revoke("administrator@example.org")
    for make in files.values():
        with pytest.raises(Refused):
            make()
    cookies[COOKIE] = session(hub, role)
    before = state(hub), hub.people.everyone(), hub.people.invited()
    for button in app.button:
        if not button.proto.disabled:
            button.click()
    app.run()
    assert (state(hub), hub.people.everyone(), hub.people.invited()) == before
    assert entry.title not in [title.value for title in app.title]


@pytest.mark.parametrize(
    ("path", "labels"),
    [
        ("atelier-sante", {"Sauvegarder maintenant", "Effacer la sauvegarde"}),
        ("atelier-retrait", {"Effacer pour de bon"}),
    ],
)
def test_administrators_buttons_do_not_work_for_staff(
    path: str, labels: set[str], hub: Services, cookies: dict[str, str]
) -> None:
    keep(hub, named=True)
    app = opened(hub, cookies, next(entry for entry in STAFF if entry.path == path))
    cookies[COOKIE] = session(hub, Role.STAFF)
    before = state(hub)
    theirs = [button for button in app.button if button.label in labels and not button.proto.disabled]
    assert {button.label for button in theirs} == labels
    for button in theirs:
        button.click()
    app.run()
    assert state(hub) == before


def test_the_same_buttons_work_for_staff(hub: Services, cookies: dict[str, str]) -> None:
    app = opened(hub, cookies, next(entry for entry in STAFF if entry.path == "atelier-publier"))
    next(button for button in app.button if button.label == "Retirer de la publication").click().run()
    assert hub.library.details(hub.library.slugs()[0]).status == "draft"
    assert "a retiré de la publication" in {entry.what for entry in hub.journal.entries()}


def test_a_place_is_inscribed_by_its_form(hub: Services, cookies: dict[str, str]) -> None:
    app = opened(hub, cookies, next(entry for entry in STAFF if entry.path == "atelier-lieux"))
    for field in app.text_input:
        field.input({"Nom": "Le Four", "Ville": "Bastia", "Latitude": "42,7"}.get(field.label, ""))
    next(box for box in app.selectbox if box.label == "Région").select("Corse")
    keep = next(button for button in app.button if button.label == "Enregistrer le lieu")
    keep.click().run()
    assert "donnez les deux" in "".join(block.proto.body for block in app.get("html"))
    assert [venue.id for venue in hub.calendar.venues().place] == ["rennes"]
    next(field for field in app.text_input if field.label == "Longitude").input("9,45")
    next(button for button in app.button if button.label == "Enregistrer le lieu").click().run()
    assert [(venue.id, venue.longitude) for venue in hub.calendar.venues().place] == [
        ("rennes", None),
        ("bastia", 9.45),
    ]
    assert "a inscrit le lieu « Le Four »" in {entry.what for entry in hub.journal.entries()}
    # The page goes on with what was just kept.
    assert "Retirer ce lieu" in [button.label for button in app.button]
    for label, text in (("Titre", "Une soirée"), ("Jour", f"{today().year + 1}-01-05"), ("Heure", "18:30")):
        next(field for field in app.text_input if field.label == label).input(text)
    next(button for button in app.button if button.label == "Inscrire ce rendez-vous").click().run()
    assert [event.title for event in hub.calendar.coming() if event.place == "bastia"] == ["Une soirée"]
    next(button for button in app.button if button.label == "Retirer ce rendez-vous").click().run()
    assert hub.calendar.coming() == []


def test_how_many_people_speak_goes_to_the_queue(hub: Services, cookies: dict[str, str]) -> None:
    app = opened(hub, cookies, next(entry for entry in PAGES if entry.path == "atelier-ajouter"))
    app.number_input[0].set_value(2)
    next(button for button in app.button if button.label == "Transcrire").click().run()
    assert not app.exception
    assert [job.wishes.voices for job in hub.queue.jobs()] == [None, 2]


def test_a_visitors_question_is_shown_to_the_letter(hub: Services, cookies: dict[str, str]) -> None:
    app = opened(hub, cookies, next(entry for entry in STAFF if entry.path == "atelier-questions"))
    app.query_params["q"] = "# *Quoi* $x$ <b> ?"
    app.run()
    assert "<h1># *Quoi* $x$ &lt;b&gt;\u202f?</h1>" in [block.proto.body for block in app.get("html")]


def test_a_job_goes_first_stops_begins_anew_and_leaves_the_list(hub: Services, cookies: dict[str, str]) -> None:
    (job,) = hub.queue.jobs()
    last = hub.queue.add("https://tube.example.org/w/ijklmnop", Wishes(title="Celui d’après"))
    app = opened(hub, cookies, next(entry for entry in STAFF if entry.path == "atelier-travaux"))

    def press(label: str, said: str) -> None:
        app.button(key=f"{label}-{last.id}").click().run()
        assert any(f"« Celui d’après » {said}" in plain(block.proto.body) for block in app.get("html"))

    def plain(text: str) -> str:
        return text.replace("\u00a0", " ").replace("\u202f", " ")

    press("Passer devant", "passera avant les autres")
    assert [one.id for one in hub.queue.jobs()] == [last.id, job.id]
    press("Annuler", "s’arrête")
    assert hub.queue.job(last.id).state == "cancelled"
    press("Recommencer", "est de nouveau dans la file d’attente")
    assert hub.queue.job(last.id).state == "waiting"
    press("Annuler", "s’arrête")
    press("Retirer de la liste", "n’est plus sur la liste")
    assert [one.id for one in hub.queue.jobs()] == [job.id]
    assert {entry.who for entry in hub.journal.entries()} == {"administrator@example.org"}
