"""The studies on disk: one folder of plain files each, beside the masterclasses, with the document they were made of."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from transcripts.errors import BadInput
from transcripts.files import format_summary, keep_file, parse_summary, replace_text
from transcripts.folders import STUDIES, Folders
from transcripts.model import Particulars, Summary
from transcripts.study import Study, StudyDetails
from transcripts.study_files import (
    DETAILS,
    FIGURES,
    HISTORY,
    ORIGINAL,
    SUMMARY,
    TEXT,
    change_study,
    format_study,
    format_text,
    parse_study,
    parse_text,
)
from transcripts.study_history import Content, Version, keep_version, read_versions


class Studies(Folders[StudyDetails]):
    """The studies below ``home/studies``, and all that changes them.

    Every write is atomic, as in the library of masterclasses; there is one write lock for both. Errors: `NotFound`
    (`Gone` for what was published once), `DamagedFile`, `NotWritable`.
    """

    sort = "study"
    below, card = STUDIES, DETAILS
    words = (TEXT,)
    shown = (DETAILS, TEXT, SUMMARY)

    def _parse(self, slug: str, text: str) -> StudyDetails:
        return parse_study(slug, text)

    def _changed(self, text: str, details: StudyDetails) -> str:
        return change_study(text, details)

    def read(self, slug: str) -> Study:
        """Return a study whole."""
        details = self.details(slug)
        path = self._folder(slug) / TEXT
        with self._reading(slug, path):
            blocks = parse_text(path.read_text("utf-8"))
        return Study(details, blocks, self.summary(slug))

    def summary(self, slug: str) -> Summary:
        """Return the summary alone."""
        path = self._folder(slug) / SUMMARY
        with self._reading(slug, path):
            return parse_summary(path.read_text("utf-8")) if path.exists() else Summary()

    def original(self, slug: str) -> Path | None:
        """Return the path of the document the study was made of, None when it is not there."""
        name = Path(self.details(slug).original).name
        path = self._folder(slug) / name
        return path if name and path.is_file() else None

    def figure(self, slug: str, number: int) -> Path | None:
        """Return the path of the picture of a figure (WebP), by its number from 1; None where there is none."""
        path = self._folder(slug) / FIGURES / f"{number}.webp"
        return path if path.is_file() else None

    def add(self, study: Study, original: Path | None = None, pictures: Sequence[bytes] = ()) -> StudyDetails:
        """Put a new study among the others and return its details; a taken slug gets a number.

        ``original`` is copied beside it, and ``pictures`` (WebP) are those its figures name; the folder appears last,
        complete.
        """
        with self._writing() as staging:
            details = replace(study.details, slug=self._free(study.details.slug))
            if original:
                details = replace(details, original=f"{ORIGINAL}{original.suffix.lower()}")
                keep_file(original, staging / details.original)
            replace_text(staging / DETAILS, format_study(details))
            replace_text(staging / TEXT, format_text(study.blocks))
            replace_text(staging / SUMMARY, format_summary(study.summary))
            if pictures:
                (staging / FIGURES).mkdir()
            for number, data in enumerate(pictures, 1):
                (staging / FIGURES / f"{number}.webp").write_bytes(data)
            staging.rename(self.root / details.slug)
        return details

    def amend(self, slug: str, change: Callable[[Study], Study], who: str = "", why: str = "") -> None:
        """Change what is said of a study, its text or its summary; ``who`` did it and ``why`` is kept, with what there was.

        Nobody else writes meanwhile. Raises `BadInput` from the change, and then nothing has changed.
        """
        folder = self.folder(slug)
        with self._writing():
            before = self.read(slug)
            after = change(before)
            keep_version(folder / HISTORY, self._content(slug))
            if after.details != before.details:
                card = folder / DETAILS
                replace_text(card, self._changed(card.read_text("utf-8"), after.details))
            if after.blocks != before.blocks:
                replace_text(folder / TEXT, format_text(after.blocks))
            if after.summary != before.summary:
                replace_text(folder / SUMMARY, format_summary(after.summary))
            keep_version(folder / HISTORY, self._content(slug), who, why)

    def withdraw(self, slug: str, seen: str, without: Callable[[Study], Study]) -> Study:
        """Keep what is left ``without`` a passage: neither its original nor what it was before. Return what it was.

        Raises `BadInput` where the text is no longer that whose digest is ``seen``.
        """
        folder = self.folder(slug)
        with self._writing():
            if self.digest(slug) != seen:
                raise BadInput(
                    "Quelqu’un a changé ce texte entre-temps : rien n’a été retiré ; choisissez de nouveau le passage."
                )
            study = self.read(slug)
            left = without(study)
            # What nobody may read any more is offered no longer, before anything else.
            card = folder / DETAILS
            replace_text(card, self._changed(card.read_text("utf-8"), left.details))
            replace_text(folder / TEXT, format_text(left.blocks))
            replace_text(folder / SUMMARY, format_summary(left.summary))
            shown = {f"{block.picture}.webp" for block in left.blocks if block.picture}
            known = {DETAILS, TEXT, SUMMARY, FIGURES}
            for other in [*folder.iterdir(), *(folder / FIGURES).glob("*")]:
                if other.parent.name == FIGURES and other.name in shown:
                    continue
                if other.name not in known:
                    shutil.rmtree(other) if other.is_dir() else other.unlink()
        return study

    def replace_original(self, slug: str, original: Path) -> StudyDetails:
        """Offer another document, which is copied, as the original of a study."""
        before, name = self.original(slug), f"{ORIGINAL}{original.suffix.lower()}"
        with self._writing():
            keep_file(original, self.folder(slug) / name)
        details = self.set_details(slug, original=name)
        if before and before.name != name:
            before.unlink(missing_ok=True)
        return details

    def versions(self, slug: str) -> list[Version]:
        """Return all saved states, oldest first, the present one last; what was changed elsewhere becomes one."""
        folder = self.folder(slug) / HISTORY
        with self._writing():
            keep_version(folder, self._content(slug))
            return read_versions(folder)

    def go_back(self, slug: str, number: int, who: str, why: str) -> None:
        """Make an earlier state the present one; those between stay in the history. Raises `BadInput`."""
        folder = self.folder(slug) / HISTORY

        def back(study: Study) -> Study:
            found = next((version.content for version in read_versions(folder) if version.number == number), None)
            if found is None:
                raise BadInput("Cette version n’existe pas : rien n’a changé ; rechargez la page.")
            said = found.particulars
            details = replace(
                study.details,
                title=said.title,
                date=said.date,
                theme=said.theme,
                event=said.event,
                description=said.description,
                authors=found.authors,
            )
            return Study(details, parse_text(found.text or ""), found.summary)

        self.amend(slug, back, who, why)

    def _content(self, slug: str) -> Content:
        details = self.details(slug)
        said = Particulars(details.title, details.date, details.theme, details.event, details.description)
        return Content(said, details.authors, self.summary(slug), (self._folder(slug) / TEXT).read_text("utf-8"))

    def remove(self, slug: str) -> None:
        """Remove a study and its document for good."""
        with self._writing() as staging:
            self._take_away(slug, staging)
