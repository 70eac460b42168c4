"""From a draft to what everybody sees, and back: now, or when the time has come. The same for masterclasses and studies."""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import replace
from functools import lru_cache, partial

from app import review
from app.holding import holder
from app.people import Person, Role
from app.services import Services
from transcripts.checklist import Check, checklist, missing, study_checklist
from transcripts.days import PARIS, now, today
from transcripts.doubts import left
from transcripts.errors import BadInput, HubError
from transcripts.files import FILES, TRACE, replace_text, write_trace
from transcripts.history import History
from transcripts.library import Library
from transcripts.model import Difference, Summary
from transcripts.reheard import taken
from transcripts.resources import About
from transcripts.revision import Content, content_of, described
from transcripts.studies import Studies
from transcripts.study import Study
from transcripts.typography import french_day

_log = logging.getLogger(__name__)
CLOCKWORK = Person("hub", Role.STAFF)


def checks(services: Services, slug: str) -> list[Check]:
    """Return the check list of a masterclass or study, read anew only when one of its files changed."""
    held = holder(services, slug)
    if isinstance(held, Studies):
        return list(_study_checks(held, slug, held.version(slug)))
    found = list(_checks(held, slug, held.signature(slug, FILES)))
    notice = review.notice(services, slug)
    said = "Les temps des lignes sont ceux de l’enregistrement."
    if held.recording(slug) is None:
        said = "Le hub ne garde pas d’enregistrement : les lecteurs n’ont que le texte."
    return [*found, Check("times", "Enregistrement", not notice, notice or said, needed=True)]


@lru_cache(maxsize=4096)
def _checks(library: Library, slug: str, signature: tuple[int, ...]) -> tuple[Check, ...]:
    masterclass, reviewed = library.read(slug), History(library).latest(slug) or Content(())
    content = content_of(masterclass, reviewed.settled, reviewed.shift)
    return tuple(checklist(masterclass, left(content, library.trace(slug))))


@lru_cache(maxsize=1024)
def _study_checks(studies: Studies, slug: str, version: tuple[int, ...]) -> tuple[Check, ...]:
    return tuple(study_checklist(studies.read(slug)))


def publish(services: Services, slug: str, by: Person) -> About:
    """Let everybody see a masterclass or study, at once. Raises `BadInput` when something needed is missing."""
    held = _ready(services, slug)
    details = held.set_status(slug, "published")
    services.journal.note(by.email, "a publié", slug)
    return details


def unpublish(services: Services, slug: str, by: Person) -> About:
    """Let nobody but staff see a masterclass or study any more."""
    details = holder(services, slug).set_status(slug, "draft")
    services.journal.note(by.email, "a retiré de la publication", slug)
    return details


def schedule(services: Services, slug: str, moment: dt.datetime, by: Person) -> About:
    """Have the hub publish at a time to come. Raises `BadInput` when it is past, or something is missing."""
    if moment <= now():
        raise BadInput("Ce moment est passé : rien n’a changé ; choisissez-en un à venir, ou publiez tout de suite.")
    details = holder(services, slug).details(slug)
    if details.status == "published":
        raise BadInput(f"{called(details)} est déjà publiée : rien n’a changé ; retirez-la d’abord de la publication.")
    details = _ready(services, slug).set_details(slug, publish_at=moment)
    services.journal.note(by.email, f"a prévu la publication {when(moment)}", slug)
    return details


def unschedule(services: Services, slug: str, by: Person) -> About:
    """Let what was planned be an ordinary draft again."""
    details = holder(services, slug).set_details(slug, publish_at=None)
    services.journal.note(by.email, "a annulé la publication prévue", slug)
    return details


def describe(
    services: Services,
    slug: str,
    by: Person,
    *,
    title: str,
    date: dt.date,
    people: tuple[str, ...],
    theme: str,
    event: str = "",
) -> None:
    """Change what is said of a masterclass or study; ``people`` speak, or wrote it, ``event`` names one of the agenda. Raises `BadInput` without a title.

    Who no longer speaks takes their consent along.
    """
    if not title.strip():
        raise BadInput("Le titre est vide : rien n’a changé ; écrivez ce dont il est question.")
    held, done = holder(services, slug), "a changé la fiche"
    if isinstance(held, Studies):

        def say(study: Study) -> Study:
            card = replace(study.details, title=title.strip(), date=date, authors=people, theme=theme, event=event)
            return replace(study, details=card)

        held.amend(slug, say, by.email, done)
    else:
        change = partial(described, speakers=people, title=title.strip(), date=date, theme=theme, event=event)
        services.history.amend(slug, change, by.email, done)
    services.journal.note(by.email, done, slug)


