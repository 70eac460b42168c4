"""What staff add to the words of the field: ``glossary.toml`` below the home, read together with the hub's own.

An entry is a term, rightly written, with the forms that are heard for it; one with a definition is in the glossary that
readers see. Staff may edit the file by hand: what is added here leaves the rest of it as it stands.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import tomlkit
from filelock import FileLock
from pydantic import Field

from transcripts.errors import BadInput, BadStaffFile, writing
from transcripts.files import replace_text
from transcripts.formats import clean
from transcripts.glossary import Term, glossary
from transcripts.staff_files import Written, read_staff_file

FILE = "glossary.toml"
_LONGEST = 80  # characters of a term or of a form
_OWN = "Ajoutés par l’équipe"  # the heading that the staff's terms stand under

Text = Annotated[str, Field(min_length=1, max_length=_LONGEST)]


class _Entry(Written):
    term: Text
    definition: str = Field("", max_length=2000)
    abbreviations: tuple[Text, ...] = ()
    heard: tuple[Text, ...] = ()


class _File(Written):
    term: tuple[_Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Listed:
    """Staff say that ``heard`` is a mis-hearing of ``term``."""

    heard: str
    term: str


def _plain(form: str) -> str:
    """Return a form as it is looked for: whatever its case, spaces and apostrophes."""
    return clean(form).casefold().replace("’", "'")


class StaffGlossary:
    """The staff's terms below a home. Errors: `BadStaffFile`, `NotWritable`."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._path = home / FILE

    def listed(self) -> tuple[Listed, ...]:
        """Return the forms that staff listed, in the order of the file."""
        return tuple(Listed(form, entry.term) for entry in self._entries() for form in entry.heard)

    def terms(self) -> tuple[Term, ...]:
        """Return the hub's terms with the staff's: a term of both has the forms of both."""
        own = {entry.term: entry for entry in self._entries()}
        known = [self._joined(term, own.pop(term.term, None)) for term in glossary()]
        return (*known, *(Term(e.term, e.definition, e.abbreviations, e.heard, category=_OWN) for e in own.values()))

    def explained(self) -> tuple[Term, ...]:
        """Return the terms that readers see: the hub's with the staff's names for them, and the staff's that have a definition.

        One address is one term, the hub's first. A file that staff have to mend takes nothing of the hub's away.
        """
        try:
            terms = self.terms()
        except BadStaffFile:
            return glossary()
        first: dict[str, Term] = {}
        for term in terms:
            if term.definition:
                first.setdefault(term.slug, term)
        return tuple(first.values())

    def add(self, heard: str, term: str) -> None:
        """Add a form to a term, and the term where it is new. Raises `BadInput`."""
        heard, term = clean(heard), clean(term)
        if not heard or not term or heard == term or max(len(heard), len(term)) > _LONGEST:
            raise BadInput("Donnez la forme mal entendue et le mot juste, différents et courts : rien n’a changé.")
        with writing(self._home), FileLock(self._path.with_suffix(".lock")):
            known = self._entries()  # refuses a file that would be made worse
            document = tomlkit.parse(self._path.read_text("utf-8-sig") if self._path.exists() else "")
            entries = document.setdefault("term", tomlkit.aot())
            at = next((at for at, entry in enumerate(known) if entry.term == term), None)
            if at is None:
                entry = tomlkit.table()
                entry.add("term", term)
                entry.add("heard", [heard])
                entries.append(entry)
            elif heard not in known[at].heard:
                entries[at]["heard"] = [*known[at].heard, heard]
            replace_text(self._path, tomlkit.dumps(document))

    def remove(self, heard: str, term: str) -> None:
        """Take a form away from a term that staff wrote, and the term where nothing else is said of it. Raises `BadInput`."""
        with writing(self._home), FileLock(self._path.with_suffix(".lock")):
            known = self._entries()
            at = next((at for at, entry in enumerate(known) if entry.term == clean(term)), None)
            left = [] if at is None else [form for form in known[at].heard if _plain(form) != _plain(heard)]
            if at is None or len(left) == len(known[at].heard):
                raise BadInput("Cette forme n’est pas dans le glossaire de l’équipe : rien n’a changé.")
            document = tomlkit.parse(self._path.read_text("utf-8-sig"))
            if left or known[at].definition or known[at].abbreviations:
                document["term"][at]["heard"] = left
            elif len(known) > 1:
                del document["term"][at]
            else:
                del document["term"]  # an empty list would not be one of tables any more
            replace_text(self._path, tomlkit.dumps(document))

    def _entries(self) -> tuple[_Entry, ...]:
        try:
            return read_staff_file(self._path, _File).term
        except FileNotFoundError:
            return ()

    @staticmethod
    def _joined(term: Term, more: _Entry | None) -> Term:
        if more is None:
            return term
        return replace(
            term,
            heard=tuple(dict.fromkeys((*term.heard, *more.heard))),
            abbreviations=tuple(dict.fromkeys((*term.abbreviations, *more.abbreviations))),
        )
