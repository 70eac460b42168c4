"""Which times of a corrected text are guesses, and what takes their place."""

from dataclasses import replace

from transcripts.model import Cue, Word
from transcripts.retiming import guesses, put, retimed
from transcripts.withdrawal import MARK

TALK = (
    Cue(0.0, 2.0, "Bonjour à tous."),
    Cue(2.0, 4.0, "Le prêt dort tard."),
    Cue(9.0, 11.0, "Merci à vous."),
)
NEW = Cue(4.0, 9.0, "Il se rembourse pourtant.")
LONGER = (*TALK[:2], NEW, TALK[2])


def heard(*spans: tuple[float, float], sure: float = 0.8) -> list[Word]:
    return [Word(start, end, " mot", sure) for start, end in spans]


def test_only_words_that_came_or_went_at_an_edge_leave_a_guess() -> None:
    spelt = (TALK[0], replace(TALK[1], text="Le prêt dore tôt."), TALK[2])
    inside = (TALK[0], replace(TALK[1], text="Le prêt participatif dort tard."), TALK[2])
    for after in (TALK, spelt, inside):
        assert list(guesses(TALK, after, 12.0)) == []
    (stretch,) = guesses(TALK, LONGER, 12.0)
    assert (stretch.at, stretch.lines, stretch.start, stretch.end) == (1, LONGER[1:], 2.0, 11.0)
    assert (stretch.starts, stretch.ends) == ((True, False, True), (True, False, True))
    # Nobody says the mark of what was withdrawn, and nothing comes before the beginning.
    marked = (replace(TALK[1], text=MARK), TALK[2])
    (stretch,) = guesses(marked, (marked[0], NEW, marked[1]), 12.0)
    assert (stretch.at, stretch.start, stretch.end) == (1, 4.0, 11.0)
    (stretch,) = guesses(TALK[1:], (Cue(0.0, 2.0, "Ah oui."), *TALK[1:]), 12.0)
    assert (stretch.at, stretch.start, stretch.end) == (0, 0.0, 4.0)


def test_what_was_heard_takes_the_place_of_guesses_unless_it_makes_no_sense() -> None:
    (stretch,) = guesses(TALK, LONGER, 12.0)
    before = ((2.1, 2.4), (2.4, 2.8), (2.8, 3.0), (3.0, 3.9))
    after = ((9.2, 9.5), (9.5, 9.6), (9.6, 10.8))
    new = ((5.5, 6.0), (6.0, 6.2), (6.2, 7.0), (7.0, 8.1))
    assert retimed(stretch, heard(*before, *new, *after)) == (TALK[1], replace(NEW, start=5.5, end=8.1), TALK[2])
    improbable = [*heard(*before), *heard(*new, sure=0.1), *heard(*after)]
    astray = heard(*before, *new, (6.0, 6.5), *after[1:])
    too_short = heard(*before, *((5.5, 5.55),) * 4, *after)
    for found in ([], heard(*before), improbable, astray, too_short):
        assert retimed(stretch, found) is None


def test_lines_that_people_changed_meanwhile_stay_as_they_are() -> None:
    now = (TALK[1], replace(NEW, start=5.5, end=8.1), TALK[2])
    assert put(LONGER, LONGER[1:], now) == (TALK[0], *now)
    moved = (TALK[0], replace(TALK[1], text="Autre chose."), NEW, TALK[2])
    assert put(moved, LONGER[1:], now)[2] == now[1]  # a neighbour may say something else
    for newer in (TALK, (*LONGER[:2], replace(NEW, text="Autre chose."), TALK[2])):
        assert put(newer, LONGER[1:], now) == newer
    late = (TALK[1], replace(NEW, start=5.5, end=10.0), TALK[2])
    assert put(LONGER, LONGER[1:], late) == LONGER  # it would run into a line that begins earlier by now
