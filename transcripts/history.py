"""Every saved state of a masterclass: who, when, what, and the way back. Files below ``library/<slug>/history/``.

A version is one file, which says what changed and never changes itself. It is first written under a name that marks it as
under way, then the masterclass's own files are replaced, then it gets its name: a killed process is made good at the next
opening. Whatever else changed those files (an editor, a command) is noticed and becomes a version too.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache, reduce
from pathlib import Path
from typing import Literal

from filelock import FileLock
from pydantic import TypeAdapter

from transcripts.differences import Delta, apply, delta
from transcripts.errors import BadInput, DamagedFile, writing
from transcripts.files import CHAPTERS, CUES, DETAILS, HISTORY, SUMMARY, replace_text
from transcripts.folders import stamp
from transcripts.library import Library
from transcripts.merging import Conflict, merge
from transcripts.model import Details, Particulars
from transcripts.reasons import reason
from transcripts.revision import Content, content_of, described

_WHOLE = 50  # every so many versions the whole content is kept, so that none is far from one
_KEPT = 32  # masterclasses whose latest state is remembered: those that are being worked on
_NAME = re.compile(r"(\d{6})\.json")
_UNDER_WAY = "{:06}.part.json"
_LOCK = ".lock"

Kind = Literal["begin", "edit", "undo", "restore", "outside"]


@dataclass(frozen=True, slots=True)
class Version:
    """A saved state: the ``number``-th, saved by ``who`` (an address, empty for what was done elsewhere).

    ``why`` says what was done where it was no correction (a French phrase, as in the journal). ``recording`` is the SHA-256 and
    the duration (seconds) of the recording that the times belong to.
    """

    number: int
    who: str
    when: dt.datetime
    kind: Kind
    delta: Delta
    recording: tuple[str, float]
    of: int | None = None  # the version that was undone, restored or, by an edit, completed
    whole: Content | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a correction: the state that stands now, and what could not be joined with others' work."""

    version: Version
    content: Content
    conflicts: tuple[Conflict, ...] = ()
    made: bool = False  # whether this version is the correction, and not one that stood before


_FORM = TypeAdapter(Version)


