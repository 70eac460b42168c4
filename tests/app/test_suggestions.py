"""What is offered to somebody who types."""

import datetime as dt

from app.suggestions import suggestions
from tests.papers import paper
from transcripts.glossary import Term
from transcripts.model import Details, Origin

TALK = Details(
    "2026-01-02-a", "La garantie", dt.date(2026, 1, 2), "t", ("Zoé", "Anna"), "published", 60, "fr", "", Origin("", "")
)


def test_terms_talks_studies_people_and_questions_are_offered() -> None:
    offered = suggestions(
        [TALK, paper("Les besoins").details],
        [Term("coopérative", "…", ("coop",), ("copérative",), ("cooperative",))],
        ["Qui ?"],
    )
    assert [(s.kind, s.text) for s in offered] == [
        ("question", "Qui ?"),
        ("term", "coopérative"),
        ("masterclass", "La garantie"),
        ("study", "Les besoins"),
        ("speaker", "Anna"),
        ("speaker", "Zoé"),
        ("author", "Ada Lovelace"),
    ]
    # English and short forms lead to a term; what a machine mis-hears does not.
    assert offered[1].also == ("coop", "cooperative")
    assert offered[2].slug == TALK.slug
