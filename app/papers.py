"""What staff do with a study: describe it, correct a page of its text, go back, publish it. Each is noted in the journal."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import replace

from app.people import Person
from app.services import Services
from transcripts.days import today
from transcripts.errors import BadInput
from transcripts.study import Block, StudyDetails
from transcripts.study_files import format_text, parse_text

_PAGE = re.compile(r"\A\s*<!-- page \d+ -->\s*")


def describe(
    services: Services, slug: str, by: Person, *, title: str, date: dt.date, authors: tuple[str, ...], theme: str
) -> None:
    """Change what is said of a study. Raises `BadInput` without a title."""
    if not title.strip():
        raise BadInput("Le titre est vide : rien n’a changé ; écrivez ce dont il est question.")
    services.studies.set_details(slug, title=title.strip(), date=date, authors=authors, theme=theme)
    services.journal.note(by.email, "a changé la fiche", slug)


def page_text(blocks: Sequence[Block], page: int) -> str:
    """Return the Markdown of what begins on a page."""
    own = tuple(block for block in blocks if block.page == page)
    return _PAGE.sub("", format_text(own)).strip() if own else ""


def correct(services: Services, slug: str, page: int, seen: str, text: str, by: Person) -> None:
    """Replace what begins on a page by Markdown; the text as it was is kept.

    Raises `BadInput` when nothing would be left, and when the page is no longer as it was ``seen``.
    """
    blocks = services.studies.read(slug).blocks
    if page_text(blocks, page) != seen:
        raise BadInput(
            "Quelqu’un a corrigé cette page pendant que vous l’écriviez : rien n’a changé ; copiez votre texte, puis rechargez."
        )
    new = parse_text(f"<!-- page {page} -->\n\n{text}")
    if any(block.page != page for block in new):
        raise BadInput(
            "Ce texte va sur d’autres pages : rien n’a changé ; laissez les marques de page où elles étaient."
        )
    before = tuple(block for block in blocks if block.page < page)
    after = tuple(block for block in blocks if block.page > page)
    whole = (*before, *new, *after)
    if not whole:
        raise BadInput("Il ne resterait rien de cette étude : rien n’a changé ; effacez-la plutôt.")
    services.studies.rewrite(slug, blocks=whole)
    services.journal.note(by.email, f"a corrigé la page {page}", slug)


def go_back(services: Services, slug: str, number: int, by: Person) -> None:
    """Put the text back to an earlier state, which counts as a change like any other."""
    services.studies.go_back(slug, number)
    services.journal.note(by.email, f"est revenu au texte n° {number}", slug)


def publish(services: Services, slug: str, by: Person) -> StudyDetails:
    """Let everybody see a study, at once. Raises `BadInput` when it says nothing."""
    if not services.studies.read(slug).blocks:
        raise BadInput("Cette étude n’a pas de texte : elle n’est pas publiée ; donnez de nouveau le document.")
    details = services.studies.set_status(slug, "published")
    services.journal.note(by.email, "a publié", slug)
    return details


def unpublish(services: Services, slug: str, by: Person) -> StudyDetails:
    """Let nobody but staff see a study any more."""
    details = services.studies.set_status(slug, "draft")
    services.journal.note(by.email, "a retiré de la publication", slug)
    return details


def read_summary(services: Services, slug: str, text: str, name: str, by: Person) -> None:
    """Keep a summary that somebody read and corrected; ``name`` is what readers see. Raises `BadInput` without one."""
    name = " ".join(name.split())
    if not name or "@" in name:
        raise BadInput("Écrivez le nom sous lequel les lecteurs vous verront : rien n’a changé.")
    summary = replace(services.studies.summary(slug), text=text.strip(), reviewed_by=name, reviewed_on=today())
    services.studies.rewrite(slug, summary=summary)
    services.journal.note(by.email, "a relu le résumé", slug)
