"""How much of a question a text has: rare words tell more, and a term is the same by any of its names."""

import pytest

from index.asked import read
from index.overlap import Overlap
from tests.index.studied import frequency
from transcripts.glossary import glossary

SAID = (
    "Le prêt participatif est un prêt long.",
    "La fondation abritée choisit ses projets.",
    "Le prêt bancaire demande une garantie.",
    "Un prêt se rembourse.",
)


def overlap(question: str) -> Overlap:
    counts, count = frequency(*SAID)
    return Overlap(read(question, glossary()), glossary(), lambda term: counts.get(term, 0), count, SAID)


def test_all_of_the_words_none_of_them_and_the_rarer_one() -> None:
    asked = overlap("Une garantie pour un prêt")
    assert asked.share("Une garantie pour le prêt.") == pytest.approx(1, abs=0.35)
    assert asked.share("Rien de tel.") == 0
    assert asked.share("La garantie.") > asked.share("Le prêt.")
    assert asked.share("La garantie.", "Le prêt.") > asked.share("La garantie.")


def test_a_word_that_nobody_said_is_taken_for_one_that_sounds_like_it_or_is_unknown() -> None:
    assert overlap("garenti").share("Une garantie.") == 1
    assert overlap("garenti").unknown == 0
    strange = overlap("une fondation et un hippopotame")
    assert 0 < strange.unknown < 1
    assert strange.missing_rarest("Une fondation.") == 1
    assert overlap("la fondation").missing_rarest("Une fondation.") == 0


def test_an_abbreviation_has_the_words_it_stands_for() -> None:
    asked = overlap("entreprise solidaire d'utilité sociale")
    assert asked.share("L'agrément ESUS.") == 1
    assert asked.names_subjects("L'agrément ESUS.")
    assert not asked.names_subjects("Une entreprise.")


def test_an_english_question_has_the_words_of_the_terms_it_names() -> None:
    asked = overlap("How does a participatory loan work for an association?")
    assert asked.share("Le prêt participatif.") > 0.5
    assert asked.share("How does it work?") == 0


def test_what_is_asked_of_a_subject_is_told_from_its_name() -> None:
    asked = overlap("Quelle garantie pour un prêt participatif ?")
    assert asked.attribute_share("Le prêt participatif.") == 0
    assert asked.attribute_share("Sans garantie.") == 1
    assert overlap("prêt participatif").attribute_share("Rien.") == 1
