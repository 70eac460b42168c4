"""The drafts of chapters and summary say what was said, where it was said."""

import re
from itertools import pairwise

import numpy as np

from ingest.outline import draft_chapters, draft_summary
from transcripts.model import clock
from transcripts.sentences import Sentence

LOAN = "Le prêt participatif renforce les fonds propres de la jeune société numéro {}."
MONEY = "Une monnaie locale circule chez les commerçants adhérents du territoire numéro {}."


def two_subjects() -> tuple[list[Sentence], np.ndarray]:
    """Twenty sentences on a loan, then twenty on a currency, six seconds each."""
    spoken = [Sentence(i * 6.0, i * 6.0 + 6, (LOAN if i < 20 else MONEY).format(i)) for i in range(40)]
    vectors = np.array([[1, 0.1] if i < 20 else [0.1, 1] for i in range(40)], dtype=np.float32)
    return spoken, vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def test_chapters_change_with_the_subject() -> None:
    chapters = draft_chapters(*two_subjects())
    assert [(c.start, c.end) for c in chapters] == [(0.0, 120.0), (120.0, 240.0)]
    for chapter, spoken in zip(chapters, (LOAN, MONEY), strict=True):
        assert all(part.lower() in spoken.lower() for part in chapter.title.split(", "))


def test_a_short_talk_is_one_chapter() -> None:
    spoken = [Sentence(2.0, 8.0, LOAN.format(1)), Sentence(8.0, 14.0, MONEY.format(2))]
    (chapter,) = draft_chapters(spoken, np.eye(2, dtype=np.float32))
    assert (chapter.start, chapter.end) == (0.0, 14.0)
    assert chapter.title


def test_chapters_follow_each_other_without_gaps() -> None:
    vectors = np.random.default_rng(1).normal(size=(400, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    spoken = [Sentence(i * 9.0, i * 9.0 + 8, LOAN.format(i)) for i in range(400)]
    chapters = draft_chapters(spoken, vectors)
    assert 2 < len(chapters) <= 12
    assert chapters[0].start == 0.0
    assert chapters[-1].end == spoken[-1].end
    assert all(one.end == two.start for one, two in pairwise(chapters))
    assert min(c.end - c.start for c in chapters) >= 45


def test_the_summary_quotes_sentences_and_links_to_their_second() -> None:
    spoken, vectors = two_subjects()
    lines = draft_summary(spoken, vectors, draft_chapters(spoken, vectors)).split("\n")
    found = [re.fullmatch(r"- (.+) \(\[(.+)\]\(#t=(\d+)\)\)", line) for line in lines]
    assert len(lines) == 5
    said = {s.text: s.start for s in spoken}
    for match in found:
        assert match
        assert said[match[1]] == int(match[3])
        assert match[2] == clock(int(match[3]))
    assert {match[1][:2] for match in found if match} == {"Le", "Un"}


def test_nothing_said_gives_no_draft() -> None:
    nothing = np.zeros((0, 2), dtype=np.float32)
    assert draft_chapters([], nothing) == []
    assert draft_summary([], nothing, []) == ""
