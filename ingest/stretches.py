"""Sound cut into stretches of a few minutes, so that hours of it need no more memory than minutes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ingest.audio import RATE, Samples

# A stretch ends at the widest silence in its last minute.
LONGEST = 300.0  # seconds
_LAST = 60.0  # seconds
WINDOW = 30  # seconds that Whisper hears at once


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the sound: samples at `RATE`, ``start`` and ``end`` in seconds of the whole.

    ``speech`` is where somebody speaks, in samples of this stretch, none longer than Whisper hears at once.
    """

    start: float
    end: float
    samples: Samples
    speech: tuple[tuple[int, int], ...]


def stretches(blocks: Iterable[Samples], *, start: float = 0.0, longest: float = LONGEST) -> Iterator[Stretch]:
    """Cut sound where nobody speaks, so that no word is lost or doubled at a seam.

    Args:
        blocks: the sound in order, from its beginning.
        start: second from which on it is wanted; a multiple of one sample, as `Stretch.end` gives it.
        longest: seconds of a stretch at most.
    """
    skip, position = round(start * RATE), round(start * RATE)
    held: list[Samples] = []
    size = 0
    for block in blocks:
        wanted = block[skip:]
        skip = max(0, skip - len(block))
        held.append(wanted)
        size += len(wanted)
        while size >= longest * RATE:
            sound = np.concatenate(held)
            sound, rest = sound[: round(longest * RATE)], sound[round(longest * RATE) :]
            speech = find_speech(sound)
            cut = widest_silence(speech, len(sound))
            yield _stretch(position, sound[:cut], speech)
            held, position = [sound[cut:], rest], position + cut
            size = len(sound) - cut + len(rest)
    if size:
        sound = np.concatenate(held)
        yield _stretch(position, sound, find_speech(sound))


def find_speech(samples: Samples) -> tuple[tuple[int, int], ...]:
    """Return where somebody speaks, in samples, by Silero's voice detection as faster-whisper uses it in batches."""
    from faster_whisper.vad import VadOptions, get_speech_timestamps

    options = VadOptions(max_speech_duration_s=WINDOW, min_silence_duration_ms=160)
    return tuple((found["start"], found["end"]) for found in get_speech_timestamps(samples, options))


def widest_silence(speech: tuple[tuple[int, int], ...], size: int) -> int:
    """Return the sample at which to cut: the middle of the widest silence in the last minute. Pure.

    Someone who speaks through that minute without a breath is cut where the voice detection did; of a silence at the very
    end, half goes to the next stretch, where a word may be beginning.
    """
    earliest = max(1, size - round(_LAST * RATE))
    edges = [(0, 0), *speech, (size, size)]
    gaps = [(a_end, b_start) for (_, a_end), (b_start, _) in pairwise(edges) if b_start >= earliest]
    best = max(gaps, key=lambda gap: gap[1] - max(gap[0], earliest))
    cut = (max(best[0], earliest) + best[1]) // 2
    return min(max(cut, earliest), size)


def _stretch(position: int, samples: Samples, speech: tuple[tuple[int, int], ...]) -> Stretch:
    inside = tuple((start, min(end, len(samples))) for start, end in speech if start < len(samples))
    return Stretch(position / RATE, (position + len(samples)) / RATE, samples, inside)
