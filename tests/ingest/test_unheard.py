"""Speech of which nothing was written is heard again, and only more than was there takes its place."""

from ingest.speech import Segment
from ingest.unheard import filled, unheard
from transcripts.model import Word

SPEECH = [(0.0, 4.0), (5.0, 9.0), (10.0, 14.0)]


def segment(start: float, text: str, *, pace: float = 0.4, logprob: float = -0.3, no_speech: float = 0.0) -> Segment:
    """A segment whose words follow each other at a pace (seconds)."""
    words = tuple(
        Word(start + pace * n, start + pace * (n + 1), f" {word}", 0.9) for n, word in enumerate(text.split())
    )
    return Segment(start, words[-1].end, words, logprob, no_speech)


EIGHT = "le prêt se rembourse après les autres dettes"
# One segment over all three parts: of the second, a single word is left.
FIRST = Segment(
    0.0, 14.0, (*segment(0.2, EIGHT).words, Word(5.1, 5.4, " Ou", 0.4), *segment(10.2, EIGHT).words), -0.3, 0.0
)


def text(segments: list[Segment]) -> str:
    return " ".join(segment.text for segment in segments)


def test_a_part_with_hardly_a_word_is_unheard_and_slow_or_short_speech_is_not() -> None:
    assert unheard(SPEECH, [FIRST]) == [1]
    assert unheard(SPEECH, []) == [0, 1, 2]
    stretched = Segment(0.0, 14.0, (Word(0.0, 13.0, " Bonjour", 0.9),), -0.3, 0.0)
    assert unheard(SPEECH, [stretched]) == [0, 1, 2], "a word that lasts thirteen seconds hides what is missing"
    assert unheard([(0.0, 3.0)], [segment(0.2, "voilà donc trois", pace=0.9)]) == []
    assert unheard([(0.0, 0.8)], []) == []


def test_what_was_heard_again_stands_where_it_was_said() -> None:
    found = filled([FIRST], [segment(5.2, "la garantie couvre la moitié")], [SPEECH[1]])
    assert text(found) == f"{EIGHT} la garantie couvre la moitié {EIGHT}"
    times = [word.start for segment in found for word in segment.words]
    assert times == sorted(times)
    assert [(s.start, s.end) for s in found] == [(s.words[0].start, s.words[-1].end) for s in found]


def test_words_that_stand_close_by_at_wrong_times_are_not_doubled() -> None:
    early = Segment(0.0, 4.0, segment(0.2, "la garantie couvre la moitié du prêt", pace=0.3).words, -0.3, 0.0)
    again = [segment(5.2, "La garantie couvre la moitié.")]
    assert text(filled([early], again, [SPEECH[1]])) == early.text


def test_less_or_unlikely_words_change_nothing() -> None:
    for again in (
        [],
        [segment(5.2, "Ou")],
        [segment(5.2, "merci d’avoir regardé cette vidéo", logprob=-1.2)],
        [segment(5.2, "merci d’avoir regardé cette vidéo", no_speech=0.8)],
    ):
        assert text(filled([FIRST], again, [SPEECH[1]])) == f"{EIGHT} Ou {EIGHT}"
