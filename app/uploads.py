"""Files on their way from a browser to the hub: each in a folder of its own below ``home/uploads``, whole or to be resumed.

    uploads/<id>/upload.json       who sends what, how large it is, and the hash of its content once it is whole
    uploads/<id>/data              what has come so far
    uploads/<id>/received.<suffix> the whole file, under a name of ours

The sender's name for a file is only ever shown: no path is made of it.
"""

from __future__ import annotations

import re
import secrets
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from filelock import FileLock, Timeout
from pydantic import TypeAdapter

from ingest.documents import LARGEST as LARGEST_DOCUMENT
from ingest.documents import SUFFIXES as DOCUMENTS
from ingest.documents.apart import OTHER_DOCUMENTS
from ingest.sources.files import MEDIA, SUBTITLES, sha256_of
from ingest.sources.sent import CARD, DATA, Sent, check, disguised, shown_name
from transcripts.errors import BadInput, HubError, NotWritable, Unavailable, writing
from transcripts.files import replace_text
from transcripts.formats import LARGEST
from transcripts.library import Library
from transcripts.studies import Studies
from transcripts.typography import decimal

_ID = re.compile(r"[a-f0-9]{32}")
_CARD = TypeAdapter(Sent)
_HEAD = 64  # bytes that tell a program or an archive
_ROOM = 1_000_000_000  # bytes of disk that an upload must leave free
ABANDONED = 2 * 24 * 3600.0  # seconds after which what nobody goes on with is thrown away


class UnknownUpload(HubError):
    """An upload that was never begun, or is gone."""

    def __init__(self) -> None:
        super().__init__("Cet envoi n’existe plus : rien n’en reste ; choisissez de nouveau le fichier.")


class TooLarge(BadInput):
    """A file beyond what the hub takes."""


class Elsewhere(HubError):
    """An upload whose next byte is another than the sender thinks; ``offset`` is the right one."""

    def __init__(self, offset: int) -> None:
        super().__init__("L’envoi a repris ailleurs : rien n’est perdu ; il continue à partir de ce qui est arrivé.")
        self.offset = offset


class Held(Unavailable):
    """An upload that another request is writing to."""

    def __init__(self) -> None:
        super().__init__("Cet envoi est déjà en cours : rien n’est perdu ; réessayez dans un instant.")


class Append:
    """Adds bytes to an upload, up to the length that was announced."""

    def __init__(self, write: Callable[[bytes], object], room: int) -> None:
        self._write, self._room = write, room

    def __call__(self, data: bytes) -> None:
        """Add bytes. Raises `BadInput` beyond the length."""
        if len(data) > self._room:
            raise BadInput("Le fichier est plus long qu’annoncé : rien de plus n’a été gardé ; envoyez-le de nouveau.")
        self._write(data)
        self._room -= len(data)


