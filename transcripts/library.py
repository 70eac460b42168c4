"""The library on disk, as it is written."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from pydantic import TypeAdapter

from transcripts.errors import MediaDown, NotWritable
from transcripts.files import (
    CHAPTERS,
    CUES,
    DETAILS,
    SUMMARY,
    TRACE,
    change_details,
    format_summary,
    replace_text,
    write_folder,
    write_trace,
)
from transcripts.folders import SLUG
from transcripts.formats import write_chapters, write_vtt
from transcripts.model import Chapter, Cue, Details, Masterclass, Origin, Particulars, Recording, Summary, Trace
from transcripts.prints import Prints
from transcripts.shelf import Shelf

BEFORE = "before.json"  # in the folder of a masterclass
WEEK = 7 * 24 * 3600.0  # seconds for which a recording that was replaced can be brought back


@dataclass(frozen=True, slots=True)
class Replaced:
    """A recording that another took the place of: ``duration`` in seconds, kept ``until`` then (seconds since the epoch)."""

    recording: Recording
    duration: float
    until: float


_REPLACED = TypeAdapter(Replaced)


class Library(Shelf):
    """The library with all that changes it.

    Every write is atomic: a reader sees the state before or after it, and a killed writer leaves the last complete state.
    Errors: those of reading, and `NotWritable`.
    """

    def add(
        self,
        masterclass: Masterclass,
        recording: Path | None = None,
        trace: Trace | None = None,
        prints: Mapping[str, Sequence[float]] | None = None,
    ) -> Details:
        """Put a new masterclass into the library and return its details; a taken slug gets a number.

        ``recording`` is copied to ``media``, and ``prints`` of its voices are kept; the folder appears last, complete. Raises
        `MediaDown`; then nothing is kept.
        """
        with ExitStack() as stack:
            # Whoever else writes does not wait while it is copied.
            place = stack.enter_context(self.media.bring(recording)) if recording else None
            staging = stack.enter_context(self._writing())
            details = replace(masterclass.details, slug=self._free(masterclass.details.slug))
            folder = staging / details.slug  # its name says what else is here, should this be killed: see `_sweep`
            folder.mkdir()
            if recording and place and details.recording:
                name = f"{details.slug}{recording.suffix.lower()}"
                details = replace(details, recording=replace(details.recording, file=name))
                place(name)
            try:
                write_folder(folder, replace(masterclass, details=details), trace)
                if prints:
                    Prints(self.home).keep(details.slug, prints)
                folder.rename(self.root / details.slug)
            except BaseException:
                if place:
                    self.media.forget(details.slug)
                Prints(self.home).forget(details.slug)
                raise
        return details

    def replace_recording(self, slug: str, path: Path, kept: Recording, duration: float) -> Details:
        """Put another recording (``duration`` in seconds) in place of a masterclass's, copied from ``path``.

        It is a draft then: nobody has looked yet whether the times of its lines are those of this recording. The one that there
        was stays near for a week (`replaced`). Raises `MediaDown`; where nothing could be copied, nothing has changed.
        """
        name, before = f"{slug}{path.suffix.lower()}", ""
        with self.media.bring(path) as place:
            details = self.set_status(slug, "draft")
            with self._writing():
                if (present := self.recording(slug)) and details.recording:
                    before = f"{slug}.before{Path(present).suffix}"
                    kept_back = Replaced(replace(details.recording, file=before), details.duration, time.time() + WEEK)
                    replace_text(self.folder(slug) / BEFORE, _REPLACED.dump_json(kept_back).decode())
                    self.media.copy(present, before)
                place(name)
        details = self.set_details(slug, duration=round(duration, 3), recording=replace(kept, file=name))
        self.media.forget(slug, name, before)
        return details

    def replaced(self, slug: str) -> Replaced | None:
        """Return the recording that was there before the present one, None where none is kept any more."""
        try:
            return _REPLACED.validate_json((self.folder(slug) / BEFORE).read_bytes())
        except (FileNotFoundError, ValueError):
            return None

    def drop_replaced(self, slug: str) -> None:
        """Keep nothing of the recording that there was before. Raises `MediaDown`; then it can be done again."""
        note = self.folder(slug) / BEFORE
        if note.exists():
            self.media.forget(slug, self.recording(slug) or "")
            note.unlink()

    def rewrite(
        self,
        slug: str,
        *,
        cues: tuple[Cue, ...] | None = None,
        chapters: tuple[Chapter, ...] | None = None,
        summary: Summary | None = None,
        speakers: tuple[str, ...] | None = None,
        particulars: Particulars | None = None,
        trace: Trace | None = None,
    ) -> None:
        """Replace parts of a masterclass; those that are None stay as they are."""
        folder = self.folder(slug)
        with self._writing():
            if cues is not None:
                replace_text(folder / CUES, write_vtt(cues))
            if chapters is not None:
                replace_text(folder / CHAPTERS, write_chapters(chapters))
            if summary is not None:
                replace_text(folder / SUMMARY, format_summary(summary))
            if trace is not None:
                replace_text(folder / TRACE, write_trace(trace))
        said = ({} if speakers is None else {"speakers": speakers}) | (asdict(particulars) if particulars else {})
        if said:
            self.set_details(slug, **said)

    def set_hearing(self, slug: str, trace: Trace, origin: Origin, heard: Recording | None) -> bool:
        """Replace what the machine did, and the model, by those of another hearing; say whether ``heard`` is still the recording."""
        with self._writing():
            if self.details(slug).recording != heard:
                return False
            folder = self._folder(slug)
            text = change_details((folder / DETAILS).read_text("utf-8"), replace(self.details(slug), origin=origin))
            replace_text(folder / TRACE, write_trace(trace))
            replace_text(folder / DETAILS, text)
        return True

    def remove(self, slug: str) -> None:
        """Remove a masterclass and its recording for good. Raises `MediaDown`; then nothing is removed."""
        self.details(slug)
        with self._writing() as staging:
            # What lies elsewhere goes first: whoever is killed here can do it again.
            self.media.forget(slug)
            Prints(self.home).forget(slug)
            self._take_away(slug, staging)

    def _sweep(self) -> None:
        """Remove what killed writers have left, with the recordings and prints of what they were adding.

        Where those cannot be reached just now, all of it waits for the next writer.
        """
        slugs = [
            path.name for leftover in self._leftovers() for path in leftover.iterdir() if SLUG.fullmatch(path.name)
        ]
        try:
            for slug in slugs:
                if not (self.root / slug).exists():
                    self.media.forget(slug)
                    Prints(self.home).forget(slug)
        except (MediaDown, NotWritable):
            return
        super()._sweep()
