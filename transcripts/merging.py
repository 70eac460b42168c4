"""Two people correct the same masterclass: both corrections are kept where they touch different things. Pure.

A three-way merge (diff3: Khanna, Kunal, Pierce 2007) over lines, and inside a line over its words, its times and its speaker.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from difflib import SequenceMatcher
from typing import Any, Generic, Literal, TypeVar, cast

from merge3 import Merge3

from transcripts.edits import ChangeChapter, Edit, SetSummary, SetText
from transcripts.model import Chapter, Cue, Particulars, Summary, clock
from transcripts.revision import Content

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Conflict:
    """What both changed: ``theirs`` stands (from line ``at`` on), ``mine`` is shown. Texts of lines, of chapters, of the summary, or
    none of what is said of the masterclass, which the editor does not change. ``chapters`` are those themselves, mine and theirs."""

    kind: Literal["lines", "chapters", "summary", "particulars"]
    at: int
    mine: tuple[str, ...]
    theirs: tuple[str, ...]
    chapters: tuple[tuple[Chapter, ...], tuple[Chapter, ...]] | None = None


def written_on(content: Content, edits: Iterable[Edit]) -> Content:
    """Return the content that edits were made on, by what the first one on each thing says that it was."""
    known = set[object]()
    for edit in edits:
        match edit:
            case SetText(at=at, was=str(was)) if at not in known and 0 <= at < len(content.cues):
                known.add(at)
                if content.cues[at].text != was:
                    line = replace(content.cues[at], text=was)
                    content = replace(content, cues=(*content.cues[:at], line, *content.cues[at + 1 :]))
            case SetSummary(was=str(was)) if "summary" not in known:
                known.add("summary")
                if content.summary.text != was:
                    content = replace(content, summary=replace(content.summary, text=was))
            case ChangeChapter(was=(start, title) as was):
                if was not in known and was not in ((c.start, c.title) for c in content.chapters):
                    others = (c for c in content.chapters if c.start != start)
                    chapters = sorted((*others, Chapter(start, start, title)), key=lambda c: c.start)
                    content = replace(content, chapters=tuple(chapters))
                known.add((edit.start, edit.title))
    return content


class _Exact(SequenceMatcher[str]):
    """difflib's matcher without its guess that what comes often means nothing."""

    def __init__(
        self, isjunk: Any = None, a: Sequence[str] = "", b: Sequence[str] = "", autojunk: bool = False
    ) -> None:
        super().__init__(isjunk, a, b, autojunk=False)


def merge(base: Content, mine: Content, theirs: Content) -> tuple[Content, tuple[Conflict, ...]]:
    """Return ``theirs`` with what ``mine`` changed of ``base``, and what could not be joined."""
    cues, conflicts = _merge_cues(base.cues, mine.cues, theirs.cues)
    chapters, clash = _merge_chapters(base.chapters, mine.chapters, theirs.chapters)
    summary, other = _merge_summary(base.summary, mine.summary, theirs.summary)
    particulars, more = _merge_particulars(base.particulars, mine.particulars, theirs.particulars)
    merged = Content(
        tuple(cues),
        chapters,
        summary,
        _merge_names(base.speakers, mine.speakers, theirs.speakers),
        tuple(sorted(_merge_names(base.settled, mine.settled, theirs.settled))),
        round(theirs.shift + mine.shift - base.shift, 3),
        particulars,
    )
    return merged, (*conflicts, *clash, *other, *more)


@dataclass(frozen=True, slots=True)
class _Clash(Generic[_T]):
    """What both sides changed."""

    base: list[_T]
    mine: list[_T]
    theirs: list[_T]


def _regions(
    base: Sequence[_T], mine: Sequence[_T], theirs: Sequence[_T], key: Callable[[_T], str]
) -> Iterator[list[_T] | _Clash[_T]]:
    """Yield in order what is settled, and what is not."""
    one, two, three = (list(map(key, side)) for side in (base, mine, theirs))
    for region in Merge3(one, two, three, sequence_matcher=cast(Any, _Exact)).merge_regions():
        match region:
            case ("unchanged", start, end):
                yield list(base[start:end])
            case ("a" | "same", start, end):
                yield list(mine[start:end])
            case ("b", start, end):
                yield list(theirs[start:end])
            case (_, z1, z2, a1, a2, b1, b2):
                yield _Clash(list(base[z1:z2]), list(mine[a1:a2]), list(theirs[b1:b2]))


def _one(base: _T, mine: _T, theirs: _T) -> tuple[_T, bool]:
    """Return a value that one side changed, and whether both did."""
    if mine in (base, theirs):
        return theirs, False
    return (mine, False) if theirs == base else (theirs, True)


