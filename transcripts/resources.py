"""All that a member can learn from, whatever its kind: what is cited is a place in it, a second or a page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from transcripts.errors import Gone, NotFound
from transcripts.library import Library
from transcripts.model import Details, Masterclass
from transcripts.studies import Studies
from transcripts.study import Study, StudyDetails

# What is known of either; the speakers of a study are its authors.
About = Details | StudyDetails


class Collection(Protocol):
    """What an index follows. Errors: `NotFound`, `DamagedFile`."""

    @property
    def roots(self) -> tuple[Path, ...]:
        """The folders that change with it."""

    def published(self) -> Sequence[About]:
        """Return what everybody may read, latest first."""

    def details(self, slug: str) -> About:
        """Return what is known of one."""

    def read(self, slug: str) -> Masterclass | Study:
        """Return one whole."""

    def digest(self, slug: str) -> str:
        """Return a hash of its words and headings."""

    def signature(self, slug: str) -> tuple[int, ...]:
        """Return numbers that change whenever its words or headings do."""


class Resources:
    """Masterclasses and studies as one `Collection`. A slug that both have is the masterclass's."""

    def __init__(self, library: Library, studies: Studies) -> None:
        self._library, self._studies = library, studies

    @property
    def roots(self) -> tuple[Path, ...]:
        """The folders of both."""
        return (*self._library.roots, *self._studies.roots)

    def published(self) -> list[About]:
        """Return what everybody may read, latest first."""
        spoken: list[About] = list(self._library.published())
        taken = {details.slug for details in spoken}
        written = [details for details in self._studies.published() if details.slug not in taken]
        return sorted([*spoken, *written], key=lambda details: details.slug, reverse=True)

    def details(self, slug: str) -> About:
        """Return what is known of one."""
        return self._of(slug).details(slug)

    def read(self, slug: str) -> Masterclass | Study:
        """Return one whole."""
        return self._of(slug).read(slug)

    def digest(self, slug: str) -> str:
        """Return a hash of its words and headings."""
        return self._of(slug).digest(slug)

    def signature(self, slug: str) -> tuple[int, ...]:
        """Return numbers that change whenever its words or headings do."""
        return self._of(slug).signature(slug)

    def _of(self, slug: str) -> Library | Studies:
        """Return where a slug lies. Raises `NotFound`, `Gone` where either had it."""
        try:
            self._library.details(slug)
        except NotFound as spoken:
            try:
                self._studies.details(slug)
            except NotFound:
                if isinstance(spoken, Gone):
                    raise spoken from None
                raise NotFound(slug, "resource") from None
            return self._studies
        return self._library
