"""Chapters drafted from a transcript: where the subject changes, each named in words that were said. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from transcripts.glossary import Term
from transcripts.matching import lexicon, occurrences, words_of
from transcripts.model import Chapter
from transcripts.sentences import Sentence, content_words

Vectors = npt.NDArray[np.float32]
# Texts to unit vectors, shape (texts, dimensions).
Embed = Callable[[Sequence[str]], Vectors]

_SHORTEST = 40.0  # seconds
_MOST = 12
# How much it costs, in squared distance of vectors, that a chapter is twice as long as the others or next to nothing.
_UNEVEN = 1.0
_LONGEST_NAME = 60  # characters
# Sums are frequent in talks on finance, and name nothing; nor does what has an owner, or comes first.
_NAMELESS = re.compile(
    r"\d+|euros?|cents?|mille|millions?|milliards?|an|ans|mois|jours?|(?:soix|quar|cinqu|tr)ant\w*|vingts?|dix|pour"
    r"|un|une|deux|trois|quatre|cinq|six|sept|huit|neuf|onze|douze|quinze|premi\w+|dernier\w*|nouve\w+|bon|bonne"
    r"|mon|ma|mes|ton|ta|tes|son|sa|ses|notre|nos|votre|vos|leurs?|cette|cet|ces|chaque|meme|seule?"
)
_LATE = 0.6  # share of the talk after which questions come from the audience
_ASKING = re.compile(r"\bquestions?\b|\b(?:on|quelqu'un) (?:me|nous) demande\b", re.IGNORECASE)


def draft_chapters(sentences: Sequence[Sentence], vectors: Vectors, terms: Sequence[Term] = ()) -> list[Chapter]:
    """Cut a talk where its subject changes: the cut into so many parts that leaves the least difference inside them.

    The optimum over all cuts by dynamic programming, as in Utiyama and Isahara (2001), here on what the sentences mean,
    ``vectors`` of shape (sentences, dimensions), and on their words side by side. ``terms`` may serve as names.
    """
    if not sentences:
        return []
    times = np.array([sentence.start for sentence in sentences] + [sentences[-1].end])
    wanted = _wanted(float(times[-1] - times[0]))
    starts = _best_cut(_features(sentences, vectors), times, wanted) if wanted > 1 else [0]
    parts = [sentences[a:b] for a, b in pairwise([*starts, len(sentences)])]
    edges = [0.0, *(float(times[start]) for start in starts[1:]), float(times[-1])]
    return [
        Chapter(start, stop, title) for (start, stop), title in zip(pairwise(edges), _titles(parts, terms), strict=True)
    ]


def _wanted(seconds: float) -> int:
    """Return how many chapters: one in short talks, 5 in ten minutes, 10 in an hour."""
    return max(1, min(_MOST, round(4 + seconds / 600), int(seconds / (2 * _SHORTEST))))


def _features(sentences: Sequence[Sentence], vectors: Vectors) -> npt.NDArray[np.float64]:
    """Return what sentences mean and the words they share with others, as vectors that differ from the talk's own mean."""
    meaning = vectors - vectors.mean(axis=0)
    places: dict[str, int] = {}
    spoken = [[places.setdefault(word, len(places)) for word in content_words(s.text)] for s in sentences]
    words = np.zeros((len(sentences), max(1, len(places))))
    for row, found in zip(words, spoken, strict=True):
        np.add.at(row, found, 1.0)
    in_sentences = (words > 0).sum(axis=0)
    words *= np.where(in_sentences > 1, np.log(len(sentences) / np.maximum(in_sentences, 1)), 0.0)
    return np.hstack([_unit(meaning), _unit(words)])


