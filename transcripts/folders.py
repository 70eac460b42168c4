"""Folders of plain files, one for each thing that the hub keeps under a slug: how they are found, read and written."""

from __future__ import annotations

import datetime as dt
import hashlib
import math
import os
import re
import shutil
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar, Generic, Protocol, TypeVar

import yaml
from filelock import FileLock

from transcripts.addresses import one_address
from transcripts.errors import BadInput, BadSubtitles, DamagedFile, Gone, NotFound, Sort, writing
from transcripts.files import replace_text
from transcripts.model import Origin, Status
from transcripts.reasons import reason
from transcripts.soundness import Soundness
from transcripts.tombstones import Tombstones

SLUG = re.compile(r"\d{4}-\d{2}-\d{2}-[a-z0-9]+(?:-[a-z0-9]+)*")
_LONGEST = 255  # bytes of a name, on all common file systems
LIBRARY, STUDIES = "library", "studies"  # below the home; a slug is free in both or taken


class Card(Protocol):
    """What is known of everything that has a slug."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def slug(self) -> str: ...
    @property
    def status(self) -> Status: ...
    @property
    def source(self) -> str: ...
    @property
    def origin(self) -> Origin: ...


C = TypeVar("C", bound=Card)


class Folders(ABC, Generic[C]):
    """What lies below ``home/below``, each under its slug; ``card`` is the file that describes it.

    Reading never creates anything. Errors: `NotFound` (`Gone` for what was published once), `DamagedFile`.
    """

    sort: Sort
    below: str
    card: str
    words: tuple[str, ...]  # the files on which the index depends
    shown: tuple[str, ...]  # all those that a reader sees something of

    def __init__(self, home: Path) -> None:
        self.home = home
        self.root = home / self.below
        self._public = Tombstones(home)
        self._known: dict[str, tuple[tuple[int, ...], C]] = {}
        self._soundness = Soundness(self.root / ".sound")

    @abstractmethod
    def _parse(self, slug: str, text: str) -> C:
        """Read the card. Raises `ValueError`."""

    @abstractmethod
    def read(self, slug: str) -> object:
        """Return one whole."""

    @abstractmethod
    def _changed(self, text: str, details: C) -> str:
        """Return the text of a card with what staff may change as ``details`` says; all else stays as written."""

    @property
    def roots(self) -> tuple[Path, ...]:
        """Where to look for changes."""
        return (self.root,)

    def slugs(self) -> list[str]:
        """Return all slugs, oldest first."""
        with suppress(FileNotFoundError, NotADirectoryError), os.scandir(self.root) as entries:
            return sorted(e.name for e in entries if SLUG.fullmatch(e.name) and _is_folder(e))
        return []

    def catalogue(self) -> list[C]:
        """Return the details of everything whose card can be read, latest first."""
        return [details for details in self._each() if not isinstance(details, DamagedFile)]

    def damaged(self) -> list[DamagedFile]:
        """Return what cannot be read, one error each: the cards, and of all else what `examine` found."""
        told = (
            each if isinstance(each, DamagedFile) else self._soundness.fault(self, each.slug) for each in self._each()
        )
        return [error for error in told if error]

    def _each(self) -> Iterator[C | DamagedFile]:
        for slug in reversed(self.slugs()):
            try:
                yield self.details(slug)
            except NotFound:  # removed since the folder was listed
                continue
            except DamagedFile as error:
                yield error

    def published(self) -> list[C]:
        """Return the details of what is published, latest first, but for what is known to be damaged."""
        shown = [details for details in self.catalogue() if details.status == "published"]
        return [details for details in shown if not self._soundness.fault(self, details.slug)]

    def examine(self, seconds: float = math.inf) -> int:
        """Read whole, for so long, what is not known to be sound; return of how many nothing is known yet."""
        return self._soundness.examine(self, seconds)

    def details(self, slug: str) -> C:
        """Return what the card says, read again only when the file changed."""
        path = self._folder(slug) / self.card
        try:
            signature = stamp(path)
            known = self._known.get(slug)
            if known is None or known[0] != signature:
                known = self._known[slug] = (signature, self._parse(slug, path.read_text("utf-8")))
        except FileNotFoundError as error:
            raise (Gone if slug in self._public else NotFound)(slug, self.sort) from error
        except (OSError, ValueError, RecursionError) as error:
            raise DamagedFile(path, reason(error)) from error
        return known[1]

    @contextmanager
    def _reading(self, slug: str, path: Path) -> Iterator[None]:
        """Translate what goes wrong while a file is read."""
        try:
            yield
        except FileNotFoundError as error:
            if not path.parent.exists():
                raise NotFound(slug, self.sort) from error
            raise DamagedFile(path, "il manque") from error
        except (OSError, ValueError, TypeError, BadSubtitles, yaml.YAMLError) as error:
            raise DamagedFile(path, reason(error)) from error

    def digest(self, slug: str) -> str:
        """Return a hash of what the index depends on."""
        folder = self._folder(slug)
        whole = hashlib.sha256()
        for path in (folder / name for name in self.words):
            if path.exists():
                with self._reading(slug, path):
                    whole.update(hashlib.sha256(path.read_bytes()).digest())
        return whole.hexdigest()

    def signature(self, slug: str, names: tuple[str, ...] | None = None) -> tuple[int, ...]:
        """Return numbers that change whenever what the index depends on does, or other files; cheaper than `digest`."""
        folder = self._folder(slug)
        return tuple(n for name in (names or self.words) for n in stamp(folder / name, missing_ok=True))

    def version(self, slug: str) -> tuple[int, ...]:
        """Return numbers that change whenever anything on disk does that is shown, a recording or an original apart."""
        return self.signature(slug, self.shown)

    def changed(self, slug: str) -> dt.datetime:
        """Return when what is shown was last written."""
        nanoseconds = max(self.version(slug)[::3])
        return dt.datetime.fromtimestamp(nanoseconds // 10**9, dt.UTC)

    def folder(self, slug: str) -> Path:
        """Return where the files lie."""
        self.details(slug)
        return self._folder(slug)

    def find_source(self, known_by: str) -> C | None:
        """Return what was made from the file with this hash, or from the page at this address."""
        if "://" not in known_by:  # a file's name is not enough to recognise it
            return next((d for d in self.catalogue() if known_by in self.contents(d)), None)
        wanted = one_address(known_by)
        return next((d for d in self.catalogue() if one_address(d.source) == wanted), None)

    def contents(self, details: C) -> tuple[str, ...]:
        """Return the hashes of what something was made from."""
        return (details.origin.sha256,)

    def set_status(self, slug: str, status: Status) -> C:
        """Publish or unpublish; a date at which it was to be published is past."""
        return self.set_details(slug, status=status, publish_at=None)

    def set_details(self, slug: str, **changes: Any) -> C:
        """Change what the card says, by the names of its fields; all in one write."""
        with self._writing():
            path = self._folder(slug) / self.card
            present = self.details(slug)
            changed = replace(present, **changes)
            if present.status == "published" != changed.status:
                self._public.add(slug)
            replace_text(path, self._changed(path.read_text("utf-8"), changed))
        return self.details(slug)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep all writers waiting: what is read meanwhile belongs together."""
        with self._writing():
            yield

    @contextmanager
    def _writing(self) -> Iterator[Path]:
        """Hold the one write lock of a home and lend a scratch folder on its file system, gone afterwards."""
        with write_lock(self.home):
            self.root.mkdir(parents=True, exist_ok=True)
            self._sweep()
            staging = Path(tempfile.mkdtemp(prefix=".staging-", dir=self.root))
            staging.chmod(0o755)
            try:
                yield staging
            finally:
                shutil.rmtree(staging, ignore_errors=True)

    def tidy(self) -> None:
        """Clear away what writers that were killed have left."""
        if any(self._leftovers()):  # or of one that writes just now: it is waited for
            with self.held():
                pass

    def _leftovers(self) -> Iterator[Path]:
        return self.root.glob(".staging-*")

    def _sweep(self) -> None:
        """Remove the scratch folders of writers that were killed."""
        for leftover in self._leftovers():
            shutil.rmtree(leftover, ignore_errors=True)

    def _take_away(self, slug: str, staging: Path) -> None:
        """Take a folder from every reader's view by one rename; what follows may be slow."""
        if self.details(slug).status == "published":
            self._public.add(slug)
        self._folder(slug).rename(staging / slug)
        self._known.pop(slug, None)

    def _free(self, slug: str) -> str:
        """Return the slug, with a number where it is taken. Raises `BadInput`."""
        if not SLUG.fullmatch(slug):
            raise BadInput(
                f"« {slug[:120]} » ne peut pas servir d’identifiant : rien n’a été gardé ; "
                "il se compose d’une date et de mots en minuscules, comme 2026-05-12-le-pret-participatif."
            )
        number, free = 1, slug
        while taken(self.home, free):
            number += 1
            free = f"{slug}-{number}"
        return free

    def _folder(self, slug: str) -> Path:
        # A slug comes from addresses and command lines: nothing but a slug that a file system has room for may become a path.
        if not SLUG.fullmatch(slug) or len(slug) > _LONGEST:
            raise NotFound(slug, self.sort)
        return self.root / slug


@contextmanager
def write_lock(home: Path) -> Iterator[None]:
    """Hold the one write lock of a home."""
    with writing(home):
        (home / LIBRARY).mkdir(parents=True, exist_ok=True)
        with FileLock(home / LIBRARY / ".lock"):
            yield


def taken(home: Path, slug: str) -> bool:
    """Say whether anything below a home has this slug."""
    return any((home / below / slug).exists() for below in (LIBRARY, STUDIES))


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # as of a link to itself: whoever reads it says what is wrong
        return True


def stamp(path: Path, *, missing_ok: bool = False) -> tuple[int, ...]:
    """Return numbers that change when a file does: time in nanoseconds, size in bytes, inode; zeros where none can be found."""
    try:
        stat = path.stat()
    except OSError:
        if missing_ok:
            return (0, 0, 0)
        raise
    return (stat.st_mtime_ns, stat.st_size, stat.st_ino)
