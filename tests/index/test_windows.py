"""Sentences have vectors of their own, made in one pass with their passage."""

from pathlib import Path

import numpy as np
import pytest

from app.services import Services
from index.embedder import Embedder, Reading
from index.tokens import NOTHING, WIDTH, nearness
from index.windows import WindowStore

SENTENCES = ["Le prêt participatif se rembourse en sept ans.", "Il fait beau à Nantes aujourd’hui.", "Voilà."]


def test_the_sentence_that_answers_is_the_nearest(services: Services) -> None:
    embedder = services.embedder
    matrix, other = (read.vectors for read in embedder.windows(["Financer", ""], [SENTENCES, SENTENCES[::-1]]))
    assert matrix.shape == (4, 384)
    assert np.allclose(np.linalg.norm(matrix, axis=1), 1, atol=1e-5)
    cosines = matrix @ embedder.query("Combien de temps dure un prêt participatif ?")
    assert cosines[1:].argmax() == 0
    assert (other @ embedder.query("Quel temps fait-il à Nantes ?"))[1:].argmax() == 1
    alone = embedder.passages(["Financer. " + " ".join(SENTENCES)])[0]
    assert float(alone @ matrix[0]) == pytest.approx(1, abs=1e-3)
    again = embedder.question("Combien de temps dure un prêt participatif ?")
    assert again is embedder.question("Combien de temps dure un prêt participatif ?")


def test_windows_are_kept_and_forgotten(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    matrices = [m / np.linalg.norm(m, axis=1, keepdims=True) for m in (rng.normal(size=(n, 8)) for n in (3, 2, 5))]
    store = WindowStore(tmp_path / "windows.db")
    tokens = rng.integers(-127, 128, (7, WIDTH)).astype(np.int8)
    store.update("x", [], ["a", "b", "c"], [Reading(m, tokens if m is matrices[0] else NOTHING) for m in matrices])
    found = WindowStore(tmp_path / "windows.db").cosines(matrices[2][1].astype(np.float32), ["c", "a", "nowhere"])
    assert {place: len(cosines) for place, cosines in found.items()} == {"a": 3, "c": 5}
    assert max(found["c"]) == found["c"][1]
    assert np.allclose(found["a"], matrices[0] @ matrices[2][1], atol=1e-2)
    kept = store.tokens(["c", "a", "nowhere"])
    assert {place: found.tolist() for place, found in kept.items()} == {"a": tokens.tolist(), "c": []}
    store.update("x", ["a"], ["b"], [Reading(matrices[0], tokens)])
    assert store.present("x") == {"b", "c"}
    assert store.count() == 2
    store.clear()
    assert store.cosines(np.ones(8, np.float32), ["b"]) == {}


def test_words_counted_one_by_one_are_what_the_model_reads(services: Services) -> None:
    embedder = services.embedder
    embedder.limit()  # loads it
    for text in (
        "Le prêt participatif, jusqu’à 10\u202f000\u00a0€\u202f: « avant » l’emprunt\u202f!",
        "https://example.org/x?y=z 😀👍🏽 été naïve ﬁn ½ \u200bzéro\u200b",
        "日本語のテキスト " + "a" * 300,
    ):
        assert embedder.tokens(text) == len(embedder._model.tokenizer(f"passage: {text}")["input_ids"])


def test_a_passage_is_as_near_as_its_nearest_words(services: Services) -> None:
    """Order does not count, what stands beside them hardly, and a passage without one of them is farther."""
    embedder = services.embedder
    asked = embedder.question("Combien de temps dure un prêt participatif ?")
    assert asked.tokens.shape[1] == WIDTH
    other = ["Le fonds de dotation reçoit des dons.", "Il fait beau à Nantes aujourd’hui."]
    read = embedder.windows([""] * 3, [SENTENCES[::-1], other, [" ".join([*other, SENTENCES[0]])]])
    near = nearness(asked.tokens, {name: one.tokens for name, one in zip("abc", read, strict=True)})
    assert near["b"] + 0.1 < min(near["a"], near["c"])
    itself = embedder.windows([""], [["Combien de temps dure un prêt participatif ?"]])[0]
    assert nearness(itself.tokens, {"x": itself.tokens}) == {"x": pytest.approx(1, abs=0.01)}
    assert nearness(asked.tokens, {"x": NOTHING}) == nearness(NOTHING, {"x": asked.tokens}) == {}


def test_another_embedder_keeps_no_tokens(services: Services) -> None:
    ours = services.embedder
    other = Embedder(ours._find, name="another", query_prefix="query: ", passage_prefix="passage: ", batch=8)
    assert len(other.question("Qui finance ?").tokens) == len(other.windows([""], [SENTENCES])[0].tokens) == 0
    assert np.allclose(other.query("Qui finance ?"), ours.query("Qui finance ?"), atol=1e-5)
