"""Sentences are whole, and their times lead to the cues that hold them."""

from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st

from transcripts.model import Chapter, Cue
from transcripts.sentences import sentences, split_sentences

words = st.sampled_from(
    ["Le", "prêt", "aide.", "Quoi ?", "«", "»", "M.", "cf.", "3,5", "Élan", "…", "oui", "!", "a b c"]
)
lines = st.lists(words, min_size=1, max_size=30).map(" ".join) | st.text(min_size=1, max_size=40).map(
    lambda text: " ".join(text.split())
).filter(bool)


@st.composite
def talks(draw: st.DrawFn) -> list[Cue]:
    said = draw(st.lists(st.tuples(lines, st.sampled_from([None, "Ada", "Bob"])), min_size=1, max_size=14))
    times = list(accumulate(draw(st.lists(st.integers(0, 6), min_size=2 * len(said), max_size=2 * len(said)))))
    return [Cue(float(times[2 * i]), float(times[2 * i + 1]), *said[i]) for i in range(len(said))]


def fold(text: str) -> str:
    return " ".join(text.split())


@given(talks())
def test_a_sentence_is_found_to_the_letter_between_its_times(cues: list[Cue]) -> None:
    for sentence in sentences(cues):
        between = " ".join(c.text for c in cues if c.start >= sentence.start and c.end <= sentence.end)
        assert fold(sentence.text) in fold(between)


@given(talks())
def test_no_word_is_lost(cues: list[Cue]) -> None:
    assert fold(" ".join(s.text for s in sentences(cues))) == fold(" ".join(c.text for c in cues))


def test_abbreviations_and_numbers_end_no_sentence() -> None:
    text = "M. Martin, cf. Annexe 3, verse 2.5 millions. Mme. Durand signe. Est-ce « permis ? » Oui… Voilà !"
    assert split_sentences(text) == [
        "M. Martin, cf. Annexe 3, verse 2.5 millions.",
        "Mme. Durand signe.",
        "Est-ce « permis ? »",
        "Oui…",
        "Voilà !",
    ]


def test_a_sentence_goes_on_over_cues() -> None:
    cues = [Cue(0, 2, "Bonjour. Le prêt"), Cue(2, 4, "participatif aide"), Cue(4, 6, "les projets. Merci.")]
    assert [(s.start, s.end, s.text) for s in sentences(cues)] == [
        (0, 2, "Bonjour."),
        (0, 6, "Le prêt participatif aide les projets."),
        (4, 6, "Merci."),
    ]


def test_unpunctuated_speech_is_cut_at_pauses() -> None:
    # Ten words a cue; a breath of one second after the third and the sixth.
    starts = [0, 3, 6, 10, 13, 16, 20, 23, 26]
    cues = [Cue(t, t + 3, " ".join(f"mot{t}n{i}" for i in range(10))) for t in starts]
    assert [(s.start, s.end) for s in sentences(cues)] == [(0, 9), (10, 19), (20, 29)]


def test_unpunctuated_speech_without_pauses_is_still_cut() -> None:
    cues = [Cue(t, t + 1, "un deux trois quatre cinq six sept") for t in range(60)]
    assert max(len(s.text.split()) for s in sentences(cues)) <= 50


def test_a_sentence_never_crosses_speakers_chapters_or_silences() -> None:
    ada, bob = Cue(0, 2, "je pense que", "Ada"), Cue(2, 4, "oui bien sûr", "Bob")
    assert [(s.speaker, s.text) for s in sentences([ada, bob])] == [("Ada", ada.text), ("Bob", bob.text)]
    one, two, late = Cue(0, 2, "le premier"), Cue(2, 4, "le second"), Cue(9, 10, "plus tard")
    assert [s.text for s in sentences([one, two], (Chapter(0, 2, "A"), Chapter(2, 4, "B")))] == [one.text, two.text]
    assert [s.text for s in sentences([one, two, late])] == ["le premier le second", "plus tard"]
