"""What members look for and do not find: questions without an answer, those of one meaning together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from app.statistics import Asked
from index.asked import named
from transcripts.glossary import Term

_FEW = 3  # questions from which on a usual distance means something
_MOST = 300  # questions compared; the rarest are left out
# Two groups are one while the farthest of their questions are nearer than this share of what any two are, so that it holds for any
# embedder.
_NEAR = 0.84

Vectors = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Wish:
    """Questions of one meaning: what they are about, and how often they were asked together."""

    about: str
    count: int
    questions: tuple[Asked, ...]


def group(asked: Sequence[Asked], vectors: Vectors, terms: Sequence[Term]) -> list[Wish]:
    """Put questions of one meaning together, the most wanted first.

    Agglomerative clustering with complete linkage on cosines. A group is named by the term of the field that most of its
    questions name, else by its most frequent question. Pure.

    Args:
        vectors: unit vectors, shape (questions, dimensions).
    """
    from sklearn.cluster import AgglomerativeClustering  # takes a second to load

    labels = list(range(len(asked)))
    if len(asked) >= _FEW:
        distances = 1.0 - vectors @ vectors.T
        usual = float(np.median(distances[np.triu_indices(len(asked), 1)]))
        cutting = AgglomerativeClustering(
            n_clusters=None, metric="cosine", linkage="complete", distance_threshold=_NEAR * usual
        )
        labels = list(cutting.fit(vectors).labels_)
    groups: dict[int, list[Asked]] = {}
    for label, question in zip(labels, asked, strict=True):
        groups.setdefault(int(label), []).append(question)
    wishes = [_wish(sorted(each, key=lambda q: -q.count), terms) for each in groups.values()]
    return sorted(wishes, key=lambda wish: (-wish.count, wish.about))


def _wish(questions: list[Asked], terms: Sequence[Term]) -> Wish:
    votes: dict[str, int] = {}
    for question in questions:
        for term in named(question.question, terms, misspelt=False):
            votes[term.term] = votes.get(term.term, 0) + question.count
    total = sum(question.count for question in questions)
    best = max(votes, key=lambda term: votes[term], default="")
    about = best if best and votes[best] * 2 > total else questions[0].question
    return Wish(about, total, tuple(questions))


class Wanted:
    """Groups questions in a thread of its own: a page asks again, and is never held up."""

    def __init__(self, embed: Callable[[str], Vectors], terms: Callable[[], Sequence[Term]]) -> None:
        self._embed, self._terms = embed, terms
        self._thread = ThreadPoolExecutor(1, "wanted")
        self._asked: tuple[Asked, ...] = ()
        self._found: Future[list[Wish]] | None = None

    def wishes(self, asked: Sequence[Asked]) -> list[Wish] | None:
        """Return the groups of questions without an answer, None while they are being made. Raises what making them raised."""
        wanted = tuple(question for question in asked if not question.answered)[:_MOST]
        if self._found is None or wanted != self._asked:
            self._asked, self._found = wanted, self._thread.submit(self._group, wanted)
        found = self._found
        if found.done() and found.exception():
            self._found = None  # the next look tries again
        return found.result() if found.done() else None

    def _group(self, asked: tuple[Asked, ...]) -> list[Wish]:
        few = len(asked) < _FEW  # nothing to compare: the model need not be loaded
        vectors = [] if few else [self._embed(each.question) for each in asked]
        return group(asked, np.array(vectors, np.float32), self._terms())
