"""Lines of a corrected text get the times of the sound where theirs are guesses. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from transcripts.alignment import unchanged
from transcripts.differences import splices
from transcripts.model import Cue, Word
from transcripts.withdrawal import MARK

# What was aligned is believed where new words are at least so probable (right ones were at 0.42 and more, wrong ones at 0.15 and
# less but for one), and where no line that is as probable begins farther (seconds) from a time that was known.
_SURE, _OFF = 0.3, 1.0
_SHORTEST = 0.1  # seconds a line lasts at least
_LONGEST = 600.0  # seconds of guesses in a row beyond which they stay: such a text is another one, and its sound fills the memory


@dataclass(frozen=True, slots=True)
class Stretch:
    """Lines of a text from place ``at`` on, guesses and those beside them, which are all that is said from ``start`` to ``end``.

    ``starts`` and ``ends`` say of which lines that time is known; others are guesses. Times in seconds.
    """

    at: int
    lines: tuple[Cue, ...]
    starts: tuple[bool, ...]
    ends: tuple[bool, ...]
    start: float
    end: float

    @property
    def words(self) -> list[str]:
        """All words of the lines."""
        return [word for line in self.lines for word in line.text.split()]


def guesses(before: Sequence[Cue], after: Sequence[Cue], duration: float) -> Iterator[Stretch]:
    """Yield, in order, where words that came or went left times of a text to guess; ``duration`` is the recording's (seconds)."""
    starts, ends = [True] * len(after), [True] * len(after)
    grown = 0  # how many lines more the text has by then
    for splice in splices(before, after):
        here = slice(splice.at + grown, splice.at + grown + len(splice.inserted))
        grown += len(splice.inserted) - len(splice.removed)
        starts[here], ends[here] = _known(splice.removed, splice.inserted)
    for guessed, run in groupby(range(len(after)), lambda n: not (starts[n] and ends[n])):
        places = list(run)
        first, last = places[0], places[-1] + 1
        low, high = _beside(after, first - 1), _beside(after, last)
        begin = low[0].start if low else after[first - 1].end if first else 0.0
        end = high[0].end if high else after[last].start if last < len(after) else duration
        if guessed and end - begin <= _LONGEST:
            here = slice(first - len(low), last + len(high))
            yield Stretch(here.start, tuple(after[here]), tuple(starts[here]), tuple(ends[here]), begin, end)


def _beside(lines: Sequence[Cue], at: int) -> tuple[Cue, ...]:
    """Return the line at a place where there is one that is said: a mark for what was withdrawn is not."""
    return tuple(lines[at : at + 1]) if at >= 0 and lines[at : at + 1] and lines[at].text != MARK else ()


def _known(was: Sequence[Cue], now: Sequence[Cue]) -> tuple[list[bool], list[bool]]:
    """Return of which lines the start, and the end, is still that of the word which stands there."""
    same = unchanged(*([word for line in side for word in line.text.split()] for side in (was, now)))
    begins, stops, at = dict[int, float](), dict[int, float](), 0
    for line in was:
        begins[at] = line.start
        at += len(line.text.split())
        stops[at - 1] = line.end
    starts, ends, at = list[bool](), list[bool](), 0
    for line in now:
        starts.append(begins.get(same.get(at, -1)) == line.start)
        at += len(line.text.split())
        ends.append(stops.get(same.get(at - 1, -1)) == line.end)
    return starts, ends


def retimed(stretch: Stretch, heard: Sequence[Word]) -> tuple[Cue, ...] | None:
    """Return the lines of a stretch with the times at which each of its words was heard in place of guesses.

    None where these make no sense, as they do not when other words were said there.
    """
    if len(heard) != len(stretch.words):
        return None
    said, at = list[Sequence[Word]](), 0
    for line in stretch.lines:
        said.append(heard[at : at + len(line.text.split())])
        at += len(said[-1])
    known = list(zip(stretch.lines, said, stretch.starts, stretch.ends, strict=True))
    new = [word for _, words, start, end in known if not (start and end) for word in words]
    # A line that Whisper cannot make out says nothing of those beside it.
    astray = any(start and _sure(words) and abs(words[0].start - line.start) > _OFF for line, words, start, _ in known)
    if astray or not _sure(new):
        return None
    times = [
        (line.start if start else words[0].start, line.end if end else words[-1].end)
        for line, words, start, end in known
    ]
    limits = [*(start for start, _ in times[1:]), stretch.end]
    made = tuple(
        replace(line, start=round(start, 3), end=round(min(end, limit), 3))
        for line, (start, end), limit in zip(stretch.lines, times, limits, strict=True)
    )
    return made if all(line.end - line.start >= _SHORTEST for line in made) else None


def _sure(words: Sequence[Word]) -> bool:
    return sum(word.probability or 0.0 for word in words) >= _SURE * len(words)


def put(lines: tuple[Cue, ...], was: Sequence[Cue], now: Sequence[Cue]) -> tuple[Cue, ...]:
    """Return a text with lines at their new times, as it was where these lines do not stand there any more or no longer fit."""
    changed = [n for n, both in enumerate(zip(was, now, strict=True)) if both[0] != both[1]]
    if not changed:
        return lines
    old, new = tuple(was[changed[0] : changed[-1] + 1]), tuple(now[changed[0] : changed[-1] + 1])
    at = next((n for n in range(len(lines)) if lines[n : n + len(old)] == old), None)
    if at is None:
        return lines
    made = (*lines[:at], *new, *lines[at + len(old) :])
    around = made[max(0, at - 1) : at + len(old) + 1]
    return made if all(one.end <= two.start for one, two in pairwise(around)) else lines
