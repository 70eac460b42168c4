"""Two people correct in a real hub that is killed again and again: nothing that it said was saved is lost.

``SEQUENCES=50 pytest --log-cli-level=INFO tests/app/test_saves.py`` kills it fifty times, and tells what was kept.
"""

import dataclasses
import logging
import os
import random
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.access import COOKIE
from app.owner import Ownership
from app.people import People, Role
from tests.app.machines import free_port
from tests.hubs import kill, nursery
from tests.talks import lines, talk
from tests.transcripts.editors import an_edit
from transcripts.differences import Delta
from transcripts.history import History
from transcripts.library import Library
from transcripts.model import Chapter
from transcripts.revision import content_of

SEQUENCES = int(os.environ.get("SEQUENCES", "4"))
CHAPTERS = (Chapter(0, 100, "Début"), Chapter(100, 600, "Suite"))
_log = logging.getLogger(__name__)


@dataclass
class Editor:
    """Somebody who corrects one masterclass, as the page does: an answer that does not come is asked for again, word for word.

    ``marks`` are words of their own that the hub said were saved; ``undone`` versions that it said were taken back.
    """

    who: str
    session: str
    address: str
    rng: random.Random
    marks: list[str] = field(default_factory=list)
    undone: list[int] = field(default_factory=list)
    conflicts: int = 0
    repeated: int = 0
    _numbers: Iterator[int] = field(default_factory=count)
    _owed: tuple[str, dict[str, Any], str] | None = None
    _mine: list[int] = field(default_factory=list)
    _version: int = 0
    _began: str = ""
    _lines: list[list[Any]] = field(default_factory=list)

    def work(self, steps: int) -> None:
        """Correct so many times, or until the hub is gone."""
        with httpx.Client(cookies={COOKIE: self.session}, trust_env=False, timeout=60) as hub:
            try:
                if not self._version:
                    whole = hub.get(self.address).raise_for_status().json()
                    self._version, self._began, self._lines = whole["version"], whole["began"], whole["cues"]
                for _ in range(steps):
                    self.repeated += self._owed is not None
                    self._owed = self._owed or self._next()
                    self._ask(hub, *self._owed)
                    self._owed = None
            except httpx.TransportError:
                return

    def _next(self) -> tuple[str, dict[str, Any], str]:
        mark = f"{self.who[0]}{next(self._numbers)}z"
        if self._mine and self.rng.random() < 0.2:
            return "/annuler", self._at(of=self._mine.pop()), ""
        edit = an_edit([line[2] for line in self._lines], mark, self.rng)
        marked = mark if edit.kind in ("text", "add-chapter") else ""
        return "", self._at(edits=[dataclasses.asdict(edit)]), marked

    def _at(self, **asked: Any) -> dict[str, Any]:
        return {"version": self._version, "began": self._began, **asked}

    def _ask(self, hub: httpx.Client, path: str, body: dict[str, Any], mark: str) -> None:
        reply = hub.post(self.address + path, json=body)
        # A line of one word cannot be cut; what others have changed since cannot be undone.
        if reply.status_code == httpx.codes.BAD_REQUEST:
            return
        answer = reply.raise_for_status().json()
        for at, gone, came in reversed(answer["lines"]):
            self._lines[at : at + gone] = came
        before, self._version = self._version, answer["version"]
        if path:  # nothing is made where somebody has joined what was cut
            self.undone.extend([body["of"]] if answer["made"] else [])
        elif answer["conflicts"]:
            self.conflicts += 1
        elif self._version != before:
            self.marks.extend([mark] if mark else [])
        if answer["made"] and not path:
            self._mine.append(self._version)

    def shows(self, history: History, slug: str) -> bool:
        """Say whether what was put together from answers is what the hub has under that number."""
        saved = [[cue.start, cue.end, cue.text, cue.speaker] for cue in history.at(slug, self._version).cues]
        return saved == self._lines


@contextmanager
def working(editors: Sequence[Editor], steps: int) -> Iterator[None]:
    """Let people correct at once; the block ends when all have stopped."""
    threads = [threading.Thread(target=editor.work, args=(steps,)) for editor in editors]
    for thread in threads:
        thread.start()
    yield
    for thread in threads:
        thread.join()


def test_a_hub_that_is_killed_loses_no_saved_change(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, "httpx")
    rng = random.Random(SEQUENCES)  # noqa: S311 - the same plan in every run
    home, port = tmp_path / "home", free_port()
    library, people = Library(home), People(home)
    slugs = [talk(library, f"Essai {n}", lines(12), chapters=CHAPTERS, published=False) for n in range(SEQUENCES)]
    sessions = {who: people.enter(people.invite(who, Role.STAFF)) for who in ("ada@example.org", "bo@example.org")}
    index = Ownership(home / "index")
    assert index.take()  # hubs that find it taken open no model
    kept = clashes = repeated = half_way = 0
    with nursery(home, port) as start:
        hub = start()
        for n, slug in enumerate(slugs):
            address = f"http://127.0.0.1:{port}/atelier/revision/{slug}"
            editors = [
                Editor(who, session, address, random.Random(f"{who}{n}"))  # noqa: S311 - the same plan in every run
                for who, session in sessions.items()
            ]
            with working(editors, 10_000):
                until = time.monotonic() + 0.3 + rng.random()
                while time.monotonic() < until or not all(editor.marks for editor in editors):
                    library.read(slug)  # a reader never sees half a file
                    time.sleep(0.005)
                kill(hub)
            library.read(slug)
            half_way += bool(list(library.folder(slug).glob("history/*.part.json")))
            hub = start()
            with working(editors, 5):
                pass
            kept += assert_nothing_lost(library, slug, editors)
            clashes += sum(editor.conflicts for editor in editors)
            repeated += sum(editor.repeated for editor in editors)
    index.release()
    _log.info(
        "%d changes kept over %d kills, %d of them in the middle of a save; %d conflicts told, %d requests without an answer asked again",
        *(kept, SEQUENCES, half_way, clashes, repeated),
    )
    assert kept > SEQUENCES
    assert repeated


def assert_nothing_lost(library: Library, slug: str, editors: Sequence[Editor]) -> int:
    """Compare what people were told with the history and the files; return how many changes stand."""
    history = History(library)
    last = history.open(slug)
    versions = history.versions(slug)
    assert content_of(library.read(slug), last.content.settled) == last.content
    assert [version.number for version in versions] == list(range(1, last.version.number + 1))
    assert not [v for v in versions if v.kind == "outside"], "a killed save was taken for somebody else's"
    undone = {version.of for version in versions if version.kind == "undo"}
    kept = 0
    for editor in editors:
        assert editor.shows(history, slug)
        assert set(editor.undone) <= undone
        for mark in editor.marks:
            (version,) = [v for v in versions if v.kind == "edit" and brings(v.delta, mark)]
            assert version.who == editor.who
            kept += version.number not in undone
            assert repr(last.content).count(mark) == (version.number not in undone), f"{mark} after {version.number}"
    return kept


def brings(changed: Delta, mark: str) -> bool:
    """Say whether a change brought a mark that was not there before."""
    gone = [cue.text for splice in changed.cues for cue in splice.removed]
    came = [cue.text for splice in changed.cues for cue in splice.inserted]
    if changed.chapters:
        gone += [chapter.title for chapter in changed.chapters[0]]
        came += [chapter.title for chapter in changed.chapters[1]]
    return mark in " ".join(came) and mark not in " ".join(gone)
