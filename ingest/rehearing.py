"""Which few stretches of a talk to hear a second time, told the terms that were nearly written there. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from rapidfuzz.distance import Levenshtein

from ingest.corrections import correct
from transcripts.glossary import Term
from transcripts.matching import SMALL, Lexicon, Near, Token, lexicon, near_misses, occurrences, words_of
from transcripts.model import Correction, Word
from transcripts.phonetics import sound

# How alike words must sound to be a term that was missed (0 to 1), and how long the term must sound (letters of `sound`).
_NEARLY, _LONG = 0.7, 7
# Whatever was heard the second time must sound like the first: hotwords can bring words that nobody said.
_SAME_SPEECH = 0.75
# What is heard again: the sentence, or so many words before and after the term, with some room at the edges (seconds).
_AROUND, _EDGE = 20, 0.3


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words ``first`` to ``last`` (exclusive), from ``start`` to ``end`` (seconds), and what may have been said there."""

    first: int
    last: int
    start: float
    end: float
    hotwords: tuple[str, ...]


# Hears what lies between two times (seconds), told some terms; words have times of the whole.
Listen = Callable[[float, float, Sequence[str]], Sequence[Word]]


def hear_again(
    words: Sequence[Word], terms: Sequence[Term], most: int, listen: Listen
) -> tuple[list[Word], tuple[Correction, ...], tuple[str, ...]]:
    """Hear at most so many doubtful stretches a second time; return the words, what was changed, and the hotwords that helped."""
    made: list[Word] = []
    corrections: list[Correction] = []
    helped: list[str] = []
    reached = 0
    for stretch in doubtful(words, terms, most):
        first = list(words[stretch.first : stretch.last])
        second, _ = correct(listen(stretch.start, stretch.end, stretch.hotwords), terms)
        written = ["".join(word.text for word in hearing) for hearing in (first, second)]
        made += words[reached : stretch.first]
        if second and better(written[0], written[1], stretch.hotwords, terms):
            made += second
            corrections += changed(first, second)
            helped += stretch.hotwords
        else:
            made += first
        reached = stretch.last
    return [*made, *words[reached:]], tuple(corrections), tuple(dict.fromkeys(helped))


def changed(first: Sequence[Word], second: Sequence[Word]) -> Iterator[Correction]:
    """Yield what a second hearing wrote in place of the first, as few words as say it, with the times of the second.

    Case and punctuation are no change. Where words only went or came, the one beside them says where.
    """
    was, now = ([re.sub(r"\W", "", word.text).casefold() for word in hearing] for hearing in (first, second))
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        before = int(tag != "replace" and i1 > 0 and j1 > 0)
        after = int(tag != "replace" and not before)
        gone, came = first[i1 - before : i2 + after], second[j1 - before : j2 + after]
        if gone and came:
            heard, term = ("".join(word.text for word in side).strip(" .,;:!?…") for side in (gone, came))
            yield Correction(came[0].start, came[-1].end, heard, term)


def doubtful(words: Sequence[Word], terms: Sequence[Term], most: int) -> list[Stretch]:
    """Return at most so many stretches where a term was nearly written, in order; the likeliest are kept."""
    text = "".join(word.text for word in words)
    known = lexicon(tuple(terms))
    tokens = words_of(text)
    place = _places(words, tokens)
    found: list[tuple[float, Stretch]] = []
    taken: set[int] = set()
    for near in sorted(_missed(tokens, known), key=lambda n: -n.likeness):
        first, last = _sentence(words, place[near.first], place[near.last - 1])
        if len(found) < most and not taken.intersection(range(first, last)):
            taken.update(range(first, last))
            start, end = max(0.0, words[first].start - _EDGE), words[last - 1].end + _EDGE
            found.append((near.likeness, Stretch(first, last, start, end, (near.name.text.replace("’", "'"),))))
    return sorted((stretch for _, stretch in found), key=lambda s: s.start)


def _missed(tokens: Sequence[Token], known: Lexicon) -> list[Near]:
    covered = {i for first, last, _ in occurrences(tokens, known) for i in range(first, last)}
    return [
        near
        for near in near_misses(tokens, known, _NEARLY)
        if len(near.name.sounds[0]) >= _LONG
        # A common noun alone has too many neighbours.
        and (len(near.name.bases) > 1 or near.name.text[0].isupper())
        and not covered.intersection(range(near.first, near.last))
        # A mis-hearing has some word that does not belong: "le financement" is no lost "plan de financement".
        and any(t.folded not in SMALL and t.base not in known.written for t in tokens[near.first : near.last])
    ]


def _sentence(words: Sequence[Word], first: int, last: int) -> tuple[int, int]:
    """Return the bounds of the sentence around words ``first`` to ``last``: speech cut inside one is heard badly."""
    begin = next((i for i in range(first, max(0, first - _AROUND), -1) if _ends(words[i - 1])), max(0, first - _AROUND))
    end = next((i + 1 for i in range(last, min(len(words), last + _AROUND)) if _ends(words[i])), last + 1 + _AROUND)
    return begin, min(len(words), end)


def _ends(word: Word) -> bool:
    return word.text.rstrip()[-1:] in (".", "?", "!", "…")


def _places(words: Sequence[Word], tokens: Sequence[Token]) -> list[int]:
    """Return for each token the recogniser's word in which it begins."""
    places, at, end = [], 0, len(words[0].text) if words else 0
    for token in tokens:
        while token.start >= end:
            at += 1
            end += len(words[at].text)
        places.append(at)
    return places


def better(first: str, second: str, hotwords: Sequence[str], terms: Sequence[Term]) -> bool:
    """Say whether a second hearing is to replace the first: it has a missed term, loses none, and sounds the same."""
    known = lexicon(tuple(terms))
    before, after = (
        [name.text.replace("’", "'") for _, _, name in occurrences(words_of(text), known)] for text in (first, second)
    )
    gained = any(after.count(word) > before.count(word) for word in hotwords)
    lost = any(after.count(word) < before.count(word) for word in before)
    alike = Levenshtein.normalized_similarity(sound(first), sound(second))
    return gained and not lost and alike >= _SAME_SPEECH
