"""A survey: how staff describe its columns, what was answered, and what of it may be shown. Pure.

`survey.toml` says what each column of the file of answers holds. What it does not name is never read further: a column is
personal unless somebody says what else it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field, model_validator

from transcripts.disclosure import Cell, Guard, rounded
from transcripts.staff_files import Written

NO_ANSWER = "Sans réponse"
OTHERS = "Autres réponses"
MOST_FILTERS = 3  # further ones leave groups too small to be shown

Kind = Literal["choice", "choices", "number", "amount", "place", "date", "text", "personal"]
Name = Annotated[str, Field(min_length=1, max_length=200)]


class Column(Written):
    """One column: ``name`` is its header in the file, ``title`` what readers see.

    ``filter`` offers it as a filter; ``separator`` parts the answers in a cell of ``choices``; ``bounds`` are where the
    classes of a ``number`` or an ``amount`` begin.
    """

    name: Name
    kind: Kind
    title: str = Field("", max_length=200)
    filter: bool = False
    separator: str = Field("|", min_length=1, max_length=3)
    bounds: tuple[float, ...] = ()

    @model_validator(mode="after")
    def _bounds_rise(self) -> Column:
        if list(self.bounds) != sorted(set(self.bounds)):
            raise ValueError(f"les « bounds » de « {self.name} » ne vont pas en croissant")
        if self.kind in ("number", "amount") and not self.bounds:
            raise ValueError(f"« {self.name} » est un nombre : il faut ses « bounds », où commencent les classes")
        return self

    @property
    def label(self) -> str:
        """What readers see."""
        return self.title or self.name


class Description(Written):
    """What ``survey.toml`` says; ``who`` calls those who answered, each once (« organisations »)."""

    title: Name
    who: str = Field("", max_length=60)
    about: str = Field("", max_length=2000)
    file: Annotated[str, Field(pattern=r"^[^/\\]+\.(csv|xlsx)$")]
    published: bool = False
    demonstration: bool = False
    column: tuple[Column, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Question:
    """A question that was asked. ``codes`` number the answers of single choice (rows,), or mark them, (rows, answers)."""

    title: str
    answers: tuple[str, ...]
    codes: npt.NDArray[np.int16] | npt.NDArray[np.bool_]
    filter: bool

    @property
    def several(self) -> bool:
        """Whether one could give several answers."""
        return self.codes.ndim == 2

    def axis(self, place: int) -> tuple[npt.NDArray[np.int64], int, int]:
        """Return a filter on one answer: the place of each row on its axis, the axis' length, the wanted place."""
        if self.several:
            return self.codes[:, place].astype(np.int64), 2, 1
        return self.codes.astype(np.int64), len(self.answers), place


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody wrote freely: the line in the file, the question, the words as they stand there."""

    line: int
    question: str
    text: str


@dataclass(frozen=True, slots=True)
class Survey:
    """A survey as it was read; ``faults`` are sentences about what of the file could not be used."""

    description: Description
    size: int
    questions: tuple[Question, ...]
    said: tuple[Said, ...]
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bar:
    """An answer and how many gave it, rounded; None where that is not shown."""

    answer: str
    count: int | None


@dataclass(frozen=True, slots=True)
class Distribution:
    """The answers to a question within a group of ``total`` (rounded)."""

    question: str
    several: bool
    total: int
    bars: tuple[Bar, ...]

    def share(self, bar: Bar) -> int | None:
        """Return the share of a group in whole per cent."""
        return None if bar.count is None else min(100, round(100 * bar.count / self.total))


@dataclass(frozen=True, slots=True)
class View:
    """What a choice of filters shows: nothing where ``total`` is None, since the group is too small."""

    total: int | None
    distributions: tuple[Distribution, ...] = ()


def explore(survey: Survey, filters: Mapping[str, str]) -> View:
    """Return how the answers of those distribute who gave the answers of ``filters``, question to answer.

    At most `MOST_FILTERS`; unknown questions and answers are as a group that is too small.
    """
    base: npt.NDArray[np.int64] = np.zeros(survey.size, dtype=np.int64)
    sizes: list[int] = []
    places: list[int | None] = []
    by_title = {question.title: question for question in survey.questions if question.filter}
    for title, answer in filters.items():
        if title not in by_title or answer not in by_title[title].answers or len(filters) > MOST_FILTERS:
            return View(None)
        codes, size, place = by_title[title].axis(by_title[title].answers.index(answer))
        base = base * size + codes
        sizes.append(size)
        places.append(place)
    cell = tuple(places)
    group = Guard(_table(base, sizes))
    if not group.public(cell):
        return View(None)
    total = rounded(group.count(cell))
    return View(
        total,
        tuple(
            Distribution(question.title, question.several, total, _bars(question, base, sizes, cell))
            for question in survey.questions
            if question.title not in filters
        ),
    )


def _bars(question: Question, base: npt.NDArray[np.int64], sizes: list[int], cell: Cell) -> tuple[Bar, ...]:
    if not question.several:
        guard = Guard(_table(base * len(question.answers) + question.codes, [*sizes, len(question.answers)]))
        shown = guard.line((*cell, None), len(sizes))
        return tuple(
            Bar(answer, rounded(guard.count((*cell, place))) if shown[place] else None)
            for place, answer in enumerate(question.answers)
        )
    bars = []
    for place, answer in enumerate(question.answers):
        guard = Guard(_table(base * 2 + question.codes[:, place], [*sizes, 2]))
        yes = (*cell, 1)
        bars.append(Bar(answer, rounded(guard.count(yes)) if guard.public(yes) else None))
    return tuple(bars)


def _table(codes: npt.NDArray[np.int64], sizes: list[int]) -> npt.NDArray[np.int64]:
    return np.bincount(codes, minlength=int(np.prod(sizes))).reshape(sizes).astype(np.int64)
