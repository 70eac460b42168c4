"""The fit learns what tells the sentences that answer, and is the same each time."""

import pytest

from index.decision import FEATURES, RAW
from index.evaluate import Span
from index.fitting import Case, fit, holds, right
from index.selection import FEATURES as SENTENCE_FEATURES
from index.selection import READ
from tests.index.studied import SLUG, study

SUBJECTS = (
    "garantie",
    "subvention",
    "dotation",
    "fondation",
    "caution",
    "banque",
    "mécénat",
    "épargne",
    "monnaie",
    "prêt",
)


def cases() -> list[Case]:
    """Return questions whose words answer, and others of which nothing was said."""
    made = []
    for n, subject in enumerate(SUBJECTS):
        for side in (0, 1):
            texts = [f"La {subject} couvre la moitié du projet.", "Le temps passe vite en hiver ici."]
            found = study(f"Que couvre la {subject} {n} {side} ?", *texts[:: -1 if side else 1], cosine=0.8)
            start = 5.0 * side
            made.append(Case(found, (Span(SLUG, start, start + 5),), "answered", "here", f"{subject}{side}"))
        strange = study(f"Comment soigner un hippopotame numéro {n} ?", f"La {subject} couvre la moitié.", cosine=0.5)
        made.append(Case(strange, (), "elsewhere", "here", f"elsewhere {n}"))
        near = study(f"Quel est le taux de la {subject} en Islande ?", f"La {subject} couvre la moitié.", cosine=0.6)
        made.append(Case(near, (), "near", "here", f"near {n}"))
    return made


def test_a_sentence_holds_an_answer_when_they_share_most_of_the_shorter() -> None:
    found = study("la banque", "La banque attend.", "La banque prête.").candidates
    assert holds(found[0], [Span(SLUG, 0, 3)])
    assert not holds(found[0], [Span(SLUG, 4, 10)])
    assert not holds(found[0], [Span("another", 0, 5)])
    assert right(found[:1], [Span(SLUG, 4, 10)]), "a quote need only overlap"


def test_the_fit_learns_and_is_the_same_each_time() -> None:
    fitted, figures = fit(cases(), "an embedder")
    assert fitted["embedder"] == "an embedder"
    own, others = fitted["own"], fitted["others"]
    assert set(own["sentences"]["coefficients"]) == set(SENTENCE_FEATURES)
    assert set(own["decision"]["coefficients"]) == set(own["decision"]["typical"]) == set(FEATURES)
    assert not set(READ) & set(others["sentences"]["coefficients"])
    assert not set(RAW) & set(others["decision"]["coefficients"])
    assert figures["own: answered right if never declined"] == 1
    assert figures["own: here, elsewhere declined"] == 1
    assert figures["own: here, AUC"] == pytest.approx(1)
    assert fit(cases(), "an embedder") == (fitted, figures)