class History:
    """The histories of a library. Errors: `NotFound`, `BadInput`, `DamagedFile`, `NotWritable`."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._known: dict[str, tuple[tuple[int, ...], Saved]] = {}

    def open(self, slug: str) -> Saved:
        """Return the latest state, level with the masterclass's files; the first opening begins the history."""
        with self._locked(slug) as folder:
            return self._level(slug, folder)

    def save(
        self,
        slug: str,
        base: int,
        change: Callable[[Content], Content],
        who: str,
        began: int | None = None,
        on: Callable[[Content], Content] = lambda content: content,
    ) -> Saved:
        """Save a change that was made on version ``base``, or on what ``on`` makes of it; what others saved since is kept with it.

        Nothing is written, and no version made, where nothing changed. Raises `BadInput` from the change, and here as in what
        follows where ``began`` is not that of the history.
        """
        with self._locked(slug, began) as folder:
            head = self._level(slug, folder)
            before = on(self._at(folder, head, base))
            after = change(before)
            conflicts: tuple[Conflict, ...] = ()
            if before is not head.content:
                after, conflicts = merge(before, after, head.content)
            return self._keep(slug, folder, head, after, who, "edit", conflicts=conflicts)

    def amend(
        self,
        slug: str,
        change: Callable[[Content], Content],
        who: str,
        why: str,
        *,
        of: int | None = None,
        began: int | None = None,
    ) -> Saved:
        """Save a change to what stands now, made elsewhere than in the editor. Raises `BadInput` from the change.

        ``of`` names the version that it completes, with which it is undone.
        """
        with self._locked(slug, began) as folder:
            head = self._level(slug, folder)
            return self._keep(slug, folder, head, change(head.content), who, "edit", of=of, why=why)

    def undo(self, slug: str, number: int, who: str, began: int | None = None) -> Saved:
        """Take back what one version changed, with what completed it, and nothing else that was saved since.

        Raises `BadInput` where that is not possible. Consents stay as they are, here and in `restore`: one that was taken back since
        must not come back by the way.
        """
        with self._locked(slug, began) as folder:
            head = self._level(slug, folder)
            if not 1 < number <= head.version.number:
                raise BadInput("Il n’y a rien à annuler : rien n’a changé.")
            later = (_read(path) for path in _finished(folder)[number:])
            completed = [version.number for version in later if version.kind == "edit" and version.of == number]
            after, conflicts = head.content, list[Conflict]()
            for one in (*reversed(completed), number):
                after, more = merge(self._at(folder, head, one), self._at(folder, head, one - 1), after)
                conflicts += more
            if conflicts:
                raise BadInput(
                    "Ces lignes ou cette fiche ont changé depuis : rien n’a été annulé ; l’historique montre les états d’avant."
                )
            return self._keep(slug, folder, head, _agreed(after, head), who, "undo", of=number)

    def restore(self, slug: str, number: int, who: str, began: int | None = None) -> Saved:
        """Make an earlier state the latest one; those between stay in the history."""
        with self._locked(slug, began) as folder:
            head = self._level(slug, folder)
            after = _agreed(self._at(folder, head, number), head)
            return self._keep(slug, folder, head, after, who, "restore", of=number)

    def accept_recording(self, slug: str, who: str) -> Saved:
        """Note that the times were looked at and belong to the present recording."""
        with self._locked(slug) as folder:
            head = self._level(slug, folder)
            return self._keep(slug, folder, head, head.content, who, "edit", recording=True)

    def versions(self, slug: str) -> list[Version]:
        """Return all versions, oldest first."""
        return [*self.backwards(slug)][::-1]

    def backwards(self, slug: str) -> Iterator[Version]:
        """Yield the versions, latest first, each read when it is asked for."""
        return map(_read, reversed(_finished(self._folder(slug))))

    def timed(self, slug: str) -> tuple[str, float] | None:
        """Return the recording that the times belong to, as its SHA-256 and its seconds; None before the first opening."""
        files = _finished(self._folder(slug))
        return _belonging(files[-1], files[-1].stat().st_mtime_ns) if files else None

    def began(self, slug: str) -> int:
        """Return when the history was begun (nanoseconds), which tells its numbers from those before `anew`; 0 where it is not."""
        return stamp(self._folder(slug) / "000001.json", missing_ok=True)[0]

    def latest(self, slug: str) -> Content | None:
        """Return what the last version says, without a look at the files; None before the first opening. Creates nothing."""
        files = _finished(self._folder(slug))
        said = self._library.details(slug).particulars
        return self._rebuild(files[-1].parent, len(files), said) if files else None

    def at(self, slug: str, number: int) -> Content:
        """Return the content of a version. Raises `BadInput` where there is none."""
        with self._locked(slug) as folder:
            return self._at(folder, self._level(slug, folder), number)

    @contextmanager
    def anew(self, slug: str, who: str, why: str) -> Iterator[Callable[[tuple[str, ...]], None]]:
        """Hold the history while words that have to be gone are taken out of the files.

        What is lent erases all versions, and is told which doubts stay settled: before the files are written, so that no kill
        leaves the words. At the end the state that stands is the first.
        """
        with self._locked(slug) as folder:
            settled: tuple[str, ...] = ()

            def forget(left: tuple[str, ...]) -> None:
                nonlocal settled
                settled = left
                for path in folder.iterdir():
                    if path.name != _LOCK:
                        path.unlink()
                self._known.pop(slug, None)

            yield forget
            if not _finished(folder):
                self._remember(slug, folder, self._begin(slug, folder, who, why, settled))

    # Below, the lock is held.

    def _level(self, slug: str, folder: Path) -> Saved:
        files = _finished(folder)
        signature = (*self._signature(slug), len(files))
        known = self._known.get(slug)
        if known and known[0] == signature:
            return known[1]
        self._roll_forward(slug, folder, files)
        files = _finished(folder)
        if files:
            last, masterclass = _read(files[-1]), self._library.read(slug)
            head = Saved(last, self._rebuild(folder, last.number, masterclass.details.particulars))
            now = content_of(masterclass, head.content.settled, head.content.shift)
            if now != head.content:
                head = self._write(slug, folder, head, now, "", "outside", last.recording)
        else:
            head = self._begin(slug, folder)
        self._remember(slug, folder, head)
        return head

    def _begin(self, slug: str, folder: Path, who: str = "", why: str = "", settled: tuple[str, ...] = ()) -> Saved:
        content, recording = content_of(self._library.read(slug), settled), _recording(self._library.details(slug))
        first = Version(1, who, _now(), "begin", Delta(), recording, whole=content, why=why)
        replace_text(folder / "000001.json", _FORM.dump_json(first).decode())
        return Saved(first, content)

    def _roll_forward(self, slug: str, folder: Path, files: list[Path]) -> None:
        """Complete the version that a killed process was saving."""
        path = folder / _UNDER_WAY.format(len(files) + 1)
        if path.exists():
            version = _read(path)
            now = content_of(self._library.read(slug))
            before = self._rebuild(folder, version.number - 1, now.particulars)
            after = apply(before, version.delta)
            # What somebody else has written in the meantime stays, and is noticed next.
            self._library.rewrite(
                slug,
                cues=after.cues if now.cues == before.cues else None,
                chapters=after.chapters if now.chapters == before.chapters else None,
                summary=after.summary if now.summary == before.summary else None,
                speakers=after.speakers if now.speakers == before.speakers else None,
                particulars=after.particulars if now.particulars == before.particulars else None,
            )
            path.rename(folder / f"{version.number:06}.json")

    def _keep(
        self,
        slug: str,
        folder: Path,
        head: Saved,
        after: Content,
        who: str,
        kind: Kind,
        *,
        of: int | None = None,
        why: str = "",
        conflicts: tuple[Conflict, ...] = (),
        recording: bool = False,
    ) -> Saved:
        if after == head.content and not recording:
            return replace(head, conflicts=conflicts)
        belongs = _recording(self._library.details(slug)) if recording else head.version.recording
        saved = self._write(slug, folder, head, after, who, kind, belongs, of, why)
        self._remember(slug, folder, saved)
        return replace(saved, conflicts=conflicts, made=True)

    def _write(
        self,
        slug: str,
        folder: Path,
        head: Saved,
        after: Content,
        who: str,
        kind: Kind,
        recording: tuple[str, float],
        of: int | None = None,
        why: str = "",
    ) -> Saved:
        number = head.version.number + 1
        changed = delta(head.content, after)
        whole = after if number % _WHOLE == 0 else None
        version = Version(number, who, _now(), kind, changed, recording, of, whole, why)
        under_way = folder / _UNDER_WAY.format(number)
        replace_text(under_way, _FORM.dump_json(version).decode())
        if kind != "outside":
            self._library.rewrite(
                slug,
                cues=after.cues if changed.cues else None,
                chapters=after.chapters if changed.chapters else None,
                summary=after.summary if changed.summary else None,
                speakers=after.speakers if changed.speakers else None,
                particulars=after.particulars if changed.particulars else None,
            )
        under_way.rename(folder / f"{number:06}.json")
        return Saved(version, after)

    def _at(self, folder: Path, head: Saved, number: int) -> Content:
        if number == head.version.number:
            return head.content
        if not 1 <= number < head.version.number:
            raise BadInput("Cette version n’existe pas : rien n’a changé ; rechargez la page.")
        return self._rebuild(folder, number, head.content.particulars)

    def _rebuild(self, folder: Path, number: int, said: Particulars) -> Content:
        """Return the content of a version: the nearest whole one before it, and what changed since.

        Particulars were not always kept: then they are those that the next change found, or ``said`` where none came.
        """
        changes: list[Delta] = []
        for at in range(number, 0, -1):
            version = _read(folder / f"{at:06}.json")
            if version.whole is not None:
                content = reduce(apply, reversed(changes), version.whole)
                if content.particulars == Particulars():
                    later = (_read(path).delta.particulars for path in _finished(folder)[number:])
                    content = replace(content, particulars=next((found[0] for found in later if found), said))
                return content
            changes.append(version.delta)
        raise DamagedFile(folder / "000001.json", "il manque")

    def _signature(self, slug: str) -> tuple[int, ...]:
        return self._library.signature(slug, (DETAILS, CUES, CHAPTERS, SUMMARY))

    def _remember(self, slug: str, folder: Path, head: Saved) -> None:
        self._known.pop(slug, None)
        self._known[slug] = ((*self._signature(slug), head.version.number), head)
        for oldest in list(self._known)[:-_KEPT]:
            self._known.pop(oldest, None)

    def _folder(self, slug: str) -> Path:
        return self._library.folder(slug) / HISTORY

    @contextmanager
    def _locked(self, slug: str, began: int | None = None) -> Iterator[Path]:
        """Hold the history of a masterclass and lend its folder. Raises `BadInput` where it is not the one that ``began`` then."""
        self._library.details(slug)
        folder = self._folder(slug)
        with writing(self._library.home):
            folder.mkdir(exist_ok=True)
            with FileLock(folder / _LOCK, poll_interval=0.01):
                if began is not None and began != self.began(slug):
                    raise BadInput("Ce texte a été remplacé entre-temps : rien n’a changé ; rechargez la page.")
                yield folder


def _agreed(content: Content, head: Saved) -> Content:
    return described(content, consents=head.content.particulars.consents)


def _finished(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*.json") if _NAME.fullmatch(path.name))


def _recording(details: Details) -> tuple[str, float]:
    return (details.recording.sha256 if details.recording else "", details.duration)


@lru_cache(maxsize=4096)
def _belonging(path: Path, changed: int) -> tuple[str, float]:
    return _read(path).recording


def _read(path: Path) -> Version:
    try:
        return _FORM.validate_json(path.read_bytes())
    except (OSError, ValueError) as error:
        raise DamagedFile(path, reason(error)) from error


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC).replace(microsecond=0)
