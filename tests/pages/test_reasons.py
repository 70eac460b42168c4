"""A colleague reads why a question was answered or declined."""

from itertools import chain

from index.decision import FEATURES, Decision
from pages.reasons import REASONS, told


def decided(probability: float, **weights: float) -> Decision:
    return Decision(probability, 0.48, "other", {"best": 1.0}, weights)


def test_the_heaviest_reasons_are_told_for_and_against() -> None:
    line = told(
        decided(0.816, passage_cosine=2.0, gap=-0.5, usual=-1.2, read=0.9, together=0.3, short=0.1), chosen=False
    )
    assert line == (
        "<p class='hub-byline'><strong>La recherche répond</strong>\u00a0: sûre à 82\u202f%, quand il faut 48\u202f%. "
        "Pour\u00a0: le sens d’un passage est très proche, une phrase semble répondre. "
        "Contre\u00a0: c’est un détail que les intervenants donnent rarement.</p>"
    )


def test_pieces_that_say_the_same_are_weighed_together() -> None:
    line = told(decided(0.3, passage_cosine=3.0, cosine=-3.1, unknown=-1.0), chosen=False)
    assert "Contre\u00a0: des mots de la question ne s’y trouvent pas, aucun passage" in line
    assert "Pour" not in line


def test_where_the_team_chose_the_line_says_what_the_search_would_do() -> None:
    assert "Sans ce choix, la recherche répondrait<" in told(decided(0.5), chosen=True)
    assert "Sans ce choix, la recherche ne répondrait pas<" in told(decided(0.1), chosen=True)


def test_what_is_just_below_the_bound_is_told_apart_from_it() -> None:
    assert "sûre à 47,9\u202f%, quand il faut 48,0\u202f%." in told(decided(0.479), chosen=False)
    assert "sûre à 47,96\u202f%, quand il faut 48,00\u202f%." in told(decided(0.4796), chosen=False)
    assert "sûre à 48\u202f%, quand il faut 48\u202f%." in told(decided(0.48), chosen=False)


def test_where_nothing_was_found_that_is_the_reason() -> None:
    line = told(Decision(0.04, 0.48, "other", {}, {"best": -1.0}), chosen=False)
    assert line.endswith("Rien d’approchant n’a été trouvé.</p>")


def test_every_figure_of_the_decision_has_its_words() -> None:
    assert sorted(chain(*(names for names, _, _ in REASONS))) == sorted(FEATURES)
