"""Sentences are whole, and their times lead to the cues that hold them."""

from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st

from transcripts.model import Chapter, Cue
from transcripts.sentences import joined, sentences, split_sentences

words = st.sampled_from(
    ["Le", "prêt", "aide.", "Quoi ?", "«", "»", "M.", "cf.", "3,5", "Élan", "…", "oui", "!", "a b c", "Oui. Oui. Non."]
)
lines = st.lists(words, min_size=1, max_size=30).map(" ".join) | st.text(min_size=1, max_size=40).map(
    lambda text: " ".join(text.split())
).filter(bool)


@st.composite
def talks(draw: st.DrawFn) -> list[Cue]:
    said = draw(st.lists(st.tuples(lines, st.sampled_from([None, "Ada", "Bob"])), min_size=1, max_size=14))
    # Two may be shown at once, and the later one go first, as subtitles allow.
    apart = st.lists(st.integers(0, 12), min_size=len(said), max_size=len(said))
    starts, lengths = accumulate(draw(apart)), draw(apart)
    return [Cue(float(t), float(t + length), *one) for t, length, one in zip(starts, lengths, said, strict=True)]


def fold(text: str) -> str:
    return " ".join(text.split())


@given(talks())
def test_sentences_are_found_to_the_letter_between_their_times(cues: list[Cue]) -> None:
    said = sentences(cues)
    for i in range(len(said)):
        for sentence in (said[i], joined(said[i : i + 3])):
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


def test_a_sentence_lasts_until_the_last_line_that_holds_it_goes() -> None:
    cues = [Cue(0, 8, "La garantie couvre la moitié, et"), Cue(3, 6, "la banque attend. Merci.")]
    first, second = sentences(cues)
    assert [(s.start, s.end) for s in (first, second, joined([first, second]))] == [(0, 8), (3, 6), (0, 8)]
    late = Cue(11, 13, "plus tard")
    assert len(sentences([Cue(0, 10, "un long plan"), Cue(2, 4, "et"), late])) == 1, "somebody speaks until then"


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