def _merge_cues(base: Sequence[Cue], mine: Sequence[Cue], theirs: Sequence[Cue]) -> tuple[list[Cue], list[Conflict]]:
    merged: list[Cue] = []
    conflicts: list[Conflict] = []
    for region in _regions(base, mine, theirs, repr):
        if not isinstance(region, _Clash):
            merged += region
            continue
        was, here, there = region.base, region.mine, region.theirs
        if len(was) == len(here) == len(there):
            for lines in zip(was, here, there, strict=True):
                line, clash = _merge_line(*lines)
                if clash:
                    conflicts.append(Conflict("lines", len(merged), (lines[1].text,), (line.text,)))
                merged.append(line)
        else:
            said = tuple(c.text for c in here), tuple(c.text for c in there)
            conflicts.append(Conflict("lines", len(merged), *said))
            merged += there
    return _in_order(merged), conflicts


def _merge_line(base: Cue, mine: Cue, theirs: Cue) -> tuple[Cue, bool]:
    (start, end), moved = _one((base.start, base.end), (mine.start, mine.end), (theirs.start, theirs.end))
    speaker, named = _one(base.speaker, mine.speaker, theirs.speaker)
    text, said = _merge_words(base.text, mine.text, theirs.text)
    return Cue(start, end, text, speaker), moved or named or said


def _merge_words(base: str, mine: str, theirs: str) -> tuple[str, bool]:
    text, clash = _one(base, mine, theirs)
    if not clash:
        return text, False
    words: list[str] = []
    for region in _regions(base.split(), mine.split(), theirs.split(), str):
        if isinstance(region, _Clash):
            return theirs, True
        words += region
    return " ".join(words), not words


def _in_order(cues: Sequence[Cue]) -> list[Cue]:
    """Return lines whose times do not go back, whatever two people did to neighbours."""
    ordered: list[Cue] = []
    for cue in cues:
        start = max(cue.start, ordered[-1].start if ordered else 0.0)
        ordered.append(cue if start == cue.start else replace(cue, start=start, end=max(cue.end, start)))
    return ordered


def _merge_chapters(
    base: tuple[Chapter, ...], mine: tuple[Chapter, ...], theirs: tuple[Chapter, ...]
) -> tuple[tuple[Chapter, ...], list[Conflict]]:
    chapters, clash = _one(base, mine, theirs)
    if not clash:
        return chapters, []
    merged: list[Chapter] = []
    conflicts: list[Conflict] = []
    for region in _regions(base, mine, theirs, lambda c: f"{c.start} {c.title}"):
        if isinstance(region, _Clash):
            both = tuple(region.mine), tuple(region.theirs)
            conflicts.append(Conflict("chapters", len(merged), _named(both[0]), _named(both[1]), both))
        merged += region.theirs if isinstance(region, _Clash) else region
    by_start = {c.start: c for c in sorted(merged, key=lambda c: c.start)}
    last = max((c.end for c in (*mine, *theirs)), default=0.0)
    starts = [*by_start, last]
    return tuple(
        replace(c, end=max(end, c.start)) for c, end in zip(by_start.values(), starts[1:], strict=True)
    ), conflicts


def _named(chapters: Sequence[Chapter]) -> tuple[str, ...]:
    return tuple(f"{clock(c.start)} {c.title}" for c in chapters)


def _merge_summary(base: Summary, mine: Summary, theirs: Summary) -> tuple[Summary, list[Conflict]]:
    summary, clash = _one(base, mine, theirs)
    if not clash:
        return summary, []
    lines: list[str] = []
    for region in _regions(base.text.split("\n"), mine.text.split("\n"), theirs.text.split("\n"), str):
        if isinstance(region, _Clash):
            return theirs, [Conflict("summary", 0, (mine.text,), (theirs.text,))]
        lines += region
    # Nobody has read what two people wrote together.
    return Summary("\n".join(lines), written_by=theirs.written_by), []


def _merge_particulars(base: Particulars, mine: Particulars, theirs: Particulars) -> tuple[Particulars, list[Conflict]]:
    joined = {
        one.name: _one(*(getattr(side, one.name) for side in (base, mine, theirs))) for one in fields(Particulars)
    }
    clash = any(both for _, both in joined.values())
    said = Particulars(**{name: value for name, (value, _) in joined.items()})
    return said, [Conflict("particulars", 0, (), ())] if clash else []


def _merge_names(base: Sequence[str], mine: Sequence[str], theirs: Sequence[str]) -> tuple[str, ...]:
    gone = set(base) - set(mine)
    return tuple(dict.fromkeys(n for n in (*theirs, *(m for m in mine if m not in base)) if n not in gone))
