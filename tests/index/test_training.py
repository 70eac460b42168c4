"""What the project's models learn from, and how much of it they are given."""

import json
from collections.abc import Iterable

import numpy as np
from rapidfuzz import fuzz, process, utils
from safetensors import safe_open

from app.settings import ROOT
from index import adapter
from index.training import train
from index.training.lessons import HERE, UNSEEN, read

NEARLY = 90  # percent of letters, in whatever order the words are


def in_order(texts: Iterable[str]) -> list[str]:
    """Return texts with their words in alphabetical order, without capitals and punctuation."""
    return [" ".join(sorted(utils.default_process(text).split())) for text in texts]


def test_no_question_that_measures_was_nearly_learnt() -> None:
    lines = (ROOT / "tests" / "questions" / "reporting.jsonl").read_text("utf-8").splitlines()
    held, learnt = (
        [text for lesson in read([folder]) for text in (*(one.text for one in lesson.questions), lesson.near_miss)]
        for folder in (UNSEEN, HERE)
    )
    held += [json.loads(line)["question"] for line in lines]
    alike = process.cdist(in_order(held), in_order(learnt), scorer=fuzz.ratio, score_cutoff=NEARLY, dtype=np.uint8)
    assert not [(held[row], learnt[column]) for row, column in zip(*np.nonzero(alike), strict=True)]


def test_a_new_training_writes_the_strength_that_was_chosen() -> None:
    with safe_open(adapter.FILE, "numpy") as file:
        assert float(file.metadata()["strength"]) == train.STRENGTH
