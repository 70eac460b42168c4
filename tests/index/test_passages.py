"""Passages: a good length, inside a chapter, true to the transcript."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from app.settings import ROOT
from index.passages import LEAST, MOST, Passage, cut
from index.question import language_of
from index.search import z_sum
from transcripts.library import Library
from transcripts.model import Cue, Masterclass
from transcripts.sentences import sentences, split_sentences

DEMO = Library(ROOT / "transcripts" / "demo")
TALK = DEMO.read("2026-10-01-ma-banque-dit-non-garanties-et-recours")


def spoken(talk: Masterclass, start: float, end: float) -> str:
    return " ".join(" ".join(c.text for c in talk.cues if c.end > start and c.start < end).split())


def check(talk: Masterclass, passages: list[Passage]) -> None:
    for passage in passages:
        assert len(passage.text.split()) <= MOST
        for sentence in passage.sentences:
            assert sentence.text in spoken(talk, sentence.start, sentence.end)
        if passage.chapter:
            assert passage.chapter.start - 0.01 <= passage.start
            assert passage.end <= passage.chapter.end + 0.01


def test_passages_of_a_talk() -> None:
    passages = cut(TALK, lambda text: True)
    check(TALK, passages)
    assert all(passage.text in spoken(TALK, passage.start, passage.end) for passage in passages)
    assert sum(LEAST <= len(p.text.split()) for p in passages) >= 0.9 * len(passages)
    covered = {s for p in passages for s in p.sentences}
    assert covered == set(sentences(TALK.cues, TALK.chapters))


CUES = st.lists(
    st.tuples(
        st.text("ab .?! É", min_size=1, max_size=300),
        st.sampled_from([None, "A", "B"]),
        st.sampled_from([0.0, 0.7, 9.0]),
    ),
    min_size=1,
    max_size=30,
)


@given(CUES, st.integers(20, 600))
def test_any_transcript_is_cut(rows: list[tuple[str, str | None, float]], limit: int) -> None:
    cues, at = [], 0.0
    for text, speaker, gap in rows:
        if text.split():
            cues.append(Cue(at, at + 2, " ".join(text.split()), speaker))
        at += 2 + gap
    talk = replace(TALK, cues=tuple(cues), chapters=())
    passages = cut(talk, lambda text: len(text) <= limit)
    check(talk, passages)
    assert all(len(p.text) <= limit for p in passages)
    for sentence in sentences(talk.cues):
        assert sentence.text in spoken(talk, sentence.start, sentence.end)


def test_a_giant_word_is_cut() -> None:
    talk = replace(TALK, cues=(Cue(0, 5, "".join(map(str, range(3_000)))),), chapters=())
    assert "".join(p.text for p in cut(talk, lambda text: len(text) < 400)) == talk.cues[0].text


def test_sentences_end_where_they_do() -> None:
    text = "M. Dupont a levé 1,5 M€ ! Alors, c'est quoi ? L'art. 12 le dit. « Oui. » Voilà… Enfin."
    assert split_sentences(text) == [
        "M. Dupont a levé 1,5 M€ !",
        "Alors, c'est quoi ?",
        "L'art. 12 le dit.",
        "« Oui. »",
        "Voilà…",
        "Enfin.",
    ]


def test_scores_are_fused() -> None:
    fused = z_sum([({"a": 3.0, "b": 1.0}, 1.0), ({"b": 10.0, "c": 20.0}, 1.0), ({"d": 9.0}, 0.0)])
    assert fused == {"a": 0.0, "b": -2.0, "c": 0.0}


def test_questions_are_french_unless_clearly_english() -> None:
    for question in (
        "comment marche un prêt participatif ?",
        "crowdfunding",
        "BFR",
        "pret participatif cest quoi",
        "ESUS",
    ):
        assert language_of(question) == "fr"
    for question in ("how does a participatory loan work", "what is a local currency", "who can use quasi-equity?"):
        assert language_of(question) == "en"
