"""Spoken words become cues: sentence-wise, short enough to read as subtitles. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from transcripts.model import Cue, Word
from transcripts.sentences import split_sentences

# Two lines of 42 characters, at most 7 seconds: common practice of subtitling.
_CHARACTERS = 84
_SECONDS = 7.0
# A silence inside a sentence that is long enough to begin a new cue (seconds).
_PAUSE = 1.0


def make_cues(words: Iterable[Word]) -> list[Cue]:
    """Group words into cues: one sentence each, cut at pauses, commas or the middle where a sentence is too long."""
    spoken = [word for word in words if word.text.strip()]
    return [_cue(part) for sentence in _sentences(spoken) for part in _parts(sentence)]


def _cue(words: Sequence[Word]) -> Cue:
    return Cue(round(words[0].start, 3), round(max(words[-1].end, words[0].start + 0.05), 3), _text(words))


def _text(words: Sequence[Word]) -> str:
    return " ".join("".join(word.text for word in words).split())


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


def _parts(words: list[Word]) -> Iterator[list[Word]]:
    """Yield a sentence in parts that fit a cue, cut at the best place near the middle."""
    gaps = [after.start - before.end for before, after in pairwise(words)]
    if len(words) == 1 or (
        len(_text(words)) <= _CHARACTERS and words[-1].end - words[0].start <= _SECONDS and max(gaps) < _PAUSE
    ):
        yield words
        return
    middle = len(_text(words)) / 2

    def merit(cut: int) -> float:
        """A pause weighs most, then punctuation, then nearness to the middle (0 to 1)."""
        balance = 1 - abs(len(_text(words[:cut])) - middle) / middle
        comma = words[cut - 1].text.rstrip()[-1:] in ",;:"
        return min(gaps[cut - 1], 2 * _PAUSE) * 2 + 0.6 * comma + balance

    # The recogniser gives "l" and "'argent" as two words: no cue may begin with the latter.
    whole = [cut for cut in range(1, len(words)) if words[cut].text[:1].isspace()]
    cut = max(whole or range(1, len(words)), key=merit)
    yield from _parts(words[:cut])
    yield from _parts(words[cut:])
