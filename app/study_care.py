"""What staff do with a study: describe it, correct its text and summary, let everybody see it or nobody."""

from __future__ import annotations

import datetime as dt

from app.people import Person
from app.services import Services
from transcripts.days import today
from transcripts.errors import BadInput
from transcripts.model import Summary
from transcripts.study import StudyDetails
from transcripts.study_files import TEXT, parse_text


def publish(services: Services, slug: str, by: Person) -> None:
    """Let everybody see a study. Raises `BadInput` where it says nothing yet."""
    study = services.studies.read(slug)
    if not study.sentences():
        raise BadInput(f"« {study.details.title} » n’est pas publiée : son texte est vide ; corrigez-le d’abord.")
    services.studies.set_status(slug, "published")
    services.journal.note(by.email, "a publié l’étude", slug)


def unpublish(services: Services, slug: str, by: Person) -> None:
    """Let nobody but staff see a study any more."""
    services.studies.set_status(slug, "draft")
    services.journal.note(by.email, "a retiré l’étude de la publication", slug)


def describe(
    services: Services, slug: str, by: Person, *, title: str, date: dt.date, authors: tuple[str, ...], theme: str
) -> StudyDetails:
    """Change what is said about a study. Raises `BadInput` for an empty title."""
    if not title.strip():
        raise BadInput("Le titre est vide\u00a0: rien n’a changé ; écrivez ce dont il est question.")
    changed = services.studies.set_details(slug, title=title.strip(), date=date, authors=authors, theme=theme)
    services.journal.note(by.email, "a changé la fiche de l’étude", slug)
    return changed


def summarise(services: Services, slug: str, by: Person, *, text: str, name: str) -> None:
    """Change the summary of a study; ``name`` is of who vouches for it, as readers see it. Raises `BadInput` without one."""
    name = " ".join(name.split())
    if not name or "@" in name:
        raise BadInput("Écrivez le nom sous lequel les lecteurs vous verront : rien n’a changé.")
    services.studies.rewrite(slug, summary=Summary(text.strip(), name, today()))
    services.journal.note(by.email, "a relu le résumé de l’étude", slug)


def text_of(services: Services, slug: str) -> tuple[str, str]:
    """Return the text of a study as it is written in its file, and the mark of what it is."""
    mark = services.studies.digest(slug)
    return (services.studies.folder(slug) / TEXT).read_text("utf-8"), mark


def correct(services: Services, slug: str, by: Person, *, text: str, mark: str) -> None:
    """Replace the text of a study, as `text_of` gave it. Raises `BadInput`, also where it changed meanwhile."""
    details = services.studies.details(slug)
    if services.studies.digest(slug) != mark:
        raise BadInput(
            "Quelqu’un a changé ce texte pendant que vous l’écriviez : rien n’a changé ; copiez vos corrections, puis rouvrez la page."
        )
    blocks = parse_text(text)
    last = max((block.page + len(block.breaks) for block in blocks), default=0)
    if last > details.pages:
        raise BadInput(
            f"Le texte parle de la page {last}, et le document en a {details.pages} : rien n’a changé ; corrigez la marque de page."
        )
    services.studies.rewrite(slug, blocks=blocks)
    services.journal.note(by.email, "a corrigé le texte de l’étude", slug)
