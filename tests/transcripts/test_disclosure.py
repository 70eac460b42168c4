"""Somebody tries to find a group of fewer than five in what a survey shows."""

import csv
import io
import itertools
import random
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.sparse import csr_array

from app import demo_survey
from app.survey_file import read_survey
from pages.charts import PROTECTED, as_csv
from tests.prying import Prying, careless, choices
from transcripts.disclosure import Cell, Guard, K, rounded
from transcripts.survey import NO_ANSWER, OTHERS, Description, Question, Survey, explore

SHAPE = (7, 5, 4, 2)


def survey(seed: int, size: int) -> np.ndarray:
    """Return a table of skewed, dependent answers to four questions."""
    draw = np.random.default_rng(seed)
    first = draw.choice(SHAPE[0], size, p=draw.dirichlet(np.ones(SHAPE[0])))
    rows = [first]
    for axis in SHAPE[1:]:
        own = draw.choice(axis, size, p=draw.dirichlet(np.ones(axis)))
        rows.append(np.where(draw.random(size) < 0.3, first % axis, own))
    table = np.zeros(SHAPE, dtype=np.int64)
    np.add.at(table, tuple(rows), 1)
    return table


def cells() -> Iterator[Cell]:
    """Yield every choice of filters and one shown answer."""
    return itertools.product(*((None, *range(places)) for places in SHAPE))


def small_groups(table: np.ndarray, wanted: int, draw: random.Random) -> list[np.ndarray]:
    """Return groups of one to four people, each as the places of the table it covers, with every yes and no."""
    found = []
    places = list(np.ndindex(SHAPE))
    while len(found) < wanted:
        axes = draw.sample(range(len(SHAPE)), draw.randint(1, len(SHAPE)))
        chosen = {axis: (draw.randrange(SHAPE[axis]), draw.random() < 0.75) for axis in axes}
        group = np.array([all((place[a] == v) == yes for a, (v, yes) in chosen.items()) for place in places])
        if 1 <= table.reshape(-1)[group].sum() < K:
            found.append(group)
    return found


@pytest.mark.parametrize(("seed", "size"), [(1, 150), (2, 400), (3, 850), (4, 1500)])
def test_no_difference_of_what_is_shown_is_a_small_group(seed: int, size: int) -> None:
    table = survey(seed, size)
    guard = Guard(table)
    public = {cell for cell in cells() if guard.public(cell)}
    assert len(public) > 20
    draw = random.Random(seed)  # noqa: S311
    for cell in draw.choices(list(cells()), k=1000):
        for axis, place in enumerate(cell):
            wider = (*cell[:axis], None, *cell[axis + 1 :])
            if place is not None and cell in public:
                assert wider in public
                difference = guard.count(wider) - guard.count(cell)
                assert difference == 0 or difference >= K
            elif place is None and cell in public:  # what a line leaves
                shown = [c for p in range(SHAPE[axis]) if (c := (*cell[:axis], p, *cell[axis + 1 :])) in public]
                left = guard.count(cell) - sum(map(guard.count, shown))
                assert left == 0 or left >= K or not shown
        if cell in public:
            assert guard.count(cell) >= K


def deduced(table: np.ndarray, shown: dict[Cell, tuple[int, int]], draw: random.Random) -> int:
    """Return how many of 40 small groups are bounded between one and four by what is shown: the audit of the literature.

    Linear programming over all surveys that would show the very same; ``shown`` gives each cell's least and greatest count.
    """
    places = list(np.ndindex(SHAPE))
    rows = np.array(
        [[float(all(v in (None, p) for v, p in zip(cell, place, strict=True))) for place in places] for cell in shown]
    )
    low, high = np.array(list(shown.values())).T
    bounds = np.vstack([rows, -rows]), np.concatenate([high, -low])
    found = 0
    for group in small_groups(table, 40, draw):
        least = linprog(group.astype(float), *bounds, method="highs").fun
        most = -linprog(-group.astype(float), *bounds, method="highs").fun
        found += least > 1e-6 and most < K - 1e-6
    return found


