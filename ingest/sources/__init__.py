"""Where masterclasses come from: each kind of source is one file here, behind one protocol."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from transcripts.errors import BadInput
from transcripts.model import Chapter, Cue

# Hears how many of how many bytes have come (0 of 0: unknown); called again and again while nothing comes, too: by what it
# raises, whoever waits can be stopped.
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Limits:
    """What may be fetched from elsewhere.

    ``private`` lets addresses of the own network be reached; ``bytes`` and ``seconds`` (of sound) bound one recording;
    ``video`` keeps the picture; ``language`` is that of the captions worth having. A fetch that stands still, or
    trickles, for ``patience`` seconds is given up. ``sent`` is the folder of what was sent from browsers.
    """

    private: bool = False
    bytes: int = 4_000_000_000
    seconds: float = 6 * 3600.0
    video: bool = False
    language: str = "fr"
    patience: float = 60.0
    sent: Path | None = None


@dataclass(frozen=True, slots=True)
class Material:
    """What a source gives: a recording on disk, or cues, or both, or else a document; and what it knows of them.

    ``sha256`` recognises the same material when it comes again. ``duration`` in seconds, 0 when unknown. ``captions``
    says whose subtitles the cues are when they were published beside a recording; ``note`` is a sentence for the
    reviewer.
    """

    name: str
    sha256: str
    title: str
    date: dt.date
    duration: float
    recording: Path | None = None
    video: bool = False
    cues: tuple[Cue, ...] = ()
    description: str | None = None
    speakers: tuple[str, ...] = ()
    chapters: tuple[Chapter, ...] = ()
    captions: str | None = None
    note: str | None = None
    document: Path | None = None


@dataclass(frozen=True, slots=True)
class Glimpse:
    """What a source says of one thing in it before that is fetched or read whole; ``duration`` in seconds, 0 when unknown.

    ``written`` tells a document from what was said.
    """

    name: str
    title: str
    date: dt.date | None = None
    speakers: tuple[str, ...] = ()
    duration: float = 0.0
    written: bool = False


class Source(Protocol):
    """A kind of source. It names what it holds, opens one thing at a time, and leaves the rest to the pipeline."""

    def accepts(self, given: str) -> bool:
        """Say whether this source reads what the user gave."""

    def names(self, given: str, progress: Progress) -> Iterator[str]:
        """Yield what is in it, each to be opened by itself (a folder's files); at least one name."""

    def open(self, name: str, folder: Path, progress: Progress) -> Material:
        """Return one material; raise `BadInput` or `Unavailable` with the sentence for the user.

        ``folder`` exists and is the same at the next try: what was fetched into it need not be fetched again.
        """


def refuse_empty(given: str) -> None:
    """Refuse what names nothing: as a path it would be the present folder, with all that lies in it. Raises `BadInput`."""
    if not given.strip():
        raise BadInput("Une source est vide : rien n’a été gardé ; donnez un fichier, un dossier ou un lien.")


def find_source(given: str, limits: Limits) -> Source:
    """Return the first source that accepts what the user gave. Raises `BadInput` when that is nothing."""
    refuse_empty(given)
    from ingest.sources.files import Folder, Media, Papers, Subtitles
    from ingest.sources.link import Link
    from ingest.sources.sent import SentFile

    local = Folder(limits.language), Subtitles(), Papers(), Media(limits.language)
    known: tuple[Source, ...] = (Link(limits), SentFile(limits.sent), *local)
    return next(source for source in known if source.accepts(given))
