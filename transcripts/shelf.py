"""The library on disk, as it is read: one folder of plain files per masterclass, the truth from which all else is derived."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import yaml
from tomlkit.exceptions import TOMLKitError

from transcripts.errors import BadSubtitles, DamagedFile, Gone, NotFound
from transcripts.files import (
    CHAPTERS,
    CUES,
    DETAILS,
    SUMMARY,
    TRACE,
    parse_details,
    parse_summary,
    read_trace,
)
from transcripts.formats import read_chapters, read_cues
from transcripts.model import Chapter, Details, Masterclass, Summary, Trace
from transcripts.tombstones import Tombstones

SLUG = re.compile(r"\d{4}-\d{2}-\d{2}-[a-z0-9]+(?:-[a-z0-9]+)*")


class Shelf:
    """The masterclasses below ``home/library`` with their recordings below ``home/media``.

    Reading never creates anything. Errors: `NotFound` (`Gone` for what was published once), `DamagedFile`.
    """

    def __init__(self, home: Path) -> None:
        self.home = home
        self.root = home / "library"
        self.media = home / "media"
        self._removed = Tombstones(home)
        self._known: dict[str, tuple[tuple[int, ...], Details]] = {}

    def slugs(self) -> list[str]:
        """Return all slugs, oldest first."""
        with suppress(FileNotFoundError, NotADirectoryError), os.scandir(self.root) as entries:
            return sorted(e.name for e in entries if SLUG.fullmatch(e.name) and e.is_dir())
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

    def folder(self, slug: str) -> Path:
        """Return where the files of a masterclass lie."""
        self.details(slug)
        return self._folder(slug)

    def recording(self, slug: str) -> Path | None:
        """Return the path of the recording that the hub keeps, None when there is none."""
        kept = self.details(slug).recording
        path = self.media / Path(kept.file).name if kept else None
        return path if path and path.is_file() else None

    def find_source(self, known_by: str) -> Details | None:
        """Return the masterclass that was made from the file with this hash, or from the page at this address."""
        page = "://" in known_by  # a file's name is not enough to recognise it
        return next((d for d in self.catalogue() if known_by in ((d.source,) if page else _contents(d))), None)

    def _folder(self, slug: str) -> Path:
        # A slug comes from addresses and command lines: nothing but a slug may become a path.
        if not SLUG.fullmatch(slug):
            raise NotFound(slug)
        return self.root / slug


def _contents(details: Details) -> tuple[str, ...]:
    """Return the hashes of what a masterclass was made from, and of the recording that took its place."""
    return (details.origin.sha256, *([details.recording.sha256] if details.recording else []))


def _signature(path: Path, *, missing_ok: bool = False) -> tuple[int, ...]:
    try:
        stat = path.stat()
    except FileNotFoundError:
        if missing_ok:
            return (0, 0, 0)
        raise
    return (stat.st_mtime_ns, stat.st_size, stat.st_ino)
