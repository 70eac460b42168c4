"""A running hub whose index is damaged says so in a sentence, writes it anew by itself, and goes on."""

import json
import logging
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.engine import CommandEngine, Place
from app.hub_engine import HubEngine
from app.owner import Ownership
from app.services import Services
from index.quoted import Quoted
from tests.index.test_store import SUBJECTS, talk
from transcripts.errors import Unavailable


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