def note_consents(services: Services, slug: str, consents: tuple[tuple[str, dt.date], ...], by: Person) -> None:
    """Note who agreed to be published, and when; who is not among them did not. Raises `BadInput` for a day to come."""
    if any(day > today() for _, day in consents):
        raise BadInput("Un accord ne peut pas porter une date à venir : rien n’a changé ; corrigez la date.")
    services.history.amend(slug, partial(described, consents=consents), by.email, "")
    names = ", ".join(name for name, _ in consents) or "personne"
    services.journal.note(by.email, f"a noté l’accord de {names}", slug)


def read_summary(services: Services, slug: str, name: str, by: Person, text: str | None = None) -> None:
    """Note that somebody read the summary, and corrected it where ``text`` says so; ``name`` is what readers see.

    Raises `BadInput` without a name.
    """
    name = " ".join(name.split())
    if not name or "@" in name:
        raise BadInput("Écrivez le nom sous lequel les lecteurs vous verront : rien n’a changé.")
    held, done = holder(services, slug), "a relu le résumé"

    def read(summary: Summary) -> Summary:
        said = summary.text if text is None else text.strip()
        return replace(summary, text=said, reviewed_by=name, reviewed_on=today())

    if isinstance(held, Studies):
        held.amend(slug, lambda study: replace(study, summary=read(study.summary)), by.email, done)
    else:
        services.history.amend(slug, lambda content: replace(content, summary=read(content.summary)), by.email, done)
    services.journal.note(by.email, done, slug)


def settle(services: Services, slug: str, difference: Difference, by: Person, *, take: bool) -> None:
    """Decide on what a new hearing disagrees with, as `review.trace` gives it: keep a person's words, or ``take`` what was heard."""
    if difference not in review.trace(services, slug).differences:
        return
    if take:
        latest = services.history.open(slug)  # by the history, which says who did it
        edits = taken(latest.content.cues, difference)
        review.save(services, slug, latest.version.number, edits, by.email)
    library = services.library
    with library.held():
        trace, moved = library.trace(slug), review.trace(services, slug)
        kept = zip(trace.differences, moved.differences, strict=True)
        others = tuple(one for one, as_shown in kept if as_shown != difference)
        replace_text(library.folder(slug) / TRACE, write_trace(replace(trace, differences=others)))
    services.journal.note(
        by.email, "a pris ce que la nouvelle écoute a entendu" if take else "a gardé la correction", slug
    )


def publish_due(services: Services) -> list[str]:
    """Publish what was planned for a time that has come, and return the slugs.

    What lacks something by then, such as a consent that was taken back, becomes an ordinary draft, and the journal says why.
    What fails otherwise, as on a full disk, stays planned: the next call tries again.
    """
    present, published = now(), []
    planned: list[About] = [*services.library.catalogue(), *services.studies.catalogue()]
    for details in planned:
        if details.publish_at is None or details.status != "draft" or details.publish_at > present:
            continue
        try:
            publish(services, details.slug, CLOCKWORK)
            published.append(details.slug)
        except BadInput as error:
            holder(services, details.slug).set_details(details.slug, publish_at=None)
            services.journal.note(CLOCKWORK.email, f"n’a pas publié à la date prévue : {error}", details.slug)
        except HubError as error:
            _log.error("publishing a %s: %s", details.kind, error)
    return published


def standing(details: About) -> str:
    """Return whether a masterclass or study is public, in words."""
    if details.status == "published":
        return "Publiée"
    return f"Prévue {when(details.publish_at)}" if details.publish_at else "Brouillon"


def called(details: About) -> str:
    """Return « Cette masterclass », or « Cette étude »."""
    return "Cette étude" if details.kind == "study" else "Cette masterclass"


def when(moment: dt.datetime) -> str:
    """Return a time to come in words: « le 3 décembre 2026 à 18 h 30 »."""
    local = moment.astimezone(PARIS)
    minutes = f"\u00a0{local.minute:02}" if local.minute else ""
    return f"le {french_day(local.date())} à {local.hour}\u00a0h{minutes}"


def _ready(services: Services, slug: str) -> Library | Studies:
    """Return what holds a slug, nothing of which lacks what is needed. Raises `BadInput`."""
    held = holder(services, slug)
    lacking = missing(checks(services, slug))
    if lacking:
        raise BadInput(f"« {held.details(slug).title} » n’est pas publiée : {lacking[0].found} {lacking[0].advice}")
    return held
