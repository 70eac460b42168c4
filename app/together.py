"""One thing done to many masterclasses; each that cannot be done is told, and the others are done."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from itertools import groupby

from app import publishing
from app.again import ask_again
from app.people import Person
from app.services import Services
from app.spreadsheet import Change
from transcripts.errors import HubError
from transcripts.formats import export
from transcripts.revision import described


@dataclass(frozen=True, slots=True)
class Tally:
    """For how many masterclasses something was done, and a sentence for each for which it was not."""

    done: int
    refused: tuple[str, ...]


def _each(slugs: Iterable[str], do: Callable[[str], object]) -> Tally:
    done, refused = 0, []
    for slug in slugs:
        try:
            do(slug)
            done += 1
        except HubError as error:
            refused.append(str(error))
    return Tally(done, tuple(refused))


def publish(services: Services, slugs: Iterable[str], by: Person) -> Tally:
    """Publish those that are ready."""
    return _each(slugs, lambda slug: publishing.publish(services, slug, by))


def unpublish(services: Services, slugs: Iterable[str], by: Person) -> Tally:
    """Take all back."""
    return _each(slugs, lambda slug: publishing.unpublish(services, slug, by))


def set_theme(services: Services, slugs: Iterable[str], theme: str, by: Person) -> Tally:
    """Give all one theme."""

    def change(slug: str) -> None:
        services.history.amend(slug, partial(described, theme=theme), by.email, "dans une sélection")
        services.journal.note(
            by.email, f"a changé le thème ({services.settings.library.themes.get(theme, theme)})", slug
        )

    return _each(slugs, change)


def transcribe_again(services: Services, slugs: Iterable[str], by: Person) -> Tally:
    """Have those transcribed again for which the present model is another than theirs."""
    return _each(slugs, lambda slug: ask_again(services, slug, by))


def apply(services: Services, changes: Iterable[Change], by: Person) -> Tally:
    """Do what a table would change. Of one masterclass, what is written about it comes before its publication."""
    by_slug = {slug: list(run) for slug, run in groupby(changes, lambda change: change.slug)}

    def change(slug: str) -> None:
        values = dict(one.value for one in by_slug[slug])
        status = values.pop("status", None)
        if values:
            done = "a changé par un tableau"
            fields = ", ".join(one.field for one in by_slug[slug] if one.value[0] in values)
            services.history.amend(slug, partial(described, **values), by.email, done)
            services.journal.note(by.email, f"{done} : {fields}", slug)
        if status:
            (publishing.publish if status == "published" else publishing.unpublish)(services, slug, by)

    return _each(by_slug, change)


def archive(services: Services, slugs: Iterable[str]) -> bytes:
    """Return the transcripts as a ZIP of Markdown and WebVTT."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as packed:
        for slug in slugs:
            masterclass = services.library.read(slug)
            packed.writestr(f"{slug}.md", export(masterclass, "md"))
            packed.writestr(f"{slug}.vtt", export(masterclass, "vtt"))
    return whole.getvalue()
