"""Backups: whole or refused, consistent while others write, restorable elsewhere."""

import datetime as dt
import hashlib
import io
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
import zipfile
from pathlib import Path

import pytest

from app.archive import MIGRATIONS, read_manifest, verify
from app.backup import alone, back_up, clear, restore
from app.console import sure
from app.daily import KEPT, every_day, keep, stored
from app.journal import Journal
from app.people import NOBODY, People, Person, Role
from app.queue import Queue
from app.services import Services
from app.settings import ROOT, Settings
from ingest.wishes import Wishes
from tests.conftest import run_hub
from transcripts.days import today
from transcripts.errors import BadInput, DamagedFile
from transcripts.library import Library

ONE = "2026-10-29-les-monnaies-locales-complementaires"


@pytest.fixture
def full(tmp_path: Path) -> Path:
    """A home with masterclasses, a recording, people, a journal, jobs and something that the backup has never heard of."""
    home = tmp_path / "full"
    shutil.copytree(ROOT / "transcripts/demo/library", home / "library")
    (home / "media").mkdir()
    (home / "media" / f"{ONE}.ogg").write_bytes(os.urandom(3_000_000))
    (home / "pins.json").write_text("{}")
    (home / "index").mkdir()
    (home / "index" / "junk").write_text("x")
    People(home).invite("camille@example.org", Role.STAFF)
    Journal(home).note("camille@example.org", "a publié", ONE)
    Queue(home).add("somewhere.mp3", Wishes())
    return home


