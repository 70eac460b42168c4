"""The decision to answer says what it weighs; the file it is read from fits the code."""

import numpy as np
import pytest

from app import weights
from index.decision import FEATURES, RAW, Fitted, Logistic, fitted
from index.selection import FEATURES as SENTENCE_FEATURES
from index.selection import READ


def test_evidence_is_weighed_and_shown() -> None:
    model = Logistic(-1.0, {"best": 2.0, "unknown": -3.0}, threshold=0.6)
    sure = model.decide("number", {"best": 1.5, "unknown": 0.0, "other": 9.0})
    assert sure.answers
    assert sure.probability == pytest.approx(1 / (1 + np.exp(-2.0)), abs=1e-4)
    assert sure.weights == {"best": 3.0, "unknown": 0.0}
    assert sure.features == {"best": 1.5, "unknown": 0.0}
    assert not model.decide("number", {"best": 0.5, "unknown": 1.0}).answers
    assert model.decide("other", {"best": 1e9, "unknown": 0.0}).probability == 1


def test_sentences_are_scored_by_name_in_the_order_of_their_figures() -> None:
    model = Fitted(Logistic(0.5, {SENTENCE_FEATURES[2]: 2.0}), Logistic(0.0, {}))
    table = np.zeros((2, len(SENTENCE_FEATURES)))
    table[1, 2] = 3.0
    assert list(model.score(table)) == [0.5, 6.5]


def test_only_what_is_unlike_most_questions_counts_as_a_reason() -> None:
    model = Logistic(-9.0, {"cosine": 10.0, "words": 1.0}, typical={"cosine": 0.9, "words": 0.5})
    decision = model.decide("other", {"cosine": 0.9, "words": 0.25})
    assert decision.weights == {"cosine": 0.0, "words": -0.25}
    assert decision.probability == pytest.approx(1 / (1 + np.exp(-0.25)), abs=1e-4)


def test_the_file_is_fitted_to_the_default_embedder_and_others_do_without_its_cosines_and_reader() -> None:
    own, other = fitted(weights.adapted_name()), fitted("an embedder that nobody fitted")
    assert own != other
    assert set(own.sentences.coefficients) == set(SENTENCE_FEATURES)
    assert set(own.decision.coefficients) == set(own.decision.typical) == set(FEATURES)
    assert set(other.sentences.coefficients) == set(SENTENCE_FEATURES) - set(READ)
    assert set(other.decision.coefficients) == set(other.decision.typical) == set(FEATURES) - set(RAW)
    assert all(0 < model.decision.threshold < 1 for model in (own, other))
