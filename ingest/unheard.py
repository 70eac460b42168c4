"""Speech for which Whisper wrote nothing, to be heard once more by itself. Pure.

Where several breaths share its thirty seconds, above all of several people, a small model may stop after the first:
whole sentences are missing, without a sign. But the voice detection knows that somebody spoke there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from rapidfuzz.fuzz import partial_ratio

from ingest.speech import Segment
from transcripts.model import Word

# From one second of the whole to another.
Part = tuple[float, float]

# Somebody who speaks says more than so many words a second, but for one: French has two to four.
_LEAST = 1.2
# Seconds: a longer word is one that was stretched over what is missing; how far times of words may lie off.
_LONG, _OFF = 2.0, 0.1
# Seconds within which words may have been put that belong elsewhere; likeness (0 to 100) of what is the same.
_NEAR, _SAME = 15.0, 85
# Whisper's own bounds for what it does not believe itself.
_UNLIKELY, _NOBODY = -1.0, 0.6


def unheard(speech: Sequence[Part], segments: Sequence[Segment]) -> list[int]:
    """Return which parts of the speech have too few words for somebody who speaks."""
    words = [word for segment in segments for word in segment.words]
    return [n for n, part in enumerate(speech) if len(_inside(words, part)) < _LEAST * (part[1] - part[0]) - 1]


def filled(segments: Sequence[Segment], again: Sequence[Segment], parts: Sequence[Part]) -> list[Segment]:
    """Return what was heard first, with what was heard again in its place wherever that is more, in order."""
    believed = [s for s in again if s.words and s.logprob > _UNLIKELY and s.no_speech < _NOBODY]
    first = [word for segment in segments for word in segment.words]
    second = [word for segment in believed for word in segment.words]
    better = [
        part
        for part in parts
        if len(_inside(second, part)) > len(_inside(first, part)) and not _doubled(_inside(second, part), first, part)
    ]

    def pieces(segment: Segment, *, inside: bool) -> Iterator[Segment]:
        # What was written before a part and after it stays on its side.
        for (within, _), run in groupby(segment.words, lambda word: _place(word, better)):
            words = tuple(run)
            if within == inside:
                yield replace(segment, start=words[0].start, end=words[-1].end, words=words)

    both = [piece for s in segments for piece in pieces(s, inside=False)]
    both += [piece for s in believed for piece in pieces(s, inside=True)]
    return sorted(both, key=lambda s: s.words[0].start)


def _place(word: Word, parts: Sequence[Part]) -> tuple[bool, int]:
    """Return whether a word lies in one of the parts, and how many of them begin before it."""
    return any(_lies(word, part) for part in parts), sum(part[0] <= word.start for part in parts)


def _doubled(again: Sequence[Word], first: Sequence[Word], part: Part) -> bool:
    """Say whether the same stands close by already: words whose times are wrong are not missing."""
    around = [word for word in first if part[0] - _NEAR <= word.start <= part[1] + _NEAR and not _lies(word, part)]
    said, written = (" ".join("".join(word.text for word in words).lower().split()) for words in (again, around))
    return len(said) <= len(written) and partial_ratio(said, written) >= _SAME


def _inside(words: Sequence[Word], part: Part) -> list[Word]:
    return [word for word in words if _lies(word, part) and word.end - word.start < _LONG]


def _lies(word: Word, part: Part) -> bool:
    return part[0] - _OFF <= (word.start + word.end) / 2 <= part[1] + _OFF
