"""An answer leads on to terms that the same talk explains."""

from index.followups import followups
from tests.index.studied import study
from transcripts.glossary import glossary

SAID = (
    "Le prêt participatif évite la caution personnelle et la subvention.",
    "La caution personnelle est un engagement du dirigeant.",
)


def test_terms_said_beside_the_quotes_and_explained_are_proposed_in_the_language_asked() -> None:
    found = study("C'est quoi un prêt participatif ?", *SAID)
    assert followups(found, found.candidates[:1], glossary()) == ("Que veut dire « caution personnelle » ?",)
    english = study("What is the meaning of a participatory loan?", *SAID)
    assert followups(english, english.candidates[:1], glossary()) == ("What does “caution personnelle” mean?",)


def test_what_was_asked_is_not_proposed_again() -> None:
    found = study("prêt participatif ou caution personnelle ?", *SAID)
    assert followups(found, found.candidates[:1], glossary()) == ()
