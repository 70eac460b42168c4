"""Chapters drafted from a transcript: where the subject changes, each named in words that were said. Pure."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from transcripts.glossary import Term
from transcripts.matching import Token, lexicon, occurrences, words_of
from transcripts.model import Chapter
from transcripts.sentences import Sentence, content_words

Vectors = npt.NDArray[np.float32]
# Texts to unit vectors, shape (texts, dimensions).
Embed = Callable[[Sequence[str]], Vectors]

_SHORTEST = 40.0  # seconds
# Places between which chapters are cut at most: what is compared grows with the square, and five hours have so many sentences.
_PLACES = 4000
# How much it costs, in squared distance of vectors, that a chapter is twice as long as the others or next to nothing.
_UNEVEN = 1.0
_LONGEST_NAME = 60  # characters
# Sums are frequent in talks on finance, and name nothing; nor does what has an owner, or comes first.
_NAMELESS = re.compile(
    r"\d+|euros?|cents?|mille|millions?|milliards?|an|ans|mois|jours?|(?:soix|quar|cinqu|tr)ant\w*|vingts?|dix|pour"
    r"|un|une|deux|trois|quatre|cinq|six|sept|huit|neuf|onze|douze|quinze|premi\w+|dernier\w*|nouve\w+|bon|bonne"
    r"|mon|ma|mes|ton|ta|tes|son|sa|ses|notre|nos|votre|vos|leurs?|cette|cet|ces|chaque|meme|seule?"
    r"|abord|vers|entre|chez|sous|selon|contre|depuis|pendant|avant|parmi|presque|environ|toujours|jamais|ensemble|maintenant"
)
# After these stand nouns; after those, verbs.
_ARTICLE = re.compile(
    r"l[ae]?|les|une?|des|du|aux?|ce|cet|cette|ces|[mts](?:on|a|es)|notre|nos|votre|vos|leurs?|aucune?"
)
_SUBJECT = re.compile(r"ils?|elles?|on|je?|nous|vous|qui|ne?|se?|y")
LATE = 0.6  # share of the talk after which questions come from the audience
ASKING = re.compile(r"\bquestions?\b|\b(?:on|quelqu'un) (?:me|nous) demande\b", re.IGNORECASE)


def draft_chapters(sentences: Sequence[Sentence], vectors: Vectors, terms: Sequence[Term] = ()) -> list[Chapter]:
    """Cut a talk where its subject changes: the cut into so many parts that leaves the least difference inside them.

    The optimum over all cuts by dynamic programming, as in Utiyama and Isahara (2001), here on what the sentences mean,
    ``vectors`` of shape (sentences, dimensions), and on their words side by side. ``terms`` may serve as names.
    """
    if not sentences:
        return []
    places = np.append(np.arange(0, len(sentences), -(-len(sentences) // _PLACES)), len(sentences))
    over = max(sentence.end for sentence in sentences)
    times = np.array([sentences[place].start for place in places[:-1]] + [over])
    wanted = _wanted(float(times[-1] - times[0]))
    cut = _best_cut(_shared(sentences, vectors, places[:-1]), places, times, wanted) if wanted > 1 else [0]
    parts = [sentences[places[a] : places[b]] for a, b in pairwise([*cut, len(places) - 1])]
    edges = [0.0, *(float(times[start]) for start in cut[1:]), float(times[-1])]
    return [
        Chapter(start, stop, title) for (start, stop), title in zip(pairwise(edges), _titles(parts, terms), strict=True)
    ]


def _wanted(seconds: float) -> int:
    """Return how many chapters: one in short talks, 5 in ten minutes, 10 in an hour, 6 more with each further one."""
    return max(1, min(round(4 + seconds / 600), int(seconds / (2 * _SHORTEST))))


def _shared(sentences: Sequence[Sentence], vectors: Vectors, places: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Return how much what is said from one place to the next has in common with the rest, shape (places, places).

    It is the sum over their sentences of the products of unit vectors: of what they mean, less the talk's own mean, and of
    the words that several sentences have.
    """
    meaning = np.add.reduceat(_unit(vectors - vectors.mean(axis=0)), places)
    shared: npt.NDArray[np.float64] = meaning @ meaning.T
    rows: defaultdict[str, Counter[int]] = defaultdict(Counter)
    for row, sentence in enumerate(sentences):
        for word in content_words(sentence.text):
            rows[word][row] += 1
    spoken = [np.array([*found.items()], float).T for found in rows.values() if len(found) > 1]
    weighted = [(row.astype(int), times * np.log(len(sentences) / len(row))) for row, times in spoken]
    length = np.zeros(len(sentences))
    for row, weight in weighted:
        length[row] += weight**2
    length = np.sqrt(length) + 1e-9
    for row, weight in weighted:
        there, first = np.unique(np.searchsorted(places, row, "right") - 1, return_index=True)
        said = np.add.reduceat(weight / length[row], first)
        shared[np.ix_(there, there)] += np.outer(said, said)
    return shared