def tree(home: Path) -> dict[str, str]:
    """Return what lies below a home: name to hash."""
    return {
        str(path.relative_to(home)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(home.rglob("*"))
        if path.is_file() and not path.name.endswith(".lock") and not path.name.startswith("jobs.db")
    }


def kept(home: Path) -> dict[str, str]:
    return {name: found for name, found in tree(home).items() if name.startswith(("library", "media", "pins"))}


def test_everything_comes_back_on_another_machine(full: Path, tmp_path: Path) -> None:
    session = People(full).enter(People(full).invite("alix@example.org", Role.MEMBER))
    back_up(full, tmp_path / "a.zip")
    other = tmp_path / "other"
    restore(other, tmp_path / "a.zip")
    assert kept(other) == kept(full)
    assert People(other).everyone() == [
        Person("alix@example.org", Role.MEMBER),
        Person("camille@example.org", Role.STAFF),
    ]
    assert People(other).who(session) == NOBODY, "a session that was ended later must not come back"
    assert [entry.what for entry in Journal(other).entries()] == ["a publié"]
    assert not (other / "jobs.db").exists()
    assert not (other / "index").exists()
    assert Library(other).damaged() == []


def test_what_came_later_goes_and_what_is_made_again_stays(full: Path, tmp_path: Path) -> None:
    back_up(full, tmp_path / "a.zip")
    before = kept(full)
    Library(full).remove(ONE)
    (full / "later.toml").write_text("x")
    restore(full, tmp_path / "a.zip")
    assert kept(full) == before
    assert not (full / "later.toml").exists()
    assert (full / "index" / "junk").exists()
    assert (full / "jobs.db").exists()


def test_a_restore_beside_a_hub_loses_no_job(full: Path, tmp_path: Path) -> None:
    back_up(full, tmp_path / "a.zip")
    hub = Queue(full)
    hub.add("waiting.mp3", Wishes())
    restore(full, tmp_path / "a.zip")
    hub.add("later.mp3", Wishes())
    assert {job.source for job in Queue(full).jobs()} == {"somewhere.mp3", "waiting.mp3", "later.mp3"}


KILLED = """
import os, sys
from pathlib import Path
from app import backup
move, moves = backup._move, int(sys.argv[3])
def counted(*names):
    global moves
    moves -= 1
    if moves < 0:
        os._exit(9)
    move(*names)
backup._move = counted
backup.restore(Path(sys.argv[1]), Path(sys.argv[2]))
"""


@pytest.mark.parametrize("moves", [0, 5, 13, 20])
def test_a_killed_restore_is_put_back_or_brought_to_its_end(full: Path, tmp_path: Path, moves: int) -> None:
    back_up(full, tmp_path / "a.zip")
    then = kept(full)
    Library(full).remove(ONE)
    before = kept(full)
    killed = [sys.executable, "-c", KILLED, str(full), str(tmp_path / "a.zip"), str(moves)]
    assert subprocess.run(killed, cwd=ROOT, check=False).returncode == 9
    (full / ".backup-x").mkdir()
    (full / ".backup-x" / "journal.db").write_bytes(b"a copy of everything")
    clear(full)
    assert kept(full) == (before if moves < 11 else then)
    assert [entry.what for entry in Journal(full).entries()] == ["a publié"]
    assert not list(full.glob(".*-*"))


def test_a_backup_waits_for_another(full: Path) -> None:
    made = threading.Thread(target=back_up, args=(full, full / "backups" / "a.zip"))
    with alone(full):
        made.start()
        made.join(0.3)
        assert made.is_alive()
        back_up(full, full / "backups" / "b.zip")
    made.join(30)
    assert {path.name for path in (full / "backups").iterdir()} == {"a.zip", "b.zip"}


def test_a_backup_without_recordings_leaves_those_that_are_there(full: Path, tmp_path: Path) -> None:
    back_up(full, tmp_path / "a.zip", media=False)
    before = kept(full)
    Library(full).rewrite(ONE, cues=())
    restore(full, tmp_path / "a.zip")
    assert kept(full) == before
    assert f"media/{ONE}.ogg" in before


def test_a_damaged_backup_is_refused_and_nothing_changes(full: Path, tmp_path: Path) -> None:
    whole = tmp_path / "whole.zip"
    back_up(full, whole, media=False)
    data = whole.read_bytes()
    before, contents = tree(full), kept(full)
    chance = random.Random(7)  # noqa: S311 - the same damage each time
    refused = 0
    for n in range(60):
        damaged = bytearray(data)
        if n % 3:
            damaged[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        else:
            del damaged[chance.randrange(len(data)) :]
        (tmp_path / "damaged.zip").write_bytes(damaged)
        try:
            verify(tmp_path / "damaged.zip")
        except BadInput:
            sound = False
        else:
            sound = True
        try:
            restore(tmp_path / "fresh", tmp_path / "damaged.zip")
        except BadInput as error:
            refused += 1
            assert not sound
            assert "\n" not in str(error)
            assert kept(tmp_path / "fresh") == {}
        else:  # a bit that says nothing, such as a date of the archive's own
            assert sound
            texts = {name: found for name, found in contents.items() if not name.startswith("media")}
            assert kept(tmp_path / "fresh") == texts
            shutil.rmtree(tmp_path / "fresh")
    assert refused > 45
    (tmp_path / "damaged.zip").write_bytes(data[: len(data) // 2])
    with pytest.raises(BadInput, match="rien n’a été changé"):
        restore(full, tmp_path / "damaged.zip")
    assert tree(full) == before


def craft(path: Path, names: dict[str, bytes], size: int | None = None, version: int = 1) -> Path:
    files = {
        n: {"size": len(b) if size is None else size, "sha256": hashlib.sha256(b).hexdigest()} for n, b in names.items()
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in names.items():
            archive.writestr(f"files/{name}", data)
        archive.writestr(
            "manifest.json", json.dumps({"format": version, "made": "2026-01-01T00:00:00Z", "files": files})
        )
    return path


@pytest.mark.parametrize("name", ["../out", "/elsewhere/out", "a/../../out", "index/x", "models/x", "a\\..\\out"])
def test_a_name_that_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadInput, match="nom interdit"):
        restore(tmp_path / "home", craft(tmp_path / "a.zip", {name: b"x"}))
    assert not (tmp_path / "out").exists()


def test_what_unpacks_to_more_than_it_says_is_stopped(tmp_path: Path) -> None:
    bomb = craft(tmp_path / "a.zip", {"big": b"\0" * 50_000_000}, size=10)
    with pytest.raises(BadInput, match="plus long"):
        restore(tmp_path / "home", bomb)
    assert tree(tmp_path / "home") == {}


def test_older_formats_are_brought_up_and_newer_ones_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = craft(tmp_path / "old.zip", {"alt.txt": b"x"}, version=0)
    with pytest.raises(BadInput, match="n’est plus lu"):
        restore(tmp_path / "home", old)
    monkeypatch.setitem(MIGRATIONS, 0, lambda folder: (folder / "alt.txt").rename(folder / "neu.txt"))
    restore(tmp_path / "home", old)
    assert (tmp_path / "home" / "neu.txt").read_text() == "x"
    with pytest.raises(BadInput, match="plus récente"):
        restore(tmp_path / "home", craft(tmp_path / "new.zip", {}, version=99))


def test_a_backup_made_while_others_write_is_of_one_moment(full: Path, tmp_path: Path) -> None:
    library, journal = Library(full), Journal(full)
    begun, stop = threading.Event(), threading.Event()
    cues = library.read(ONE).cues

    def write() -> None:
        n = 0
        while not stop.is_set():
            n += 1
            journal.note("camille@example.org", f"{n} avant")
            library.rewrite(ONE, cues=cues[: n % 20 + 1])
            journal.note("camille@example.org", f"{n} après")
            begun.set()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert begun.wait(30)
        for n in range(5):
            back_up(full, tmp_path / f"{n}.zip")
    finally:
        stop.set()
        writer.join()
    for n in range(5):
        home = tmp_path / f"home{n}"
        restore(home, tmp_path / f"{n}.zip")
        assert Library(home).damaged() == []
        assert 1 <= len(Library(home).read(ONE).cues) <= 20
        assert sqlite3.connect(home / "journal.db").execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_something_else_is_never_written_over(full: Path, tmp_path: Path) -> None:
    (tmp_path / "thesis.zip").write_text("years of work")
    with pytest.raises(BadInput, match="n’est pas une sauvegarde"):
        back_up(full, tmp_path / "thesis.zip")
    assert (tmp_path / "thesis.zip").read_text() == "years of work"


def test_the_last_seven_are_kept(full: Path) -> None:
    services = Services(Settings(home=full))
    (full / "backups").mkdir()
    for day in range(1, 10):
        (full / "backups" / f"hub-2026-01-{day:02}.zip").write_bytes(b"x")
    (full / "backups" / "mine.zip").write_bytes(b"x")
    newest = keep(services)
    found = stored(full)
    assert len(found) == KEPT
    assert found[0].path == newest
    assert (full / "backups" / "mine.zip").exists()
    assert not any(name.startswith("backups") for name in read_manifest(newest).files)


def test_a_day_of_many_backups_takes_no_other_days_place(full: Path) -> None:
    (full / "backups").mkdir()
    days = [f"hub-{today() - dt.timedelta(days=ago)}" for ago in range(10)]
    many = [f"{days[1]}-100{n}" for n in range(9)]
    for name in [*days[1:], f"{days[2]}-1000", *many]:
        (full / "backups" / f"{name}.zip").write_bytes(b"x")
    newest = keep(Services(Settings(home=full)), named=True)
    left = [newest.stem, *many[:2:-1], f"{days[2]}-1000", *days[3:7]]
    assert [backup.path.stem for backup in stored(full)] == left


def test_a_running_hub_makes_one_a_day(full: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.daily._FIRST", 0.01)
    monkeypatch.setattr("app.daily._LOOK", 0.01)
    with every_day(Services(Settings(home=full))):
        for _ in range(300):
            if stored(full):
                break
            time.sleep(0.1)
        made = stored(full)[0]
        first = made.path.stat().st_mtime_ns
        time.sleep(0.3)
    assert [(backup.day, backup.path.stat().st_mtime_ns) for backup in stored(full)] == [(today(), first)]
    assert f"library/{ONE}/transcript.vtt" in read_manifest(made.path).files


def test_a_database_that_cannot_be_copied_stops_one_backup_only(full: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.daily._FIRST", 0.01)
    monkeypatch.setattr("app.daily._LOOK", 0.01)
    sound = (full / "journal.db").read_bytes()
    (full / "journal.db").write_bytes(sound[:100] + b"x" * 4000)
    with pytest.raises(DamagedFile, match=r"journal\.db"):
        back_up(full, full / "backups" / "a.zip")
    with every_day(Services(Settings(home=full))):
        time.sleep(0.5)
        assert not stored(full)
        (full / "journal.db").write_bytes(sound)
        for _ in range(300):
            if stored(full):
                break
            time.sleep(0.1)
        assert stored(full)


@pytest.mark.parametrize(
    ("typed", "yes"), [("oui\n", True), ("O\n", True), ("\n", False), ("non\n", False), ("", False)]
)
def test_a_yes_is_a_yes_in_french(typed: str, yes: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    assert sure("Continuer ?") is yes


def test_a_full_library_is_asked_about(full: Path, tmp_path: Path) -> None:
    made = run_hub(full, "backup", str(tmp_path / "a.zip"))
    assert made.returncode == 0, made.stderr
    Library(full).remove(ONE)
    asked = run_hub(full, "restore", str(tmp_path / "a.zip"))
    assert asked.returncode == 1
    assert "7 masterclass" in asked.stderr
    assert "Continuer ? [o/N] Rien n’a été changé." in asked.stderr
    assert len(Library(full).slugs()) == 7
    done = run_hub(full, "restore", str(tmp_path / "a.zip"), "--yes")
    assert done.returncode == 0, done.stderr
    assert len(Library(full).slugs()) == 8
    assert run_hub(full, "restore", str(tmp_path / "none.zip"), "--yes").returncode == 1
