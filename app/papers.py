"""What staff do with the text of a study: correct a page of it, go back. Each is noted in the journal."""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.people import Person
from app.services import Services
from transcripts.errors import BadInput
from transcripts.study import Block
from transcripts.study_files import format_text, parse_text

_PAGE = re.compile(r"\A\s*<!-- page \d+ -->\s*")


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
