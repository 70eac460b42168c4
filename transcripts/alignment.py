"""Corrected words and the sound: what did not change keeps its time, what did shares the time between. Pure."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import accumulate, groupby

from rapidfuzz.distance import Levenshtein

from transcripts.errors import BadInput
from transcripts.model import Cue, Word
from transcripts.phonetics import fold
from transcripts.typography import hanging, lines

_SLACK = 0.5  # seconds by which a word may lie outside its line
_LINES = 2  # a changed line of more lines than these is cut
_LEAST = 0.3  # seconds of a line that is still cut
# So many words that nobody heard are a line of their own where a silence has room for them, at so many characters a second.
_OWN, _FASTEST = 4, 25.0
_PACE = 20.0  # characters a second at which a passage that is put in can be read
_SHORTEST = 0.1  # seconds a line lasts at least


@dataclass(frozen=True, slots=True)
class _Heard:
    start: float
    end: float
    folded: str


def cut_time(cue: Cue, before: int, words: Sequence[Word]) -> float:
    """Return when, inside a line, the word after the first ``before`` begins (seconds).

    ``words`` are those that were heard in the talk, in order. A word of the line that was heard so has its own time; others
    share the time between such words in proportion to their letters.
    """
    said = cue.text.split()
    # The time at which each word begins, and that at which the line ends.
    known: dict[int, float] = {0: cue.start, len(said): cue.end}
    heard = _heard_in(cue, words)
    matcher = SequenceMatcher(None, [_bare(word) for word in said], [word.folded for word in heard], autojunk=False)
    for here, there, size in matcher.get_matching_blocks():
        for i in range(size):
            known[here + i] = heard[there + i].start
            known.setdefault(here + i + 1, heard[there + i].end)
    if before in known:
        return known[before]
    low, high = max(k for k in known if k < before), min(k for k in known if k > before)
    letters = [0, *accumulate(len(word) + 1 for word in said[low:high])]
    return known[low] + (known[high] - known[low]) * letters[before - low] / letters[-1]


def _heard_in(cue: Cue, words: Sequence[Word]) -> list[_Heard]:
    first = bisect_left(words, cue.start - _SLACK, key=lambda w: w.start)
    last = bisect_right(words, cue.end + _SLACK, key=lambda w: w.start)
    heard: list[_Heard] = []
    for word in words[first:last]:
        # The recogniser gives "l" and "'argent" as two words.
        if heard and not word.text[:1].isspace():
            heard[-1] = _Heard(heard[-1].start, word.end, heard[-1].folded + _bare(word.text))
        else:
            heard.append(_Heard(word.start, word.end, _bare(word.text)))
    return heard


def put_in(cues: Sequence[Cue], passage: Cue, words: Sequence[Word], duration: float) -> tuple[Cue, ...]:
    """Return the lines of a talk with a passage that was missing, in as many lines as it takes.

    It takes of the silence around what it takes to be read, and whoever spoke before says it. A line in which it was said is parted,
    one that had stayed in the silence ends where the passage begins. ``duration`` is the recording's (seconds).
    """
    at = bisect_right(cues, passage.start, key=lambda c: c.start)
    before, after = list(cues[:at]), list(cues[at:])
    if before and before[-1].end > passage.start:
        line = before.pop()
        said = line.text.split()
        first = sum(cut_time(line, n, words) < passage.start for n in range(len(said)))
        if first:
            before.append(replace(line, end=passage.start, text=" ".join(said[:first])))
        if first < len(said):
            start = round(cut_time(line, first, words), 3)
            after.insert(0, replace(line, start=start, text=" ".join(said[first:])))
    earliest, latest = 0.0, after[0].start if after else max(duration, passage.end)
    speaker = passage.speaker
    if before:
        last, speaker = before[-1], before[-1].speaker
        heard = words[: bisect_left(words, passage.start, key=lambda w: w.start)][-1:]
        read = max([min(last.end, last.start + len(last.text) / _PACE), *(word.end for word in heard)])
        earliest = max(min(read, passage.start), last.start + _SHORTEST)
    length = len(passage.text) / _PACE
    end = min(max(passage.end, passage.start + length), latest)
    begin = round(max(earliest, min(passage.start, end - length)), 3)
    end = round(max(end, begin + _SHORTEST), 3)
    if before:
        before[-1] = replace(before[-1], end=min(before[-1].end, begin))
    if after and after[0].end - end >= _SHORTEST:
        after[0] = replace(after[0], start=max(after[0].start, end))
    return (*before, *_fitting(replace(passage, start=begin, end=end, speaker=speaker), ()), *after)


def _bare(word: str) -> str:
    return re.sub(r"\W", "", fold(word))


def align(cues: Sequence[Cue], new: Sequence[str], words: Sequence[Word]) -> tuple[Cue, ...]:
    """Return the lines of a talk with the words of a corrected text of the whole in place of their own.

    Lines that did not change stay as they are; changed ones keep their times, and are cut where they grew too long; what nobody
    had heard between two lines is a line. Raises `BadInput` for another talk's text.
    """
    old = [(word, at) for at, cue in enumerate(cues) for word in cue.text.split()]
    # difflib takes minutes for an hour of words that come often; this is the same to a reader, in a second.
    blocks = Levenshtein.opcodes([_key(word) for word, _ in old], [_key(word) for word in new])
    same = sum(block.src_end - block.src_start for block in blocks if block.tag == "equal")
    if same * 2 < max(len(old), len(new)):
        raise BadInput(
            "Plus de la moitié de ce texte ne se retrouve pas dans la transcription : rien n’a changé ; "
            "donnez le texte entier et corrigé de cette masterclass."
        )
    held: list[list[str]] = [[] for _ in cues]
    between: dict[int, Cue] = {}  # lines of their own, by the place of the line that each comes before
    for block in blocks:
        i1, i2, j1, j2 = block.src_start, block.src_end, block.dest_start, block.dest_end
        here = old[i1][1] if i1 < len(old) else len(cues)
        if i1 == i2 and 0 < i1 < len(old) and old[i1 - 1][1] != here and (own := _between(cues, here, new[j1:j2])):
            between[here] = own
            continue
        for j in range(j1, j2):
            # What is inserted goes with the word before it; what replaces, in proportion.
            i = i1 + (j - j1) * (i2 - i1) // (j2 - j1) if i2 > i1 else max(0, i1 - 1)
            held[old[i][1]].append(new[j])
    made: list[Cue] = []
    for at, (cue, spoken) in enumerate(zip(cues, held, strict=True)):
        if at in between:
            made += _fitting(between[at], words)
        said = " ".join(spoken)
        if said == cue.text:
            made.append(cue)
        elif said:
            made += _fitting(replace(cue, text=said), words)
    return tuple(made)


def _between(cues: Sequence[Cue], at: int, words: Sequence[str]) -> Cue | None:
    """Return a line for words that nobody heard, in the silence before a line; None where they are few or it is short."""
    before, after, text = cues[at - 1], cues[at], " ".join(words)
    if len(words) < _OWN or len(text) > _FASTEST * (after.start - before.end):
        return None
    return Cue(before.end, after.start, text, before.speaker)


def unchanged(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    """Return at which place of an earlier text each word of a later one stood, by its place; of those that came, none.

    Where as many words stand in place of others, they are the same ones, written otherwise.
    """
    same: dict[int, int] = {}
    blocks = Levenshtein.opcodes([_key(word) for word in old], [_key(word) for word in new])
    for _, run in groupby(blocks, lambda block: block.tag == "equal"):
        parts = list(run)
        i1, i2, j1, j2 = parts[0].src_start, parts[-1].src_end, parts[0].dest_start, parts[-1].dest_end
        if i2 - i1 == j2 - j1:
            same |= zip(range(j1, j2), range(i1, i2), strict=True)
    return same


def _key(word: str) -> str:
    return _bare(word) or word


def _fitting(cue: Cue, words: Sequence[Word]) -> Iterator[Cue]:
    """Yield a line, in parts where it has grown too long to be read."""
    said = cue.text.split()
    if len(lines(cue.text)) <= _LINES or len(said) < 2 or cue.end - cue.start < 2 * _LEAST:
        yield cue
        return

    def merit(at: int) -> float:
        before = " ".join(said[:at])
        balance = abs(len(before) - len(cue.text) / 2) / len(cue.text)
        return balance + 0.5 * hanging(before) - 0.3 * before.endswith((".", ",", ";", "?", "!", ":"))

    at = min(range(1, len(said)), key=merit)
    time = round(min(max(cut_time(cue, at, words), cue.start + _LEAST), cue.end - _LEAST), 3)
    yield from _fitting(replace(cue, end=time, text=" ".join(said[:at])), words)
    yield from _fitting(replace(cue, start=time, text=" ".join(said[at:])), words)
