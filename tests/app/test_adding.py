"""What is given to the hub is compared with what is there, and its files go when they are no longer wanted."""

import datetime as dt
import time
from dataclasses import replace
from pathlib import Path
from unittest.mock import Mock

import pytest

from app import adding, publishing, review
from app.people import Person, Role
from app.services import Services
from app.settings import Settings
from app.uploads import UnknownUpload
from ingest.sources.sent import Sent, sent_name
from ingest.wishes import Outcome, Wishes
from ingest.work import work_folder
from tests.talks import silence, talk
from transcripts.errors import BadInput, LinkDown
from transcripts.model import Cue

ME = Person("camille@example.org", Role.STAFF)
WISHES = Wishes(title="Le prêt", theme="types-de-financeurs")
PAGE = "https://tube.example.org/w/abcdefgh"


@pytest.fixture
def hub(tmp_path: Path) -> Services:
    return Services(Settings(home=tmp_path / "home"))


def send(hub: Services, path: Path) -> Sent:
    data = path.read_bytes()
    sent = hub.uploads.begin(path.name, len(data), ME.email)
    with hub.uploads.appending(sent, 0) as append:
        append(data)
    return hub.uploads.complete(sent)


def test_a_sent_file_goes_when_it_has_become_a_masterclass_or_is_given_up(hub: Services, tmp_path: Path) -> None:
    kept, used, given_up = (send(hub, silence(tmp_path / f"{n}.flac", n)) for n in (1, 2, 3))
    assert adding.waiting(hub) == [kept, used, given_up]
    jobs = [adding.add(hub, sent_name(sent), WISHES, ME) for sent in (kept, used, given_up)]
    assert adding.waiting(hub) == []
    for job, state in zip(jobs, ("failed", "done", "failed"), strict=True):
        hub.queue.save(replace(job, state=state))  # type: ignore[arg-type]
    adding.sweep(hub)
    assert hub.uploads.all() == [kept, given_up]  # a failed job can be tried again
    adding.forget(hub, jobs[2], ME)
    assert hub.uploads.all() == [kept]
    assert {job.id for job in hub.queue.jobs()} == {jobs[0].id, jobs[1].id}
    hub.queue.retry(jobs[0].id)
    with pytest.raises(BadInput, match="n’est pas fini"):
        adding.forget(hub, jobs[0], ME)
    assert hub.journal.entries()[0].what == "a retiré un travail de la liste"


def test_the_same_link_is_added_once(hub: Services) -> None:
    adding.add(hub, PAGE, WISHES, ME)
    with pytest.raises(BadInput, match="déjà dans le hub, ou en route"):
        adding.add(hub, PAGE, WISHES, ME)
    talk(hub.library, "Une page", (Cue(0, 1, "Bonjour."),), source=f"{PAGE}2")
    assert adding.known(hub, [PAGE, f"{PAGE}2", f"{PAGE}3"]) == {
        PAGE: "Déjà dans la file d’attente.",
        f"{PAGE}2": "Déjà dans le hub, sous le titre « Une page ».",
    }
    watched, short = (f"https://www.youtube.com/{at}BaW_jenozKc" for at in ("watch?v=", "shorts/"))
    adding.add(hub, watched, WISHES, ME)
    assert adding.known(hub, [short]) == {short: "Déjà dans la file d’attente."}
    with pytest.raises(BadInput, match="thème"):
        adding.add(hub, f"{PAGE}3", Wishes(theme="rien"), ME)


