"""What is taken back is gone: a passage, a masterclass or a study, from everything that the hub keeps below its home.

Backups aside: they hold the past on purpose, for seven days; the health page erases them one by one.
"""

from __future__ import annotations

import html
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

from app import review
from app.again import slug_of
from app.backup import clear
from app.holding import holder, naming
from app.queue import Job
from app.services import Services
from app.timing import asked
from index.duties import ask_purge
from ingest.silence import silence
from ingest.sources.files import sha256_of
from ingest.sources.sent import sent_id, shown_of
from ingest.work import folder_of, work_folder
from transcripts.doubts import still_settled
from transcripts.errors import BadInput, BadStaffFile, DamagedFile
from transcripts.files import FILES, write_folder
from transcripts.library import Library
from transcripts.model import Details
from transcripts.replacing import Wanted, places
from transcripts.resources import About
from transcripts.revision import content_of
from transcripts.staff_glossary import Listed
from transcripts.study_withdrawal import pieces, withdraw_pieces
from transcripts.withdrawal import Withdrawn, withdraw


def withdraw_passage(services: Services, slug: str, start: float, end: float, who: str) -> Withdrawn:
    """Take what was said between two seconds out of a masterclass and its recording.

    The recording is made and copied near first: where that fails, nothing is withdrawn. What was corrected meanwhile stays.
    Raises `BadInput`, `BadRecording`, `MediaDown`.
    """
    library = services.library
    if pending := review.notice(services, slug):
        raise BadInput(f"{pending} Rien n’a été retiré : ce serait un autre moment du son.")
    left = _without(services, slug, start, end)
    done = f"a retiré un passage ({left.end - left.start:.0f} s)"
    with _silenced(library, left) as (sha256, place), services.history.anew(slug, who, done) as forget:
        quieted, left = left, _without(services, slug, start, end)
        if _sound(left) != _sound(quieted):
            raise BadInput(
                "Quelqu’un a changé ce passage entre-temps : rien n’a été retiré ; choisissez-le de nouveau."
            )
        made = left.masterclass
        if sha256 and (kept := made.details.recording):
            made = replace(made, details=replace(made.details, recording=replace(kept, sha256=sha256)))
        with library.held():
            folder = library.root / slug
            # Killed from here on, it can be done again: the text goes last.
            forget(_settled(services, slug, left))
            place()
            library.drop_replaced(slug)
            write_folder(folder, made, left.trace)
            # Whatever lies there besides tells of earlier states.
            for other in folder.iterdir():
                if other.name not in FILES:
                    shutil.rmtree(other) if other.is_dir() else other.unlink()
    _leave_no_trace(services, left.masterclass.details, who, done)
    return left


@contextmanager
def _silenced(library: Library, left: Withdrawn) -> Iterator[tuple[str, Callable[[], None]]]:
    """Lend the hash of a recording without what is withdrawn, and what puts it in its place; an empty one where there is no sound."""
    details = left.masterclass.details
    name = library.recording(details.slug)
    if name is None or details.recording is None:
        yield "", lambda: None
        return
    with work_folder(library.home, details.source, lambda: None) as folder:
        quiet = folder / name
        with library.media.local(name) as recording:
            silence(recording, quiet, left.start, left.end)
        sha256 = sha256_of(quiet)
        with library.media.bring(quiet) as place:
            yield sha256, lambda: place(name)


def _without(services: Services, slug: str, start: float, end: float) -> Withdrawn:
    """Return what would be left of a masterclass. Raises `BadInput`."""
    return withdraw(services.library.read(slug), review.trace(services, slug), start, end)


def _settled(services: Services, slug: str, left: Withdrawn) -> tuple[str, ...]:
    """Return the doubts that stay settled in what is left of a masterclass."""
    library, latest = services.library, services.history.latest(slug)
    if latest is None:
        return ()
    listed: tuple[Listed, ...] = ()
    # Doubts of a glossary that cannot be read come back: what is withdrawn goes all the same.
    with suppress(BadStaffFile):
        listed = services.staff_glossary.listed()
    before = content_of(library.read(slug), latest.settled, latest.shift)
    return still_settled(before, library.trace(slug), content_of(left.masterclass), left.trace, listed)


def _sound(left: Withdrawn) -> tuple[object, ...]:
    """Return which stretch of which recording is to be silent."""
    return left.start, left.end, left.masterclass.details.recording


def withdraw_from_study(services: Services, slug: str, first: int, last: int, seen: str, who: str) -> None:
    """Take pieces (`transcripts.study_withdrawal`) out of a study, its original and its earlier texts with them.

    Raises `BadInput`, also when the text is no longer that whose digest is ``seen``.
    """
    study = services.studies.withdraw(slug, seen, partial(withdraw_pieces, first=first, last=last))
    _leave_no_trace(services, study.details, who, f"a retiré un passage (page {pieces(study)[first].page})")


def _leave_no_trace(services: Services, details: About, who: str, done: str) -> None:
    """Take what was withdrawn out of all else: each thing whatever becomes of the others, since the words are gone by now."""
    with ExitStack() as last_first:
        last_first.callback(services.journal.note, who, done, details.slug)
        last_first.callback(services.pins.keep_standing, details.slug)
        last_first.callback(_forget_work, services, details)
        last_first.callback(ask_purge, services.settings.requests)


