"""A talk is heard anew by another model: what people had corrected stays. Pure.

A three-way merge in the manner of diff3 (Khanna, Kunal and Pierce, "A Formal Investigation of Diff3", 2007), on words: what
the machine first wrote is the common origin of the corrected text and of the new one.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from rapidfuzz.distance import Indel

from transcripts.edits import Edit, Remove, SetText
from transcripts.errors import BadInput
from transcripts.model import Cue, Difference, Word
from transcripts.phonetics import fold
from transcripts.withdrawal import MARK

# Words in a row that only people wrote and that keep their own times, since the new hearing has none for them.
_OWN = 4
_BESIDE = 0.05  # seconds before a word within which a time is that of the word


@dataclass(frozen=True, slots=True)
class Merged:
    """The new cues with people's corrections in them (``kept`` of them), and where the new hearing disagrees with one."""

    cues: tuple[Cue, ...]
    kept: int
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    cue: Cue


@dataclass(frozen=True, slots=True)
class _Chunk:
    """The same stretch as it was written first, as people left it, and as it is heard now; ``stable``: all agree."""

    first: list[str]
    people: list[_Word]
    heard: list[_Word]
    stable: bool


def merge(first: str, people: Sequence[Cue], heard: Sequence[Cue]) -> Merged:
    """Return the cues ``heard`` by a new model with the corrections that ``people`` made to what was written ``first``.

    A correction goes where the new model heard the corrected words; where it heard something else, the correction stands too,
    and is told as a difference. A cue takes the speaker who has most of its time among ``people``'s cues.
    """
    origin, theirs, new = first.split(), list(_words(people)), list(_words(heard))
    out: list[_Word] = []
    differences = []
    kept = 0
    for chunk in _chunks(origin, theirs, new):
        if chunk.stable or [w.text for w in chunk.people] == chunk.first:
            out += chunk.heard
            continue
        kept += 1
        placed = _placed(chunk, out[-1].cue if out else None)
        out += placed
        if _plain(w.text for w in chunk.heard) not in (_plain(chunk.first), _plain(w.text for w in chunk.people)):
            differences.append(_difference(chunk, placed))
    return Merged(tuple(_named(list(_cues(out)), people)), kept, tuple(differences))


def followed(was: Sequence[Word], now: Sequence[Word]) -> Callable[[float], float]:
    """Return where a second of one recording lies in another, by the words that were heard in both.

    What lies between two of these words keeps its distance from the first, at most up to the second.
    """
    same = _matches([word.text for word in was], [word.text for word in now], _bare)
    before, after = [was[n].start for n in same], [*(now[n].start for n in same.values()), math.inf]

    def to(second: float) -> float:
        at = max(0, bisect_right(before, second + _BESIDE) - 1)
        return min(after[at] + second - before[at], after[at + 1]) if same else second

    return to


