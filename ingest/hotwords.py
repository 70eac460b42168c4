"""The few terms to tell the recogniser before it hears a talk. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from transcripts.glossary import Term
from transcripts.matching import lexicon, near_misses, occurrences, words_of

# How alike words must sound to count as a term that was missed (0 to 1), and how long the term must sound at least
# (letters of `sound`): below, everything resembles something.
_NEARLY = 0.75
_LONG = 6


def hotwords(text: str, terms: Sequence[Term], most: int = 12) -> tuple[str, ...]:
    """Return at most so many names of terms that occur in a text or nearly do, best first.

    ``text`` is what is known of the talk: its title, its description, a first plain transcript. A term that was nearly
    written comes before one that was: the recogniser knows the latter already.
    """
    known = lexicon(tuple(terms))
    tokens = words_of(text)
    right = [
        (first, last, name)
        for first, last, name in occurrences(tokens, known)
        # "ami" is no AMI, nor "la nef" the Nef.
        if name.text.islower() or any(t.text[0].isupper() for t in tokens[first:last])
    ]
    covered = {i for first, last, _ in right for i in range(first, last)}
    merit: defaultdict[tuple[str, ...], float] = defaultdict(float)
    for _, _, name in right:
        merit[name.bases] += 1 + name.text[0].isupper()
    missed: dict[tuple[int, tuple[str, ...]], float] = {}
    for near in near_misses(tokens, known, _NEARLY):
        span = range(near.first, near.last)
        if len(near.name.sounds[0]) >= _LONG and not covered.intersection(span):
            # Windows that overlap are one miss.
            key = (near.first // 3, near.name.bases)
            missed[key] = max(missed.get(key, 0.0), near.likeness)
    for (_, bases), likeness in missed.items():
        # The surer and the longer, the better: 6 letters that are three quarters right are often chance.
        merit[bases] += 12 * (likeness - _NEARLY + 0.05)
    ranked = sorted(merit, key=lambda bases: (-merit[bases], bases))
    return tuple(known.right[bases].text.replace("’", "'") for bases in ranked[:most])
