"""Where the terms of a glossary stand in a text, rightly or nearly. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist

from transcripts.glossary import Term
from transcripts.phonetics import fold, sound, spelt

# Words that build sentences: they say nothing of the subject, and sound like too much else to be taken for a term.
SMALL = frozenset(
    re.findall(
        r"\w+",
        """a ai as au aux avec c car ce ces cet cette chez comme d dans de des donc dont du elle elles en entre est et eu eux
        fait ici il ils j je l la le les leur leurs lui m ma mais me mes moi moins mon n ne ni nos notre nous on ont ou par
        pas plus pour pres puis qu quand que qui quoi s sa sans se sera ses si soit son sont sous sur t ta te tes toi ton
        tous tout toute toutes tres tu un une va vers voici voila vos votre vous y""",
    )
)
# Words of names and definitions that any talk may have.
_COMMON = frozenset(
    re.findall(
        r"\w+",
        """action activite agence avance caisse centrale compte contrat creation depot dispositif droit durable effet energie
        etre europeenne fond groupement interet ligne local locale marche mouvement objectif organisme part partage partie
        personne pour projet propre public publique regionale reseau reserve resultat risque scop service structure tableau
        terre territoire tier titre union""",
    )
)
# A new clause: no term goes across it.
_BREAK = re.compile(r"[.?!…;:](?=\s|$)|[«»()\"“”—]")
_WORD = re.compile(r"\w+")
_KEPT = re.compile(r"\((.+?)\)")


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text, at its characters ``start`` to ``end``; ``base`` has no accents, case or plural.

    ``clause`` counts the clauses before it.
    """

    start: int
    end: int
    text: str
    folded: str
    base: str
    clause: int


@dataclass(frozen=True, slots=True)
class Name:
    """One right way to say a term: its words, and how it sounds (as a word, and letter by letter for an acronym)."""

    term: Term
    text: str
    folded: tuple[str, ...]
    bases: tuple[str, ...]
    sounds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """A mis-heard form; the first ``kept`` of its words have to stand there and stay as they are."""

    term: Term
    folded: tuple[str, ...]
    kept: int


@dataclass(frozen=True, slots=True)
class Near:
    """Words ``first`` to ``last`` (exclusive) of a text sound like a name: ``likeness`` 0 to 1."""

    first: int
    last: int
    name: Name
    likeness: float


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Terms made ready to look up.

    ``sizes`` tells how many words the names have that begin with a word, the longest first. ``field`` holds the words that tell that a text is about the field; ``written`` all that names and definitions have.
    """

    names: tuple[Name, ...]
    right: dict[tuple[str, ...], Name]
    sizes: dict[str, tuple[int, ...]]
    heard: dict[tuple[str, ...], Form]
    field: frozenset[str]
    written: frozenset[str]


def words_of(text: str) -> list[Token]:
    """Split a text into words; apostrophes and hyphens part them."""
    found: list[Token] = []
    clause = end = 0
    for match in _WORD.finditer(text):
        clause += bool(found and _BREAK.search(text, end, match.start() + 1))
        end = match.end()
        folded = _folded(match[0])
        found.append(Token(match.start(), end, match[0], folded, _base(folded), clause))
    return found


@lru_cache(maxsize=50_000)
def _folded(word: str) -> str:
    return fold(word)


def _base(folded: str) -> str:
    if len(folded) > 4 and folded.endswith("aux"):
        return folded[:-3] + "al"
    return folded[:-1] if len(folded) > 3 and folded[-1] in "sx" else folded


@lru_cache(maxsize=4)
def lexicon(terms: tuple[Term, ...]) -> Lexicon:
    """Make the terms ready, once."""
    names, heard = [], {}
    for term in terms:
        for text in term.names:
            tokens = words_of(text)
            spoken = [sound(text)] + ([spelt(text)] if text.isupper() and len(text) < 6 else [])
            names.append(
                Name(term, text, tuple(t.folded for t in tokens), tuple(t.base for t in tokens), tuple(spoken))
            )
        for entry in term.heard:
            kept = _KEPT.match(entry)
            folded = tuple(t.folded for t in words_of(entry))
            heard[folded] = Form(term, folded, len(words_of(kept[1])) if kept else 0)
    # A word is of the field when a term has it and several definitions cannot do without it.
    defined = Counter(b for term in terms for b in {t.base for t in words_of(term.definition)})
    field = {b for name in names for b in name.bases if len(b) > 3 and defined[b] > 2} - _COMMON
    field |= {form[0] for form in heard if len(form) == 1 and len(form[0]) > 9}
    written = frozenset(defined).union(*(name.bases for name in names))
    sizes: dict[str, set[int]] = {}
    for name in names:
        sizes.setdefault(name.bases[0], set()).add(len(name.bases))
    longest_first = {first: tuple(sorted(found, reverse=True)) for first, found in sizes.items()}
    right = {name.bases: name for name in reversed(names)}
    return Lexicon(tuple(names), right, longest_first, heard, frozenset(field), written)


def together(tokens: Sequence[Token]) -> bool:
    """Say whether words stand in one clause."""
    return tokens[0].clause == tokens[-1].clause


def occurrences(tokens: Sequence[Token], known: Lexicon) -> Iterator[tuple[int, int, Name]]:
    """Yield (first, last, name) where a name stands rightly, in any number; the longest first where some overlap."""
    at = 0
    while at < len(tokens):
        for size in known.sizes.get(tokens[at].base, ()):
            name = known.right.get(tuple(t.base for t in tokens[at : at + size]))
            if name and at + size <= len(tokens):
                yield at, at + size, name
                at += size - 1
                break
        at += 1


def near_misses(tokens: Sequence[Token], known: Lexicon, least: float) -> Iterator[Near]:
    """Yield where words sound like a name with at least this likeness (Levenshtein on sounds), right ones too."""
    by_size: dict[int, list[tuple[str, Name]]] = {}
    for name in known.names:
        by_size.setdefault(len(name.folded), []).extend((spoken, name) for spoken in name.sounds)
    runs = {size: _runs(tokens, size) for size in range(1, max(by_size, default=0) + 2)}
    for length, names in by_size.items():
        spoken = [said for said, _ in names]
        for size in {max(1, length - 1), length, length + 1}:
            heard = list(runs[size])
            # In slices: the table of likenesses of an hour's talk would be large.
            for part in (heard[i : i + 2000] for i in range(0, len(heard), 2000)):
                table = cdist(part, spoken, scorer=Levenshtein.normalized_similarity, score_cutoff=least)
                for row, column in zip(*np.nonzero(table), strict=True):
                    for at in runs[size][part[row]]:
                        yield Near(at, at + size, names[column][1], float(table[row, column]))


def _runs(tokens: Sequence[Token], size: int) -> dict[str, list[int]]:
    """Return where runs of so many words begin, by how they sound."""
    said = [sound(t.text) for t in tokens]
    found: dict[str, list[int]] = {}
    for at in range(len(tokens) - size + 1):
        if together(tokens[at : at + size]):
            found.setdefault("".join(said[at : at + size]), []).append(at)
    return found
