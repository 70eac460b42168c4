"""Which counts of a survey may be shown, so that nobody can be told from others. Pure.

A *cell* is a set of answers chosen on some questions (« region = Bretagne », « need = guarantees »); its count is how many
people gave them all. Three protections stand one upon the other (Hundepool et al., *Statistical Disclosure Control*, 2012):

1. primary suppression: no cell under `K`;
2. complementary suppression: no cell whose difference from one that is shown is under `K`, for every way of saying yes and
   no to its conditions, nor a line of which one hidden cell, or so few answers, are left;
3. rounding to the nearest multiple of `K`: what longer sums of shown cells would give stays uncertain.

A cell that is shown has all its parts shown too. The decision rests on the answers alone, not on what was asked before.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

K = 5

Counts = npt.NDArray[np.int64]
Cell = tuple[int | None, ...]


def rounded(count: int) -> int:
    """Return a count as it is shown: the nearest multiple of `K`."""
    return (count + K // 2) // K * K


def _fine(counts: Counts) -> npt.NDArray[np.bool_]:
    fine: npt.NDArray[np.bool_] = (counts == 0) | (counts >= K)
    return fine


@dataclass(slots=True)
class Guard:
    """Decides on the cells of one table: an axis per question, a place per answer, in each place how many gave them all."""

    table: Counts
    _known: dict[Cell, bool] = field(default_factory=dict)
    _lines: dict[tuple[Cell, int], npt.NDArray[np.bool_]] = field(default_factory=dict)

    def count(self, cell: Cell) -> int:
        """Return the true count of a cell; an axis that is None is not looked at."""
        return int(self.table[tuple(slice(None) if place is None else place for place in cell)].sum())

    def public(self, cell: Cell) -> bool:
        """Say whether a cell may be shown."""
        if cell not in self._known:
            self._known[cell] = self.count(cell) >= K and all(
                self.public(rest := (*cell[:axis], None, *cell[axis + 1 :])) and bool(self._line(rest, axis)[place])
                for axis, place in enumerate(cell)
                if place is not None
            )
        return self._known[cell]

    def line(self, cell: Cell, axis: int) -> list[bool]:
        """Say which places of an axis may be shown within a cell."""
        return [self.public((*cell[:axis], place, *cell[axis + 1 :])) for place in range(self.table.shape[axis])]

    def _line(self, cell: Cell, axis: int) -> npt.NDArray[np.bool_]:
        if (cell, axis) not in self._lines:
            self._lines[cell, axis] = _open(_signs(self.table, cell, axis))
        return self._lines[cell, axis]


def _signs(table: Counts, cell: Cell, axis: int) -> Counts:
    """Return counts, shape (2 ** conditions, places): every yes and no to a cell's conditions, all yes first."""
    for other, place in enumerate(cell):
        if other == axis:
            continue
        whole = table.sum(axis=other, keepdims=True)
        if place is None:
            table = whole
        else:
            chosen = np.take(table, [place], axis=other)
            table = np.concatenate((chosen, whole - chosen), axis=other)
    return np.moveaxis(table, axis, -1).reshape(-1, table.shape[axis])


def _open(signs: Counts) -> npt.NDArray[np.bool_]:
    """Return which places of a line may be shown: shape (places,)."""
    rest = signs.sum(axis=1, keepdims=True) - signs
    shown: npt.NDArray[np.bool_] = _fine(signs).all(axis=0) & _fine(rest).all(axis=0) & (signs[0] >= K)
    while shown.any():
        hidden = ~shown & (signs[0] > 0)
        left = signs[:, ~shown].sum(axis=1)
        if _fine(left).all() and hidden.sum() != 1:
            break
        # What is least missed joins the hidden ones, until nobody can be told among them.
        shown[min(np.flatnonzero(shown), key=lambda place: signs[0][place])] = False
    return shown
