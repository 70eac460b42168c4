"""The library on disk: one folder of plain files per masterclass, the truth from which all else is derived."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml
from filelock import FileLock
from tomlkit.exceptions import TOMLKitError

from transcripts.errors import BadInput, BadSubtitles, DamagedFile, Gone, NotFound, writing
from transcripts.files import (
    CHAPTERS,
    CUES,
    DETAILS,
    SUMMARY,
    TRACE,
    change_details,
    format_summary,
    parse_details,
    parse_summary,
    read_trace,
    replace_text,
    write_folder,
    write_trace,
)
from transcripts.formats import read_chapters, read_cues, write_vtt
from transcripts.model import Chapter, Cue, Details, Masterclass, Origin, Status, Summary, Trace
from transcripts.prints import Prints
from transcripts.tombstones import Tombstones

_SLUG = re.compile(r"\d{4}-\d{2}-\d{2}-[a-z0-9]+(?:-[a-z0-9]+)*")
_STALE = 24 * 3600.0


class Library:
    """The masterclasses below ``home/library`` with their recordings below ``home/media``.

    Reading never creates anything. Every write is atomic: a reader sees the state before or after it, and a killed
    writer leaves the last complete state. Errors: `NotFound` (`Gone` for what was published once), `DamagedFile`,
    `NotWritable`.
    """

    def __init__(self, home: Path) -> None:
        self.home = home
        self.root = home / "library"
        self.media = home / "media"
        self._removed = Tombstones(home)
        self._known: dict[str, tuple[tuple[int, ...], Details]] = {}

    # Reading

    def slugs(self) -> list[str]:
        """Return all slugs, oldest first."""
        with suppress(FileNotFoundError, NotADirectoryError), os.scandir(self.root) as entries:
            return sorted(e.name for e in entries if _SLUG.fullmatch(e.name) and e.is_dir())
        return []

    def catalogue(self) -> list[Details]:
        """Return the details of every readable masterclass, latest first."""
        return [details for details in self._each() if isinstance(details, Details)]

    def damaged(self) -> list[DamagedFile]:
        """Return what cannot be read, one error per masterclass."""
        return [error for error in self._each() if isinstance(error, DamagedFile)]

    def _each(self) -> Iterator[Details | DamagedFile]:
        for slug in reversed(self.slugs()):
            try:
                yield self.details(slug)
            except NotFound:  # removed since the folder was listed
                continue
            except DamagedFile as error:
                yield error

    def published(self) -> list[Details]:
        """Return the details of the published masterclasses, latest first."""
        return [details for details in self.catalogue() if details.status == "published"]

    def details(self, slug: str) -> Details:
        """Return what ``masterclass.toml`` says, read again only when the file changed."""
        path = self._folder(slug) / DETAILS
        try:
            signature = _signature(path)
            known = self._known.get(slug)
            if known is None or known[0] != signature:
                known = self._known[slug] = (signature, parse_details(slug, path.read_text("utf-8")))
        except FileNotFoundError as error:
            raise (Gone if slug in self._removed else NotFound)(slug) from error
        except (OSError, ValueError, TypeError, KeyError, TOMLKitError) as error:
            raise DamagedFile(path, str(error)[:120]) from error
        return known[1]

    def read(self, slug: str) -> Masterclass:
        """Return a masterclass whole."""
        details = self.details(slug)
        path = self._folder(slug) / CUES
        with self._reading(slug, path):
            cues = read_cues(path.read_bytes())
        return Masterclass(details, cues, *self.outline(slug))

    def outline(self, slug: str) -> tuple[tuple[Chapter, ...], Summary]:
        """Return the chapters and the summary alone: much less to read than the words."""
        path = self._folder(slug) / CHAPTERS
        with self._reading(slug, path):
            chapters = read_chapters(path.read_bytes()) if path.exists() else ()
        path = self._folder(slug) / SUMMARY
        with self._reading(slug, path):
            summary = parse_summary(path.read_text("utf-8")) if path.exists() else Summary()
        return chapters, summary

    @contextmanager
    def _reading(self, slug: str, path: Path) -> Iterator[None]:
        """Translate what goes wrong while a file of a masterclass is read."""
        try:
            yield
        except FileNotFoundError as error:
            if not path.parent.exists():
                raise NotFound(slug) from error
            raise DamagedFile(path, "il manque") from error
        except (OSError, ValueError, TypeError, BadSubtitles, yaml.YAMLError) as error:
            raise DamagedFile(path, str(error)[:120]) from error

    def trace(self, slug: str) -> Trace:
        """Return what the machine did when it wrote the transcript; an empty trace for one that was imported."""
        path = self._folder(slug) / TRACE
        try:
            return read_trace(path.read_bytes())
        except FileNotFoundError:
            return Trace()
        except ValueError as error:
            raise DamagedFile(path, str(error)[:120]) from error

    def digest(self, slug: str) -> str:
        """Return a hash of the words and chapters: what the index depends on."""
        folder = self._folder(slug)
        whole = hashlib.sha256()
        for name in (CUES, CHAPTERS):
            with suppress(FileNotFoundError):
                whole.update(hashlib.sha256((folder / name).read_bytes()).digest())
        return whole.hexdigest()

    def signature(self, slug: str, names: tuple[str, ...] = (CUES, CHAPTERS)) -> tuple[int, ...]:
        """Return numbers that change whenever the words or chapters on disk do, or other files; cheaper than `digest`."""
        folder = self._folder(slug)
        return tuple(n for name in names for n in _signature(folder / name, missing_ok=True))

    def version(self, slug: str) -> tuple[int, ...]:
        """Return numbers that change whenever anything on disk does that is shown of a masterclass, its recording apart."""
        folder = self._folder(slug)
        return tuple(
            n for name in (DETAILS, CUES, CHAPTERS, SUMMARY) for n in _signature(folder / name, missing_ok=True)
        )

    def changed(self, slug: str) -> dt.datetime:
        """Return when what is shown of a masterclass was last written."""
        nanoseconds = max(self.version(slug)[::3])
        return dt.datetime.fromtimestamp(nanoseconds // 10**9, dt.UTC)

    def recording(self, slug: str) -> Path | None:
        """Return the path of the recording that the hub keeps, None when there is none."""
        kept = self.details(slug).recording
        path = self.media / Path(kept.file).name if kept else None
        return path if path and path.is_file() else None

    def find_source(self, known_by: str) -> Details | None:
        """Return the masterclass that was made from the file with this hash, or from the page at this address."""
        page = "://" in known_by  # a file's name is not enough to recognise it
        return next((d for d in self.catalogue() if known_by == (d.source if page else d.origin.sha256)), None)

    # Writing

    def add(self, masterclass: Masterclass, recording: Path | None = None, trace: Trace | None = None) -> Details:
        """Put a new masterclass into the library and return its details; a taken slug gets a number.

        ``recording`` is copied to ``media/``; the folder appears last, complete.
        """
        with self._writing() as staging:
            details = replace(masterclass.details, slug=self._free(masterclass.details.slug))
            if recording and details.recording:
                name = f"{details.slug}{recording.suffix.lower()}"
                details = replace(details, recording=replace(details.recording, file=name))
                self.media.mkdir(parents=True, exist_ok=True)
                copy = self.media / f".{name}.part"
                try:
                    shutil.copyfile(recording, copy)
                    copy.replace(self.media / name)
                finally:
                    copy.unlink(missing_ok=True)
            try:
                write_folder(staging, replace(masterclass, details=details), trace)
                staging.rename(self.root / details.slug)
            except BaseException:
                if details.recording:
                    (self.media / details.recording.file).unlink(missing_ok=True)
                raise
        return details

    def set_status(self, slug: str, status: Status) -> Details:
        """Publish or unpublish; a date at which it was to be published is past."""
        return self.set_details(slug, status=status, publish_at=None)

    def set_speakers(self, slug: str, speakers: tuple[str, ...]) -> Details:
        """Replace the names of those who speak."""
        return self.set_details(slug, speakers=speakers)

    def set_details(self, slug: str, **changes: Any) -> Details:
        """Change title, date, theme, speakers, status, consents or the time of publication; all in one write."""
        with self._writing():
            path = self._folder(slug) / DETAILS
            changed = replace(self.details(slug), **changes)
            replace_text(path, change_details(path.read_text("utf-8"), changed))
        return self.details(slug)

    def set_cues(self, slug: str, cues: tuple[Cue, ...]) -> None:
        """Replace the transcript of a masterclass."""
        self.details(slug)
        with self._writing():
            replace_text(self._folder(slug) / CUES, write_vtt(cues))

    def set_summary(self, slug: str, summary: Summary) -> None:
        """Replace the summary, or who read it."""
        self.details(slug)
        with self._writing():
            replace_text(self._folder(slug) / SUMMARY, format_summary(summary))

    def set_hearing(self, slug: str, cues: tuple[Cue, ...], trace: Trace, origin: Origin) -> None:
        """Replace the transcript by that of another hearing, with what the machine did and the model that heard."""
        with self._writing():
            folder = self._folder(slug)
            text = change_details((folder / DETAILS).read_text("utf-8"), replace(self.details(slug), origin=origin))
            # The trace first: interrupted in between, the same job repeats all of it.
            replace_text(folder / TRACE, write_trace(trace))
            replace_text(folder / CUES, write_vtt(cues))
            replace_text(folder / DETAILS, text)

    def set_trace(self, slug: str, trace: Trace) -> None:
        """Replace what is kept for the reviewer."""
        self.details(slug)
        with self._writing():
            replace_text(self._folder(slug) / TRACE, write_trace(trace))

    def remove(self, slug: str) -> None:
        """Remove a masterclass and its recording for good."""
        recording = self.recording(slug)
        with self._writing() as staging:
            if self.details(slug).status == "published":  # the slug of a draft holds its title: nobody may know it
                self._removed.add(slug)
            # One rename takes it from every reader's view; what follows may be slow.
            self._folder(slug).rename(staging / slug)
            if recording:
                recording.unlink(missing_ok=True)
        Prints(self.home).forget(slug)
        self._known.pop(slug, None)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep all writers waiting: what is read meanwhile belongs together."""
        with self._writing():
            yield

    @contextmanager
    def _writing(self) -> Iterator[Path]:
        """Hold the library's write lock and lend a scratch folder on its file system, gone afterwards."""
        with writing(self.home):
            self.root.mkdir(parents=True, exist_ok=True)
            with FileLock(self.root / ".lock"):
                self._sweep()
                staging = Path(tempfile.mkdtemp(prefix=".staging-", dir=self.root))
                staging.chmod(0o755)
                try:
                    yield staging
                finally:
                    shutil.rmtree(staging, ignore_errors=True)

    def _sweep(self) -> None:
        """Remove the scratch folders of writers that were killed."""
        for leftover in self.root.glob(".staging-*"):
            shutil.rmtree(leftover, ignore_errors=True)
        for leftover in self.media.glob(".*.part"):
            if time.time() - leftover.stat().st_mtime > _STALE:
                leftover.unlink(missing_ok=True)

    def _folder(self, slug: str) -> Path:
        # A slug comes from addresses and command lines: nothing but a slug may become a path.
        if not _SLUG.fullmatch(slug):
            raise NotFound(slug)
        return self.root / slug

    def _free(self, slug: str) -> str:
        if not _SLUG.fullmatch(slug):
            raise BadInput(
                f"« {slug[:120]} » ne peut pas servir d’identifiant : rien n’a été gardé ; "
                "il se compose d’une date et de mots en minuscules, comme 2026-05-12-le-pret-participatif."
            )
        number, free = 1, slug
        while (self.root / free).exists():
            number += 1
            free = f"{slug}-{number}"
        return free


def _signature(path: Path, *, missing_ok: bool = False) -> tuple[int, ...]:
    try:
        stat = path.stat()
    except FileNotFoundError:
        if missing_ok:
            return (0, 0, 0)
        raise
    return (stat.st_mtime_ns, stat.st_size, stat.st_ino)
