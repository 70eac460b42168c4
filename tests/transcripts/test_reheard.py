"""Corrections by people survive a new transcription, and where it disagrees that is told."""

import time

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from transcripts.model import Cue, Difference, Word
from transcripts.reheard import followed, merge
from transcripts.withdrawal import MARK


def cues(*texts: str, speaker: str | None = None) -> tuple[Cue, ...]:
    """Cues of three seconds each."""
    return tuple(Cue(3.0 * n, 3.0 * n + 3, text, speaker) for n, text in enumerate(texts))


def text(found: tuple[Cue, ...]) -> str:
    return " ".join(cue.text for cue in found)


FIRST = "Bonjour à tous. Le prêt par tissipatif est un prêt subordonné. La puis France le garantit."


def test_a_correction_goes_where_the_same_words_were_heard_again() -> None:
    people = cues("Bonjour à tous.", "Le prêt participatif est un prêt subordonné.", "La puis France le garantit.")
    heard = cues("Bonjour à tous.", "Le prêt par tissipatif, est un prêt", "subordonné. Bpifrance le garantit.")
    merged = merge(FIRST, people, heard)
    assert text(merged.cues) == "Bonjour à tous. Le prêt participatif est un prêt subordonné. Bpifrance le garantit."
    assert (merged.kept, merged.differences) == (1, ())
    assert [cue.start for cue in merged.cues] == [0.0, 3.0, 6.0]


def test_a_correction_stands_where_something_else_was_heard_and_that_is_told() -> None:
    people = cues("Bonjour à tous.", "Le prêt par tissipatif est un prêt subordonné.", "La Nef le garantit.")
    heard = cues("Bonjour à tous.", "Le prêt participatif est un prêt subordonné.", "Bpifrance le garantit.")
    merged = merge(FIRST, people, heard)
    assert text(merged.cues) == "Bonjour à tous. Le prêt participatif est un prêt subordonné. La Nef le garantit."
    assert merged.differences == (Difference(6.0, 9.0, "La Nef", "Bpifrance"),)


def test_what_the_new_model_hears_as_people_wrote_it_is_no_difference() -> None:
    people = cues("Bonjour à tous.", "Le prêt participatif est un prêt subordonné.", "La Bpifrance le garantit.")
    heard = cues("bonjour à tous", "le prêt participatif est un prêt subordonné", "la Bpifrance le garantit")
    assert merge(FIRST, people, heard).differences == ()


def test_what_people_took_out_stays_out_and_what_they_added_stays() -> None:
    people = cues(
        "Bonjour.",
        "Le prêt par tissipatif est un prêt subordonné.",
        "La puis France le garantit. (Rires dans la salle.)",
    )
    merged = merge(FIRST, people, cues(FIRST))
    assert text(merged.cues) == FIRST.replace("Bonjour à tous.", "Bonjour.") + " (Rires dans la salle.)"
    assert [(cue.start, cue.end) for cue in merged.cues] == [(0.0, 3.0), (6.0, 9.0)]


def test_the_mark_of_what_was_taken_back_stays_a_line_of_its_own() -> None:
    mark = Cue(3.0, 6.0, MARK)
    people = (Cue(0.0, 3.0, "Bonjour à tous."), mark, Cue(6.0, 9.0, "Le prêt est là."))
    heard = (Cue(0.0, 3.0, "Bonjour à tous."), Cue(6.0, 9.0, "Le prêt est là."))  # nothing is heard there any more
    merged = merge("Bonjour à tous. Le prêt est là.", people, heard)
    assert (merged.cues, merged.differences) == (people, ())


def test_the_names_that_people_gave_stay() -> None:
    people = (Cue(0, 4, "Bonjour à tous.", "Zoé"), Cue(4, 9, "Le prêt est là.", "Ada"))
    heard = (Cue(0, 3, "Bonjour à tous.", "Voix 1"), Cue(3.5, 9, "Le prêt est là.", "Voix 2"))
    merged = merge("Bonjour à tous. Le prêt est là.", people, heard)
    assert [cue.speaker for cue in merged.cues] == ["Zoé", "Ada"]


def test_a_moment_follows_the_words_to_another_recording() -> None:
    said = ["bonjour", "à", "tous", "une", "question", "de", "la", "salle", "le", "prêt", "est", "là"]
    was = [Word(2.0 + n, 2.5 + n, f" {word}") for n, word in enumerate(said)]
    cut = [Word(1.0 + n, 1.5 + n, f" {word}") for n, word in enumerate([*said[:3], "Le", *said[9:]])]
    to = followed(was, cut)
    assert [to(second) for second in (0.0, 2.0, 4.25, 10.0, 9.96875, 12.5, 20.0)] == [-1, 1, 3.25, 4, 3.96875, 6.5, 14]
    assert [to(second) for second in (5.5, 8.0)] == [4, 4]  # what is no longer said lies where it was cut
    assert followed(was, [])(3.0) == 3.0


WORDS = st.lists(
    st.sampled_from(
        ["le", "la", "un", "prêt", "fonds", "garantie", "banque", "est", "très", "de", "du", "coopérative"]
    ),
    max_size=30,
)


@given(WORDS, WORDS, WORDS)
def test_no_word_of_a_person_is_lost_and_no_time_runs_backwards(
    first: list[str], people: list[str], heard: list[str]
) -> None:
    def cut(words: list[str]) -> tuple[Cue, ...]:
        return cues(*(" ".join(words[n : n + 5]) for n in range(0, len(words), 5)))

    merged = merge(" ".join(first), cut(people), cut(heard))
    assert all(one.end <= two.start for one, two in zip(merged.cues, merged.cues[1:], strict=False))
    assert all(cue.start < cue.end for cue in merged.cues)
    # Untouched transcripts become the new one; an unchanged hearing changes nothing.
    assert text(merge(" ".join(first), cut(first), cut(heard)).cues).split() == heard
    assert text(merge(" ".join(first), cut(people), cut(first)).cues).split() == people


def test_two_hours_of_talk_take_seconds() -> None:
    dice = np.random.default_rng(1)
    first = [f"mot{n}" for n in dice.integers(3000, size=20_000)]
    people, heard = ([f"{w}x" if dice.random() < share else w for w in first] for share in (0.02, 0.1))
    began = time.process_time()
    merged = merge(" ".join(first), cues(*people), cues(*heard))
    assert time.process_time() - began < 15
    assert merged.kept > 300
