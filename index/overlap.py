"""How much of a question's words a text has, weighted by how rare they are. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from index.analysis import asked_stems, stems
from index.asked import Asked, named
from index.words import Term, terms
from transcripts import glossary
from transcripts.figures import in_digits
from transcripts.matching import words_of
from transcripts.phonetics import sound

_LIKE = 0.75  # likeness of sounds from which a word that nobody said is taken for one that was
# Added to every word's rarity: in a young library of one subject, the subject's own words are everywhere.
_FLOOR = 1.0
_PAIR = 0.5  # weight of two neighbours beside that of a word


class Overlap:
    """The words of one question that tell, and how much each of them does.

    A word that no passage holds is taken for one of the nearest passages that sounds like it. The words of an English
    question are those of the French terms that it names: talks are French.

    Args:
        asked: the question.
        known: the terms of the field.
        frequency: in how many passages a term occurs.
        count: how many passages there are.
        texts: the nearest passages.
    """

    def __init__(
        self,
        asked: Asked,
        known: Sequence[glossary.Term],
        frequency: Callable[[Term], int],
        count: int,
        texts: Sequence[str],
    ) -> None:
        self._known = tuple(known)
        subject_stems = {stem for term in asked.subjects for name in term.names for stem in stems(name)}
        self._subjects = {term.term for term in asked.subjects}
        if asked.language == "en":
            said = [stem for term in asked.subjects for stem in stems(term.term)]
        else:
            heard = _vocabulary(texts)
            said = [
                _as_said(stem, word, frequency, heard)
                for word in _words(in_digits(asked.text))
                for stem in asked_stems(word)
            ]
        self.weights: dict[Term, float] = {}
        unknown = 0.0
        for term in terms(said):
            found = frequency(term)
            rarity = _FLOOR + math.log(1 + (count - found + 0.5) / (found + 0.5))
            if len(term) == 1:
                self.weights[term] = rarity
                unknown += 0.0 if found else rarity
            elif found:
                self.weights[term] = _PAIR * rarity
        words: dict[Term, float] = {term: w for term, w in self.weights.items() if len(term) == 1}
        self.unknown = unknown / (sum(words.values()) or 1.0)
        self.attribute: dict[Term, float] = {term: w for term, w in words.items() if term[0] not in subject_stems}
        self.words = words
        self._rarest = _FLOOR + math.log(1 + (count + 0.5) / 0.5)

    def share(self, *texts: str) -> float:
        """Return how much of the question's words the texts have together, 0 to 1."""
        return self._share(self.weights, texts)

    def attribute_share(self, *texts: str) -> float:
        """Return the same of the words that are not the subject's name; 1 where there are none."""
        return self._share(self.attribute, texts) if self.attribute else 1.0

    def missing_rarest(self, *texts: str) -> float:
        """Return how rare the rarest word is that the texts lack, 0 (none) to 1 (nobody ever said it)."""
        have = self._have(texts)
        return max((w for term, w in self.words.items() if term not in have), default=0.0) / self._rarest

    def names_subjects(self, *texts: str) -> bool:
        """Say whether the texts name each term of the field that the question names."""
        return self._subjects <= {term.term for text in texts for term in terms_in(text, self._known)}

    def _share(self, weights: Mapping[Term, float], texts: Iterable[str]) -> float:
        total = sum(weights.values())
        have = self._have(texts)
        return sum(w for term, w in weights.items() if term in have) / total if total else 0.0

    def _have(self, texts: Iterable[str]) -> set[Term]:
        have: set[Term] = set()
        for text in texts:
            have |= _terms(text)
            # An abbreviation has the words of what it stands for.
            for term in terms_in(text, self._known) if self._subjects else ():
                if term.term in self._subjects:
                    have |= {t for name in term.names for t in _terms(name)}
        return have


def _words(text: str) -> list[str]:
    return [token.text for token in words_of(text)]


@lru_cache(maxsize=20_000)
def _terms(text: str) -> frozenset[Term]:
    return frozenset(terms(stems(text)))


@lru_cache(maxsize=20_000)
def terms_in(text: str, known: tuple[glossary.Term, ...]) -> tuple[glossary.Term, ...]:
    """Return the terms that a text names; remembered, since the sentences of talks come again."""
    return named(text, known, misspelt=False)


@lru_cache(maxsize=2_000)
def _sounds(text: str) -> dict[str, str]:
    return {said: stem for word in _words(text) for stem in stems(word)[:1] if len(said := sound(word)) > 2}


def _vocabulary(texts: Sequence[str]) -> dict[str, str]:
    """Return {sound: stem} of the words of some texts; the first text's win."""
    return {said: stem for text in reversed(texts) for said, stem in _sounds(text).items()}


def _as_said(stem: str, word: str, frequency: Callable[[Term], int], heard: Mapping[str, str]) -> str:
    """Return the stem, or the one that nearby passages have of a word that sounds like it when nobody said it."""
    if stem.isdigit() or frequency((stem,)):
        return stem
    said = sound(word)
    if len(said) < 3:
        return stem
    likeness, nearest = max(
        ((Levenshtein.normalized_similarity(said, other), other) for other in heard), default=(0.0, "")
    )
    return heard[nearest] if likeness >= (_LIKE if len(said) > 4 else 1.0) else stem
