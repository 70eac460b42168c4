"""Who speaks in captions that came with a recording and do not say so. Pure but for what it is given."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import count, pairwise

from ingest.voices import Vectors, Voices, assign
from transcripts.alignment import cut_time
from transcripts.model import Cue, Word
from transcripts.speakers import numbered


def voiced(
    cues: Sequence[Cue], seconds: float, voices: Callable[[Sequence[Word]], Voices]
) -> tuple[tuple[Cue, ...], dict[str, Vectors]]:
    """Return the cues with the voice that speaks most of each, where none is named, and how these voices sound.

    ``voices`` finds who speaks the words of ``seconds`` of sound, see `find_voices`. Where it is one person only, nothing changes.
    """
    spoken = sorted(
        ((word, at) for at, cue in enumerate(cues) if not cue.speaker for word in _words(cue) if word.end <= seconds),
        key=lambda pair: pair[0].start,  # cues may overlap
    )
    words = [word for word, _ in spoken]
    found = voices(words)
    shares: defaultdict[int, Counter[int]] = defaultdict(Counter)
    for (word, at), voice in zip(spoken, assign(words, found.turns), strict=True):
        shares[at][voice] += len(word.text)
    heard = {at: shares[at].most_common(1)[0][0] for at in sorted(shares)}
    taken = {cue.speaker for cue in cues}
    free = (name for voice in count() if (name := numbered(voice)) not in taken)
    names = dict(zip(dict.fromkeys(heard.values()), free, strict=False))
    if len(names) < 2:
        return tuple(cues), {}
    named = (replace(cue, speaker=names[heard[at]]) if at in heard else cue for at, cue in enumerate(cues))
    return tuple(named), {name: found.prints[voice] for voice, name in names.items()}


def _words(cue: Cue) -> Iterator[Word]:
    """Yield the words of a cue, which share its time in proportion to their letters."""
    said = cue.text.split()
    times = pairwise(cut_time(cue, before, ()) for before in range(len(said) + 1))
    yield from (Word(start, end, f" {word}") for word, (start, end) in zip(said, times, strict=True))
