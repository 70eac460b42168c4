"""Every button of the workshop, pressed by somebody whose role ended while the page was open: nothing happens. And what a form asks is passed on."""

import datetime as dt
import html
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from unittest.mock import Mock

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from app import adding, publishing, spreadsheet, venue_table
from app.access import COOKIE
from app.daily import keep
from app.people import Person, Refused, Role
from app.queue import Queue
from app.services import Services, services
from app.settings import ROOT
from app.upkeep import doctor
from ingest.sources import Glimpse
from ingest.sources.sent import sent_name
from ingest.wishes import Outcome, Wishes
from pages import upload, venue_events
from pages.plan import PAGES, Entry
from tests.talks import lines, silence, talk
from transcripts.days import now, today
from transcripts.errors import LinkDown, Unavailable
from transcripts.model import Difference, Recording, Trace
from transcripts.studies import Studies
from transcripts.typography import spaced

PLAYLIST = "https://tube.example.org/w/p/liste"
SURVEY = 'title = "Recueil"\nfile = "r.csv"\n[[column]]\nname = "Forme"\nkind = "choice"\n'
STAFF = [entry for entry in PAGES if entry.role]
# Pages without a button of Streamlit's: their own scripts ask routes, which tests/browser/test_roles.py tries.
WITHOUT = {"atelier", "atelier-aide", "atelier-relire"}
WITH_FILES = {"atelier-catalogue", "atelier-lieux"}
TITLE, READY, PLANNED, STUDY = (
    "Le prêt",
    "Le prêt suivant",
    "Le prêt de demain",
    "Garantir les prêts des petites structures",
)
# Pages about one thing show other buttons for another one.
THINGS = {"atelier-publier": (TITLE, READY, PLANNED, STUDY), "atelier-retrait": (TITLE, STUDY)}
VISITS = [(entry, title) for entry in STAFF for title in THINGS.get(entry.path, (TITLE,))]
REFUSED = [(entry, title, role) for entry, title in VISITS for role in Role if role < entry.role]
TABLE = Path(__file__).with_name("actions.tsv")
# What became of each button, by page, label and role: compared with the table as a whole, so that a change is read in a diff.
SEEN: dict[tuple[str, str], dict[Role, str]] = {}
TABLES: dict[str, bytes] = {}  # as if chosen, by the label of where
ME = Person("camille@example.org", Role.ADMINISTRATOR)


@pytest.fixture
def hub(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Services]:
    """A hub in which each page of the workshop has something to do."""
    monkeypatch.setenv("HUB_HOME", str(home))
    monkeypatch.syspath_prepend(str(ROOT))
    services.cache_clear()
    for module in (upload, venue_events):
        monkeypatch.setattr(module, "pick", lambda label, *_: TABLES.get(label))
    hub = services()
    recording = silence(home / "recording.flac", 4)
    slug = talk(hub.library, TITLE, lines(1), summary="- Un.", recording=recording)
    sent = hub.uploads.begin("a.flac", recording.stat().st_size, ME.email)
    with hub.uploads.appending(sent, 0) as append:
        append(recording.read_bytes())
    hub.uploads.complete(sent)
    for title in (READY, PLANNED):
        ready = talk(hub.library, title, lines(2), summary="- Un.", published=False)
        hub.library.set_details(ready, consents=(("Personne Inventée", dt.date(2026, 2, 1)),))
    publishing.schedule(hub, ready, now() + dt.timedelta(days=1), ME)
    differing = slug_of(hub, READY)
    hub.library.rewrite(differing, trace=Trace(differences=(Difference(0, 2, "la ligne 0,", "la Nef,"),)))
    hub.library.replace_recording(slug, silence(home / "other.flac", 5), Recording("", "1" * 64), 5.0)
    hub.library.set_status(slug, "published")
    written = Studies(ROOT / "transcripts" / "demo")
    (study,) = written.slugs()
    hub.studies.add(written.read(study), written.original(study))
    failed = hub.queue.add("https://tube.example.org/w/echec", Wishes(title="Échoué"))
    hub.queue.save(replace(failed, state="failed", error="Ce lien ne répond pas : rien n’a été gardé ; réessayez."))
    for name in ("abcdefgh", "bcdefghi"):
        hub.queue.add(f"https://tube.example.org/w/{name}", Wishes(title="En attente"))
    hub.surveys.new(SURVEY).keep(b"Forme\n" + b"SCIC\n" * 10, SURVEY, published=True)
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


