"""Where masterclasses come from: each kind of source is one file here, behind one protocol."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from transcripts.model import Cue


@dataclass(frozen=True, slots=True)
class Material:
    """What a source gives: a recording on disk, or cues; and what it knows of them.

    ``sha256`` recognises the same material when it comes again. ``duration`` in seconds, 0 when unknown.
    """

    name: str
    sha256: str
    title: str
    date: dt.date
    duration: float
    recording: Path | None = None
    video: bool = False
    cues: tuple[Cue, ...] = ()


class Source(Protocol):
    """A kind of source. It names what it holds, opens one thing at a time, and leaves the rest to the pipeline."""

    def accepts(self, given: str) -> bool:
        """Say whether this source reads what the user gave."""

    def names(self, given: str) -> Iterator[str]:
        """Yield what is in it, each to be opened by itself (a folder's files); at least one name."""

    def open(self, name: str) -> Material:
        """Return one material; raise `BadInput` with the sentence for the user."""


def find_source(given: str) -> Source:
    """Return the first source that accepts what the user gave."""
    from ingest.sources.files import Folder, Media, Subtitles

    known: tuple[Source, ...] = (Folder(), Subtitles(), Media())
    return next(source for source in known if source.accepts(given))
