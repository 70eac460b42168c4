"""Passages are of a size to read, and quote what was said where it was said."""

import datetime as dt
from itertools import accumulate, pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.passages import OVERLAP, cut
from transcripts.model import Chapter, Cue, Details, Masterclass, Origin
from transcripts.sentences import sentences


def talk(cues: list[Cue], chapters: tuple[Chapter, ...] = ()) -> Masterclass:
    details = Details(
        *("2026-05-12-x", "X", dt.date(2026, 5, 12), "t", (), "published", 9.0, "fr", "x", Origin("imported", ""))
    )
    return Masterclass(details, tuple(cues), chapters)


def say(lengths: list[int], pauses: list[int] | None = None) -> list[Cue]:
    """One sentence a cue, of so many words that occur nowhere else, a second each."""
    cues, at = [], 0.0
    for n, length in enumerate(lengths):
        at += pauses[n] if pauses else 0
        cues.append(Cue(at, at + length, "Phrase" + "".join(f" m{n}x{i}" for i in range(length - 1)) + "."))
        at += length
    return cues


@st.composite
def talks(draw: st.DrawFn) -> Masterclass:
    lengths = draw(st.lists(st.integers(1, 25), min_size=1, max_size=60))
    cues = say(lengths, draw(st.lists(st.integers(0, 3), min_size=len(lengths), max_size=len(lengths))))
    starts = sorted({0.0, *draw(st.lists(st.sampled_from([c.start for c in cues]), max_size=3))})
    ends = [*starts[1:], cues[-1].end]
    return talk(cues, tuple(Chapter(a, b, f"Chapitre {a}") for a, b in zip(starts, ends, strict=True)))


def anything(text: str) -> bool:
    return True


@given(talks())
@example(talk(say([20] * 4 + [25, 20, 4])))
def test_passages_have_a_size_to_read(whole: Masterclass) -> None:
    size = {
        c: sum(len(s.text.split()) for s in sentences(whole.cues, whole.chapters) if c.start <= s.start < c.end)
        for c in whole.chapters
    }
    for passage in cut(whole, anything):
        words = len(passage.text.split())
        assert words <= 120
        least = size[passage.chapter] if passage.chapter else sum(len(c.text.split()) for c in whole.cues)
        assert words >= min(60, least)


@given(talks())
def test_passages_quote_between_their_times_inside_one_chapter(whole: Masterclass) -> None:
    for passage in cut(whole, anything):
        between = " ".join(c.text for c in whole.cues if c.start >= passage.start and c.end <= passage.end)
        assert passage.text in between
        assert passage.chapter
        assert passage.chapter.start <= passage.start < passage.end
        later = [c.start for c in whole.chapters if c.start > passage.chapter.start]
        assert passage.end <= min(later, default=passage.end)


@given(talks())
def test_every_sentence_is_in_a_passage_and_ids_are_its_own(whole: Masterclass) -> None:
    passages = cut(whole, anything)
    held = {s for passage in passages for s in passage.sentences}
    assert held >= set(sentences(whole.cues, whole.chapters))
    assert len({p.id for p in passages}) == len(passages)
    assert [p.id for p in cut(whole, anything)] == [p.id for p in passages]


@given(st.lists(st.sampled_from(["Oui.", "La banque attend.", "Le prêt aide. " * 30]), min_size=1, max_size=40))
def test_a_phrase_said_twice_in_a_line_is_kept_twice(said: list[str]) -> None:
    passages = cut(talk([Cue(0.0, 60.0, " ".join(" ".join(said).split()))]), anything)
    assert len({p.id for p in passages}) == len(passages)
    found: list[str] = []
    for passage in passages:
        assert found[passage.first :] == [s.text for s in passage.sentences][: len(found) - passage.first]
        found += [s.text for s in passage.sentences][len(found) - passage.first :]
    assert " ".join(found) == " ".join(" ".join(said).split())


def test_neighbours_share_a_little_so_that_no_idea_is_cut() -> None:
    passages = cut(talk(say([10] * 60)), anything)
    for one, two in pairwise(passages):
        shared = set(one.text.split()) & set(two.text.split()) - {"Phrase"}
        assert 0 < len(shared) <= (OVERLAP if two is not passages[-1] else 60)


@given(talks(), st.integers(8, 400))
def test_no_passage_exceeds_the_embedder(whole: Masterclass, limit: int) -> None:
    passages = cut(whole, lambda text: len(text) <= limit)
    assert max(len(p.text) for p in passages) <= limit
    held = "".join("".join(p.text.split()) for p in passages)
    assert all("".join(word) in held for c in whole.cues for word in c.text.split() if len(word) <= limit // 4)


@pytest.mark.parametrize("text", ["x" * 50_000, "mot " * 5_000, "é" * 999 + " fin."])
def test_a_giant_word_or_sentence_is_cut_too(text: str) -> None:
    passages = cut(talk([Cue(0.0, 9.0, text.strip())]), lambda part: len(part) <= 500)
    assert max(len(p.text) for p in passages) <= 500
    assert all((p.start, p.end) == (0.0, 9.0) for p in passages)


def test_a_repeated_phrase_is_kept_where_each_was_said() -> None:
    starts = list(accumulate([0.0] + [9.0] * 3))
    passages = cut(
        talk([Cue(t, t + 2, "Merci.") for t in starts], tuple(Chapter(t, t + 9, str(t)) for t in starts)), anything
    )
    assert [p.start for p in passages] == starts
