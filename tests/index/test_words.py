"""Words find passages however they are written, and misspelt ones too."""

from pathlib import Path

import pytest

from index.analysis import asked_grams, asked_stems, exact_phrases, grams, stems
from index.spelling import Vocabulary, corrected
from index.words import WordStore

PASSAGES = {
    "participatif": "Le prêt participatif se rembourse après les autres dettes, en sept ans.",
    "esus": "L’agrément ESUS ouvre l’accès à l’épargne solidaire.",
    "depots": "Les crédits font les dépôts, et pas l’inverse.",
    "dix": "La dotation d’un fonds est de quinze mille euros, versée en une fois.",
    "quasi": "Les quasi-fonds propres rassurent la banque quand les dépôts manquent.",
}


@pytest.fixture
def words(tmp_path: Path) -> WordStore:
    store = WordStore(tmp_path / "words")
    store.replace("2026-05-12-x", list(PASSAGES.items()))
    return store


def best(words: WordStore, question: str) -> str | None:
    return next(iter(words.matching(question, 5)), None)


@pytest.mark.parametrize(
    ("question", "passage"),
    [
        ("pret participatif", "participatif"),
        ("PRÊTS PARTICIPATIFS", "participatif"),
        ("près particitatif", "participatif"),
        ("l'ESUS", "esus"),
        ("l’esus ?", "esus"),
        ("agrémment ésus", "esus"),
        ("15 000 euros", "dix"),
        ("quinze mille", "dix"),
        ("15000 €", "dix"),
        ("quasi fonds propres", "quasi"),
        ("quasi-fonds", "quasi"),
        ("solidarity savings", "esus"),
    ],
)
def test_a_passage_is_found_however_it_is_written(words: WordStore, question: str, passage: str) -> None:
    assert best(words, question) == passage


@pytest.mark.parametrize(
    ("question", "passages"),
    [
        ("« font les dépôts »", {"depots"}),
        ("que font “LES DEPOTS” ?", {"depots", "quasi"}),
        ('"depots"', {"depots", "quasi"}),
        ("« l'epargne solidaire »", {"esus"}),
        ("« un fonds est de 15 000 € »", {"dix"}),
        ("« de la »", set()),
        ("« est de »", {"dix"}),
        ("« prêts participatifs »", set()),
        ("font les dépôts", set()),
    ],
)
def test_a_phrase_in_quotes_is_found_as_it_was_said_but_for_accents(
    words: WordStore, question: str, passages: set[str]
) -> None:
    assert set(words.quoting(question, 5)) == passages
    assert words.quoting(question, 5, []) == {}


@pytest.mark.parametrize(
    "question",
    ["le", "est-ce que", "?", "a", "AND", "stems:prêt OR (", '"', "'; DROP TABLE passages; --", "*" * 500, "🎉"],
)
def test_no_syntax_means_anything(words: WordStore, question: str) -> None:
    assert isinstance(words.matching(question, 5), dict)


def test_filters_and_replacement_hold(words: WordStore) -> None:
    words.replace("2026-05-13-y", [("other", "Le prêt participatif, encore.")])
    assert set(words.matching("participatif", 5, ["2026-05-13-y"])) == {"other"}
    assert words.matching("participatif", 5, []) == {}
    words.replace("2026-05-13-y", [])
    assert set(words.matching("participatif", 5)) == {"participatif"} | set(words.matching("participatif", 5)) - {
        "other"
    }
    assert words.count() == len(PASSAGES)


def of_many_talks(folder: Path) -> WordStore:
    """A store whose talks tantivy has merged: what is taken out of one still counts."""
    store = WordStore(folder)
    for number in range(10):
        store.replace(f"2026-06-{number}", [(f"{number} {i}", text * (number + 1)) for i, text in PASSAGES.items()])
    return store


def results(store: WordStore) -> list[list[tuple[str, tuple[str, float]]]]:
    asked = ("le prêt participatif", "les dépôts de la banque", "quinze mille ornithorynques")
    return [list(store.matching(question, 30).items()) for question in asked]


def test_a_correction_that_was_undone_no_longer_counts(tmp_path: Path) -> None:
    store = of_many_talks(tmp_path / "corrected")
    before = results(store)
    corrected = [(f"3 {i}", f"{text} Et un ornithorynque, encore." * 4) for i, text in PASSAGES.items()]
    store.replace("2026-06-3", corrected)
    store.replace("2026-06-3", [(f"3 {i}", text * 4) for i, text in PASSAGES.items()])
    # Only then does the hub stop: what was left undone is done by the next one.
    assert results(WordStore(tmp_path / "corrected")) != before
    again = WordStore(tmp_path / "corrected")
    again.settle()
    assert results(again) == before == results(of_many_talks(tmp_path / "another"))
    assert "ornithorynque" not in again.vocabulary().words


@pytest.mark.parametrize("order", [1, -1])
def test_of_equals_the_same_are_found_in_whatever_order_they_came(tmp_path: Path, order: int) -> None:
    store = WordStore(tmp_path / "equals")
    for name in "abcdefgh"[::order]:
        store.replace(f"2026-05-12-{name}", [(name, "Le prêt participatif.")])
    assert list(store.matching("participatif", 3)) == ["a", "b", "c"]


def test_stems_are_those_of_words_and_numbers() -> None:
    assert stems("L’association emprunte vingt-cinq mille euros") == stems("l'association EMPRUNTE 25 000 euros")
    assert asked_stems("Combien ça marche ?") == []
    assert "25000" in stems("25 000 €")


def test_words_that_say_nothing_and_ordinals_are_known_without_accents() -> None:
    assert stems("a la deuxieme annee, meme apres, etait-ce tres long ?")[:1] == stems("à la deuxième, même après")
    assert asked_stems("la meme chose, plutot apres") == []
    assert stems("Le CA de l’été") == ["ca", "ete"]


def test_grams_mark_the_ends_of_words() -> None:
    assert grams("Prêt") == ["_pre", "pret", "ret_"]
    assert grams("à") == ["_a_"]
    assert asked_grams("est-ce que le") == []


def test_phrases_in_any_quotes_are_exact() -> None:
    assert exact_phrases('« prêt d’œuvre » ou "Nef"') == [["pret", "d", "oeuvre"], ["nef"]]
    assert exact_phrases("l'un d'eux") == []


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        ("fon de dotassion", "fon de dotation"),
        ("pret partissipatif", "pret participatif"),
        ("agrément ésus", "agrément ésus"),
        ("recette de blanquette", "recette de blanquette"),
        ("25000 euros", "25000 euros"),
    ],
)
def test_only_unknown_words_that_sound_alike_are_put_right(words: WordStore, question: str, meant: str) -> None:
    assert corrected(question, lambda stem: words.frequency((stem,)) > 0, words.vocabulary) == meant
    assert corrected(question, lambda stem: False, lambda: Vocabulary((), ())) == question
