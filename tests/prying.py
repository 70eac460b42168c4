"""What somebody finds out who compares all that the page of a survey showed: groups of one to four people."""

import random
from collections.abc import Iterator, Mapping

import numpy as np

from transcripts.disclosure import K
from transcripts.survey import MOST_FILTERS, NO_ANSWER, OTHERS, Bar, Distribution, Survey, View

Conditions = frozenset[tuple[str, str]]  # question and answer


def choices(survey: Survey, draw: random.Random, times: int = 1000) -> Iterator[dict[str, str]]:
    """Yield filters as they may be chosen on the page."""
    offered = [question for question in survey.questions if question.filter]
    for _ in range(times):
        chosen = draw.sample(offered, draw.randint(0, MOST_FILTERS))
        yield {q.title: draw.choice([a for a in q.answers if a not in (OTHERS, NO_ANSWER)]) for q in chosen}


class Prying:
    """Takes what is shown from what is shown, and knows from the answers themselves how many are left."""

    def __init__(self, survey: Survey) -> None:
        self.answered = {
            (q.title, answer): q.codes[:, place] if q.several else q.codes == place
            for q in survey.questions
            for place, answer in enumerate(q.answers)
        }
        self._size = survey.size
        self.shown: dict[Conditions, int] = {}
        self._left: list[int] = []

    def group(self, filters: Mapping[str, str]) -> np.ndarray:
        """Return who gave all these answers, a mark for each."""
        return np.all([np.ones(self._size, dtype=bool), *(self.answered[each] for each in filters.items())], axis=0)

    def see(self, filters: Mapping[str, str], view: View) -> None:
        """Look at what a choice of filters shows."""
        if view.total is None:
            return
        group = self.group(filters)
        whole = self.shown[frozenset(filters.items())] = int(group.sum())
        for one in view.distributions:
            bars = {
                answer: int((group & self.answered[answer]).sum())
                for bar in one.bars
                if bar.count is not None and (answer := (one.question, bar.answer))
            }
            self.shown |= {frozenset({*filters.items(), answer}): count for answer, count in bars.items()}
            if bars and not one.several:
                self._left.append(whole - sum(bars.values()))

    def found(self) -> int:
        """Return how many small groups are shown, are what a narrower choice leaves of a wider one, or a line of its whole."""
        parted = (
            self.shown[wider] - count
            for narrow, count in self.shown.items()
            for condition in narrow
            if (wider := narrow - {condition}) in self.shown
        )
        return sum(0 < count < K for count in (*self.shown.values(), *self._left, *parted))


def careless(survey: Survey, prying: Prying, filters: Mapping[str, str]) -> View:
    """Return what would be shown if only small counts were hidden."""
    group = prying.group(filters)
    total = int(group.sum())
    if total < K:
        return View(None)
    told = []
    for q in survey.questions:
        if q.title not in filters:
            counts = [int((group & prying.answered[q.title, answer]).sum()) for answer in q.answers]
            bars = [Bar(answer, n if n >= K else None) for answer, n in zip(q.answers, counts, strict=True)]
            told.append(Distribution(q.title, q.several, total, tuple(bars)))
    return View(total, tuple(told))