def slug_of(hub: Services, title: str) -> str:
    return next(one.slug for one in (*hub.library.catalogue(), *hub.studies.catalogue()) if one.title == title)


def session(hub: Services, role: Role) -> str:
    return hub.people.enter(hub.people.invite(f"{role.name.lower()}@example.org", role)) if role else ""


def opened(
    hub: Services, cookies: dict[str, str], entry: Entry, title: str = TITLE, role: Role = Role.ADMINISTRATOR
) -> AppTest:
    """Open a page, at what it says of a masterclass or study, a list that was looked at, and tables that were chosen."""
    cookies[COOKIE] = session(hub, role)
    tables = {
        "Choisir un tableau de rendez-vous (CSV)": f"Titre;Jour\nUne soirée;05/01/{today().year + 1}\n".encode(),
        "Choisir un tableau CSV": venue_table.export(hub.calendar.venues().place).replace(b"Rennes", b"Redon")
        if entry.path == "atelier-lieux"
        else spreadsheet.export(hub.library.catalogue(), hub.settings.library.themes).replace(
            b"suivant", b"d\xe2\x80\x99apr\xc3\xa8s"
        ),
    }
    TABLES.clear()
    TABLES.update(tables)
    app = AppTest.from_file(str(ROOT / "pages" / "frame.py"), default_timeout=60).run()
    app.query_params["m"] = slug_of(hub, title)
    app.session_state["lien"] = PLAYLIST
    app.session_state["looked"] = (PLAYLIST, [Glimpse(f"{PLAYLIST}/{n}", f"Partie {n}") for n in range(3)])
    app.switch_page(entry.file).run()
    # What a button waits for is done: all is ticked, and the title stands wherever something is typed.
    for box in app.checkbox:
        box.check()
    for field in app.text_input:
        field.input(title)
    app.run()
    assert not app.exception
    return app


def labels(app: AppTest) -> set[str]:
    return {button.label for button in app.button if not button.proto.disabled}


def note(entry: Entry, which: set[str], role: Role, what: str) -> None:
    for label in which:
        SEEN.setdefault((entry.path, label), {}).setdefault(role, what)


@pytest.mark.parametrize(
    ("entry", "title", "role"),
    REFUSED,
    ids=lambda value: getattr(value, "path", getattr(value, "name", "")) or str(value),
)
def test_no_button_works_for_whom_the_page_is_not(
    entry: Entry, title: str, role: Role, hub: Services, cookies: dict[str, str], files: dict[str, Callable[[], bytes]]
) -> None:
    if entry.path == "atelier-sante":
        keep(hub, named=True)
    app = opened(hub, cookies, entry, title)
    pressed = labels(app)
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
    assert entry.title not in [heading.value for heading in app.title]
    note(entry, pressed, role, "refused")
    note(entry, pressed, Role.ADMINISTRATOR, "offered")


@pytest.mark.parametrize(
    ("entry", "title"),
    [(entry, title) for entry, title in VISITS if entry.role == Role.STAFF and entry.path not in WITHOUT],
    ids=lambda value: getattr(value, "path", value),
)
def test_administrators_buttons_do_not_work_for_staff(
    entry: Entry, title: str, hub: Services, cookies: dict[str, str], files: dict[str, Callable[[], bytes]]
) -> None:
    keep(hub, named=True)
    theirs = labels(opened(hub, cookies, entry, title, Role.STAFF))
    app = opened(hub, cookies, entry, title)
    cookies[COOKIE] = session(hub, Role.STAFF)
    only = labels(app) - theirs
    before = state(hub)
    for button in app.button:
        if button.label in only:
            button.click()
    app.run()
    assert state(hub) == before
    note(entry, theirs, Role.STAFF, "offered")
    note(entry, only, Role.STAFF, "refused")


def test_the_table_of_actions_is_as_it_was_agreed() -> None:
    """Rows of `TABLE` are what the tests above saw, of those buttons of which all were run."""
    rows = {"\t".join([*name, *(seen[role] for role in Role)]) for name, seen in SEEN.items() if len(seen) == len(Role)}
    agreed = TABLE.read_text("utf-8").splitlines()
    assert agreed[0].split("\t")[2:] == [role.name.lower() for role in Role]
    assert rows
    assert rows <= set(agreed), "\n".join(sorted(rows - set(agreed)))
    if len(SEEN) >= len(agreed) - 1:
        assert set(agreed[1:]) <= rows


