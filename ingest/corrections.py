"""Mis-heard terms of the field, put right. Pure.

A form that the glossary lists, or one that sounds like a term, is replaced only where its surroundings agree. Words that
are right are left alone: a wrong correction costs more than a missed one.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from rapidfuzz.distance import Levenshtein

from transcripts.glossary import Term
from transcripts.matching import (
    SMALL,
    Lexicon,
    Name,
    Near,
    Token,
    lexicon,
    near_misses,
    occurrences,
    together,
    words_of,
)
from transcripts.model import Correction, Word
from transcripts.phonetics import sound

# How alike a form that nobody listed must sound (0 to 1), and how long the term must sound (letters of `sound`): the
# same, much alike with a word of the term in it, much alike and long. 126,000 words of debates on finance and ecology
# hold no such form that is not a term.
_ALIKE = 0.9
_SAME_LONG, _ANCHORED_LONG, _LONG = 7, 10, 14
_NAME_LONG, _NEAR_NAME_LONG = 6, 8
# How far a word of the field may stand (words).
_REACH = 25
# What tells the number of the term that follows.
_ONE = frozenset(
    [
        "un",
        "une",
        "le",
        "la",
        "l",
        "ce",
        "cet",
        "cette",
        "mon",
        "ma",
        "ton",
        "ta",
        "son",
        "sa",
        "notre",
        "votre",
        "leur",
    ]
)
_MANY = frozenset(["des", "les", "ces", "mes", "tes", "ses", "nos", "vos", "leurs", "plusieurs", "deux", "trois"])


@dataclass(frozen=True, slots=True)
class _Edit:
    """Characters ``start`` to ``end`` become ``text``."""

    start: int
    end: int
    text: str


def correct(words: Sequence[Word], terms: Sequence[Term]) -> tuple[list[Word], tuple[Correction, ...]]:
    """Return the words with mis-heard terms put right, and what was changed, in order.

    A corrected word keeps the times of the words it stands for.
    """
    text = "".join(word.text for word in words)
    edits = _edits(text, lexicon(tuple(terms)))
    return _apply(words, text, edits) if edits else (list(words), ())


def _edits(text: str, known: Lexicon) -> list[_Edit]:
    tokens = words_of(text)
    right = list(occurrences(tokens, known))
    spans = list(_listed(tokens, known, right)) + list(_alike(tokens, known, right))
    edits: list[_Edit] = []
    for first, last, name in spans:
        edit = _written(text, tokens, first, last, name)
        if edit and not any(edit.start < other.end and other.start < edit.end for other in edits):
            edits.append(edit)
    return sorted(edits, key=lambda e: e.start)


def _listed(
    tokens: Sequence[Token], known: Lexicon, right: Sequence[tuple[int, int, Name]]
) -> Iterator[tuple[int, int, Name]]:
    """Yield (first, last, name) for the forms that the glossary lists, longest first."""
    found = []
    longest = max((len(folded) for folded in known.heard), default=0)
    for at in range(len(tokens)):
        for size in range(min(longest, len(tokens) - at), 0, -1):
            form = known.heard.get(tuple(t.folded for t in tokens[at : at + size]))
            if form and together(tokens[at : at + size]):
                first, last = at + form.kept, at + size
                # What is part of a longer right term is right: "puis France" in "puis France Active".
                whole = all(at <= a and b <= last for a, b, _ in right if a < last and first < b)
                name = _closest(tokens[first:last], form.term, known)
                if whole and _of_the_field(tokens, at, last, name, known):
                    found.append((first, last, name))
    yield from sorted(found, key=lambda f: f[0] - f[1])


def _closest(tokens: Sequence[Token], term: Term, known: Lexicon) -> Name:
    """Return the name of a term that sounds most like what was heard."""
    heard = sound(" ".join(t.text for t in tokens))
    return max(
        (name for name in known.names if name.term is term),
        key=lambda name: max(Levenshtein.normalized_similarity(heard, spoken) for spoken in name.sounds),
    )


def _of_the_field(tokens: Sequence[Token], first: int, last: int, name: Name, known: Lexicon) -> bool:
    """Say whether a word of the term itself was heard right, or the whole of a long one, or a word of the field is near."""
    said = sound(" ".join(t.text for t in tokens[first:last]))
    if len(said) >= _LONG and Levenshtein.normalized_similarity(said, name.sounds[0]) >= _ALIKE:
        return True
    if any(t.base in name.bases and t.folded not in SMALL for t in tokens[first:last]):
        return True
    around = (*tokens[max(0, first - _REACH) : first], *tokens[last : last + _REACH])
    return any(t.base in known.field for t in around)


def _alike(
    tokens: Sequence[Token], known: Lexicon, right: Sequence[tuple[int, int, Name]]
) -> Iterator[tuple[int, int, Name]]:
    """Yield (first, last, name) for forms that nobody listed, the most alike first."""
    free = [near for near in near_misses(tokens, known, _ALIKE) if all(_part_of(near, *found) for found in right)]
    for near in sorted(free, key=lambda n: (-n.likeness, n.first - n.last)):
        heard = tokens[near.first : near.last]
        if _convincing(heard, near) and _of_the_field(tokens, near.first, near.last, near.name, known):
            yield near.first, near.last, near.name


def _part_of(near: Near, first: int, last: int, name: Name) -> bool:
    """Say whether a right term lies elsewhere, or is a part of the longer one that was nearly heard."""
    if last <= near.first or near.last <= first:
        return True
    return near.first <= first and last <= near.last and len(name.bases) < len(near.name.bases)


def _convincing(heard: Sequence[Token], near: Near) -> bool:
    """Say whether words that sound like a name are that name and no words of their own."""
    name, long = near.name, len(near.name.sounds[0])
    if len(name.folded) == 1:
        # Common nouns have too many neighbours.
        return (
            name.text[0].isupper()
            and long >= (_NAME_LONG if near.likeness == 1.0 else _NEAR_NAME_LONG)
            and not any(t.folded in SMALL for t in heard)
        )
    # "chambre régionale d'économie…" is as good as "de l'économie", and "micro-crédit" as "microcrédit".
    if _substance(t.base for t in heard) == _substance(name.bases):
        return False
    if near.likeness == 1.0:
        return long >= _SAME_LONG
    other = [t for t in heard if t.base not in name.bases]
    # "injuste" is not "juste", nor "financement" "autofinancement".
    if any(
        t.base.endswith(b) or b.endswith(t.base) for t in other for b in name.bases if len(b) > 3 and len(t.base) > 3
    ):
        return False
    anchored = len(other) < len(heard) and any(
        t.folded not in SMALL and len(t.base) > 3 for t in heard if t not in other
    )
    return long >= _LONG or (long >= _ANCHORED_LONG and anchored and not any(t.folded in SMALL for t in other))


def _substance(bases: Iterable[str]) -> str:
    return "".join(base for base in bases if base not in SMALL)


def _written(text: str, tokens: Sequence[Token], first: int, last: int, name: Name) -> _Edit | None:
    """Return what to write for a name, with the article, number and case that fit; None where no article would."""
    start, end = tokens[first].start, tokens[last - 1].end
    term = name.text.replace("’", "'")
    before = tokens[first - 1] if first else None
    if term[0].islower() and _plural(tokens, first, last, name):
        term = _pluralised(term)
    if before and tokens[first - 1].clause == tokens[first].clause:
        gap = text[before.end : start]
        vowel = name.folded[0][0] in "aeiou"
        if vowel and gap.isspace() and before.folded in ("le", "la", "de", "que"):
            start, term = before.start, f"{before.text[0]}'{term}"
        elif not vowel and gap in ("'", "’") and before.folded in ("d", "l"):
            if before.folded == "l":
                return None
            start, term = before.start, f"{before.text}e {term}"
    opening = text[:start].rstrip()[-1:]
    if (not opening or opening in ".?!…") and text[start].isupper():
        term = term[0].upper() + term[1:]
    return _Edit(start, end, term) if term != text[start:end] else None


def _plural(tokens: Sequence[Token], first: int, last: int, name: Name) -> bool:
    before = tokens[first - 1].folded if first else ""
    if before in _ONE or before in _MANY or len(name.folded) == 1:
        return before in _MANY
    return all(t.folded[-1] in "sx" for t in tokens[first:last] if t.folded not in SMALL)


def _pluralised(term: str) -> str:
    """Put the words before the first preposition in the plural: "comptes courants d'associé"."""
    words = term.split(" ")
    stop = next((i for i, w in enumerate(words) if w.split("'")[0].lower() in SMALL), len(words))
    return " ".join(w if i >= stop or w[-1] in "sxz" or w.isupper() else _plural_word(w) for i, w in enumerate(words))


def _plural_word(word: str) -> str:
    if word.endswith("al"):
        return word[:-2] + "aux"
    return word + ("x" if word.endswith("eau") else "s")


def _apply(words: Sequence[Word], text: str, edits: Sequence[_Edit]) -> tuple[list[Word], tuple[Correction, ...]]:
    """Put the edits, in order, into the words they touch."""
    starts = [0, *accumulate(len(word.text) for word in words)]
    # (first word, word after the last, edits): two edits may share a word, as in "skik-scop".
    groups: list[tuple[int, int, list[_Edit]]] = []
    for edit in edits:
        first, last = bisect_right(starts, edit.start) - 1, bisect_left(starts, edit.end)
        if groups and first < groups[-1][1]:
            first, _, shared = groups.pop()
            groups.append((first, last, [*shared, edit]))
        else:
            groups.append((first, last, [edit]))
    made: list[Word] = []
    corrections = []
    reached = 0
    for first, last, shared in groups:
        start, end = words[first].start, words[last - 1].end
        at, written = starts[first], ""
        for edit in shared:
            written += text[at : edit.start] + edit.text
            at = edit.end
            corrections.append(Correction(start, end, text[edit.start : edit.end], edit.text))
        written += text[at : starts[last]]
        made += [*words[reached:first], *_timed(words[first:last], written)]
        reached = last
    return [*made, *words[reached:]], tuple(corrections)


def _timed(words: Sequence[Word], written: str) -> list[Word]:
    """Give each word its own times where the number of words stays, else one word all of their time."""
    pieces = re.findall(r"\s*\S+", written)
    if len(pieces) == len(words):
        return [Word(word.start, word.end, piece) for word, piece in zip(words, pieces, strict=True)]
    return [Word(words[0].start, words[-1].end, written)]
