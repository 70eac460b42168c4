"""What people correct in a masterclass, and each correction as a small value. Pure.

An edit names lines by their place in the content it was made on; it raises `BadInput` where it makes no sense there.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from transcripts.alignment import align, cut_time, put_in
from transcripts.chapters import added, changed, without
from transcripts.corrected import spoken
from transcripts.edits import (
    Add,
    AddChapter,
    Align,
    ChangeChapter,
    Confirm,
    Edit,
    Join,
    Remove,
    RemoveChapter,
    Rename,
    Replace,
    Retime,
    SetSpeaker,
    SetSummary,
    SetText,
    Settle,
    Shift,
    Split,
)
from transcripts.errors import BadInput
from transcripts.formats import clean
from transcripts.model import Chapter, Cue, Masterclass, Particulars, Summary, Word, clock
from transcripts.replacing import replaced
from transcripts.speakers import heard, renamed

_SHORTEST = 0.1  # seconds a line lasts at least
_MOMENT = re.compile(r"\[([^\]\n]*)\]\(#t=(\d+(?:\.\d+)?)\)")


@dataclass(frozen=True, slots=True)
class Content:
    """All that people change.

    ``settled`` names the doubts that somebody has looked at, ``shift`` is how much later (seconds) everything is now than
    when the machine wrote its trace. ``particulars`` are empty in what was kept before they were.
    """

    cues: tuple[Cue, ...]
    chapters: tuple[Chapter, ...] = ()
    summary: Summary = field(default_factory=Summary)
    speakers: tuple[str, ...] = ()
    settled: tuple[str, ...] = ()
    shift: float = 0.0
    particulars: Particulars = field(default_factory=Particulars)


@dataclass(frozen=True, slots=True)
class Facts:
    """What edits need to know beside the content: the words heard, at their present times, and the talk's duration (seconds)."""

    words: tuple[Word, ...]
    duration: float
    title: str
    today: dt.date


def revise(content: Content, edits: Iterable[Edit], facts: Facts) -> Content:
    """Return the content after the edits, each made on what the one before it left. Raises `BadInput`."""
    for edit in edits:
        content = _EDITS[edit.kind](content, edit, facts)
        # A line that was cut may go on after one that was added beside its beginning.
        content = replace(content, cues=tuple(sorted(content.cues, key=lambda cue: cue.start)))
    return content


def described(content: Content, speakers: tuple[str, ...] | None = None, **particulars: Any) -> Content:
    """Return the content with other speakers and particulars; who no longer speaks, nor is named, takes their consent along."""
    said = replace(content.particulars, **particulars)
    if speakers is None:
        return replace(content, particulars=said)
    people = {*speakers, *heard(content.cues)}
    consents = tuple((name, day) for name, day in said.consents if name in people)
    return replace(content, speakers=speakers, particulars=replace(said, consents=consents))


def _cues(content: Content, first: int, last: int, cues: Iterable[Cue]) -> Content:
    return replace(content, cues=(*content.cues[:first], *cues, *content.cues[last:]))


def _line(content: Content, at: int) -> Cue:
    if not 0 <= at < len(content.cues):
        raise BadInput("Cette ligne n’existe plus : rien n’a changé ; rechargez la page.")
    return content.cues[at]


def _said(text: str) -> str:
    text = clean(text)
    if not text:
        raise BadInput("Une ligne vide n’a pas été gardée : écrivez un mot, ou supprimez la ligne.")
    return text


def _set_text(content: Content, edit: SetText, _: Facts) -> Content:
    return _cues(content, edit.at, edit.at + 1, [replace(_line(content, edit.at), text=_said(edit.text))])


def _split(content: Content, edit: Split, facts: Facts) -> Content:
    cue = _line(content, edit.at)
    before, after = clean(cue.text[: max(0, edit.offset)]), clean(cue.text[max(0, edit.offset) :])
    if not before or not after or cue.end - cue.start < 2 * _SHORTEST:
        raise BadInput("Une ligne se coupe entre deux mots, et dure plus d’un instant : rien n’a changé.")
    time = cut_time(cue, len(before.split()), facts.words)
    time = round(min(max(time, cue.start + _SHORTEST), cue.end - _SHORTEST), 3)
    parts = replace(cue, end=time, text=before), replace(cue, start=time, text=after)
    return _cues(content, edit.at, edit.at + 1, parts)


def _join(content: Content, edit: Join, _: Facts) -> Content:
    one, two = _line(content, edit.at), _line(content, edit.at + 1)
    joined = replace(one, end=max(one.end, two.end), text=f"{one.text} {two.text}", speaker=one.speaker or two.speaker)
    return _cues(content, edit.at, edit.at + 2, [joined])


def _add(content: Content, edit: Add, facts: Facts) -> Content:
    start, end = round(edit.start, 3), round(edit.end, 3)
    if not 0 <= start <= end <= max(facts.duration, 1.0) + 1.0:
        raise BadInput("Ce moment n’existe pas dans l’enregistrement : rien n’a changé.")
    passage = Cue(start, end, _said(edit.text))
    return replace(content, cues=put_in(content.cues, passage, facts.words, facts.duration))


def _remove(content: Content, edit: Remove, _: Facts) -> Content:
    _line(content, edit.at)
    if len(content.cues) == 1:
        raise BadInput("C’est la seule ligne de la transcription : elle n’a pas été supprimée.")
    return _cues(content, edit.at, edit.at + 1, ())