def _unit(rows: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    unit: npt.NDArray[np.float64] = rows / (np.linalg.norm(rows, axis=1, keepdims=True) + 1e-9)
    return unit


def _best_cut(
    shared: npt.NDArray[np.float64], places: npt.NDArray[np.int64], times: npt.NDArray[np.float64], wanted: int
) -> list[int]:
    """Return the places with which the parts begin."""
    count = len(shared)
    products = np.pad(shared.cumsum(axis=0).cumsum(axis=1), ((1, 0), (1, 0)))
    even = (times[-1] - times[0]) / wanted
    cost = np.full((count + 1, count), np.inf)  # of a part, by where it stops and where it begins
    for first in range(count):
        last = np.arange(first + 1, count + 1)
        inside = products[last, last] + products[first, first] - 2 * products[first, last]
        length = times[last] - times[first]
        # The squares of all that is said are the same however it is cut: what counts is how far parts lie from the mean.
        spread = -inside / (places[last] - places[first])
        cost[first + 1 :, first] = np.where(length < _SHORTEST, np.inf, spread + _UNEVEN * (length / even - 1) ** 2)
    best = np.full(count + 1, np.inf)
    best[0] = 0.0
    came = []
    for _ in range(wanted):
        totals = best[:count] + cost
        came.append(totals.argmin(axis=1))
        best = totals.min(axis=1)
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
    verbs = _verbs([words_of(sentence.text) for part in parts for sentence in part])
    counts = [Counter(name for sentence in part for name in _names(sentence.text, terms, verbs)) for part in parts]
    everywhere = Counter(stems for count in counts for stems in {stems for stems, _ in count})
    late = parts[0][0].start + LATE * (parts[-1][-1].end - parts[0][0].start)
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
    return any(ASKING.search(s.text) for s in part) and sum(s.text.endswith("?") for s in part) > 1


def _verbs(spoken: Sequence[Sequence[Token]]) -> set[str]:
    """Return the words that a talk uses as verbs only."""
    verbs: set[str] = set()
    nouns: set[str] = set()
    for before, word in chain.from_iterable(map(pairwise, spoken)):
        if _SUBJECT.fullmatch(before.folded):
            verbs.add(word.folded)
        elif _ARTICLE.fullmatch(before.folded):
            nouns.add(word.folded)
    return verbs - nouns


def _names(text: str, terms: Sequence[Term], verbs: set[str]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield (stems, text) of what may name a part: terms of the field, as they are called there, and runs of two or three
    words of content, no verb among them.
    """
    tokens = words_of(text)
    for _, _, name in occurrences(tokens, lexicon(tuple(terms))):
        # A term is a good name by itself: it counts twice.
        stems = tuple(content_words(name.term.term))
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
            nameless = any(t.folded in verbs or _NAMELESS.fullmatch(t.folded) for t in run)
            if whole and inside[0] and inside[-1] and linked and not nameless:
                yield tuple(s for group in inside for s in group), said