def test_a_recording_takes_the_place_of_another_and_is_looked_at_before_it_is_public(
    hub: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slug = talk(hub.library, "Essai", (Cue(0, 5, "Bonjour."),), recording=silence(tmp_path / "a.flac", 6))
    hub.library.set_details(slug, consents=(("Personne Inventée", dt.date(2026, 2, 1)),))
    subtitles = tmp_path / "b.srt"
    subtitles.write_text("1\n00:00:00,000 --> 00:00:05,000\nBonjour.\n", "utf-8")
    wrong = send(hub, subtitles)
    with pytest.raises(BadInput, match="rien n’a changé"):
        adding.replace_recording(hub, slug, wrong.id, ME)
    assert hub.library.details(slug).status == "published"
    adding.drop(hub, wrong.id, ME)
    new = silence(tmp_path / "c.flac", 9)
    details = adding.replace_recording(hub, slug, send(hub, new).id, ME)
    with hub.library.media.local(str(hub.library.recording(slug))) as kept:
        assert kept.read_bytes() == new.read_bytes()
    assert (details.status, details.duration, hub.uploads.all()) == ("draft", 9.0, [])
    with pytest.raises(BadInput, match="a été remplacé : il dure 0:09, l’ancien durait 0:05"):
        publishing.publish(hub, slug, ME)
    with pytest.raises(BadInput, match="déjà dans le hub, sous le titre « Essai »"):
        send(hub, new)
    again = adding.bring_back(hub, slug, ME)
    assert (again.duration, again.status, review.notice(hub, slug)) == (5.0, "draft", "")
    assert adding.bring_back(hub, slug, ME).duration == 9.0  # and the other way round
    adding.sweep_replaced(hub)
    assert len(list((hub.settings.home / "media").iterdir())) == 2
    monkeypatch.setattr(time, "time", lambda: hub.library.replaced(slug).until + 1)
    adding.sweep_replaced(hub)
    assert [path.name for path in (hub.settings.home / "media").iterdir()] == [hub.library.recording(slug)]
    with pytest.raises(BadInput, match="n’est plus gardé"):
        adding.bring_back(hub, slug, ME)
    monkeypatch.undo()
    review.accept_recording(hub, slug, ME.email)
    assert publishing.publish(hub, slug, ME).status == "published"
    with pytest.raises(UnknownUpload):
        adding.replace_recording(hub, slug, wrong.id, ME)


def test_what_was_begun_goes_with_the_job_but_not_under_who_works_on_it(
    hub: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, private = hub.settings.home, f"{PAGE}/2"

    def begun(source: str) -> Path:
        with pytest.raises(LinkDown), work_folder(home, source, lambda: None) as folder:
            (folder / "part").touch()
            raise LinkDown("Coupé.")
        return folder

    job = adding.add(hub, PAGE, WISHES, ME)
    outcomes = (Outcome(f"{PAGE}/1", "un", "draft"), Outcome(private, None, "failed", error="Coupé."))
    hub.queue.save(replace(job, state="done", outcomes=outcomes))
    gone, kept = [begun(PAGE), begun(private)], begun(f"{PAGE}/3")
    with work_folder(home, private, lambda: None) as folder:
        adding.forget(hub, job, ME)
        assert [path.exists() for path in gone] == [False, True] and folder == gone[1]
    assert kept.exists()
    adding.sweep(hub)
    assert kept.exists()
    later = time.time() + 15 * 86_400
    monkeypatch.setattr(time, "time", lambda: later)
    adding.sweep(hub)
    assert list((home / "work").iterdir()) == []


def test_what_cannot_be_kept_is_not_fetched(hub: Services, tmp_path: Path) -> None:
    slug = talk(hub.library, "Une page", (Cue(0, 1, "Bonjour."),), source=PAGE)
    source = Mock(open=Mock(side_effect=AssertionError))
    with pytest.raises(BadInput, match="déjà pris"):
        hub.pipeline.ingest(source, f"{PAGE}2", tmp_path, Wishes(slug=slug), lambda *_: None)
    # What is there already is told as such, whatever it is to be called.
    assert hub.pipeline.ingest(source, PAGE, tmp_path, Wishes(slug=slug), lambda *_: None).status == "unchanged"


def test_what_is_no_link_is_not_looked_at(hub: Services) -> None:
    for given in ("", "/etc/passwd", "demain", "envoi:../../x", "file:///etc/passwd"):
        with pytest.raises(BadInput):
            adding.look(hub, given)
