"""Scores are fused as announced; questions are taken as people type them."""

import datetime as dt
import unicodedata
from itertools import permutations

import pytest

from index.passages import Passage
from index.question import clean, language_of
from index.search import Filters, Hit, Result, merge_moments, moments, z_sum
from transcripts.errors import BadInput
from transcripts.model import Details, Origin

DETAILS = Details(
    "2026-05-12-x", "X", dt.date(2026, 5, 12), "vehicules", ("Ada Lo",), "published", 9.0, "fr", "x", Origin("x", "")
)


def test_z_scores_are_summed_by_hand() -> None:
    # Means 2 and 2, spreads 1 and 2; what a search did not return gets its lowest.
    fused = z_sum([({"a": 3.0, "b": 1.0}, 1.0), ({"b": 4.0, "c": 0.0}, 0.5)])
    assert fused == pytest.approx({"a": 0.5, "b": -0.5, "c": -1.5})


def test_z_scores_of_equal_or_missing_scores() -> None:
    assert z_sum([]) == {}
    assert z_sum([({}, 1.0), ({"a": 5.0}, 1.0)]) == {"a": 0.0}
    assert z_sum([({"a": 5.0, "b": 5.0}, 1.0)]) == {"a": 0.0, "b": 0.0}
    assert z_sum([({"a": 1.0}, 0.0)]) == {}


def hit(start: float, end: float, slug: str = "x") -> Hit:
    return Hit(Passage(f"{slug}{start}", slug, start, end, "", (), None), DETAILS, 0.0, 0.0, 0.0)


def test_one_moment_is_one_result_and_the_better_one_stays() -> None:
    best, inside, half, other = hit(0, 60), hit(20, 70), hit(30, 90), hit(0, 60, "y")
    assert merge_moments([best, inside, half, other]) == [best, half, other]
    assert merge_moments([inside, best]) == [inside]
    assert merge_moments([hit(0, 60), hit(10, 11)]) == [hit(0, 60)]
    assert merge_moments([hit(5, 5), hit(5, 5)])
    assert merge_moments([]) == []


def passage(text: str, start: float, end: float, slug: str = "x") -> Result:
    return Result(slug, "X", dt.date(2026, 5, 12), None, start, end, text, 0.0, start)


def written(text: str, page: int) -> Result:
    return Result("x", "X", dt.date(2026, 5, 12), None, None, None, text, 0.0, None, "study", page)


def test_no_sentence_is_shown_twice() -> None:
    begin, middle, end = passage("A b. C d. E.", 0, 60), passage("E. F g. H.", 50, 90), passage("H. I j.", 80, 120)
    apart, elsewhere = passage("I j. K.", 130, 150), passage("E. F g. H.", 50, 90, "y")
    for order in permutations([begin, middle, end]):
        (whole,) = moments(order)
        assert (whole.text, whole.start, whole.end) == ("A b. C d. E. F g. H. I j.", 0, 120)
        assert whole.moment == order[0].moment, "the best says where it is"
    assert moments([end, apart, elsewhere, begin]) == [end, apart, elsewhere, begin]
    assert [m.text for m in moments([apart, begin, elsewhere, middle])] == [
        apart.text,
        "A b. C d. E. F g. H.",
        "E. F g. H.",
    ]
    assert [m.text for m in moments([passage("A. B. C.", 0, 9), passage("B.", 3, 5)])] == ["A. B. C."]
    assert [m.text for m in moments([passage("A b", 0, 9), passage("C b", 8, 20)])] == ["A b", "C b"], "a cue is shared"
    assert moments([]) == []


def test_no_sentence_of_a_study_is_shown_twice_unless_it_stands_there_twice() -> None:
    assert moments([written("B.\nC.", 4), written("A. B.", 3)]) == [written("A. B.\nC.", 4)]
    far = [written("A. B.", 3), written("B. C.", 9)]
    assert moments(far) == far


def test_filters_include_their_bounds() -> None:
    day = dt.date(2026, 5, 12)
    assert Filters("vehicules", "ada lo", day, day).accept(DETAILS)
    assert not Filters(theme="autre").accept(DETAILS)
    assert not Filters(speaker="Bob").accept(DETAILS)
    assert not Filters(since=dt.date(2026, 5, 13)).accept(DETAILS)
    assert not Filters(until=dt.date(2026, 5, 11)).accept(DETAILS)


@pytest.mark.parametrize(
    "text", ["", " ", "\n\t\u00a0", "?!…", "🎉", "👩\u200d💻", "\u200b", "\x00", "--", "mot " * 2_500, "x" * 10_000]
)
def test_what_is_no_question_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        clean(text)


def test_a_question_is_cleaned_but_not_changed() -> None:
    assert clean("  Qu’est-ce\nqu’un \x00prêt\u200b  😀 à 3 % ?\ud800 ") == "Qu’est-ce qu’un prêt 😀 à 3 % ?"
    assert clean("x" * 1_000) == "x" * 1_000
    assert clean("x" + " " * 5_000) == "x"
    decomposed = unicodedata.normalize("NFD", "Où est le prêt « différé » ?")
    assert clean(decomposed) == "Où est le prêt « différé » ?", "as it is pasted from a PDF, or typed on a Mac"
    assert len(clean(unicodedata.normalize("NFD", "é" * 1_000))) == 1_000, "an accent is no character of its own"


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Qu'est-ce qu'un prêt participatif ?", "fr"),
        ("Comment lever des fonds ?", "fr"),
        ("qui finance une start-up ?", "fr"),
        ("différence entre love money et business angel", "fr"),
        ("Quel est le business model d’une fondation ?", "fr"),
        ("Quel est le rôle d'une SCIC", "fr"),
        ("BSA Air", "fr"),
        ("crowdfunding", "fr"),
        ("business angels", "fr"),
        ("term sheet", "fr"),
        ("What is a participatory loan?", "en"),
        ("How do I raise money from business angels?", "en"),
        ("How much equity should founders give away?", "en"),
        ("Where can a cooperative find funding?", "en"),
    ],
)
def test_a_question_is_french_unless_clearly_english(question: str, language: str) -> None:
    assert language_of(question) == language
