"""Words that nobody ever said, and the word that was probably meant. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from index.analysis import asked_stems
from transcripts.phonetics import fold, sound

_WORD = re.compile(r"[^\W\d_]{4,}")
_CANDIDATES, _SPELT, _LIKE = 30, 0.5, 0.8


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of a library, the most frequent first; ``plain`` are the same without accents."""

    words: tuple[str, ...]
    plain: tuple[str, ...]

    @classmethod
    def of(cls, words: Iterable[str]) -> Vocabulary:
        """Return the words that can be misspelt: of four letters and more, without digits."""
        kept = tuple(word for word in words if _WORD.fullmatch(word))
        return cls(kept, tuple(fold(word) for word in kept))


def corrected(question: str, known: Callable[[str], bool], vocabulary: Callable[[], Vocabulary]) -> str:
    """Return a question with each unknown word replaced by one of the library's that sounds or is spelt alike.

    ``known`` says whether a stem occurs in the library, whose vocabulary is only asked for when one does not.
    """

    def better(match: re.Match[str]) -> str:
        word, said = match[0], sound(match[0])
        stems = asked_stems(word)
        if not stems or any(known(stem) for stem in stems):
            return word
        words = vocabulary()
        near = process.extract(
            fold(word),
            words.plain,
            scorer=Levenshtein.normalized_similarity,
            score_cutoff=_SPELT,
            limit=_CANDIDATES,
        )
        alike = [
            (max(like, Levenshtein.normalized_similarity(said, sound(words.words[at]))), -at) for _, like, at in near
        ]
        likeness, at = max(alike, default=(0.0, 0))
        return words.words[-at] if likeness >= _LIKE else word

    return _WORD.sub(better, question)
