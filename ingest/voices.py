"""Who speaks when: voices are told apart by how they sound, and change between words. Pure but for what it is given.

Sound is looked at in overlapping pieces of 1.6 seconds inside speech, each turned into a vector. Vectors are grouped
(average linkage in blocks, then the nearest groups), groups become voices, and so does speech between two pauses that is
like none of them: a remark from the audience. The most likely voice of each word is found by Viterbi's algorithm, where a
change of voice costs, less so after a pause.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import numpy.typing as npt

from transcripts.model import Word
from transcripts.speakers import numbered

Samples = npt.NDArray[np.float32]
Vectors = npt.NDArray[np.float32]
Embed = Callable[[Sequence[Samples]], Vectors]
# Gives the mono sound between two times (seconds), at the rate that the embedding wants.
Sound = Callable[[float, float], Samples]

# A silence between words that ends a stretch of speech, and the longest one looked at in one go (seconds).
_PAUSE, _STRETCH = 0.3, 30.0
# Length and step of the pieces; a shorter one than the last says nothing of a voice (seconds).
_PIECE, _STEP, _SHORTEST = 1.6, 0.4, 0.5
# Pieces grouped at once: the memory for it grows with the square.
_BLOCK = 1000
# Pieces of one group are at least so alike (mean cosine); groups of one voice are at least so alike (cosine of means).
_ALIKE, _SAME = 0.67, 0.80
# How much farther the mean of a single piece may lie from its voice; of n pieces, by the square root of n less.
_DOUBT = 0.1
# A voice has at least so many pieces one after the other.
_RUN = 4
# Or it is heard between two pauses for so long (seconds), less like every other voice than so (cosine): 265 short breaths
# of speakers (most of them a synthetic voice's) had 0.78 to 0.95, 97 remarks of others 0.43 to 0.77, nine in ten under 0.64.
_REMARK, _STRANGE = 0.8, 0.64
# A voice is proposed for a known one from this cosine on: one person in two rooms has 0.82 to 0.95, two people who
# sound alike up to 0.85, most under 0.75.
_KNOWN = 0.80
# What a change of voice costs, in cosine times seconds, without a pause and after one of `_PAUSE` or more.
_CHANGE, _CHANGE_AT_PAUSE = 0.4, 0.05


@dataclass(frozen=True, slots=True)
class Turn:
    """One voice speaks from ``start`` to ``end`` (seconds); voices count from 0 in order of their first words."""

    start: float
    end: float
    voice: int


@dataclass(frozen=True, slots=True)
class Voices:
    """Who speaks when, and a unit vector of each voice, shape (voices, dimensions)."""

    turns: tuple[Turn, ...]
    prints: Vectors


@dataclass(frozen=True, slots=True)
class _Pieces:
    """Where the pieces lie (seconds, shape (pieces, 2)), the stretch of each, and their vectors."""

    spans: npt.NDArray[np.float64]
    stretch: npt.NDArray[np.int64]
    vectors: Vectors


def find_voices(words: Sequence[Word], sound: Sound, embed: Embed, count: int | None = None) -> Voices:
    """Return the turns that words were spoken in; with ``count`` voices if that many can be told apart.

    ``words`` are in order. Memory does not grow with the sound but for the vectors: 9 MB an hour.
    """
    pieces = _listen(words, sound, embed)
    if not len(pieces.vectors):
        return Voices(_turns(words, [0] * len(words)), pieces.vectors)
    prints = _voices(pieces, count)
    spoken = _decode(words, pieces, prints)
    order = list(dict.fromkeys(spoken))
    return Voices(_turns(words, [order.index(voice) for voice in spoken]), prints[order])


def assign(words: Iterable[Word], turns: Sequence[Turn]) -> list[int]:
    """Return the voice of each word: that of the last turn begun at its middle. ``turns`` are in order, one at least."""
    starts = [turn.start for turn in turns]
    return [turns[max(bisect_right(starts, (w.start + w.end) / 2) - 1, 0)].voice for w in words]


def by_speaker(words: Sequence[Word], turns: Sequence[Turn]) -> Iterator[tuple[str | None, list[Word]]]:
    """Yield the words of each turn with what its voice is called (« Voix 1 »); None where there is one voice only."""
    if not words:
        return
    alone = len({turn.voice for turn in turns}) < 2
    voices = [0] * len(words) if alone else assign(words, turns)
    for voice, run in groupby(zip(words, voices, strict=True), key=lambda pair: pair[1]):
        yield None if alone else numbered(voice), [word for word, _ in run]


def propose(prints: Vectors, known: Iterable[tuple[str, Sequence[float]]]) -> list[tuple[str, float] | None]:
    """Return for each voice the known name that sounds most like it, with the cosine; None where nobody does.

    A proposal for a person to judge. One name goes to one voice, the nearest.
    """
    found: list[tuple[str, float] | None] = [None] * len(prints)
    pairs = [(float(np.dot(mine, vector)), i, name) for name, vector in known for i, mine in enumerate(prints)]
    for near, i, name in sorted(pairs, reverse=True):
        if near >= _KNOWN and not found[i] and name not in {pair[0] for pair in found if pair}:
            found[i] = name, round(near, 3)
    return found


def _turns(words: Sequence[Word], voices: Sequence[int]) -> tuple[Turn, ...]:
    runs = groupby(zip(words, voices, strict=True), key=lambda pair: pair[1])
    spoken = [(voice, [word for word, _ in run]) for voice, run in runs]
    return tuple(Turn(run[0].start, run[-1].end, voice) for voice, run in spoken)


def _listen(words: Sequence[Word], sound: Sound, embed: Embed) -> _Pieces:
    spans: list[tuple[float, float]] = []
    stretch: list[int] = []
    vectors: list[Vectors] = []
    for number, (start, end) in enumerate(_stretches(words)):
        samples = sound(start, end)
        rate = len(samples) / (end - start)
        places = np.linspace(start, max(start, end - _PIECE), _pieces_in(end - start))
        cuts = [samples[int((at - start) * rate) : int((at - start + _PIECE) * rate)] for at in places]
        spans += [(at, min(at + _PIECE, end)) for at in places]
        stretch += [number] * len(places)
        vectors.append(embed(cuts))
    return _Pieces(
        np.array(spans).reshape(-1, 2),
        np.array(stretch, np.int64),
        np.concatenate(vectors) if vectors else np.zeros((0, 1), np.float32),
    )


def _pieces_in(seconds: float) -> int:
    return 1 + int(np.ceil(max(seconds - _PIECE, 0) / _STEP))


def _stretches(words: Sequence[Word]) -> Iterator[tuple[float, float]]:
    """Yield the times of speech without a pause."""
    start = 0
    for i, word in enumerate(words):
        last = i + 1 == len(words)
        if last or words[i + 1].start - word.end > _PAUSE or words[i + 1].end - words[start].start > _STRETCH:
            if word.end - words[start].start >= _SHORTEST:
                yield words[start].start, word.end
            start = i + 1


def _voices(pieces: _Pieces, count: int | None) -> Vectors:
    """Return a unit vector for each voice."""
    sums = np.concatenate([_groups(pieces.vectors[at : at + _BLOCK]) for at in range(0, len(pieces.vectors), _BLOCK)])
    sums = _merge(sums, _SAME)
    for _ in range(3):
        nearest = np.argmax(pieces.vectors @ _unit(sums).T, axis=1)
        steady = [voice for voice in range(len(sums)) if _longest_run(nearest == voice, pieces.stretch) >= _RUN]
        if not steady:
            sums = pieces.vectors.sum(0, keepdims=True)
            break
        sums = _merge(np.stack([pieces.vectors[nearest == voice].sum(0) for voice in steady]), _SAME)
    sums = _merge(np.concatenate([sums, _strangers(pieces, sums)]), _SAME)
    while count and len(sums) > count:
        sums = _merge(sums, -1.0, steps=1)
    return _unit(sums)


def _strangers(pieces: _Pieces, sums: Vectors) -> Vectors:
    """Return the sums of what is said between two pauses and is like no voice."""
    first = np.flatnonzero(np.diff(pieces.stretch, prepend=-1))
    said: Vectors = np.add.reduceat(pieces.vectors, first)
    seconds = np.maximum.reduceat(pieces.spans[:, 1], first) - pieces.spans[first, 0]
    near = (_unit(said) @ _unit(sums).T).max(1)
    strange: Vectors = said[(near < _STRANGE) & (seconds >= _REMARK)]
    return strange


def _groups(vectors: Vectors) -> Vectors:
    """Return the sums of vectors that are alike."""
    # Imported here: it takes a second to load.
    from sklearn.cluster import AgglomerativeClustering

    if len(vectors) < 2:
        return vectors
    grouping = AgglomerativeClustering(None, metric="cosine", linkage="average", distance_threshold=1 - _ALIKE)
    labels = grouping.fit_predict(vectors)
    return np.stack([vectors[labels == group].sum(0) for group in range(labels.max() + 1)])


def _merge(sums: Vectors, alike: float, steps: int | None = None) -> Vectors:
    """Join the two groups that are most alike, again and again, while they are so alike."""
    while len(sums) > 1 and steps != 0:
        near = _unit(sums) @ _unit(sums).T
        np.fill_diagonal(near, -2.0)
        # Little speech makes an uncertain mean: it may lie farther from its voice. (The norm of a sum tells its size.)
        size = np.linalg.norm(sums, axis=1)
        near = near + _DOUBT / np.sqrt(np.minimum(size[:, None], size))
        one, other = np.unravel_index(int(np.argmax(near)), near.shape)
        if near[one, other] < alike:
            break
        sums = np.concatenate([np.delete(sums, (one, other), axis=0), sums[one : one + 1] + sums[other : other + 1]])
        steps = None if steps is None else steps - 1
    return sums


def _unit(vectors: Vectors) -> Vectors:
    units: Vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return units


def _longest_run(mine: npt.NDArray[np.bool_], stretch: npt.NDArray[np.int64]) -> int:
    runs = groupby(zip(mine.tolist(), stretch.tolist(), strict=True))
    return max((len(list(run)) for (here, _), run in runs if here), default=0)


def _decode(words: Sequence[Word], pieces: _Pieces, prints: Vectors) -> list[int]:
    """Return the voice of each word (Viterbi)."""
    near = pieces.vectors @ prints.T
    middles = pieces.spans.mean(1)
    around = _PIECE / 2
    total = np.zeros(len(prints))
    came: list[npt.NDArray[np.int64]] = []
    stay = np.arange(len(prints))
    before: Word | None = None
    for word in words:
        if before:
            pause = min(max(word.start - before.end, 0.0) / _PAUSE, 1.0)
            cost = _CHANGE + (_CHANGE_AT_PAUSE - _CHANGE) * pause
            best = int(np.argmax(total))
            changed = total[best] - cost > total
            came.append(np.where(changed, best, stay))
            total = np.where(changed, total[best] - cost, total)
        middle = (word.start + word.end) / 2
        # Pieces around the word, the nearer the more.
        first, last = np.searchsorted(middles, (middle - around, middle + around))
        if last > first:
            weight = 1.001 - np.abs(middles[first:last] - middle) / around
            total = total + (weight @ near[first:last]) / weight.sum() * max(word.end - word.start, 0.1)
        before = word
    voice = int(np.argmax(total))
    spoken = [voice]
    for back in reversed(came):
        voice = int(back[voice])
        spoken.append(voice)
    return spoken[::-1]
