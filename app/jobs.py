"""Ingestion and index meet here, and only here: a new transcript is searchable when its job is done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.again import slug_of, transcribe_again
from app.services import Services
from app.timing import asked, time_lines
from ingest.memory import give_back
from ingest.sources import find_source
from ingest.sources.link import fetched
from ingest.wishes import Outcome, Progress, Wishes
from transcripts.errors import BadInput, HubError

INTERRUPTED = (
    "Interrompu : ce qui était terminé est gardé, rien d’inachevé ne reste ; relancez la commande pour continuer."
)
_ADDED = "a ajouté"


def do(services: Services, source: str, wishes: Wishes, progress: Progress) -> Iterator[Outcome]:
    """Do what a job of the queue asks: bring a source in, transcribe a masterclass again, or time the lines of a corrected text."""
    slug, edited = slug_of(source), asked(source)
    if slug:
        outcome = transcribe_again(services, slug, wishes.by, progress)
    elif edited:
        outcome = time_lines(services, edited, wishes.by, progress)
    else:
        for outcome in ingest(services, [source], wishes, progress):
            if outcome.slug and outcome.status != "unchanged":
                _note(services, wishes.by or "hub", outcome.slug)
            yield outcome
        return
    yield outcome
    if outcome.status == "published":
        services.engine.follow(lambda done, total: progress("Index", done, total))


def ingest(services: Services, given: Sequence[str], wishes: Wishes, progress: Progress) -> Iterator[Outcome]:
    """Bring sources into the library one by one; a failure is an `Outcome` and the others go on."""
    published = False
    for one in given:
        try:
            source = find_source(one, services.limits(wishes.language))
            before = fetched(services.settings.home / "work", one)
            names = [before] if before else list(source.names(one, lambda *read: progress("Lecture du lien", *read)))
            if len(names) > 1 and (wishes.title or wishes.slug):
                raise BadInput(
                    f"« {one} » contient {len(names)} enregistrements ou documents : rien n’a été gardé ; donnez-le sans titre ni "
                    "identifiant, ou donnez-en un seul."
                )
        except HubError as error:
            yield Outcome(one, None, "failed", error=str(error))
            continue
        except KeyboardInterrupt:
            yield Outcome(one, None, "failed", error=INTERRUPTED)
            return
        for name in names:
            try:
                with services.pipeline.work_folder(name, progress) as folder:
                    outcome = services.pipeline.ingest(source, name, folder, wishes, progress)
                    published = published or outcome.status == "published"
                    yield outcome  # who is told keeps it before the folder goes
            except HubError as error:
                yield Outcome(name, None, "failed", error=str(error))
            except KeyboardInterrupt:
                yield Outcome(name, None, "failed", error=INTERRUPTED)
                return
    if published:
        progress("Index", 0, 0)
        give_back()  # what drafting a summary left
        services.engine.follow(lambda done, total: progress("Index", done, total))


def _note(services: Services, who: str, slug: str) -> None:
    """Note what was added; a job that was killed right after it had done so does not note it again."""
    latest = services.journal.entries(slug, limit=1)
    if [(entry.who, entry.what) for entry in latest] != [(who, _ADDED)]:
        services.journal.note(who, _ADDED, slug)
