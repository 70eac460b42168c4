"""Somebody tries to find a group of fewer than five in what a survey shows."""

import itertools
import random
from collections.abc import Iterator

import numpy as np
import pytest
from scipy.optimize import linprog

from transcripts.disclosure import Cell, Guard, K, rounded

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
