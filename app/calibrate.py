"""Fit what weighs sentences and decides to answer: ``python -m app.calibrate QUESTIONS`` writes index/fitted.json.

QUESTIONS are asked of the library in ``HUB_HOME``. A library to practise on is made of the passages of
``index/training/unseen``, since the embedder's adapter knows the others by heart. Same files, same embedder, same result.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from app import practice
from app.services import Services, services
from index.decision import FITTED
from index.evaluate import Question, read_questions
from index.fitting import Case, Sort, fit
from index.inquiry import Student
from index.search import Searcher
from index.store import Index
from index.training.lessons import UNSEEN
from transcripts.glossary import glossary
from transcripts.library import Library

_GENERAL = UNSEEN.parent  # questions that no library here answers


def main() -> None:
    """Fit, write the file, print the figures of questions held apart."""
    parser = argparse.ArgumentParser(description="Fit the decision to answer.")
    parser.add_argument("questions", type=Path, help="as for hub evaluate, on the library of HUB_HOME")
    given = parser.parse_args()
    ours = services()
    cases = list(_library(ours, given.questions))
    with tempfile.TemporaryDirectory() as folder:
        cases += _practice(ours, Path(folder))
    fitted, figures = fit(cases, ours.embedder.name)
    FITTED.write_text(json.dumps(fitted, indent=1, ensure_ascii=False) + "\n", "utf-8")
    for name, value in figures.items():
        sys.stdout.write(f"{value:.3f}  {name}\n")


def _library(ours: Services, file: Path) -> Iterator[Case]:
    """Yield the questions to the library of ``HUB_HOME``."""
    questions = read_questions(file.read_text("utf-8"), file.name)
    index = Index(ours.settings.index_folder, ours.library, ours.embedder)
    index.synchronise()
    student = Student(index, Searcher(index), glossary())
    for question in questions:
        yield _case(student, question, "demo", question.id)
    yield from _general(student, "demo")


def _practice(ours: Services, home: Path) -> Iterator[Case]:
    """Yield the questions to a library made of passages."""
    library = Library(home)
    exercises = practice.build(library, practice.read_passages(sorted(UNSEEN.glob("*.jsonl"))))
    index = Index(home / "index", library, ours.embedder)
    index.synchronise()
    student = Student(index, Searcher(index), glossary())
    for exercise in exercises:
        yield _case(student, exercise.question, "practice", exercise.topic)
    yield from _general(student, "practice")


def _general(student: Student, place: str) -> Iterator[Case]:
    """Yield the questions that no library here answers."""
    for file in ("near_misses", "elsewhere"):
        for text in (_GENERAL / f"{file}.txt").read_text("utf-8").splitlines():
            yield _case(student, Question(text, text, file, ()), place, text)


def _case(student: Student, question: Question, place: str, group: str) -> Case:
    sort: Sort = "answered" if question.answers else "elsewhere" if question.kind == "elsewhere" else "near"
    return Case(student.study(question.question), question.answers, sort, place, group)


if __name__ == "__main__":
    main()