@dataclass(frozen=True, slots=True)
class Uploads:
    """The uploads of a home. ``most`` is the largest file in bytes. Errors: `NotWritable`, and those named below."""

    home: Path
    library: Library
    studies: Studies
    most: int

    @property
    def root(self) -> Path:
        """The folder of all uploads."""
        return self.home / "uploads"

    def begin(self, name: str, size: int, by: str) -> Sent:
        """Make room for a file of ``size`` bytes that ``by`` sends. Raises `BadInput` for what the hub cannot use anyway."""
        name = shown_name(name)
        suffix = Path(name).suffix.lower()
        if suffix in OTHER_DOCUMENTS:
            raise BadInput(
                f"« {name} » n’est pas dans un format que le hub lit : rien n’a été envoyé ; enregistrez-le, sans macros, en PDF, .docx ou .odt."
            )
        if suffix not in MEDIA | SUBTITLES | DOCUMENTS:
            raise BadInput(
                f"« {name} » n’est ni un enregistrement, ni des sous-titres, ni un document : rien n’a été envoyé ; "
                "choisissez un fichier mp3, m4a, ogg, opus, wav, flac, mp4, mov, mkv, webm, vtt, srt, pdf, docx, odt, html ou md."
            )
        if size <= 0:
            raise BadInput(
                f"« {name} » est un fichier vide : rien n’a été envoyé ; choisissez l’enregistrement complet."
            )
        most = (
            LARGEST if suffix in SUBTITLES else min(LARGEST_DOCUMENT, self.most) if suffix in DOCUMENTS else self.most
        )
        if size > most:
            cure = "donnez-le par parties" if suffix in DOCUMENTS else "donnez le son seul, ou coupez l’enregistrement"
            raise TooLarge(
                f"« {name} » dépasse {decimal(most / 1e9)} Go, la taille permise : rien n’a été envoyé ; {cure}."
            )
        with writing(self.home):
            self.root.mkdir(parents=True, exist_ok=True)
            if shutil.disk_usage(self.root).free < size + _ROOM:
                raise NotWritable(self.root, full=True)
            sent = Sent(secrets.token_hex(16), name, size, by, time.time())
            self._folder(sent.id).mkdir()
            (self._folder(sent.id) / DATA).touch()
            self._write(sent)
        return sent

    def get(self, number: str) -> Sent:
        """Return an upload. Raises `UnknownUpload`."""
        try:
            return _CARD.validate_json((self._folder(number) / CARD).read_bytes())
        except (FileNotFoundError, ValueError) as error:
            raise UnknownUpload from error

    def offset(self, sent: Sent) -> int:
        """Return how many bytes have come."""
        if sent.sha256:
            return sent.size
        try:
            data = self._data(sent)
            return data.stat().st_size if data.name == DATA else sent.size
        except FileNotFoundError as error:
            raise UnknownUpload from error

    def all(self) -> list[Sent]:
        """Return all uploads, oldest first."""
        found = []
        for folder in self.root.glob("*/"):
            with suppress(UnknownUpload):
                found.append(self.get(folder.name))
        return sorted(found, key=lambda sent: sent.began)

    @contextmanager
    def appending(self, sent: Sent, offset: int) -> Iterator[Append]:
        """Lend what adds bytes from ``offset`` on; what was added stays when the sender goes away.

        Raises `Elsewhere`, `Held`, and `BadInput` when the first bytes are those of no recording: then nothing is left.
        """
        with self._held(sent.id), writing(self.home):
            there = self.offset(sent)
            if offset != there:
                raise Elsewhere(there)
            with self._data(sent).open("ab") as file:
                try:
                    yield Append(file.write, sent.size - there)
                finally:
                    file.flush()
            self._look(sent)

    def _look(self, sent: Sent) -> None:
        """Refuse at the first bytes what would be refused at the last."""
        with self._data(sent).open("rb") as file:
            kind = disguised(file.read(_HEAD), Path(sent.name).suffix.lower())
        if kind:
            self.drop(sent.id)
            raise BadInput(
                f"« {sent.name} » est {kind}, quel que soit son nom : rien n’a été gardé ; choisissez le bon fichier."
            )

    def complete(self, sent: Sent) -> Sent:
        """Accept an upload whose last byte has come. Raises `BadInput`, and then nothing is left, for what holds no talk, is
        already in the library, or was sent by somebody else in the meantime."""
        with self._held(sent.id), writing(self.home):
            if (found := self.get(sent.id)).sha256:
                return found
            whole = self._data(sent)
            if whole.name == DATA:
                whole = whole.rename(whole.with_name(f"received{Path(sent.name).suffix.lower()}"))
            try:
                whole = check(whole, sent.name)
                # One at a time: of two identical files that end together, one is the first.
                with FileLock(self.root / ".lock"):
                    done = replace(sent, sha256=sha256_of(whole))
                    self._refuse_known(done)
                    self._write(done)
            except BadInput:
                self.drop(sent.id)
                raise
        return done

    def _refuse_known(self, sent: Sent) -> None:
        present = self.library.find_source(sent.sha256) or self.studies.find_source(sent.sha256)
        if present:
            raise BadInput(
                f"« {sent.name} » est déjà dans le hub, sous le titre « {present.title} » : rien n’a été gardé en double."
            )
        other = next((one for one in self.all() if one.sha256 == sent.sha256 and one.id != sent.id), None)
        if other:
            raise BadInput(
                f"« {sent.name} » vient d’être envoyé par {other.by} sous le nom « {other.name} » : "
                "rien n’a été gardé en double ; continuez avec cet envoi-là."
            )

    def drop(self, number: str) -> None:
        """Leave nothing of an upload. Raises `UnknownUpload`."""
        self.get(number)
        shutil.rmtree(self._folder(number), ignore_errors=True)
        self._lock(number).unlink(missing_ok=True)

    def sweep(self, keep: frozenset[str], used: frozenset[str]) -> None:
        """Throw away what is ``used`` up, and what nobody went on with for two days unless a job may still want it (``keep``)."""
        for sent in self.all():
            if sent.id in used or (sent.id not in keep and self.silence(sent) > ABANDONED):
                self.drop(sent.id)

    def silence(self, sent: Sent) -> float:
        """Return for how many seconds nothing has come."""
        try:
            return time.time() - self._data(sent).stat().st_mtime
        except FileNotFoundError:
            return time.time() - sent.began

    def _data(self, sent: Sent) -> Path:
        """Return where the bytes are; whole ones already have their last name where whoever looked into them was killed."""
        folder = self._folder(sent.id)
        return next(folder.glob("received.*"), folder / DATA)

    @contextmanager
    def _held(self, number: str) -> Iterator[None]:
        try:
            # Taken and let go by whatever thread serves the request just then.
            with FileLock(self._lock(number), blocking=False, thread_local=False):
                yield
        except Timeout as error:
            raise Held from error

    def _lock(self, number: str) -> Path:
        return self.root / f".{number}.lock"

    def _write(self, sent: Sent) -> None:
        replace_text(self._folder(sent.id) / CARD, _CARD.dump_json(sent).decode())

    def _folder(self, number: str) -> Path:
        # A number comes from an address: nothing but one of ours may become a path.
        if not _ID.fullmatch(number):
            raise UnknownUpload
        return self.root / number
