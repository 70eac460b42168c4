"""A running hub whose index is damaged says so in a sentence, writes it anew by itself, and goes on; a slow model holds up nobody."""

import json
import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from app.engine import CommandEngine, Engine, Place
from app.hub_engine import HubEngine
from app.owner import Ownership
from app.services import Services
from app.settings import ROOT, Settings
from app.settings import Answer as Wanted
from index.answer import Answer, Draft, Quote, Tell
from index.question import Language
from index.quoted import Quoted
from tests.index.test_store import SUBJECTS, talk
from transcripts.errors import Unavailable
from transcripts.library import Library
from transcripts.sentences import Sentence


@contextmanager
def running(services: Services, folder: Path) -> Iterator[HubEngine]:
    """Run the engine of a hub."""
    engine = HubEngine(Place(folder, folder), services.embedder, services.library, [Quoted()])
    engine.start()
    try:
        while not engine.ready:
            time.sleep(0.05)
        yield engine
    finally:
        engine.stop()


def test_a_hub_that_could_not_write_has_its_index_once_it_can(
    services: Services, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "index"
    folder.touch()
    hub = HubEngine(Place(folder, folder), services.embedder, services.library, [Quoted()])
    with caplog.at_level(logging.CRITICAL, "app.hub_engine"):
        hub.start()
        time.sleep(0.5)
        assert not hub.ready
        folder.unlink()
        deadline = time.monotonic() + 30
        while not hub.ready and time.monotonic() < deadline:
            time.sleep(0.05)
        assert hub.ready
        hub.stop()


def test_a_command_does_what_a_hub_was_asked_that_is_gone(services: Services, tmp_path: Path) -> None:
    hub = Ownership(tmp_path)
    assert hub.take("http://127.0.0.1:1")
    gone = threading.Timer(0.5, hub.release)
    gone.start()
    place = Place(tmp_path, tmp_path)
    CommandEngine(place, services.embedder, services.library, [Quoted()]).rebuild(lambda done, total: None)
    assert gone.finished.is_set()
    assert not (tmp_path / "rebuild").exists()


def generation(folder: Path) -> int:
    return int(json.loads((folder / "manifest.json").read_text("utf-8"))["generation"])


def texts(hub: HubEngine) -> set[str]:
    return {result.text for result in hub.search(SUBJECTS[0]).results}


def test_a_hub_mends_its_index(
    services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "index"
    services.library.add(talk(0, SUBJECTS[0]))
    with running(services, folder) as hub:
        while not (found := texts(hub)):
            time.sleep(0.05)

        def unreadable(*_: object) -> None:
            raise sqlite3.DatabaseError("database disk image is malformed")

        with monkeypatch.context() as broken, caplog.at_level(logging.CRITICAL, "app.hub_engine"):
            broken.setattr("index.windows.WindowStore.cosines", unreadable)
            with pytest.raises(Unavailable, match="rien n’est perdu"):
                hub.search(SUBJECTS[0])
        while generation(folder) == 0:
            hub.search(SUBJECTS[0])
            time.sleep(0.1)
        assert texts(hub) == found
        assert "damaged and is written anew" in caplog.text
    # Three hubs died while they had it open: a graph that cannot be read takes its process with it.
    (folder / "owner.json").write_text(json.dumps({"url": None, "deaths": 2}), "utf-8")
    with running(services, folder) as hub:
        assert generation(folder) == 2
        assert texts(hub) == found


QUESTION = "Comment marche un prêt participatif ?"
CHOSEN = "Un prêt participatif, c’est quoi ?"


class Slow:
    """A model that writes when it is let."""

    name = "petit"

    def __init__(self) -> None:
        self.asked, self.let = threading.Event(), threading.Event()

    def draft(
        self, question: str, language: Language, chosen: Sequence[Quote], around: Sequence[Quote], tell: Tell
    ) -> Sequence[Draft]:
        self.asked.set()
        assert self.let.wait(60)
        return [Draft("Il se rembourse tard.", (chosen[0],))]


@contextmanager
def writing(home: Path) -> Iterator[tuple[HubEngine, Slow, Callable[[], Answer]]]:
    """Run a hub whose model writes one answer at a time, and is writing one: the last gives it when the model is let."""
    services, slow = Services(Settings(home=home)), Slow()
    demo = Library(ROOT / "transcripts" / "demo")
    services.library.add(demo.read(next(slug for slug in demo.slugs() if slug.startswith("2026-11-12"))))
    services.engine.follow(lambda done, total: None)
    (details,) = services.resources.published()
    cue = services.library.read(details.slug).cues[0]
    pinned = {CHOSEN: Quote(Sentence(cue.start, cue.end, cue.text), details)}.get
    hub = HubEngine(services.place, services.embedder, services.resources, [slow, Quoted()], pinned, together=1)
    hub.start()
    try:
        while not hub.ready:
            time.sleep(0.05)
        with ThreadPoolExecutor(1) as other:
            first = other.submit(hub.ask, QUESTION)
            try:
                assert slow.asked.wait(60)
                yield hub, slow, first.result
            finally:
                slow.let.set()
    finally:
        hub.stop()


def test_who_would_wait_too_long_for_a_model_has_the_quotes(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.hub_engine._PATIENCE", 0.5)
    with writing(home) as (hub, slow, first):
        second = hub.ask(QUESTION)
        assert second.answered
        assert not second.written_by
        assert len(second.citations) > 1
        slow.let.set()
        assert first().written_by == "petit"


def test_who_need_not_wait_long_for_a_model_has_what_it_writes(home: Path) -> None:
    with writing(home) as (hub, slow, first):
        threading.Timer(1.0, slow.let.set).start()
        assert hub.ask(QUESTION).written_by == first().written_by == "petit"


def test_who_asks_what_staff_chose_an_answer_for_waits_for_no_model(home: Path) -> None:
    with writing(home) as (hub, slow, first):
        slow.let.set()
        assert first().written_by == "petit"
        slow.asked.clear()
        led, *others = hub.ask(CHOSEN).citations
        assert led.chosen
        assert others
        assert not slow.asked.is_set()


class _Takes(BaseHTTPRequestHandler):
    """A hub whose model takes a second and a half for an answer."""

    def log_message(self, *said: object) -> None:
        pass

    def do_GET(self) -> None:
        time.sleep(1.5)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(TypeAdapter(Answer).dump_json(Answer(QUESTION, True, 1500.0, written_by="petit")))


@contextmanager
def second_hub(services: Services) -> Iterator[Engine]:
    services.hub.start()
    try:
        while not services.hub.ready:
            time.sleep(0.05)
        yield services.hub
    finally:
        services.hub.stop()


@pytest.mark.parametrize("asker", [lambda services: services.engine.open(lambda done, total: None), second_hub])
def test_who_asks_a_running_hub_waits_for_its_model(
    asker: Callable[[Services], AbstractContextManager[Engine]], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A command and a second hub, of which the latter lets others ask meanwhile, however few it answers itself."""
    monkeypatch.setattr("app.engine.TIMEOUT", 0.5)
    monkeypatch.setattr("app.hub_engine._PATIENCE", 0.5)
    services = Services(Settings(home=home, answer=Wanted(timeout=5.0, together=1)))
    first = Ownership(services.place.folder)
    with ThreadingHTTPServer(("127.0.0.1", 0), _Takes) as server, ThreadPoolExecutor(3) as threads:
        threads.submit(server.serve_forever, 0.05)
        assert first.take(f"http://127.0.0.1:{server.server_address[1]}")
        try:
            with asker(services) as engine:
                answers = list(threads.map(engine.ask, [QUESTION] * 2))
            assert [answer.written_by for answer in answers] == ["petit"] * 2
        finally:
            server.shutdown()
            first.release()