def erase(services: Services, slug: str, who: str) -> list[str]:
    """Remove a masterclass or a study for good, from everything; return the files written by staff that still name it.

    What is damaged can be erased too. Raises `NotFound`; where something fails, it is still there and can be erased again.
    """
    clear(services.settings.home)
    held = holder(services, slug)
    details = next((d for d in held.catalogue() if d.slug == slug), None)
    names = _names(services, details) if details else set()
    if details:
        _forget_work(services, details, names)
    _forget_terms(services, slug)
    _forget_name(services, slug, details, names)  # what fails can be done again: the thing itself goes last
    if details:
        held.remove(slug)
    else:
        services.library.media.forget(slug)
        services.prints.forget(slug)
        with held.held():
            shutil.rmtree(held.root / slug)
    _forget_name(services, slug, details, names)  # it may have been read meanwhile
    what = "la masterclass" if held is services.library else "l’étude"
    services.journal.note(who, f"a effacé pour de bon {what} du {slug[:10]}")
    return sorted(naming(held.home, slug))


def _names(services: Services, details: About) -> set[str]:
    """Return what something was ever called: its titles, and what its file or link is called."""
    names = {details.title, details.source}
    with suppress(DamagedFile):
        if isinstance(details, Details):
            for version in services.history.versions(details.slug):
                states = [version.whole.particulars] if version.whole else []
                names |= {state.title for state in (*states, *(version.delta.particulars or ()))}
        else:
            names |= {version.content.particulars.title for version in services.studies.versions(details.slug)}
    return names - {""}


def _forget_terms(services: Services, slug: str) -> None:
    """Take the forms off the staff's glossary that stand in a masterclass, now or earlier, and in no other one: its own words."""
    root, others = services.library.root, [other for other in services.library.slugs() if other != slug]
    for one in services.staff_glossary.listed():
        wanted = Wanted(one.heard)
        if _says(root / slug, wanted) and not any(_says(root / other, wanted) for other in others):
            services.staff_glossary.remove(one.heard, one.term)


def _says(folder: Path, wanted: Wanted) -> bool:
    with suppress(FileNotFoundError):  # somebody corrects it
        files = (file for file in folder.rglob("*") if file.is_file())
        return any(places(html.unescape(file.read_text("utf-8", "replace")), wanted) for file in files)
    return False


def _forget_name(services: Services, slug: str, details: About | None, names: set[str]) -> None:
    """Take something out of counts, pins, finished jobs and the journal; ask that the index leaves nothing of it."""
    services.statistics.forget_masterclass(slug)
    services.pins.forget(slug)
    for job in _jobs(services, slug, details, names):
        if job.state in ("waiting", "running"):
            with suppress(BadInput):  # it is over by now
                services.queue.cancel(job.id)
        if job.state != "running":
            services.queue.forget(job.id)
    services.queue.compact()
    services.journal.forget(slug, names)
    ask_purge(services.settings.requests)


def _forget_work(services: Services, details: About, names: Iterable[str] = ()) -> None:
    """Throw away what is half done, or was sent, of a masterclass's recording or a study's document."""
    home = services.settings.home
    sources = {details.source, *(job.source for job in _jobs(services, details.slug, details, names))}
    folders = {folder_of(home, source) for source in sources}
    folders |= {home / "uploads" / number for source in sources if (number := sent_id(source))}
    known = [sha256.encode() for sha256 in _hashes(services, details)]
    for folder in [*(home / "work").glob("*"), *(home / "uploads").glob("*")]:
        if folder.is_dir() and (folder in folders or any(_holds(folder, sha256) for sha256 in known)):
            shutil.rmtree(folder, ignore_errors=True)


def _hashes(services: Services, details: About) -> set[str]:
    library, studies = services.library, services.studies
    found = library.contents(details) if isinstance(details, Details) else studies.contents(details)
    return set(found) - {""}


def _jobs(services: Services, slug: str, details: About | None, names: Iterable[str]) -> Iterator[Job]:
    """Yield the jobs of something; also those that came to nothing, known by the file that was sent, or by a name."""
    hashes = _hashes(services, details) if details else set()
    sent = {one.id for one in services.uploads.all() if one.sha256 in hashes}
    for job in services.queue.jobs():
        called = {job.wishes.title, job.source, shown_of(job.source)}
        vain = job.state in ("failed", "cancelled") and not called.isdisjoint(names)
        if slug in _about(job) or sent_id(job.source) in sent or vain:
            yield job


def _about(job: Job) -> set[str | None]:
    """Return what a job made, or is to work on."""
    edited = asked(job.source)
    given = edited.slug if edited else slug_of(job.source)
    # A list of which the rest is still to come is not stopped.
    over = job.state not in ("waiting", "running")
    return {given, *(outcome.slug for outcome in job.outcomes if over)}


def _holds(folder: Path, text: bytes) -> bool:
    return any(
        text in file.name.encode() or (file.suffix == ".json" and text in file.read_bytes())
        for file in folder.rglob("*")
        if file.is_file()
    )
