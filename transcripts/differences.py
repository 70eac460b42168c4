"""What lies between two states of a masterclass, to keep, to apply and to read. Pure."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from transcripts.model import Chapter, Cue, Particulars, Summary, clock
from transcripts.prose import reviewed
from transcripts.revision import Content
from transcripts.typography import counted, decimal, french_day

_BESIDE = 12  # words of a summary that are shown beside what changed
# What is said of a masterclass, as people call it.
_CALLED = {
    "title": "titre",
    "date": "date",
    "theme": "thème",
    "event": "rendez-vous",
    "description": "présentation",
    "consents": "accords",
}


@dataclass(frozen=True, slots=True)
class Splice:
    """From line ``at`` of the earlier state on, ``removed`` went and ``inserted`` came."""

    at: int
    removed: tuple[Cue, ...]
    inserted: tuple[Cue, ...]


@dataclass(frozen=True, slots=True)
class Delta:
    """What changed, part by part; None (no splice, for lines) where nothing did, else before and after."""

    cues: tuple[Splice, ...] = ()
    chapters: tuple[tuple[Chapter, ...], tuple[Chapter, ...]] | None = None
    summary: tuple[Summary, Summary] | None = None
    speakers: tuple[tuple[str, ...], tuple[str, ...]] | None = None
    settled: tuple[tuple[str, ...], tuple[str, ...]] | None = None
    shift: tuple[float, float] | None = None
    particulars: tuple[Particulars, Particulars] | None = None


def delta(before: Content, after: Content) -> Delta:
    """Return what changed."""
    return Delta(
        tuple(splices(before.cues, after.cues)),
        (before.chapters, after.chapters) if before.chapters != after.chapters else None,
        (before.summary, after.summary) if before.summary != after.summary else None,
        (before.speakers, after.speakers) if before.speakers != after.speakers else None,
        (before.settled, after.settled) if before.settled != after.settled else None,
        (before.shift, after.shift) if before.shift != after.shift else None,
        (before.particulars, after.particulars) if before.particulars != after.particulars else None,
    )


def apply(content: Content, changed: Delta) -> Content:
    """Return the later state from the earlier one."""
    cues = list(content.cues)
    for splice in reversed(changed.cues):
        cues[splice.at : splice.at + len(splice.removed)] = splice.inserted
    return Content(
        tuple(cues),
        changed.chapters[1] if changed.chapters else content.chapters,
        changed.summary[1] if changed.summary else content.summary,
        changed.speakers[1] if changed.speakers else content.speakers,
        changed.settled[1] if changed.settled else content.settled,
        changed.shift[1] if changed.shift else content.shift,
        changed.particulars[1] if changed.particulars else content.particulars,
    )


def splices(before: Sequence[Cue], after: Sequence[Cue]) -> Iterator[Splice]:
    """Yield what changed between two rows of lines, in order."""
    # What is alike at both ends is nearly everything, and costs nothing to see.
    limit = min(len(before), len(after))
    head = next((i for i in range(limit) if before[i] != after[i]), limit)
    tail = next((i for i in range(limit - head) if before[-1 - i] != after[-1 - i]), limit - head)
    old, new = before[head : len(before) - tail], after[head : len(after) - tail]
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            yield Splice(head + i1, tuple(old[i1:i2]), tuple(new[j1:j2]))


Change = Literal["same", "gone", "new"]


@dataclass(frozen=True, slots=True)
class Reading:
    """One difference as a person reads it: where, and the words that stayed, went and came."""

    where: str
    words: tuple[tuple[Change, str], ...]


def readable(changed: Delta, named: Callable[[str], str] = str) -> Iterator[Reading]:
    """Yield the differences in the order of the talk; ``named`` gives themes and events the names that people know."""
    for splice in changed.cues:
        yield from _lines(splice.removed, splice.inserted, timed=changed.shift is None)
    if changed.chapters:
        old, new = ("\n".join(f"{clock(c.start)} {c.title}" for c in side) for side in changed.chapters)
        yield Reading("Chapitres", compared(old, new))
    if changed.summary:
        texts = ["" if _same(*changed.summary) else f"{s.text} " for s in changed.summary]
        old, new = (f"{text}({reviewed(s)})" for text, s in zip(texts, changed.summary, strict=True))
        yield Reading(
            "Résumé", tuple((kind, _near(text) if kind == "same" else text) for kind, text in compared(old, new))
        )
    if changed.speakers:
        yield Reading("Personnes", compared(*(", ".join(side) for side in changed.speakers)))
    if changed.particulars:
        for name in _other(*changed.particulars):
            old, new = (_worded(getattr(side, name), named) for side in changed.particulars)
            yield Reading(_CALLED[name].capitalize(), compared(old, new))
    if changed.shift:
        yield Reading(
            "Temps", (("new", f"tout est décalé de {decimal(changed.shift[1] - changed.shift[0], '+.1f')} s"),)
        )


def _other(before: Particulars, after: Particulars) -> list[str]:
    return [name for name in _CALLED if getattr(before, name) != getattr(after, name)]


def _worded(value: Any, named: Callable[[str], str]) -> str:
    if isinstance(value, dt.date):
        return french_day(value)
    if isinstance(value, tuple):
        return "\n".join(f"{who}, le {french_day(day)}" for who, day in value)
    return named(value)


def _lines(old: Sequence[Cue], new: Sequence[Cue], *, timed: bool) -> Iterator[Reading]:
    if len(old) == len(new):
        for was, now in zip(old, new, strict=True):
            if timed or _said(was) != _said(now):
                yield Reading(_times(was, now) if timed else clock(now.start), compared(_said(was), _said(now)))
        return
    matcher = SequenceMatcher(None, [_said(c) for c in old], [_said(c) for c in new], autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag != "equal":
            said = [" | ".join(map(_said, side)) for side in (old[i1:i2], new[j1:j2])]
            yield Reading(clock((old[i1:i2] or new[j1:j2])[0].start), compared(*said))


def _said(cue: Cue) -> str:
    return f"{cue.speaker} : {cue.text}" if cue.speaker else cue.text


def _times(was: Cue, now: Cue) -> str:
    if (was.start, was.end) == (now.start, now.end):
        return clock(was.start)
    tenths = [f"{clock(c.start)},{int(c.start * 10) % 10}–{clock(c.end)},{int(c.end * 10) % 10}" for c in (was, now)]
    return " → ".join(tenths)


def _near(text: str) -> str:
    """Return what stayed the same as far as it stands beside a change."""
    words = text.split(" ")
    return text if len(words) <= 2 * _BESIDE else " ".join((*words[:_BESIDE], "[…]", *words[-_BESIDE:]))


def compared(old: str, new: str) -> tuple[tuple[Change, str], ...]:
    """Return the words that stayed, went and came, in order."""
    before, after = (re.findall(r"\S+|\n", side) for side in (old, new))
    found: list[tuple[Change, str]] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(("same", " ".join(before[i1:i2])))
            continue
        if i2 > i1:
            found.append(("gone", " ".join(before[i1:i2])))
        if j2 > j1:
            found.append(("new", " ".join(after[j1:j2])))
    return tuple(found)


def told(changed: Delta) -> str:
    """Return what changed in a few French words: « 3 lignes corrigées, chapitres, résumé »."""
    lines = Counter[str]()
    for splice in changed.cues:
        for was, now in zip(splice.removed, splice.inserted, strict=False):
            lines["corrigée" if was.text != now.text else "recalée" if was.speaker == now.speaker else "attribuée"] += 1
        more = len(splice.inserted) - len(splice.removed)
        lines["ajoutée" if more > 0 else "supprimée"] += abs(more)
    told = [counted(n, f"ligne {what}", f"lignes {what}s") for what, n in lines.items() if n]
    if changed.shift:
        told = ["tous les temps décalés"]
    parts = (
        ("chapitres", changed.chapters),
        ("résumé relu" if changed.summary and _same(*changed.summary) else "résumé", changed.summary),
        ("personnes", changed.speakers),
        ("doutes levés", changed.settled and set(changed.settled[1]) - set(changed.settled[0])),
    )
    said = [_CALLED[name] for name in _other(*changed.particulars)] if changed.particulars else []
    return ", ".join([*told, *(name for name, part in parts if part), *said]) or "rien"


def resaid(changed: Delta) -> bool:
    """Tell whether lines are said by others than before."""
    return any({c.speaker for c in one.removed} != {c.speaker for c in one.inserted} for one in changed.cues)


def _same(before: Summary, after: Summary) -> bool:
    return before.text == after.text
