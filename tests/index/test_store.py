"""The index follows the library, whatever happens to the processes that keep it."""

import datetime as dt
import json
import os
import random
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import chromadb
import numpy as np
import pytest
from chromadb.api.shared_system_client import SharedSystemClient

from app.services import Services
from app.settings import Settings
from index.duties import ask_rebuild
from index.manifest import MANIFEST
from index.search import Searcher
from index.store import Index
from index.vectors import VectorStore
from tests.conftest import run_hub
from tests.index.held import everything
from transcripts.model import Cue, Details, Masterclass, Origin

SUBJECTS = (
    "prêt participatif",
    "monnaie locale",
    "garantie bancaire",
    "fonds de dotation",
    "titre associatif",
)


def talk(number: int, subject: str) -> Masterclass:
    """A talk of some passages on one subject."""
    cues = tuple(
        Cue(
            i * 5.0,
            i * 5.0 + 4,
            f"Phrase {i} de la séance {number} : le {subject} aide une association dans son projet numéro {i}.",
        )
        for i in range(24)
    )
    details = Details(
        f"2026-01-{number + 1:02}-seance",
        subject,
        dt.date(2026, 1, number + 1),
        "types-de-financeurs",
        (),
        "published",
        120.0,
        "fr",
        "x",
        Origin("imported", str(number)),
    )
    return Masterclass(details, cues)


def opened(services: Services) -> Index:
    return Index(services.settings.home / "index", services.library, services.embedder)


def same(one: dict, other: dict) -> bool:
    return {k: v[:2] for k, v in one.items()} == {k: v[:2] for k, v in other.items()} and all(
        np.allclose(one[k][2], other[k][2], atol=1e-4) for k in one
    )


def test_the_index_follows_and_equals_one_made_from_scratch(services: Services) -> None:
    for number, subject in enumerate(SUBJECTS):
        services.library.add(talk(number, subject))
    index = opened(services)
    assert index.synchronise() == 5
    assert index.synchronise() == 0
    services.library.set_status("2026-01-02-seance", "draft")
    services.library.remove("2026-01-03-seance")
    services.library.rewrite("2026-01-01-seance", cues=talk(0, "capital patient").cues)
    assert index.synchronise() == 3
    followed = everything(index)
    assert {slug for slug, _, _ in followed.values()} == {
        "2026-01-01-seance",
        "2026-01-04-seance",
        "2026-01-05-seance",
    }
    assert any("capital patient" in text for _, text, _ in followed.values())
    ask_rebuild(services.settings.home / "index")
    index.synchronise()
    assert same(followed, everything(index))


def test_a_correction_that_was_undone_leaves_no_trace_in_what_is_found(services: Services) -> None:
    for number in range(10):  # so many that tantivy merges them: what is taken out of one still counts
        services.library.add(talk(number, SUBJECTS[number % 5]))
    index = opened(services)
    index.synchronise()
    asked = ["séance 3 du fonds", "une garantie pour mon projet numéro 7", "ornithorynque associatif"]
    before = [Searcher(index).scored(question) for question in asked]
    for subject in ("ornithorynque", SUBJECTS[4]):
        services.library.rewrite("2026-01-10-seance", cues=talk(9, subject).cues)
        assert index.synchronise() == 1
    assert [Searcher(index).scored(question) for question in asked] == before
    ask_rebuild(services.settings.home / "index")
    index.synchronise()
    assert [Searcher(index).scored(question) for question in asked] == before


def test_a_talk_whose_words_cannot_be_read_keeps_no_other_from_being_found(services: Services) -> None:
    for number in range(2):
        services.library.add(talk(number, SUBJECTS[number]))
    words = services.library.root / "2026-01-01-seance" / "transcript.vtt"
    words.unlink()
    words.mkdir()
    index = opened(services)
    assert index.synchronise() == 1
    assert {slug for slug, _, _ in everything(index).values()} == {"2026-01-02-seance"}


def test_a_damaged_or_foreign_index_is_made_anew(services: Services, caplog: pytest.LogCaptureFixture) -> None:
    services.library.add(talk(0, SUBJECTS[0]))
    folder = services.settings.home / "index"
    index = opened(services)
    index.synchronise()
    before = everything(index)
    for damage in (f"{MANIFEST}", "windows.db", "vectors/chroma.sqlite3", "words/meta.json"):
        index.windows._database.close()  # else its log has all that is damaged
        [*_, place] = [folder, *sorted(entry for entry in folder.iterdir() if entry.name.isdigit())]
        file = folder / damage if damage == MANIFEST else place / damage
        file.write_bytes(b"{" * file.stat().st_size)
        caplog.clear()
        index = opened(services)
        assert damage == MANIFEST or "made anew" in caplog.text
        assert index.synchronise() == 1
        assert same(before, everything(index))


def test_an_index_that_an_older_hub_laid_out_otherwise_is_made_anew(services: Services) -> None:
    services.library.add(talk(0, SUBJECTS[0]))
    folder = services.settings.home / "index"
    index = opened(services)
    index.synchronise()
    before = everything(index)
    index.windows._database.executescript(
        "DROP TABLE windows; CREATE TABLE windows (id TEXT PRIMARY KEY, slug TEXT NOT NULL, vectors BLOB NOT NULL)"
    )
    index.windows._database.close()
    known = json.loads((folder / MANIFEST).read_text("utf-8"))
    (folder / MANIFEST).write_text(json.dumps(known | {"rule": "an older one"}), "utf-8")
    index = opened(services)
    assert index.synchronise() == 1
    assert same(before, everything(index))