def test_the_same_buttons_work_for_staff(hub: Services, cookies: dict[str, str]) -> None:
    app = opened(hub, cookies, next(entry for entry in STAFF if entry.path == "atelier-publier"))
    next(button for button in app.button if button.label == "Retirer de la publication").click().run()
    assert hub.library.details(slug_of(hub, TITLE)).status == "draft"
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
    assert [job.wishes.voices for job in hub.queue.jobs() if job.state == "waiting"] == [None, None, 2]


@pytest.mark.parametrize(
    ("written", "speakers", "unnamed"),
    [("Zoom H4n", (), False), ("", (), True), ("Inès\nZoé", ("Inès", "Zoé"), False)],
    ids=["as it stood", "emptied", "others"],
)
def test_names_that_staff_take_out_stay_out(
    written: str, speakers: tuple[str, ...], unnamed: bool, hub: Services, cookies: dict[str, str]
) -> None:
    app = opened(hub, cookies, page("atelier-ajouter"))
    app.session_state["looked"] = (PLAYLIST, [Glimpse(PLAYLIST, "Essai", speakers=("Zoom H4n",), duration=60.0)])
    app.run()
    next(field for field in app.text_area if field.value == "Zoom H4n").input(written)
    [button for button in app.button if button.label == "Transcrire"][-1].click().run()
    (job,) = (job for job in hub.queue.jobs() if job.source == PLAYLIST)
    assert (job.wishes.speakers, job.wishes.unnamed) == (speakers, unnamed)


