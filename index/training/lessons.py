"""Passages of spoken French with questions: what models of ours learn from, and what tells how well they learnt."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from transcripts.sentences import split_sentences

HERE = Path(__file__).parent
UNSEEN = HERE / "unseen"  # passages to validate on, and to fit the decision to answer: never trained on


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the sentences of its passage (by place) that hold the answer."""

    text: str
    style: str
    sentences: frozenset[int]


@dataclass(frozen=True, slots=True)
class Lesson:
    """A passage, where each of its sentences stands in it (characters), its questions, and one that it does not answer.

    Passages of one topic and one file (``group``) are batched together.
    """

    group: str
    topic: str
    text: str
    spans: tuple[tuple[int, int], ...]
    questions: tuple[Asked, ...]
    near_miss: str


def read(folders: Sequence[Path]) -> list[Lesson]:
    """Read the passages of every ``.jsonl`` file in some folders."""
    lessons = []
    for path in sorted(file for folder in folders for file in folder.glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            lessons.append(_lesson(json.loads(line), path.stem))
    return lessons


def _lesson(entry: dict[str, Any], file: str) -> Lesson:
    text = entry["passage"]
    spans: list[tuple[int, int]] = []
    for sentence in split_sentences(text):
        begin = text.index(sentence, spans[-1][1] if spans else 0)
        spans.append((begin, begin + len(sentence)))
    questions = []
    for asked in entry["questions"]:
        begin = text.index(asked["answer"])
        end = begin + len(asked["answer"])
        held = frozenset(n for n, (b, e) in enumerate(spans) if b < end and begin < e)
        questions.append(Asked(asked["text"], asked["style"], held))
    return Lesson(f"{file}: {entry['topic']}", entry["topic"], text, tuple(spans), tuple(questions), entry["near_miss"])
