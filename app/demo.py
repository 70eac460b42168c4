"""The demonstration library: masterclasses written for it, with invented speakers, to see the hub at work."""

from __future__ import annotations

import tomllib
from contextlib import suppress
from dataclasses import replace
from itertools import count, takewhile
from pathlib import Path

from app import demo_survey
from app.services import Services
from ingest.sources import find_source
from ingest.wishes import Progress, Wishes
from transcripts.errors import writing
from transcripts.files import replace_text
from transcripts.library import Library
from transcripts.model import Details
from transcripts.studies import Studies

_HOME = Path(__file__).resolve().parent.parent / "transcripts" / "demo"


def fill(services: Services, progress: Progress) -> int:
    """Add the demonstration masterclasses that are not there yet; return how many.

    Those without a transcript are transcribed, as a recording of one's own would be. A library that holds anything else
    is left alone.
    """
    present = services.library.catalogue()
    own = [d.slug for d in present if not d.demonstration]
    if own or not all(study.demonstration for study in services.studies.catalogue()):
        return 0  # a library in use is nobody's demonstration
    ready = Library(_HOME)
    added = 0
    for slug in ready.slugs():
        details = ready.details(slug)
        if any(details.slug == slug for details in present):
            continue
        name = ready.recording(slug)
        recording = _HOME / "media" / name if name else None
        if (ready.root / slug / "transcript.vtt").exists():
            services.library.add(ready.read(slug), recording)
        else:
            _transcribe(services, details, recording, progress)
        added += 1
    _add_pages(services.settings.home)
    demo_survey.add(services.surveys)
    if _add_studies(services.studies) or added:
        services.engine.follow(lambda done, total: progress("Index", done, total))
    return added


def _add_studies(studies: Studies) -> int:
    """Add the studies of the demonstration that are not there yet; return how many."""
    ready = Studies(_HOME)
    missing = [slug for slug in ready.slugs() if slug not in studies.slugs()]
    for slug in missing:
        pictures = (ready.figure(slug, number) for number in count(1))
        held = [path.read_bytes() for path in takewhile(bool, pictures) if path]
        studies.add(ready.read(slug), ready.original(slug), held)
    return len(missing)


def _add_pages(home: Path) -> None:
    """Add the agenda and the learning paths of the demonstration, in place of none."""
    with writing(home):
        for source in _pages():
            path = home / source.relative_to(_HOME)
            if not path.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                replace_text(path, source.read_text("utf-8"))


def _remove_pages(home: Path) -> None:
    """Remove them; a file that somebody made their own, by taking the mark of the demonstration out, stays."""
    with writing(home):
        for source in _pages():
            path = home / source.relative_to(_HOME)
            with suppress(FileNotFoundError, ValueError):
                if tomllib.loads(path.read_text("utf-8")).get("demonstration") is True:
                    path.unlink()


def _pages() -> list[Path]:
    return [_HOME / "agenda.toml", _HOME / "lieux.toml", *sorted((_HOME / "parcours").glob("*.toml"))]


def _transcribe(services: Services, details: Details, recording: Path | None, progress: Progress) -> None:
    wishes = Wishes(
        title=details.title,
        date=details.date,
        speakers=details.speakers,
        theme=details.theme,
        language=details.language,
        slug=details.slug,
        publish=True,
    )
    name = str(recording)
    source = find_source(name, services.limits(None))
    with services.pipeline.work_folder(name, progress) as folder:
        material = source.open(name, folder, lambda done, total: None)
        draft = services.pipeline.make(material, folder, wishes, progress)
        details = replace(draft.masterclass.details, demonstration=True)
        services.pipeline.keep(replace(draft, masterclass=replace(draft.masterclass, details=details)), recording)


def remove(services: Services, progress: Progress) -> int:
    """Remove every demonstration masterclass, and all that goes with them; return how many there were."""
    _remove_pages(services.settings.home)
    demo_survey.remove(services.surveys)
    for study in services.studies.catalogue():
        if study.demonstration:
            services.studies.remove(study.slug)
    gone = [details for details in services.library.catalogue() if details.demonstration]
    for done, details in enumerate(gone):
        progress("Retrait", done, len(gone))
        services.library.remove(details.slug)
    return len(gone)