def test_a_link_that_fails_is_asked_once(
    hub: Services, cookies: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    link, look = f"{PLAYLIST}/coupé", Mock(side_effect=LinkDown("Ce lien ne répond plus."))
    real = adding.look
    monkeypatch.setattr(adding, "look", lambda hub, given: (look if given == link else real)(hub, given))
    app = opened(hub, cookies, page("atelier-ajouter"))
    next(field for field in app.text_input if field.label.startswith("Adresse")).input(link)
    assert said(press(app, "Regarder ce lien")).count("Ce lien ne répond plus.") == 1
    assert "Ce lien ne répond plus." not in said(app.run())
    assert look.call_count == 1
    press(app, "Regarder ce lien")
    assert look.call_count == 2


def test_what_failed_is_in_sight_and_all_that_waits_within_reach_however_much_that_is(
    hub: Services, cookies: dict[str, str]
) -> None:
    *waiting, failed = hub.queue.jobs()
    added = [hub.queue.add(f"https://tube.example.org/w/x{n}", Wishes(title=f"Suite {n}")) for n in range(60)]
    for job in added[:13]:
        hub.queue.save(replace(job, state="done"))
    running = replace(added[13], state="running", stage="Transcription", done=1300.0, total=1000.0)
    hub.queue.save(running)
    app = opened(hub, cookies, page("atelier-travaux"))
    keys = [button.key for button in app.button]
    assert f"Annuler-{running.id}" in keys and f"Recommencer-{failed.id}" in keys
    assert "%" not in next(bar.proto.text for bar in app.get("progress"))
    assert f"Retirer de la liste-{added[12].id}" in keys  # the latest that is done
    assert f"Annuler-{added[59].id}" not in keys
    assert "Et 38 autres travaux en attente." in said(app)
    assert "Et 3 autres travaux finis ou annulés, oubliés d’eux-mêmes après 30 jours." in said(app)
    app.session_state["more-waiting"] = True
    app.run()
    app.button(key=f"Passer devant-{added[59].id}").click().run()
    assert hub.queue.jobs()[1].id == added[59].id
    app.button(key=f"Annuler-{added[58].id}").click().run()
    assert hub.queue.job(added[58].id).state == "cancelled"
    # What is over by the time that somebody presses is not said to stop, nor noted.
    hub.queue.save(replace(hub.queue.job(waiting[0].id), state="done"))
    noted = hub.journal.entries()
    app.button(key=f"Annuler-{waiting[0].id}").click().run()
    assert "déjà fini" in said(app) and hub.journal.entries() == noted


def test_a_store_that_is_away_is_told_in_words(
    hub: Services, cookies: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    app = opened(hub, cookies, page("atelier-travaux"))
    with monkeypatch.context() as away:
        away.setattr(Queue, "jobs", Mock(side_effect=Unavailable("La file d’attente ne répond pas.")))
        app.run()
        assert not app.exception
        assert said(app).count("La file d’attente ne répond pas.") == 1
    monkeypatch.setattr(hub.wanted, "wishes", Mock(side_effect=[None, Unavailable("Le modèle manque.")]))
    app.switch_page(page("atelier-questions").file).run()
    assert not app.exception
    assert "Le modèle manque." in said(app) and "Lues le plus souvent" in said(app)


def test_a_visitors_question_is_shown_to_the_letter(hub: Services, cookies: dict[str, str]) -> None:
    app = opened(hub, cookies, next(entry for entry in STAFF if entry.path == "atelier-questions"))
    app.query_params["q"] = "# *Quoi* $x$ <b> ?"
    app.run()
    assert "<h1># *Quoi* $x$ &lt;b&gt;\u202f?</h1>" in [block.proto.body for block in app.get("html")]


def test_a_job_goes_first_stops_begins_anew_and_leaves_the_list(hub: Services, cookies: dict[str, str]) -> None:
    *waiting, failed = hub.queue.jobs()
    hub.queue.hurry(waiting[1].id)
    last = hub.queue.add("https://tube.example.org/w/ijklmnop", Wishes(title="Celui d’après"))
    app = opened(hub, cookies, next(entry for entry in STAFF if entry.path == "atelier-travaux"))

    def press(label: str, said: str) -> None:
        app.button(key=f"{label}-{last.id}").click().run()
        assert any(f"« Celui d’après » {said}" in plain(block.proto.body) for block in app.get("html"))

    def plain(text: str) -> str:
        return text.replace("\u00a0", " ").replace("\u202f", " ")

    press("Passer devant", "passera avant les autres")
    assert f"Passer devant-{last.id}" not in {button.key for button in app.button}
    assert [one.id for one in hub.queue.jobs()] == [last.id, waiting[1].id, waiting[0].id, failed.id]
    press("Annuler", "s’arrête")
    assert hub.queue.job(last.id).state == "cancelled"
    press("Recommencer", "est de nouveau dans la file d’attente")
    assert hub.queue.job(last.id).state == "waiting"
    press("Annuler", "s’arrête")
    press("Retirer de la liste", "n’est plus sur la liste ; ce qui en avait été téléchargé ou transcrit est effacé")
    assert [one.id for one in hub.queue.jobs()] == [waiting[1].id, waiting[0].id, failed.id]
    # What failed says why, and what to do.
    assert "Ce lien ne répond pas : rien n’a été gardé ; réessayez." in plain(
        "".join(block.proto.body for block in app.get("html"))
    )
    app.button(key=f"Recommencer-{failed.id}").click().run()
    assert hub.queue.job(failed.id).state == "waiting"
    # So does what failed in part.
    found = Outcome("un", None, "unchanged"), Outcome("deux", None, "failed", error="Plus rien.")
    hub.queue.save(replace(hub.queue.job(failed.id), state="done", outcomes=found))
    app.run()
    app.button(key=f"Recommencer-{failed.id}").click().run()
    assert hub.queue.job(failed.id).state == "waiting"
    assert {entry.who for entry in hub.journal.entries() if not entry.slug} == {"administrator@example.org"}


def press(app: AppTest, label: str) -> AppTest:
    app = next(button for button in app.button if button.label == label).click().run()
    assert not app.exception
    return app


def said(app: AppTest) -> str:
    return " ".join(block.proto.body for block in app.get("html")).replace("\u00a0", " ").replace("\u202f", " ")


def page(path: str) -> Entry:
    return next(entry for entry in STAFF if entry.path == path)


def test_a_link_and_a_list_are_looked_at_and_what_is_ticked_is_added(
    hub: Services, cookies: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only what the network would say is given."""
    real, found = adding.look, {PLAYLIST: 3, f"{PLAYLIST}/seul": 1}

    def look(services: Services, given: str) -> list[Glimpse]:
        return (
            [Glimpse(f"{given}/{n}", f"Partie {n}", duration=60.0) for n in range(found[given])]
            if given in found
            else real(services, given)
        )

    def waiting() -> list[str]:
        return [job.source for job in hub.queue.jobs() if job.state == "waiting" and job.source.startswith(PLAYLIST)]

    def looked_at(given: str) -> AppTest:
        next(field for field in app.text_input if field.label.startswith("Adresse")).input(given)
        return press(app, "Regarder ce lien")

    monkeypatch.setattr(adding, "look", look)
    hub.queue.add(f"{PLAYLIST}/0", Wishes())
    app = opened(hub, cookies, page("atelier-ajouter"))
    assert "Une source est vide" in "".join(block.proto.body for block in looked_at(" ").get("html"))
    assert "dont 2 que le hub n’a pas" in " ".join(text.value for text in looked_at(PLAYLIST).markdown)
    boxes = [box for box in app.checkbox if "Partie" in box.label]
    for box in boxes:
        box.uncheck()
    press(app, "Transcrire ceux qui sont cochés")
    assert "Rien n’est coché" in app.warning[0].value and waiting() == [f"{PLAYLIST}/0"]
    next(box for box in app.checkbox if "Partie 2" in box.label).check()
    press(app, "Transcrire ceux qui sont cochés")
    assert waiting() == [f"{PLAYLIST}/0", f"{PLAYLIST}/2"]
    hub.queue.add(f"{PLAYLIST}/1", Wishes())
    app = opened(hub, cookies, page("atelier-ajouter"))  # it had led to what is going on
    assert "tous déjà dans le hub ou en route" in said(looked_at(PLAYLIST))
    looked_at(f"{PLAYLIST}/seul")
    assert "Partie 0" in [field.value for field in app.text_input]
    [button for button in app.button if button.label == "Transcrire"][-1].click().run()
    assert f"{PLAYLIST}/seul/0" in waiting()


def test_subtitles_that_were_sent_are_imported(hub: Services, cookies: dict[str, str]) -> None:
    data = b"1\n00:00:00,000 --> 00:00:05,000\nBonjour.\n"
    sent = hub.uploads.begin("la-nef.srt", len(data), ME.email)
    with hub.uploads.appending(sent, 0) as append:
        append(data)
    sent = hub.uploads.complete(sent)
    press(opened(hub, cookies, page("atelier-ajouter")), "Importer ces sous-titres")
    assert sent_name(sent) in [job.source for job in hub.queue.jobs()]


@pytest.mark.parametrize(("label", "says"), [("Garder la correction", "la ligne 0"), ("Prendre la nouvelle", "la Nef")])
def test_what_a_new_hearing_disagrees_with_is_settled(
    label: str, says: str, hub: Services, cookies: dict[str, str]
) -> None:
    slug = slug_of(hub, READY)
    app = opened(hub, cookies, page("atelier-publier"), READY)
    assert (
        "Corrigé par une personne : <strong>la ligne 0,</strong>. La nouvelle écoute a entendu : <strong>la Nef,"
        in said(app)
    )
    press(app, label)
    assert says in hub.library.read(slug).cues[0].text and not hub.library.trace(slug).differences
    press(app, "Prévoir la publication")
    assert hub.library.details(slug).publish_at


def test_those_that_are_ticked_are_transcribed_again(hub: Services, cookies: dict[str, str]) -> None:
    slug = slug_of(hub, TITLE)
    kept = hub.library.details(slug)
    hub.library.set_hearing(slug, Trace(), replace(kept.origin, model="tiny"), kept.recording)
    app = press(opened(hub, cookies, page("atelier-catalogue")), "Transcrire de nouveau")
    assert f"encore:{slug}" in [job.source for job in hub.queue.jobs()]
    assert "sera transcrite de nouveau, corrections gardées" in said(app)
    assert f"« {READY} » n’est pas transcrite de nouveau" in said(app)


def test_the_page_of_health_says_what_to_do(hub: Services, cookies: dict[str, str]) -> None:
    shown = html.unescape(said(opened(hub, cookies, page("atelier-sante"))))
    advice = [check.advice for check in doctor(hub.settings) if check.level != "ok" and check.advice]
    assert advice
    assert [words for words in advice if spaced(words).replace("\u00a0", " ").replace("\u202f", " ") not in shown] == []
