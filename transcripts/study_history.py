"""Every saved state of a study: who, when, why. Files below ``studies/<slug>/history/``, one a version, never changed again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import TypeAdapter

from transcripts.differences import Delta, Reading, compared, readable, told
from transcripts.errors import DamagedFile
from transcripts.files import replace_text
from transcripts.model import Particulars, Summary
from transcripts.reasons import reason
from transcripts.study_files import pages_of, parse_text


@dataclass(frozen=True, slots=True)
class Content:
    """All that people change in a study; ``text`` is that of ``text.md``, None in a file where it is the one of the version before."""

    particulars: Particulars
    authors: tuple[str, ...]
    summary: Summary
    text: str | None


@dataclass(frozen=True, slots=True)
class Version:
    """A saved state, the ``number``-th: ``who`` (an address) saved it and ``why`` (a French phrase, as in the journal).

    Both are empty for what was there first, and for what was changed elsewhere, such as in an editor.
    """

    number: int
    who: str
    when: dt.datetime
    why: str
    content: Content


_FORM = TypeAdapter(Version)


def read_versions(folder: Path) -> list[Version]:
    """Return the versions that a folder holds, oldest first, each whole. Raises `DamagedFile`."""
    found: list[Version] = []
    for path in sorted(folder.glob("[0-9]*.json")):
        try:
            version = _FORM.validate_json(path.read_bytes())
        except (OSError, ValueError) as error:
            raise DamagedFile(path, reason(error)) from error
        if version.content.text is None and found:
            version = replace(version, content=replace(version.content, text=found[-1].content.text))
        found.append(version)
    return found


def keep_version(folder: Path, content: Content, who: str = "", why: str = "") -> None:
    """Add a version where something changed since the last one."""
    before = read_versions(folder)[-1:]
    if before and before[0].content == content:
        return
    if before and before[0].content.text == content.text:
        content = replace(content, text=None)
    number = before[0].number + 1 if before else 1
    folder.mkdir(exist_ok=True)
    version = Version(number, who, dt.datetime.now(dt.UTC).replace(microsecond=0), why, content)
    replace_text(folder / f"{number:06}.json", _FORM.dump_json(version).decode())


def changes(before: Content, after: Content) -> str:
    """Return what changed in a few French words: « texte, résumé, titre »."""
    delta = _delta(before, after)
    return ", ".join(["texte"] * (before.text != after.text) + [told(delta)] * (delta != Delta()))


def differences(before: Content, after: Content, named: Callable[[str], str] = str) -> Iterator[Reading]:
    """Yield what changed as a person reads it; ``named`` gives themes and events the names that people know."""
    yield from readable(_delta(before, after), named)
    if before.text == after.text:
        return
    old, new = (pages_of(parse_text(content.text or "")) for content in (before, after))
    for page in sorted(old | new):
        if old.get(page, "") != new.get(page, ""):
            yield Reading(f"Page {page}", compared(old.get(page, ""), new.get(page, "")))


def _delta(before: Content, after: Content) -> Delta:
    return Delta(
        summary=(before.summary, after.summary) if before.summary != after.summary else None,
        speakers=(before.authors, after.authors) if before.authors != after.authors else None,
        particulars=(before.particulars, after.particulars) if before.particulars != after.particulars else None,
    )
