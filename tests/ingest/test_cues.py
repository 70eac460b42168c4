"""Words become cues that fit a screen; chapters fall where the subject changes."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ingest.cues import Word, make_cues
from ingest.outline import draft_chapters, draft_summary
from transcripts.sentences import Sentence


@given(
    st.lists(
        st.tuples(st.text("abé.,?", min_size=1, max_size=12), st.floats(0.05, 0.8), st.sampled_from([0.0, 0.1, 1.5]))
    )
)
def test_no_word_is_lost_and_cues_fit(rows: list[tuple[str, float, float]]) -> None:
    words, at = [], 0.0
    for text, length, gap in rows:
        words.append(Word(at, at + length, f" {text}"))
        at += length + gap
    cues = make_cues(words)
    assert " ".join(c.text for c in cues).split() == [text for text, _, _ in rows]
    for cue in cues:
        assert len(cue.text) <= 84
        assert cue.end - cue.start <= 7.01
    assert all(a.end <= b.start + 0.051 for a, b in zip(cues, cues[1:], strict=False))


def test_a_sentence_is_a_cue() -> None:
    words = [Word(i, i + 0.9, f" {w}") for i, w in enumerate("Bonjour à tous. Merci.".split())]
    assert [c.text for c in make_cues(words)] == ["Bonjour à tous.", "Merci."]


SAID = [
    *(f"La monnaie locale circule entre des commerces du quartier numéro {i} chaque semaine." for i in range(20)),
    *(f"Le prêt participatif renforce les fonds propres de la coopérative numéro {i} cette année." for i in range(20)),
]


def test_chapters_and_summary_follow_the_subject() -> None:
    spoken = [Sentence(i * 10.0, i * 10.0 + 9, text) for i, text in enumerate(SAID)]
    vectors = np.repeat(np.eye(2, dtype=np.float32), 20, axis=0)
    chapters = draft_chapters(spoken, vectors)
    assert [c.start for c in chapters] == [0.0, 200.0]
    assert "locale" in chapters[0].title.lower()
    assert "participatif" in chapters[1].title.lower()
    lines = draft_summary(spoken, vectors, chapters).splitlines()
    assert len(lines) >= 3
    for line in lines:
        text, second = line.removeprefix("- ").removesuffix(")").rsplit(" ([", 1)
        assert any(s.text == text and second.endswith(f"#t={s.start:.0f}") for s in spoken)