def test_kill_9_in_the_middle_is_made_good(home: Path, services: Services) -> None:
    for number in range(10):
        services.library.add(talk(number, SUBJECTS[number % 5]))
    folder = home / "index"
    chance = random.Random(5)  # noqa: S311 - moments to kill at
    for words in (["reindex"], ["reindex", "--from-scratch"], ["reindex", "--from-scratch"]):
        process = subprocess.Popen(
            [Path(sys.executable).with_name("hub"), *words],
            env={**os.environ, "HUB_HOME": str(home)},
            stderr=subprocess.DEVNULL,
        )
        until = time.monotonic() + 60
        while time.monotonic() < until and not (folder / MANIFEST).exists():
            time.sleep(0.02)
        time.sleep(chance.random() * 1.5)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    assert run_hub(home, "reindex").returncode == 0
    index = opened(services)
    recovered = everything(index)
    assert len({slug for slug, _, _ in recovered.values()}) == 10
    ask_rebuild(folder)
    index.synchronise()
    assert same(recovered, everything(index))


def test_four_processes_leave_a_whole_index(home: Path, tmp_path: Path) -> None:
    seconds = float(os.environ.get("TEST_SECONDS", "12"))

    def work(worker: int) -> list[str]:
        chance = random.Random(worker)  # noqa: S311 - the order of commands
        until, errors, number = time.monotonic() + seconds, [], 0
        while time.monotonic() < until:
            number += 1
            file = tmp_path / f"2026-02-{worker + 1:02} {number}.vtt"
            file.write_text(
                f"WEBVTT\n\n00:01.000 --> 00:09.000\nLe {chance.choice(SUBJECTS)} numéro {worker}{number} finance un projet.\n"
            )
            slug = f"2026-02-{worker + 1:02}-{number}"
            for words in (
                ["ingest", str(file), "--publish"],
                ["search", "projet"],
                [chance.choice(["publish", "unpublish"]), slug],
            ):
                done = run_hub(home, *words)
                if done.returncode:
                    errors.append(done.stderr)
        return errors

    with ThreadPoolExecutor(4) as pool:
        assert [error for errors in pool.map(work, range(4)) for error in errors] == []
    services = Services(Settings(home=home))
    index = opened(services)
    index.synchronise()
    followed = everything(index)
    assert {slug for slug, _, _ in followed.values()} == {d.slug for d in services.library.published()}
    ask_rebuild(home / "index")
    index.synchronise()
    assert same(followed, everything(index))


def test_a_shared_store_is_rid_of_what_went_while_no_hub_looked(services: Services, tmp_path: Path) -> None:
    server = chromadb.EphemeralClient()

    def hub(name: str) -> Index:
        index = Index(tmp_path / name, services.library, services.embedder, tmp_path, "http://chroma.example.org")
        index.vectors._connected = lambda: server  # type: ignore[method-assign, union-attr]
        index.synchronise()
        return index

    for number in range(2):
        services.library.add(talk(number, SUBJECTS[number]))
    assert hub("one").vectors.slugs() == {"2026-01-01-seance", "2026-01-02-seance"}
    services.library.remove("2026-01-02-seance")
    another = hub("two")
    assert another.vectors.slugs() == {"2026-01-01-seance"}
    assert another.vectors.count() == another.words.count() > 0


@pytest.mark.filterwarnings("ignore:legacy embedding function:DeprecationWarning")
def test_the_vectors_of_an_older_hub_are_searched_as_far_as_those_of_this_one(tmp_path: Path) -> None:
    chromadb.PersistentClient(str(tmp_path)).create_collection(
        "passages", embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
    )
    searched = set()
    for folder in (tmp_path, tmp_path / "new"):
        VectorStore(folder)
        SharedSystemClient.clear_system_cache()  # a second client of one folder, with settings of its own
        passages = chromadb.PersistentClient(str(folder)).get_collection("passages", embedding_function=None)
        searched.add(passages.configuration_json["hnsw"]["ef_search"])
    assert searched == {800}


@pytest.mark.filterwarnings("ignore:legacy embedding function:DeprecationWarning")
def test_a_large_library_is_not_written_anew_for_each_masterclass(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Chroma writes its graph once a part of it is new, and loses nothing of what waits."""
    monkeypatch.setattr("index.vectors._PART", 2)
    vectors = np.random.default_rng(0).normal(size=(10, 60, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=2, keepdims=True)

    def update(store: VectorStore, number: int) -> int:
        """Return when the graph was last written."""
        store.update(f"talk-{number}", [], [f"{number}-{i}" for i in range(60)], vectors[number])
        store.near(vectors[number, 0], 1)
        return next(tmp_path.glob("*/index_metadata.pickle")).stat().st_mtime_ns

    young = VectorStore(tmp_path)
    assert len({update(young, number) for number in range(5)}) == 5
    VectorStore(tmp_path)  # of 300: 150 may wait, from the next start on
    grown = VectorStore(tmp_path)
    assert len({update(grown, number) for number in range(5, 10)}) < 4
    again = VectorStore(tmp_path)
    assert again.count() == 600
    assert all(next(iter(again.near(vectors[number, 59], 1))) == f"{number}-59" for number in range(10))
