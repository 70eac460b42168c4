"""Which terms of the glossary belong together: one explains the other, they share a word, or are said together. Pure."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from transcripts.glossary import Term
from transcripts.matching import SMALL, lexicon, occurrences, words_of
from transcripts.model import Cue

_WINDOW = 120.0  # seconds inside which two terms are said together
_DEFINED = 1.0  # weight of a definition that names the other term; said always together weighs as much
_NAMED = 0.4  # weight of a word that both have in their names
_RARE = 8  # terms that may share such a word: what half of them have tells nothing
_TOGETHER = 2  # times that two terms have to be said together: once is chance
_LEAST = 0.2  # weight below which two terms are not neighbours


@dataclass(frozen=True, slots=True)
class Relation:
    """Two terms, in order of their addresses, and why they belong together.

    The definition of one names the other (``defined``), their names share a word (``named``), or they are said
    ``together`` so often.
    """

    terms: tuple[str, str]
    weight: float
    defined: bool
    named: bool
    together: int


def said(text: str, terms: Sequence[Term]) -> frozenset[str]:
    """Return the terms that a text names, by their addresses."""
    tokens = words_of(text)
    return frozenset(
        name.term.slug
        for first, last, name in occurrences(tokens, lexicon(tuple(terms)))
        # "ami" is no AMI, nor "la nef" the Nef.
        if name.text.islower() or any(t.text[0].isupper() for t in tokens[first:last])
    )


def windows(cues: Iterable[Cue], terms: Sequence[Term]) -> list[frozenset[str]]:
    """Return the terms said in each stretch of two minutes."""
    texts: dict[int, list[str]] = {}
    for cue in cues:
        texts.setdefault(int(cue.start // _WINDOW), []).append(cue.text)
    return [said(" ".join(text), terms) for text in texts.values()]


def relations(terms: Sequence[Term], talks: Iterable[frozenset[str]]) -> tuple[Relation, ...]:
    """Return the pairs of terms that belong together, the closest first.

    Said together is weighed by Ochiai's coefficient: the windows with both over the root of those with either's product.
    """
    defined = {
        tuple(sorted((term.slug, other))) for term in terms for other in said(term.definition, terms) - {term.slug}
    }
    named = _share_a_word(terms)
    alone: Counter[str] = Counter()
    both: Counter[tuple[str, ...]] = Counter()
    for window in talks:
        alone.update(window)
        both.update(combinations(sorted(window), 2))
    found = []
    for pair in defined | named | {pair for pair, n in both.items() if n >= _TOGETHER}:
        a, b = pair
        together = both[pair]
        weight = together / math.sqrt(alone[a] * alone[b]) if together >= _TOGETHER else 0.0
        weight += _DEFINED * (pair in defined) + _NAMED * (pair in named)
        if weight >= _LEAST:
            found.append(Relation((a, b), round(weight, 3), pair in defined, pair in named, together))
    return tuple(sorted(found, key=lambda r: (-r.weight, r.terms)))


def _share_a_word(terms: Sequence[Term]) -> set[tuple[str, ...]]:
    having: dict[str, set[str]] = {}
    for term in terms:
        for token in words_of(term.term):
            if len(token.base) > 3 and token.base not in SMALL:
                having.setdefault(token.base, set()).add(term.slug)
    return {pair for slugs in having.values() if len(slugs) <= _RARE for pair in combinations(sorted(slugs), 2)}


def around(slug: str, known: Sequence[Relation], most: int = 8) -> tuple[list[Relation], list[Relation]]:
    """Return the closest relations of a term, and those of its neighbours among themselves."""
    own = [r for r in known if slug in r.terms][:most]
    near = {other for r in own for other in r.terms} - {slug}
    return own, [r for r in known if set(r.terms) <= near]
