"""Where a slug lies: among the masterclasses or among the studies; and both in one list for the command."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from app.services import Services
from transcripts.errors import DamagedFile, Gone, NotFound
from transcripts.formats import entry
from transcripts.library import Library
from transcripts.studies import Studies
from transcripts.study_formats import study_entry

_WRITTEN = (".toml", ".txt", ".md")  # what staff write by hand


def holder(services: Services, slug: str) -> Library | Studies:
    """Return what holds a slug, damaged or not. Raises `NotFound`, `Gone`."""
    for held in (services.library, services.studies):
        if slug in held.slugs():
            return held
    try:
        services.library.details(slug)
    except Gone:
        raise
    except NotFound as error:
        raise NotFound(slug, "resource") from error
    return services.library  # it came in between


def listed(services: Services) -> list[dict[str, Any]]:
    """Return everything as ``hub list --json`` shows it, latest first; ``kind`` is "masterclass" or "study"."""
    talks = [{**entry(details), "kind": "masterclass", "pages": 0} for details in services.library.catalogue()]
    written = [
        {**study_entry(details), "speakers": list(details.authors), "duration": 0.0}
        for details in services.studies.catalogue()
    ]
    return sorted([*talks, *written], key=lambda one: one["slug"], reverse=True)


def examine(services: Services, seconds: float = 2.0) -> int:
    """Read whole, for so long each, what is not known to be sound of either; return of how many nothing is known yet."""
    return sum(held.examine(seconds) for held in (services.library, services.studies))


def damaged(services: Services) -> list[DamagedFile]:
    """Return what cannot be read of either, as far as it was examined."""
    return [*services.library.damaged(), *services.studies.damaged()]


def naming(home: Path, slug: str) -> Iterator[str]:
    """Yield the files that staff wrote below the home, agenda and paths, that name a masterclass or a study."""
    word = re.compile(rf"(?<![\w-]){re.escape(slug)}(?![\w-])")
    for path in [*home.glob("*"), *home.glob("parcours/*")]:
        if path.is_file() and path.suffix in _WRITTEN and word.search(path.read_text("utf-8", "replace")):
            yield path.relative_to(home).as_posix()
