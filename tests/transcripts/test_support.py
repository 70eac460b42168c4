"""Figures are read however they are written, and an exchange of words is seen; see also tests/ingest/test_writing.py."""

import numpy as np
import pytest

from transcripts.figures import Figure, claimed, figures
from transcripts.sentences import Sentence
from transcripts.support import Support, denies, exchanged


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("quatre pour cent par an", [(4, "%")]),
        ("1,5 million d’euros", [(1_500_000, "€")]),
        ("la loi de mil neuf cent soixante-dix-huit", [(1978, "")]),
        ("200\u202f000 €, soit 4,5 %", [(200_000, "€"), (4.5, "%")]),
        ("un prêt de sept ans", [(7, "an")]),
        ("de deux à 3 mois", [(2, ""), (3, "mois")]),
    ],
)
def test_figures_are_read_however_they_are_written(text: str, found: list[tuple[float, str]]) -> None:
    assert list(figures(text)) == [Figure(*pair) for pair in found]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Un an, puis une année", [(1, "an"), (1, "an")]),
        ("un pour cent, soit un euro, une fois par mois", [(1, "%"), (1, "€"), (1, "")]),
        ("d’un à deux ans, vingt et un jours", [(1, ""), (2, "an"), (21, "jour")]),
        (
            "deux tiers, les trois-quarts, un quart, la moitié",
            [(-2, "tier"), (-3, "quart"), (-1, "quart"), (-1, "moitié")],
        ),
        ("une banque, un point important", []),
    ],
)
def test_a_claim_counts_one_and_shares(text: str, found: list[tuple[float, str]]) -> None:
    assert list(claimed(text)) == [Figure(*pair) for pair in found]


def test_words_that_changed_places_are_seen() -> None:
    words = str.split
    assert exchanged(words("la banque prête et le fonds garantit"), words("le fonds prête et la banque garantit"))
    assert not exchanged(words("en fin de prêt la banque garantit"), words("la banque garantit en fin de prêt"))


def test_a_true_sentence_carries_nothing_along_that_nobody_said() -> None:
    said = "La banque prête à la coopérative sur sept ans, avec la garantie de France Active."
    vector = np.ones(1, np.float32)
    support = Support([Sentence(0.0, 1.0, said)], vector[None])
    assert support.fault(said, [0], vector) is None
    assert support.fault(f"{said[:-1]}, afin de renforcer la confiance des partenaires.", [0], vector) == "added"


def test_a_question_that_somebody_asked_says_nothing() -> None:
    said = "Qu’est-ce que l’entreprise y gagne, et qui la garantit ?"
    vector = np.ones(1, np.float32)
    assert Support([Sentence(0.0, 1.0, said)], vector[None]).fault(said, [0], vector) == "form"


def fault(written: str, *said: str) -> str | None:
    """Return what is wrong with a sentence that rests on lines which mean the same."""
    lines = [Sentence(float(i), i + 1.0, text) for i, text in enumerate(said)]
    vectors = np.ones((len(said), 1), np.float32)
    return Support(lines, vectors).fault(written, range(len(said)), vectors[0])


@pytest.mark.parametrize(
    ("said", "true", "false"),
    [
        (
            "C'est pas obligatoire, l'agrément, pour émettre des titres associatifs.",
            "L’agrément n’est pas obligatoire pour émettre des titres associatifs.",
            "L’agrément est obligatoire pour émettre des titres associatifs.",
        ),
        (
            "La banque elle prête pas aux associations sans garantie.",
            "La banque ne prête pas aux associations sans garantie.",
            "La banque prête aux associations sans garantie.",
        ),
        (
            "L'ouverture du dossier coûte rien à l'association.",
            "L’ouverture du dossier ne coûte rien à l’association.",
            "L’ouverture du dossier coûte à l’association.",
        ),
        (
            "La loi dit pas que la commune garantit le prêt.",
            "La loi ne dit pas que la commune garantit le prêt.",
            "La loi dit que la commune garantit le prêt.",
        ),
    ],
)
def test_a_negation_is_seen_where_speech_drops_its_ne(said: str, true: str, false: str) -> None:
    assert fault(true, said) is None
    assert fault(said, said) is None
    assert fault(false, said) == "negation"


@pytest.mark.parametrize(
    "said",
    [
        "La banque franchit le pas et prête avec pas mal de garanties.",
        "La banque prête pas à pas aux associations, pourquoi pas aux coopératives.",
        "La banque prête, n’est-ce pas, aux associations du territoire.",
        "La banque prête presque rien aux associations du territoire.",
    ],
)
def test_a_step_and_set_phrases_deny_nothing(said: str) -> None:
    assert not denies(said)


@pytest.mark.parametrize(
    ("said", "false"),
    [
        (
            "Le prêt participatif dure dix ans dans cet exemple.",
            "Le prêt participatif dure un an dans cet exemple.",
        ),
        (
            "La commission de cette banque est de quatre pour cent.",
            "La commission de cette banque est d’un pour cent.",
        ),
        ("Le fonds garantit deux tiers du prêt de la banque.", "Le fonds garantit un tiers du prêt de la banque."),
        ("Le fonds garantit trois quarts du prêt de la banque.", "Le fonds garantit un quart du prêt de la banque."),
        (
            "Deux banques attendent, et le fonds garantit un tiers du prêt.",
            "Deux banques attendent, et le fonds garantit deux tiers du prêt.",
        ),
    ],
)
def test_one_and_shares_that_nobody_said_are_invented(said: str, false: str) -> None:
    assert fault(said, said) is None
    assert fault(false, said) == "figure"


def test_only_lines_that_a_sentence_needs_are_cited() -> None:
    loan, share = "Le prêt dure sept ans dans cet exemple.", "La banque demande une caution."
    said = [loan, "Bonjour à toutes et à tous.", loan, share]
    lines = [Sentence(float(i), i + 1.0, text) for i, text in enumerate(said)]
    vectors = np.ones((4, 1), np.float32)
    support = Support(lines, vectors)
    assert support.placed(loan, [0, 1, 2, 3], vectors[0]) == (None, [0])
    assert support.placed(loan, [1, 2], vectors[0]) == (None, [2])
    both = "Le prêt dure sept ans dans cet exemple, avec une caution."
    assert support.placed(both, [1, 2, 3], vectors[0]) == (None, [2, 3])
