"""A library to practise on: talks made of written passages of spoken French, with questions whose answers are marked.

The form of the files is in ``index/training/README.md``. Three passages of a topic make a talk, so that telling them apart
needs reading.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from pydantic import TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as checked

from index.evaluate import Question, Span
from transcripts.errors import BadInput
from transcripts.library import Library
from transcripts.model import Cue, Details, Masterclass, Origin, make_slug

_PIECE = 12  # words of a cue
_PACE = 2.5  # words a second
_PAUSE = 6.0  # seconds between passages: long enough that no sentence goes on


@checked(frozen=True, slots=True)
class Posed:
    """A question and its answer, to the letter in the passage."""

    style: str
    text: str
    answer: str


@checked(frozen=True, slots=True)
class Written:
    """A line of a file: a passage, its questions, and one that it does not answer."""

    id: str
    topic: str
    passage: str
    questions: tuple[Posed, ...]
    near_miss: str


@dataclass(frozen=True, slots=True)
class Exercise:
    """A question to the library, and the topic of its passage."""

    topic: str
    question: Question


def read_passages(files: Sequence[Path]) -> list[Written]:
    """Read the passages of several files. Raises `BadInput`, which names the line."""
    reader = TypeAdapter(Written)
    found = []
    for file in files:
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
            try:
                found.append(reader.validate_json(line))
            except ValidationError as error:
                raise BadInput(
                    f"La ligne {number} de « {file.name} » n’est pas un passage : rien n’a été lu."
                ) from error
    return found


def build(library: Library, passages: Sequence[Written]) -> list[Exercise]:
    """Put the passages into an empty library as published talks; return the questions."""
    exercises = []
    day = dt.date(2026, 1, 1)
    for topic, group in groupby(sorted(passages, key=lambda p: (p.topic, p.id)), key=lambda p: p.topic):
        cues: list[Cue] = []
        ours = list(group)
        places: dict[str, list[Cue]] = {}
        for passage in ours:
            places[passage.id] = list(_cues(passage.passage, cues[-1].end + _PAUSE if cues else 0.0))
            cues += places[passage.id]
        details = Details(
            slug=make_slug(day, topic),
            title=topic,
            date=day,
            theme="types-de-financeurs",
            speakers=(),
            status="published",
            duration=cues[-1].end,
            language="fr",
            source=topic,
            origin=Origin("imported", topic),
        )
        slug = library.add(Masterclass(details, tuple(cues))).slug
        for passage in ours:
            for posed in passage.questions:
                span = _span(passage.passage, posed.answer, slug, places[passage.id])
                exercises.append(Exercise(topic, Question(passage.id, posed.text, posed.style, (span,))))
            exercises.append(Exercise(topic, Question(passage.id, passage.near_miss, "near miss", ())))
    return exercises


def _cues(passage: str, start: float) -> Iterator[Cue]:
    words = passage.split()
    for first in range(0, len(words), _PIECE):
        piece = words[first : first + _PIECE]
        begin = start + first / _PACE
        yield Cue(round(begin, 3), round(begin + len(piece) / _PACE, 3), " ".join(piece))


def _span(passage: str, answer: str, slug: str, cues: Sequence[Cue]) -> Span:
    """Return the cues that hold an answer."""
    first = len(passage[: passage.index(answer)].split()) // _PIECE
    last = (len(passage[: passage.index(answer) + len(answer)].split()) - 1) // _PIECE
    return Span(slug, cues[min(first, len(cues) - 1)].start, cues[last].end)
