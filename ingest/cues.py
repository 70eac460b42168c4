"""Spoken words become cues: sentence-wise, short enough to read as subtitles. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from transcripts.model import Cue, Word
from transcripts.sentences import split_sentences
from transcripts.typography import hanging, lines, opening

# Common practice of subtitling: two lines, 1 to 7 seconds, at most 20 characters a second.
_LINES = 2
_SHORTEST, _LONGEST = 1.0, 7.0
_PACE = 20.0
# A silence inside a sentence that is long enough to begin a new cue (seconds).
_PAUSE = 1.0
# A cue too short to read joins a neighbour that is no farther (seconds).
_NEAR = 0.4
_CLOSING = re.compile(r"\s*[,;:.?!…»%€)]+\s*")


def make_cues(words: Iterable[Word]) -> list[Cue]:
    """Group the words of one speaker into cues.

    One sentence each, cut at pauses, commas or the middle where it is too long; what is too short to read alone joins a
    neighbour.
    """
    spoken = list(_whole(words))
    return [_cue(part) for part in _joined([part for sentence in _sentences(spoken) for part in _parts(sentence)])]


def unhurried(cues: Sequence[Cue], end: float) -> list[Cue]:
    """Let cues stay in the silence after them for as long as they take to read; none begins at another time.

    ``end`` is that of the recording (seconds).
    """
    following = [cue.start for cue in cues[1:]] + [end] * bool(cues)
    wanted = (cue.start + min(_LONGEST, max(_SHORTEST, len(cue.text) / _PACE)) for cue in cues)
    return [
        replace(cue, end=round(max(cue.end, min(until, limit)), 3))
        for cue, until, limit in zip(cues, wanted, following, strict=True)
    ]


def _cue(words: Sequence[Word]) -> Cue:
    return Cue(round(words[0].start, 3), round(max(words[-1].end, words[0].start + 0.05), 3), _text(words))


def _text(words: Sequence[Word]) -> str:
    return " ".join("".join(word.text for word in words).split())


def _whole(words: Iterable[Word]) -> Iterator[Word]:
    """Yield the words, each with the punctuation that the recogniser gives by itself, as it does with French spaces."""
    held: Word | None = None
    for word in words:
        if held and _CLOSING.fullmatch(word.text):
            held = replace(held, text=held.text + word.text.rstrip())
        elif word.text.strip():
            if held:
                yield held
            held = word
    if held:
        yield held


def _sentences(words: list[Word]) -> Iterator[list[Word]]:
    """Yield the words of each sentence in turn."""
    ends = set()
    total = 0
    for sentence in split_sentences(_text(words)):
        total += len(sentence.replace(" ", ""))
        ends.add(total)
    sentence_words: list[Word] = []
    seen = 0
    for word in words:
        sentence_words.append(word)
        seen += len("".join(word.text.split()))
        if seen in ends:
            yield sentence_words
            sentence_words = []
    if sentence_words:
        yield sentence_words


def _fits(words: Sequence[Word]) -> bool:
    return len(lines(_text(words))) <= _LINES and words[-1].end - words[0].start <= _LONGEST


def _joined(parts: list[list[Word]]) -> list[list[Word]]:
    """Join parts that are shorter than `_SHORTEST`, and have no silence to stay in, to the next or the last."""
    kept: list[list[Word]] = []
    for i, part in enumerate(parts):
        following = parts[i + 1][0].start if i + 1 < len(parts) else float("inf")
        short = following - part[0].start < _SHORTEST and part[-1].end - part[0].start < _SHORTEST
        if short and following - part[-1].end < _NEAR and _fits([*part, *parts[i + 1]]):
            parts[i + 1] = [*part, *parts[i + 1]]
        elif short and kept and part[0].start - kept[-1][-1].end < _NEAR and _fits([*kept[-1], *part]):
            kept[-1] = [*kept[-1], *part]
        else:
            kept.append(part)
    return kept


def _parts(words: list[Word]) -> Iterator[list[Word]]:
    """Yield a sentence in parts that fit a cue, cut at the best place near the middle."""
    gaps = [after.start - before.end for before, after in pairwise(words)]
    if len(words) == 1 or (_fits(words) and max(gaps) < _PAUSE):
        yield words
        return
    middle = len(_text(words)) / 2

    def merit(cut: int) -> float:
        """A pause weighs most, then punctuation, then nearness to the middle (0 to 1), then where a group of words begins;
        nobody likes a word left alone.
        """
        before, after = _text(words[:cut]), _text(words[cut:])
        balance = 1 - abs(len(before) - middle) / middle
        comma = before[-1:] in (",", ";", ":")
        alone = min(cut, len(words) - cut) < 2
        sense = 0.6 * comma + 0.3 * opening(after) - 0.4 * hanging(before) - 0.5 * alone
        return min(gaps[cut - 1], 2 * _PAUSE) * 2 + balance + sense

    # The recogniser gives "l" and "'argent" as two words: no cue may begin with the latter.
    whole = [cut for cut in range(1, len(words)) if words[cut].text[:1].isspace()]
    cut = max(whole or range(1, len(words)), key=merit)
    yield from _parts(words[:cut])
    yield from _parts(words[cut:])