@pytest.mark.parametrize(("seed", "size"), [(11, 200), (12, 850), (13, 1500)])
def test_linear_programming_finds_no_small_group(seed: int, size: int) -> None:
    table = survey(seed, size)
    guard = Guard(table)
    shown = {cell: rounded(guard.count(cell)) for cell in cells() if guard.public(cell)}
    hidden = {cell: (max(K, count - K // 2), count + K // 2) for cell, count in shown.items()}
    assert deduced(table, hidden, random.Random(seed)) == 0  # noqa: S311


def test_the_same_attack_succeeds_where_only_small_cells_are_hidden() -> None:
    """An attack that finds nothing anywhere would prove nothing."""
    table = survey(12, 850)
    guard = Guard(table)
    shown = {cell: (count, count) for cell in cells() if (count := guard.count(cell)) >= K}
    assert deduced(table, shown, random.Random(12)) > 5  # noqa: S311


# What a reader sees of a survey: its lists of answers, totals, bars, and what can be downloaded.

ASKED = {"Forme": 4, "Secteur": 3, "Suite": 2}
NEEDS = (0.5, 0.15)  # the share of those who have each


def answers(seed: int, size: int) -> str:
    """Return the answers of a survey as CSV: skewed, dependent, some rare, with a question of several answers."""
    draw = np.random.default_rng(seed)
    first = draw.choice(4, size, p=draw.dirichlet(np.ones(4)))
    lines = [";".join([*ASKED, "Besoins"])]
    for place in first:
        own = [place if draw.random() < 0.3 else draw.integers(most) ** 2 // most for most in ASKED.values()]
        cells = [f"r{n}" if draw.random() > 0.05 else "" for n in (place, *own[1:])]
        needs = [f"b{n}" for n, share in enumerate(NEEDS) if draw.random() < share]
        lines.append(";".join([*cells, "|".join(needs)]))
    return "\n".join(lines)


@dataclass(frozen=True)
class Attack:
    """What an attacker sets up: the people by all that they may have answered, and the sums of them that are known.

    ``answered`` says who (columns: kinds of people) gave an answer to a question; ``truth`` is how many of each there are.
    """

    answered: dict[tuple[str, str], np.ndarray]
    truth: np.ndarray
    rows: list[np.ndarray] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)

    def learn(self, row: np.ndarray, low: float, high: float = np.inf) -> None:
        assert low <= row @ self.truth <= high  # an attack that believes something wrong proves nothing
        self.rows.append(row.astype(float))
        self.low.append(low)
        self.high.append(high)

    def group(self, filters: Mapping[str, str]) -> np.ndarray:
        return np.all([np.ones(len(self.truth), bool), *(self.answered[each] for each in filters.items())], axis=0)

    def found(self, wanted: int, draw: random.Random) -> int:
        """Return how many of so many small groups are known to have between one and four people."""
        rows, low, high = np.array(self.rows), np.array(self.low), np.array(self.high)
        top = np.isfinite(high)
        bounds = csr_array(np.vstack([-rows, rows[top]])), np.concatenate([-low, high[top]])
        conditions, groups = list(self.answered.values()), []
        while len(groups) < wanted:
            chosen = [each if draw.random() < 0.75 else ~each for each in draw.sample(conditions, draw.randint(1, 4))]
            group = np.all(chosen, axis=0)
            if 1 <= group.astype(int) @ self.truth < K:
                groups.append(group)
        return sum(
            linprog(group.astype(float), *bounds, method="highs").fun > 1e-6
            and -linprog(-group.astype(float), *bounds, method="highs").fun < K - 1e-6
            for group in groups
        )


def _given(question: Question) -> Iterable[int]:
    """Return what one may have answered: a place, or as the bits of a number the places, the last of which stands alone."""
    most = len(question.answers)
    return [*range(1, 2 ** (most - 1)), 2 ** (most - 1)] if question.several else range(most)


def attack(survey: Survey) -> Attack:
    """Return an attack that knows nothing but the lists of answers."""
    people = list(itertools.product(*map(_given, survey.questions)))
    rows = [q.codes @ (1 << np.arange(len(q.answers))) if q.several else q.codes for q in survey.questions]
    counted = Counter(zip(*(row.tolist() for row in rows), strict=True))
    answered = {
        (q.title, answer): np.array([bool(p[n] >> k & 1) if q.several else p[n] == k for p in people])
        for n, q in enumerate(survey.questions)
        for k, answer in enumerate(q.answers)
    }
    made = Attack(answered, np.array([counted[p] for p in people]))
    for q in survey.questions:
        named = [answered[q.title, answer] for answer in q.answers if answer not in (OTHERS, NO_ANSWER)]
        for each in named:  # an answer is named where five gave it, and those come first that more gave
            made.learn(each, K)
        for more, fewer in pairwise(named):
            made.learn(more.astype(int) - fewer, 1 - K)
    return made


def each_once(survey: Survey, draw: random.Random) -> list[dict[str, str]]:
    return list({tuple(sorted(filters.items())): filters for filters in choices(survey, draw)}.values())


def surveyed(seed: int, size: int) -> Survey:
    kinds = [{"name": name, "kind": "choice", "filter": True} for name in ASKED]
    columns = [*kinds, {"name": "Besoins", "kind": "choices", "filter": True}]
    description = Description.model_validate({"title": "Essai", "file": "r.csv", "column": columns})
    return read_survey(answers(seed, size).encode(), description)


@pytest.mark.parametrize(("seed", "size"), [(21, 120), (22, 400)])
def test_all_that_a_thousand_filters_show_tells_no_small_group(seed: int, size: int) -> None:
    survey, draw = surveyed(seed, size), random.Random(seed)  # noqa: S311
    attacker = attack(survey)
    for filters in each_once(survey, draw):
        view = explore(survey, filters)
        if view.total is None:
            assert view.distributions == ()
            continue
        group = attacker.group(filters)
        attacker.learn(group, max(K, view.total - K // 2), view.total + K // 2)
        table = csv.reader(io.StringIO(as_csv(view.distributions, filters).decode("utf-8-sig")), delimiter=";")
        for _, question, answer, count, whole in list(table)[1:]:
            assert whole == str(view.total)
            if count != PROTECTED:
                row = group & attacker.answered[question, answer]
                attacker.learn(row, max(K, int(count) - K // 2), int(count) + K // 2)
    assert len(attacker.rows) > 60
    assert attacker.found(20, draw) == 0


def test_the_same_attack_on_a_page_that_hides_small_bars_only_succeeds() -> None:
    survey, draw = surveyed(22, 400), random.Random(22)  # noqa: S311
    attacker = attack(survey)
    for filters in each_once(survey, draw):
        for answered in attacker.answered.values():
            row = attacker.group(filters) & answered
            count = int(row.astype(int) @ attacker.truth)
            if count >= K:
                attacker.learn(row, count, count)
    assert attacker.found(20, draw) > 3


def test_nothing_small_is_left_of_what_the_demonstration_shows_and_would_be_if_only_small_counts_were_hidden() -> None:
    """All its questions and filters, a thousand choices: `tests.bench_survey` does the same with 100,000 answers."""
    survey = read_survey(demo_survey.answers(), Description.model_validate(tomllib.loads(demo_survey.DESCRIPTION)))
    page, other = Prying(survey), Prying(survey)
    for filters in each_once(survey, random.Random(850)):  # noqa: S311
        page.see(filters, explore(survey, filters))
        other.see(filters, careless(survey, other, filters))
    assert len(page.shown) > 500
    assert page.found() == 0
    assert other.found() > 100
