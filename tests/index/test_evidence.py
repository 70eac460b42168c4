"""What tells whether a question is answered, on studies made by hand."""

import numpy as np
import pytest

from index.decision import FEATURES
from index.evidence import evidence
from index.inquiry import Inquiry
from tests.index.studied import study

RATE = "Le taux du prêt participatif est de quatre pour cent."
FUND = "La fondation abritée choisit ses projets."


def figures(found: Inquiry, at: int = 0) -> dict[str, float]:
    scores = np.array([2.0 if i == at else -2.0 for i in range(len(found.candidates))])
    return evidence(found, scores, [found.candidates[at]])


def test_every_figure_of_the_decision_is_there_and_none_without_a_quote() -> None:
    found = study("Quel est le taux d'un prêt participatif ?", RATE, FUND)
    assert set(figures(found)) == set(FEATURES)
    assert evidence(found, np.zeros(0), []) == {}
    assert figures(study("la fondation", FUND, usual=-1.5))["usual"] == -1.5


def test_a_figure_that_is_asked_for_is_there_missing_or_of_something_else() -> None:
    question = "Quel est le taux d'un prêt participatif ?"
    there = figures(study(question, RATE, FUND))
    assert (there["number"], there["figure_missing"], there["figure_elsewhere"]) == (1, 0, 0)
    missing = figures(study(question, "Le prêt participatif est un prêt long.", FUND))
    assert (missing["figure_missing"], missing["figure_elsewhere"]) == (1, 0)
    elsewhere = figures(study(question, "Une épargne rapporte trois pour cent.", FUND))
    assert (elsewhere["figure_missing"], elsewhere["figure_elsewhere"]) == (0, 1)


def test_what_the_passages_lack_is_told() -> None:
    near_miss = figures(study("Qui contrôle un prêt participatif ?", FUND, "La banque attend."))
    assert near_miss["subject_missing"] == 1
    assert near_miss["missing_rarest"] == 1
    answered = figures(study("Qui choisit, dans une fondation abritée ?", FUND, "La banque attend."))
    assert answered["subject_missing"] == 0
    assert answered["covered"] > near_miss["covered"]


def test_the_margin_is_how_far_the_best_lies_above_the_next() -> None:
    found = figures(study("la fondation", FUND, "La banque attend.", "Le prêt est long."))
    assert found["best"] == 2
    assert found["margin"] == pytest.approx(4)
    assert found["english"] == 0
