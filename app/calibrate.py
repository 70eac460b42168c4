"""Fit what weighs sentences and decides to answer: ``python -m app.calibrate QUESTIONS`` writes index/fitted.json.

QUESTIONS are asked of all that is published in ``HUB_HOME``. A library to practise on is made of the passages of
``index/training/unseen``, since the embedder's adapter knows the others by heart. Same files, same embedder, same result.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from app import practice
from app.services import services
from index.decision import FITTED
from index.embedder import Embedder
from index.evaluate import Question, read_questions
from index.fitting import Case, Sort, fit
from index.inquiry import Student
from index.search import Searcher
from index.store import Index
from index.training.lessons import UNSEEN
from transcripts.glossary import glossary
from transcripts.library import Library
from transcripts.resources import Collection

_GENERAL = UNSEEN.parent  # questions that no library here answers


def main() -> None:
    """Fit, write the file, print the figures of questions held apart."""
    parser = argparse.ArgumentParser(description="Fit the decision to answer.")
    parser.add_argument("questions", type=Path, help="as for hub evaluate, on what is published in HUB_HOME")
    given = parser.parse_args()
    ours, asked = services(), read_questions(given.questions.read_text("utf-8"), given.questions.name)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        library = Library(folder / "practice")
        exercises = practice.build(library, practice.read_passages(sorted(UNSEEN.glob("*.jsonl"))))
        cases = [
            *_pose(ours.resources, folder / "demo", ours.embedder, "demo", [(one.id, one) for one in asked]),
            *_pose(library, folder / "index", ours.embedder, "practice", [(e.topic, e.question) for e in exercises]),
        ]
    fitted, figures = fit(cases, ours.embedder.name)
    FITTED.write_text(json.dumps(fitted, indent=1, ensure_ascii=False) + "\n", "utf-8")
    for figure, value in figures.items():
        sys.stdout.write(f"{value:.3f}  {figure}\n")


def _pose(
    resources: Collection, folder: Path, embedder: Embedder, place: str, asked: Sequence[tuple[str, Question]]
) -> Iterator[Case]:
    """Yield questions, each with its group, and those that no library here answers, as studied in an index made for it."""
    # In a folder of its own: the home's index belongs to one process, mostly a hub that runs.
    index = Index(folder, resources, embedder)
    index.synchronise()
    student = Student(index, Searcher(index), glossary())
    for group, question in asked:
        yield _case(student, question, place, group)
    for file in ("near_misses", "elsewhere"):
        for text in (_GENERAL / f"{file}.txt").read_text("utf-8").splitlines():
            yield _case(student, Question(text, text, file, ()), place, text)


def _case(student: Student, question: Question, place: str, group: str) -> Case:
    sort: Sort = "answered" if question.answers else "elsewhere" if question.kind == "elsewhere" else "near"
    return Case(student.study(question.question), question.answers, sort, place, group)


if __name__ == "__main__":
    main()
