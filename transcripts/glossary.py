"""The words of the field: ``glossary.toml``, read once."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from slugify import slugify


@dataclass(frozen=True, slots=True)
class Term:
    """A term and what surrounds it.

    ``abbreviations`` are other names, short forms first of all; ``recognised`` what else stands for it in a text or a
    question, but is no name to show; ``heard`` what a recogniser writes when it mis-hears one of them; ``english`` its
    English, without guarantee that the institutions match; ``category`` the heading that it stands under.
    """

    term: str
    definition: str
    abbreviations: tuple[str, ...] = ()
    heard: tuple[str, ...] = ()
    english: tuple[str, ...] = ()
    category: str = ""
    recognised: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Every right way to say it, the term first."""
        return (self.term, *self.abbreviations, *self.recognised)

    @property
    def slug(self) -> str:
        """What names it in an address."""
        return _slug(self.term)


@lru_cache(maxsize=4096)
def _slug(term: str) -> str:
    return slugify(term.replace("’", "'"))


@lru_cache(maxsize=1)
def glossary() -> tuple[Term, ...]:
    """Return the terms in the order of the file."""
    text = Path(__file__).with_name("glossary.toml").read_text("utf-8")
    return tuple(
        Term(
            term=entry["term"],
            definition=entry["definition"],
            abbreviations=tuple(entry.get("abbreviations", ())),
            heard=tuple(entry.get("heard", ())),
            english=tuple(entry.get("english", ())),
            category=category["title"],
            recognised=tuple(entry.get("recognised", ())),
        )
        for category in tomllib.loads(text)["category"]
        for entry in category["term"]
    )
