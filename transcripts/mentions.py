"""Which terms of the field a talk speaks of most. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from transcripts.glossary import Term
from transcripts.matching import lexicon, occurrences, words_of
from transcripts.model import Cue


def most_said(cues: Iterable[Cue], terms: tuple[Term, ...], most: int) -> tuple[Term, ...]:
    """Return the terms that are said at least twice, the most frequent first, at most ``most`` of them."""
    words = words_of(" ".join(cue.text for cue in cues))
    said = Counter(name.term for _, _, name in occurrences(words, lexicon(terms)))
    return tuple(term for term, count in said.most_common(most) if count > 1)
