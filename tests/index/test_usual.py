"""What a question tells by itself: a particular that nobody gives is told from what speakers explain; another embedder is left alone."""

import numpy as np
import pytest

from app.services import services
from index.training.lessons import UNSEEN
from index.training.usual import NEAR, Posed, find, lessons, read, typed
from index.usual import usual

EXPLAINED = "Pourquoi la banque dit-elle non à une jeune association ?"
PARTICULAR = "Combien de salariés travaillent à la banque qui prête aux associations ?"


def test_a_particular_is_less_usual_than_what_is_explained_as_people_type_too() -> None:
    embedder = services().embedder
    for explained, particular in ((EXPLAINED, PARTICULAR), (typed(EXPLAINED), typed(PARTICULAR))):
        odds = [usual(embedder.name, embedder.query(text)) for text in (explained, particular)]
        assert odds[0] > odds[1] + 1
    assert usual("another", embedder.query(EXPLAINED)) == 0


def test_what_is_learnt_has_no_english_and_tells_nothing_by_form() -> None:
    asked = [Posed("Où va l’argent ?", "direct"), Posed("Where to?", "english"), Posed("Qui dirige ?", NEAR)]
    assert lessons(asked) == [asked[0], asked[2], Posed("ou va l’argent", "direct"), Posed("qui dirige", NEAR)]
    assert sum(q.style == NEAR for q in read([UNSEEN])) == 150


def test_the_direction_is_found_and_is_the_same_each_time() -> None:
    vectors = np.random.default_rng(7).normal(size=(40, 8)).astype(np.float32)
    answered = vectors[:, 0] > 0
    direction, bias = find(vectors, answered)
    odds = vectors @ direction + bias
    assert odds[answered].mean() > odds[~answered].mean()
    again, same = find(vectors, answered)
    assert (again == direction).all()
    assert same == pytest.approx(bias)
