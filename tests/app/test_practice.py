"""Passages with questions become a library in which each answer's cues are known."""

import json
from pathlib import Path

import pytest

from app.practice import build, read_passages
from transcripts.errors import BadInput
from transcripts.library import Library

PASSAGE = " ".join(f"mot{i}" for i in range(30)) + " la garantie couvre la moitié du prêt " + "et puis voilà " * 5


def line(place: str, topic: str) -> str:
    posed = [{"style": "direct", "text": "Que couvre la garantie ?", "answer": "la garantie couvre la moitié du prêt"}]
    return json.dumps({"id": place, "topic": topic, "passage": PASSAGE, "questions": posed, "near_miss": "Qui paie ?"})


def test_answers_stand_in_the_cues_of_their_spans(tmp_path: Path) -> None:
    file = tmp_path / "passages.jsonl"
    file.write_text("\n".join([line("a", "Garanties"), line("b", "Garanties"), line("c", "Autre")]), "utf-8")
    library = Library(tmp_path / "home")
    exercises = build(library, read_passages([file]))
    assert {details.title for details in library.published()} == {"Autre", "Garanties"}
    answered = [e.question for e in exercises if e.question.answers]
    assert len(answered) == 3
    for question in answered:
        (span,) = question.answers
        cues = [c for c in library.read(span.slug).cues if span.start <= c.start and c.end <= span.end]
        assert "la garantie couvre la moitié du prêt" in " ".join(c.text for c in cues)
    first, second = (q.answers[0] for q in answered if q.id in "ab")
    assert first.end < second.start, "passages of a topic follow each other in one talk"
    assert [e.question.kind for e in exercises if not e.question.answers] == ["near miss"] * 3


def test_a_line_that_is_no_passage_is_named(tmp_path: Path) -> None:
    file = tmp_path / "passages.jsonl"
    file.write_text(line("a", "x") + '\n{"id": 1}\n', "utf-8")
    with pytest.raises(BadInput, match=r"ligne 2 de « passages\.jsonl »"):
        read_passages([file])
