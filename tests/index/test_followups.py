"""An answer leads on to terms that the same talk explains, then to what the talk goes on with."""

from collections.abc import Sequence

from index.followups import followups
from index.inquiry import Inquiry
from tests.index.studied import SLUG, study
from transcripts.glossary import glossary
from transcripts.model import Chapter

SAID = (
    "Le prêt participatif évite la caution personnelle et la subvention.",
    "La caution personnelle est un engagement du dirigeant.",
)
TITLES = (
    "Emprunter sans garantie",
    "Questions de la salle",
    "2. Limiter les risques",
    "À qui s’adresser ?",
    "Le dossier",
)


def led(found: Inquiry, chapters: Sequence[Chapter] = ()) -> tuple[str, ...]:
    return followups(found, found.candidates[:1], glossary(), {SLUG: chapters})


def chapters(*titles: str, length: float) -> list[Chapter]:
    return [Chapter(length * n, length * (n + 1), title) for n, title in enumerate(titles)]


def test_terms_said_beside_the_quotes_and_explained_are_proposed_in_the_language_asked() -> None:
    assert led(study("C'est quoi un prêt participatif ?", *SAID)) == ("Que veut dire « caution personnelle » ?",)
    english = study("What is the meaning of a participatory loan?", *SAID)
    assert led(english) == ("What does “caution personnelle” mean?",)


def test_what_was_asked_is_not_proposed_again() -> None:
    assert led(study("prêt participatif ou caution personnelle ?", *SAID)) == ()


def test_an_answer_beside_which_no_term_is_explained_leads_to_the_chapters_after_it() -> None:
    found = study("prêt participatif ou caution personnelle ?", *SAID)
    assert led(found, chapters(*TITLES, length=5)) == (
        "Que faut-il savoir sur « Limiter les risques » ?",
        "À qui s’adresser ?",
        "Que faut-il savoir sur « Le dossier » ?",
    )
    halves = chapters("Emprunter", "Garantir", "Le dossier", length=2.4)
    assert led(found, halves) == ("Que faut-il savoir sur « Le dossier » ?",), "the quote runs to the second"


def test_the_question_just_asked_is_not_proposed_however_it_was_typed() -> None:
    ahead = chapters(*TITLES, length=5)
    for asked in ("Que faut-il savoir sur « Limiter les risques » ?", "que faut-il savoir sur limiter les risques"):
        found = study(asked, *SAID)
        assert led(found, ahead) == (
            "Que veut dire « caution personnelle » ?",
            "À qui s’adresser ?",
            "Que faut-il savoir sur « Le dossier » ?",
        )
    assert "À qui s’adresser ?" not in led(study("À qui s'adresser ?", *SAID), ahead)


def test_terms_come_before_chapters_and_both_are_three_at_most() -> None:
    found = study("C'est quoi un prêt participatif ?", *SAID)
    assert led(found, chapters(*TITLES, length=5)) == (
        "Que veut dire « caution personnelle » ?",
        "Que faut-il savoir sur « Limiter les risques » ?",
        "À qui s’adresser ?",
    )
    english = study("What is the meaning of a participatory loan?", *SAID)
    assert led(english, chapters("Emprunter", "Le dossier", length=5))[1:] == (
        "What should one know about “Le dossier”?",
    )
