"""Where a transcript may be wrong, shown to whoever reviews it: what the machine was unsure of, changed or left out. Pure."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from transcripts.model import Correction, Cue, Removed, Trace, Word
from transcripts.replacing import Wanted, places
from transcripts.revision import Content
from transcripts.staff_glossary import Listed

UNSURE = 0.35  # probability of a word below which it is shown
_SLACK = 0.5  # seconds by which a word may lie outside its line


@dataclass(frozen=True, slots=True)
class Doubt:
    """At line ``at``, characters ``first`` to ``last``, between two seconds; ``name`` says which doubt it is for good.

    ``unsure``: Whisper gave the word ``heard`` a low probability. ``corrected``: it wrote ``heard``, and the glossary's
    term stands there now. ``listed``: ``heard`` stands there, and staff listed it as a mis-hearing of ``term``.
    ``removed``: ``heard`` was taken out as invented, before the line's first character.
    """

    name: str
    kind: Literal["unsure", "corrected", "listed", "removed"]
    at: int
    first: int
    last: int
    start: float
    end: float
    heard: str
    why: str = ""
    term: str = ""


_WHY = {
    "phantom": "phrase que la machine invente souvent",
    "loop": "répétition en boucle",
    "silence": "personne ne parlait",
}


def doubts(content: Content, trace: Trace, listed: Sequence[Listed] = ()) -> tuple[Doubt, ...]:
    """Return the doubts that nobody has settled, in order; words that were changed since are no longer in doubt.

    ``listed`` are the forms that staff know for mis-hearings.
    """
    settled = set(content.settled)
    found = [d for d in (*_listed(content, listed), *_found(content, trace)) if d.name not in settled]
    return tuple(sorted(found, key=lambda d: (d.at, d.first)))


def left(content: Content, trace: Trace) -> Trace:
    """Return a trace with nothing but what is still in doubt."""
    names = {doubt.name for doubt in doubts(content, trace)}
    return replace(
        trace,
        words=tuple(word for word in trace.words if _heard(word) in names),
        removed=tuple(removed for removed in trace.removed if _taken(removed) in names),
        corrections=tuple(one for one in trace.corrections if _corrected(one) in names),
    )


def still_settled(
    before: Content, was: Trace, after: Content, now: Trace, listed: Sequence[Listed] = ()
) -> tuple[str, ...]:
    """Return what the doubts are called now that somebody had settled before lines went, and with them a part of the trace."""
    every = doubts(replace(before, settled=()), was, listed)
    settled = {_aside(doubt) for doubt in every if doubt.name in before.settled}
    return tuple(sorted(doubt.name for doubt in doubts(after, now, listed) if _aside(doubt) in settled))


def _aside(doubt: Doubt) -> Doubt:
    """Return a doubt without what it is called and the number of its line, which both change."""
    return replace(doubt, name="", at=0)


def _heard(word: Word) -> str:
    return f"w{word.start:.2f}"


def _taken(removed: Removed) -> str:
    return f"r{removed.start:.2f}"


def _corrected(one: Correction) -> str:
    return f"c{one.start:.2f}{one.term}"


def _listed(content: Content, listed: Sequence[Listed]) -> Iterator[Doubt]:
    for one in listed:
        wanted = Wanted(one.heard)
        for at, cue in enumerate(content.cues):
            for first, last in places(cue.text, wanted):
                heard = cue.text[first:last]
                name = f"g{cue.start:.2f}{first} {one.heard}"
                yield Doubt(name, "listed", at, first, last, cue.start, cue.end, heard, term=one.term)


def _found(content: Content, trace: Trace) -> Iterator[Doubt]:
    cues, shift = content.cues, content.shift
    starts = [cue.start for cue in cues]

    def line(second: float) -> int:
        return max(0, bisect_right(starts, second) - 1)

    taken: set[tuple[int, int]] = set()
    for one in trace.corrections:
        middle = (one.start + one.end) / 2 + shift
        for at in (line(middle), line(one.start + shift), line(one.end + shift)):
            place = _place(cues[at], one.term, one.start + shift)
            if place and (at, place[0]) not in taken:
                taken.add((at, place[0]))
                yield Doubt(
                    _corrected(one),
                    "corrected",
                    at,
                    *place,
                    one.start + shift,
                    one.end + shift,
                    one.heard,
                )
                break
    for removed in trace.removed:
        start, end = removed.start + shift, removed.end + shift
        why = _WHY[removed.reason]
        yield Doubt(_taken(removed), "removed", line(start), 0, 0, start, end, removed.text, why)
    for word in trace.words:
        text = word.text.strip(" .,;:!?…«»\"'’()")
        if word.probability is not None and word.probability < UNSURE and len(text) > 1:
            at = line(word.start + shift)
            place = _place(cues[at], text, word.start + shift)
            if place and (at, place[0]) not in taken and word.start + shift < cues[at].end + _SLACK:
                taken.add((at, place[0]))
                yield Doubt(
                    _heard(word),
                    "unsure",
                    at,
                    *place,
                    word.start + shift,
                    word.end + shift,
                    text,
                    f"{word.probability:.0%}".replace("%", " %"),
                )


def _place(cue: Cue, text: str, second: float) -> tuple[int, int] | None:
    """Return the characters of a text in a line: where it stands several times, the place nearest to its second."""
    pattern = rf"(?<!\w){re.escape(text)}(?!\w)"
    share = (second - cue.start) / max(cue.end - cue.start, 0.1) * len(cue.text)
    found = [match.span() for match in re.finditer(pattern, cue.text)]
    return min(found, key=lambda span: abs(span[0] - share), default=None)