def taken(cues: Sequence[Cue], difference: Difference) -> tuple[Edit, ...]:
    """Return the edits that put what was heard in place of what a person wrote, a line that is left empty going with it.

    Raises `BadInput` where those words do not stand there any more, or more than once.
    """
    there = [n for n, cue in enumerate(cues) if cue.start < difference.end and cue.end > difference.start]
    words = [(n, word) for n in there for word in cues[n].text.split()]
    kept, heard = difference.kept.split(), difference.heard.split()
    found = [at for at in range(len(words) - len(kept) + 1) if [word for _, word in words[at : at + len(kept)]] == kept]
    if len(found) != 1:
        why = "se trouvent plusieurs fois à cet endroit" if found else "ont changé depuis"
        raise BadInput(f"Ces mots {why} : rien n’a été remplacé ; corrigez-les dans la transcription.")
    at = found[0]
    # Spread over their lines as they were placed.
    put = [(words[at + n * len(kept) // len(heard)][0], word) for n, word in enumerate(heard)]
    said = [*words[:at], *put, *words[at + len(kept) :]]
    changed = sorted({n for n, _ in words[at : at + len(kept)]}, reverse=True)
    texts = [(n, " ".join(word for line, word in said if line == n)) for n in changed]
    return tuple(SetText(n, text) if text else Remove(n) for n, text in texts)


def _words(cues: Sequence[Cue]) -> Iterator[_Word]:
    for cue in cues:
        for text in cue.text.split():
            yield _Word(text, cue)


def _plain(words: Iterator[str] | Sequence[str]) -> list[str]:
    """Return words without case, accents and punctuation."""
    return [plain for word in words if (plain := _bare(word))]


def _bare(word: str) -> str:
    return "".join(c for c in fold(word) if c.isalnum())


def _chunks(origin: list[str], people: list[_Word], heard: list[_Word]) -> Iterator[_Chunk]:
    """Yield the stretches of a talk in order: one chunk for each word on which all three agree, one for each run between."""
    corrected = _matches(origin, [w.text for w in people], str)
    anew = _matches(origin, [w.text for w in heard], _bare)
    at = (0, 0, 0)
    for i in range(len(origin)):
        if i not in corrected or i not in anew:
            continue
        here = (i, corrected[i], anew[i])
        if here != at:
            yield _between(origin, people, heard, at, here)
        yield _Chunk([origin[i]], [people[here[1]]], [heard[here[2]]], stable=True)
        at = (here[0] + 1, here[1] + 1, here[2] + 1)
    end = (len(origin), len(people), len(heard))
    if at != end:
        yield _between(origin, people, heard, at, end)


def _between(
    origin: list[str], people: list[_Word], heard: list[_Word], at: tuple[int, int, int], to: tuple[int, int, int]
) -> _Chunk:
    return _Chunk(origin[at[0] : to[0]], people[at[1] : to[1]], heard[at[2] : to[2]], stable=False)


def _matches(origin: list[str], other: list[str], key: Callable[[str], str]) -> dict[int, int]:
    """Return which words of ``origin`` stand where in ``other``, by a longest common subsequence."""
    found: dict[int, int] = {}
    for step in Indel.opcodes([key(w) for w in origin], [key(w) for w in other]):
        if step.tag == "equal":
            found.update(zip(range(step.src_start, step.src_end), range(step.dest_start, step.dest_end), strict=True))
    return found


def _placed(chunk: _Chunk, before: Cue | None) -> list[_Word]:
    """Return people's words in the cues of the words that were heard in their place, spread evenly over them."""
    if chunk.heard:
        share = len(chunk.heard) / max(1, len(chunk.people))
        return [_Word(w.text, chunk.heard[int(n * share)].cue) for n, w in enumerate(chunk.people)]
    if before is None or len(chunk.people) >= _OWN or any(word.cue.text == MARK for word in chunk.people):
        return chunk.people
    return [_Word(w.text, before) for w in chunk.people]


def _difference(chunk: _Chunk, placed: list[_Word]) -> Difference:
    places = [w.cue for w in (*chunk.heard, *placed)]
    return Difference(
        min(cue.start for cue in places),
        max(cue.end for cue in places),
        " ".join(w.text for w in chunk.people),
        " ".join(w.text for w in chunk.heard),
    )


def _cues(words: list[_Word]) -> Iterator[Cue]:
    """Yield cues of the words' own cues; none begins before the one before it ends."""
    last = 0.0
    for cue, run in groupby(words, lambda word: word.cue):
        start = max(cue.start, last)
        yield replace(cue, start=start, end=max(cue.end, start + 0.1), text=" ".join(word.text for word in run))
        last = max(cue.end, start + 0.1)


def _named(cues: list[Cue], people: Sequence[Cue]) -> Iterator[Cue]:
    at = 0
    for cue in cues:
        while at < len(people) and people[at].end <= cue.start:
            at += 1
        shares: dict[str | None, float] = {}
        for old in people[at:]:
            if old.start >= cue.end:
                break
            shared = min(old.end, cue.end) - max(old.start, cue.start)
            shares[old.speaker] = shares.get(old.speaker, 0.0) + shared
        yield replace(cue, speaker=max(shares, key=lambda who: shares[who]) if shares else cue.speaker)
