"""What staff do with a study: correct a page of its text, see what was changed and go back. Each is noted in the journal."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice

from app import review
from app.people import Person
from app.services import Services
from transcripts.differences import Reading
from transcripts.errors import BadInput
from transcripts.study import Study, placed
from transcripts.study_files import pages_of, parse_text
from transcripts.study_history import Version, changes, differences

_SHOWN = 50  # places that changed


@dataclass(frozen=True, slots=True)
class Step:
    """A saved state of a study, the one ``before`` it, and ``what`` changed in a few words, empty for the first."""

    version: Version
    before: Version | None
    what: str


def steps(services: Services, slug: str) -> list[Step]:
    """Return the history of a study, latest first."""
    found, before = list[Step](), None
    for version in services.studies.versions(slug):
        found.append(Step(version, before, changes(before.content, version.content) if before else ""))
        before = version
    return found[::-1]


def readings(services: Services, step: Step) -> list[Reading]:
    """Return what a step changed, word by word; the first `_SHOWN` places."""
    if step.before is None:
        return []
    named = review.named(services)
    return list(islice(differences(step.before.content, step.version.content, named), _SHOWN))


def correct(services: Services, slug: str, page: int, seen: str, text: str, by: Person) -> None:
    """Replace what begins on a page by Markdown; the text as it was is kept.

    Raises `BadInput` when nothing would be left, and when the page is no longer as it was ``seen``.
    """
    done = f"a corrigé la page {page}"
    services.studies.amend(slug, lambda study: _corrected(study, page, seen, text), by.email, done)
    services.journal.note(by.email, done, slug)


def _corrected(study: Study, page: int, seen: str, text: str) -> Study:
    if pages_of(study.blocks).get(page, "") != seen:
        raise BadInput(
            "Quelqu’un a corrigé cette page pendant que vous l’écriviez : rien n’a changé ; copiez votre texte, puis rechargez."
        )
    new = parse_text(f"<!-- page {page} -->\n\n{text}")
    if any(block.page != page for block in new):
        raise BadInput(
            "Ce texte va sur d’autres pages : rien n’a changé ; laissez les marques de page où elles étaient."
        )
    before = tuple(block for block in study.blocks if block.page < page)
    after = tuple(block for block in study.blocks if block.page > page)
    whole = (*before, *new, *after)
    if not whole:
        raise BadInput("Il ne resterait rien de cette étude : rien n’a changé ; effacez-la plutôt.")
    return replace(study, blocks=placed(whole))


def go_back(services: Services, slug: str, number: int, by: Person) -> None:
    """Put card, text and summary back to an earlier state, which counts as a change like any other."""
    done = f"est revenu à l’état n° {number}"
    services.studies.go_back(slug, number, by.email, done)
    services.journal.note(by.email, done, slug)
