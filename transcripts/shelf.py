"""The library on disk, as it is read: one folder of plain files per masterclass, the truth from which all else is derived."""

from __future__ import annotations

from pathlib import Path

from transcripts.errors import DamagedFile
from transcripts.files import (
    CHAPTERS,
    CUES,
    DETAILS,
    SUMMARY,
    TRACE,
    change_details,
    parse_details,
    parse_summary,
    read_trace,
)
from transcripts.folders import LIBRARY, Folders
from transcripts.formats import read_chapters, read_cues
from transcripts.media import media_at
from transcripts.model import Chapter, Details, Masterclass, Summary, Trace
from transcripts.reasons import reason


class Shelf(Folders[Details]):
    """The masterclasses below ``home/library``, with their recordings below ``home/media`` or in the store that ``store`` names."""

    sort = "masterclass"
    below, card = LIBRARY, DETAILS
    words = (CUES, CHAPTERS)
    shown = (DETAILS, CUES, CHAPTERS, SUMMARY)

    def __init__(self, home: Path, store: str | None = None) -> None:
        super().__init__(home)
        self.media = media_at(home, store)

    def _parse(self, slug: str, text: str) -> Details:
        return parse_details(slug, text)

    def _changed(self, text: str, details: Details) -> str:
        return change_details(text, details)

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

    def trace(self, slug: str) -> Trace:
        """Return what the machine did when it wrote the transcript; an empty trace for one that was imported."""
        path = self._folder(slug) / TRACE
        try:
            return read_trace(path.read_bytes())
        except FileNotFoundError:
            return Trace()
        except ValueError as error:
            raise DamagedFile(path, reason(error)) from error

    def recording(self, slug: str) -> str | None:
        """Return the name of the recording that the hub keeps in ``media``, None when there is none."""
        kept = self.details(slug).recording
        name = Path(kept.file).name if kept else ""
        return name if name and self.media.has(name) else None

    def contents(self, details: Details) -> tuple[str, ...]:
        """Return the hashes of what a masterclass was made from, and of the recording that took its place."""
        return (*super().contents(details), *([details.recording.sha256] if details.recording else []))