def _retime(content: Content, edit: Retime, _: Facts) -> Content:
    cue, at = _line(content, edit.at), edit.at
    start, end = round(edit.start, 3), round(edit.end, 3)
    made = [replace(cue, start=start, end=end)]
    first, last = at, at + 1
    if at and content.cues[at - 1].end > start:
        first -= 1
        made.insert(0, replace(content.cues[first], end=start))
    if last < len(content.cues) and content.cues[last].start < end:
        made.append(replace(content.cues[last], start=end))
        last += 1
    if start < 0 or any(not one.end - one.start >= _SHORTEST for one in made):
        raise BadInput("Ces temps ne laissent pas de place à la ligne ou à sa voisine : rien n’a changé.")
    return _cues(content, first, last, made)


def _set_speaker(content: Content, edit: SetSpeaker, _: Facts) -> Content:
    name = clean(edit.speaker)
    if any(c in "<>&" for c in name):
        raise BadInput("Ce nom ne peut pas être donné à une voix : rien n’a changé ; écrivez un prénom et un nom.")
    return _cues(content, edit.at, edit.at + 1, [replace(_line(content, edit.at), speaker=name or None)])


def _rename(content: Content, edit: Rename, _: Facts) -> Content:
    cues, speakers = renamed(content.cues, content.speakers, edit.voice, edit.name)
    return replace(content, cues=cues, speakers=speakers)


def _add_chapter(content: Content, edit: AddChapter, facts: Facts) -> Content:
    return replace(content, chapters=added(content.chapters, edit.start, edit.title, facts.duration))


def _change_chapter(content: Content, edit: ChangeChapter, facts: Facts) -> Content:
    known = [(c.start, c.title) for c in content.chapters]
    at = known.index(edit.was) if edit.was in known else edit.at
    return replace(content, chapters=changed(content.chapters, at, edit.start, edit.title, facts.duration))


def _remove_chapter(content: Content, edit: RemoveChapter, facts: Facts) -> Content:
    return replace(content, chapters=without(content.chapters, edit.at, facts.duration))


def _set_summary(content: Content, edit: SetSummary, _: Facts) -> Content:
    text = "\n".join(line.rstrip() for line in edit.text.replace("\r\n", "\n").split("\n")).strip()
    if text == content.summary.text:
        return content  # whoever read it has read this
    return replace(content, summary=Summary(text, written_by=content.summary.written_by))


def _confirm(content: Content, edit: Confirm, facts: Facts) -> Content:
    name = clean(edit.name)[:100]
    if not name:
        raise BadInput("La relecture se signe d’un nom : rien n’a changé ; écrivez le vôtre.")
    return replace(content, summary=Summary(content.summary.text, name, facts.today))


def _shift(content: Content, edit: Shift, _: Facts) -> Content:
    by = round(edit.seconds, 3)
    cues = tuple(cue for cue in content.cues if cue.end + by > _SHORTEST)
    if not cues:
        raise BadInput("Il ne resterait aucune ligne après ce décalage : rien n’a changé.")
    return moved(replace(content, cues=cues, shift=round(content.shift + by, 3)), lambda second: second + by)


def moved(content: Content, to: Callable[[float], float]) -> Content:
    """Return the content with every second of lines, chapters and links put where ``to`` says; every line stays."""

    def at(second: float) -> float:
        return round(max(0.0, to(second)), 3)

    def link(found: re.Match[str]) -> str:
        second = at(float(found[2]))
        label = clock(second) if found[1] == clock(float(found[2])) else found[1]
        return f"[{label}](#t={second:g})"

    cues = tuple(replace(c, start=at(c.start), end=at(c.end)) for c in content.cues)
    latest = {at(c.start): replace(c, start=at(c.start), end=at(c.end)) for c in content.chapters}
    summary = replace(content.summary, text=_MOMENT.sub(link, content.summary.text))
    return replace(content, cues=cues, chapters=tuple(c for c in latest.values() if c.end > c.start), summary=summary)


def _replace(content: Content, edit: Replace, _: Facts) -> Content:
    by = clean(edit.by)
    lines = range(len(content.cues)) if edit.lines is None else edit.lines
    cues = list(content.cues)
    for at in lines:
        text = clean(replaced(_line(content, at).text, edit.wanted, by))
        cues[at] = replace(cues[at], text=text or cues[at].text)  # a line is never emptied by the way
    return replace(content, cues=tuple(cues))


def _align(content: Content, edit: Align, facts: Facts) -> Content:
    speakers = {cue.speaker for cue in content.cues if cue.speaker}
    words = spoken(edit.text, facts.title, speakers, content.summary.text)
    return replace(content, cues=align(content.cues, words, facts.words))


def _settle(content: Content, edit: Settle, _: Facts) -> Content:
    return replace(content, settled=tuple(sorted({*content.settled, edit.doubt[:100]})))


_EDITS: dict[str, Callable[[Content, Any, Facts], Content]] = {
    "text": _set_text,
    "split": _split,
    "join": _join,
    "add": _add,
    "remove": _remove,
    "retime": _retime,
    "speaker": _set_speaker,
    "rename": _rename,
    "add-chapter": _add_chapter,
    "chapter": _change_chapter,
    "remove-chapter": _remove_chapter,
    "summary": _set_summary,
    "confirm": _confirm,
    "shift": _shift,
    "replace": _replace,
    "align": _align,
    "settle": _settle,
}


def content_of(masterclass: Masterclass, settled: tuple[str, ...] = (), shift: float = 0.0) -> Content:
    """Return what can be corrected in a masterclass."""
    details = masterclass.details
    return Content(
        masterclass.cues,
        masterclass.chapters,
        masterclass.summary,
        details.speakers,
        settled,
        shift,
        details.particulars,
    )
