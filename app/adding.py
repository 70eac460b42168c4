"""What staff give the hub to work on: looked at, compared with what is there, and put into the queue."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import replace

from app.people import Person
from app.queue import Job
from app.services import Services
from ingest.sources import Glimpse, find_source
from ingest.sources.link import Link
from ingest.sources.sent import Sent, SentFile, sent_id, sent_name
from ingest.wishes import Wishes
from ingest.work import forget_begun, forget_old
from transcripts.addresses import one_address
from transcripts.errors import BadInput
from transcripts.model import Details, Recording
from transcripts.study import StudyDetails

_UNDER_WAY = ("waiting", "running")


def look(services: Services, given: str) -> list[Glimpse]:
    """Return what a link or a file that was sent holds. Raises `BadInput`, `Unavailable`."""
    source = find_source(given, services.limits(None))
    if not isinstance(source, (Link, SentFile)):
        raise BadInput(
            "Ce n’est pas un lien : rien n’a été ajouté ; il commence par https://, comme https://exemple.org/video."
        )
    return list(source.look(given))


def known(services: Services, names: Iterable[str]) -> dict[str, str]:
    """Return why some names need not be added again, as sentences: they are in the library, or on their way."""
    catalogue = services.library.catalogue()
    there = {one_address(details.source): details.title for details in catalogue if "://" in details.source}
    coming = {one_address(job.source) for job in services.queue.jobs() if job.state in _UNDER_WAY}
    return {
        name: f"Déjà dans le hub, sous le titre « {there[one]} »." if one in there else "Déjà dans la file d’attente."
        for name in names
        if (one := one_address(name)) in there or one in coming
    }


def add(services: Services, name: str, wishes: Wishes, by: Person) -> Job:
    """Put one thing into the queue, as a draft. Raises `BadInput` for what is there already."""
    if wishes.theme not in services.settings.library.themes:
        raise BadInput("Ce thème n’existe pas : rien n’a été ajouté ; choisissez-en un autre.")
    if known(services, [name]):
        raise BadInput("Cet enregistrement est déjà dans le hub, ou en route : rien n’a été ajouté en double.")
    job = services.queue.add(name, replace(wishes, by=by.email))
    services.journal.note(by.email, "a donné un travail au hub")
    return job


def replace_recording(services: Services, slug: str, number: str, by: Person) -> Details:
    """Put a file that was sent in place of the recording of a masterclass, which is a draft until somebody compared its times.

    Raises `BadInput` for subtitles, `UnknownUpload`; then nothing has changed.
    """
    sent, library = services.uploads.get(number), services.library
    name = sent_name(sent)
    material = find_source(name, services.limits(None)).open(name, library.home, lambda *_: None)
    if material.recording is None:
        raise BadInput(
            f"« {sent.name} » contient des sous-titres, pas un enregistrement : rien n’a changé ; pour un texte corrigé, "
            "ouvrez « Corriger la transcription », puis « Texte corrigé ailleurs »."
        )
    services.history.open(slug)  # its times belong to the recording that there was
    kept = Recording("", material.sha256, material.video)
    details = library.replace_recording(slug, material.recording, kept, material.duration)
    services.uploads.drop(number)
    services.journal.note(by.email, f"a remplacé l’enregistrement par « {sent.name} »", slug)
    return details


def bring_back(services: Services, slug: str, by: Person) -> Details:
    """Put the recording that there was in place of the one that replaced it, which is kept as it was. Raises `BadInput`."""
    library = services.library
    before = library.replaced(slug)
    if before is None:
        raise BadInput("L’ancien enregistrement n’est plus gardé : rien n’a changé ; envoyez-le de nouveau.")
    with library.media.local(before.recording.file) as recording:
        details = library.replace_recording(slug, recording, before.recording, before.duration)
    services.journal.note(by.email, "a remis l’ancien enregistrement", slug)
    return details


def sweep_replaced(services: Services) -> None:
    """Let the recordings go that were replaced more than a week ago."""
    for details in services.library.catalogue():
        before = services.library.replaced(details.slug)
        if before and before.until < time.time():
            services.library.drop_replaced(details.slug)


def replace_original(services: Services, slug: str, number: str, by: Person) -> StudyDetails:
    """Offer a document that was sent as the original of a study. Raises `BadInput` for a recording, `UnknownUpload`."""
    sent = services.uploads.get(number)
    material = find_source(name := sent_name(sent), services.limits(None)).open(
        name, services.settings.home, lambda *_: None
    )
    if material.document is None:
        raise BadInput(f"« {sent.name} » n’est pas un document : rien n’a changé ; donnez un PDF, par exemple.")
    details = services.studies.replace_original(slug, material.document)
    services.uploads.drop(number)
    services.journal.note(by.email, f"a mis « {sent.name} » à la place de l’original", slug)
    return details


def drop(services: Services, number: str, by: Person) -> str:
    """Leave nothing of a file that was sent; return what its sender called it. Raises `UnknownUpload`."""
    name = services.uploads.get(number).name
    services.uploads.drop(number)
    services.journal.note(by.email, "a abandonné un envoi")
    return name


def waiting(services: Services) -> list[Sent]:
    """Return the files that came whole and that nobody has put into the queue, oldest first."""
    queued = {sent_id(job.source) for job in services.queue.jobs()}
    return [sent for sent in services.uploads.all() if sent.sha256 and sent.id not in queued]


def stopped(services: Services, silent: float) -> list[Sent]:
    """Return the files that came in part, and of which nothing has come for ``silent`` seconds."""
    uploads = services.uploads
    return [sent for sent in uploads.all() if not sent.sha256 and uploads.silence(sent) > silent]


def forget(services: Services, job: Job, by: Person) -> None:
    """Take a job that is over off the list, and throw away what was sent, fetched or heard for it and became nothing.

    Raises `BadInput`.
    """
    services.queue.forget(job.id)
    forget_begun(services.settings.home, (job.source, *(one.source for one in job.outcomes if one.error)))
    number = sent_id(job.source)
    if number and any(sent.id == number for sent in services.uploads.all()):
        services.uploads.drop(number)
    services.journal.note(by.email, "a retiré un travail de la liste")


def sweep(services: Services) -> None:
    """Throw away the files that have become masterclasses, and those, and what was begun, that nobody goes on with."""
    used: set[str] = set()
    kept: set[str] = set()
    for job in services.queue.jobs():
        if number := sent_id(job.source):
            (used if job.state == "done" else kept).add(number)
    services.uploads.sweep(frozenset(kept), frozenset(used - kept))
    forget_old(services.settings.home)