def _unit(rows: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    unit: npt.NDArray[np.float64] = rows / (np.linalg.norm(rows, axis=1, keepdims=True) + 1e-9)
    return unit


def _best_cut(features: npt.NDArray[np.float64], times: npt.NDArray[np.float64], wanted: int) -> list[int]:
    """Return the sentences with which the parts begin."""
    count = len(features)
    sums = np.vstack([np.zeros(features.shape[1]), np.cumsum(features, axis=0)])
    products = sums @ sums.T
    squares = np.concatenate([[0.0], np.cumsum((features**2).sum(axis=1))])
    even = (times[-1] - times[0]) / wanted
    cost = np.full((count, count + 1), np.inf)
    for first in range(count):
        last = np.arange(first + 1, count + 1)
        inside = products[last, last] + products[first, first] - 2 * products[first, last]
        length = times[last] - times[first]
        spread = squares[last] - squares[first] - inside / (last - first)
        cost[first, first + 1 :] = np.where(length < _SHORTEST, np.inf, spread + _UNEVEN * (length / even - 1) ** 2)
    best = np.full(count + 1, np.inf)
    best[0] = 0.0
    came = []
    for _ in range(wanted):
        totals = best[:count, None] + cost
        came.append(totals.argmin(axis=0))
        best = totals.min(axis=0)
    if not np.isfinite(best[count]):  # sentences so long that nothing fits
        return [0]
    starts, at = [], count
    for back in reversed(came):
        at = int(back[at])
        starts.append(at)
    return sorted(starts)


def _titles(parts: Sequence[Sequence[Sentence]], terms: Sequence[Term]) -> list[str]:
    """Name each part by what is frequent in it and rare in the others: the field's terms first, else its expressions.

    What names a part already names no other, as long as there is anything else to say of that.
    """
    counts = [Counter(name for sentence in part for name in _names(sentence.text, terms)) for part in parts]
    everywhere = Counter(stems for count in counts for stems in {stems for stems, _ in count})
    late = parts[0][0].start + _LATE * (parts[-1][-1].end - parts[0][0].start)
    titles: list[str] = []
    taken: set[tuple[str, ...]] = set()
    for part, count in zip(parts, counts, strict=True):
        weight: Counter[tuple[str, ...]] = Counter()
        written: dict[tuple[str, ...], Counter[str]] = {}
        for (stems, text), n in count.items():
            weight[stems] += n
            written.setdefault(stems, Counter())[text] += n
        ranked = sorted(
            (stems for stems in weight if weight[stems] > 1 or everywhere[stems] > 1),
            key=lambda s: (
                s in taken,
                -(weight[s] - 0.5) * len(s) ** 0.8 * np.log(len(parts) / everywhere[s] + 0.2),
                s,
            ),
        )
        chosen: list[str] = []
        used: set[str] = set()
        for stems in ranked:
            name = written[stems].most_common(1)[0][0]
            again = stems in taken and chosen
            if (
                len(chosen) < 2
                and not again
                and not used & set(stems)
                and len(", ".join([*chosen, name])) <= _LONGEST_NAME
            ):
                chosen.append(name)
                used |= set(stems)
                taken.add(stems)
        title = " et ".join(chosen) or " ".join(part[0].text.split()[:8]).rstrip(",.;:?!")
        if part[0].start >= late and chosen and _asked(part):
            title = f"Questions\u00a0: {title}"
        title = title[:1].upper() + title[1:]
        titles.append(f"{title} (suite)" if title in titles else title)
    return titles


def _asked(part: Sequence[Sentence]) -> bool:
    """Say whether a part answers the audience: questions are announced, and more than one is asked."""
    return any(_ASKING.search(s.text) for s in part) and sum(s.text.endswith("?") for s in part) > 1


def _names(text: str, terms: Sequence[Term]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield (stems, text) of what may name a part: terms of the field, and runs of two or three words of content."""
    tokens = words_of(text)
    for _, _, name in occurrences(tokens, lexicon(tuple(terms))):
        # A term is a good name by itself: it counts twice.
        stems = tuple(content_words(name.text))
        if stems:
            yield stems, name.text
            yield stems, name.text
    stems_of = [content_words(token.text) for token in tokens]
    for size in (2, 3):
        for at in range(len(tokens) - size + 1):
            run, inside = tokens[at : at + size], stems_of[at : at + size]
            said = text[run[0].start : run[-1].end]
            whole = run[0].clause == run[-1].clause and not any(c in said for c in ',;:.!?«»"()')
            linked = all(inside) or (size == 3 and run[1].folded in ("de", "du", "d", "des", "a", "en"))
            linked = linked and not (
                run[0].folded.endswith("er") and run[1].folded in ("du", "des")
            )  # "délivrer des reçus"
            if whole and inside[0] and inside[-1] and linked and not any(_NAMELESS.fullmatch(t.folded) for t in run):
                yield tuple(s for group in inside for s in group), said
