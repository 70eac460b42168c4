"""What staff add to the glossary corrects the next talks and is offered in the others; their file stays theirs."""

from pathlib import Path

import pytest

from app.review import add_term, opened, save
from app.services import Services
from ingest.corrections import correct
from tests.talks import lines, talk
from transcripts.doubts import Doubt
from transcripts.edits import SetText, Settle
from transcripts.errors import BadInput, BadStaffFile
from transcripts.glossary import glossary
from transcripts.model import Cue, Word
from transcripts.staff_glossary import FILE, Listed, StaffGlossary

WRITTEN = """# Les mots de l’équipe.

[[term]]
term = "Pétale d’Or" # notre partenaire
definition = "Fonds inventé."
heard = ["pétal dort"]
"""


def test_a_form_is_added_to_a_file_that_is_kept_as_it_is_written(tmp_path: Path) -> None:
    glossary = StaffGlossary(tmp_path)
    assert glossary.listed() == ()
    (tmp_path / FILE).write_text(WRITTEN, "utf-8")
    glossary.add("pétales d'or", "Pétale d’Or")
    glossary.add("pétales d'or", "Pétale d’Or")
    glossary.add("Skikk", "SCIC")
    assert glossary.listed() == (
        Listed("pétal dort", "Pétale d’Or"),
        Listed("pétales d'or", "Pétale d’Or"),
        Listed("Skikk", "SCIC"),
    )
    text = (tmp_path / FILE).read_text("utf-8")
    assert "# Les mots de l’équipe." in text and "# notre partenaire" in text
    with pytest.raises(BadInput):
        glossary.add("SCIC", "SCIC")
    # And taken away: a term that staff wrote more about stays, one that was only there for the form goes.
    for heard in ("Pétales D’or", "pétal dort"):
        glossary.remove(heard, "Pétale d’Or")
    glossary.remove("skikk", "SCIC")
    assert glossary.listed() == ()
    text = (tmp_path / FILE).read_text("utf-8")
    assert "# notre partenaire" in text and "SCIC" not in text
    with pytest.raises(BadInput):
        glossary.remove("skikk", "SCIC")
    glossary.add("Skikk", "SCIC")
    assert glossary.listed() == (Listed("Skikk", "SCIC"),)
    (tmp_path / FILE).write_text('[[term]]\nmot = "x"\n', "utf-8")
    with pytest.raises(BadStaffFile):
        glossary.add("a", "b")


def test_readers_see_what_has_a_definition_once_an_address(tmp_path: Path) -> None:
    staff = StaffGlossary(tmp_path)
    assert staff.explained() == glossary()
    (tmp_path / FILE).write_text(
        f'{WRITTEN}\n[[term]]\nterm = "Bobinette"\nheard = ["bobine est"]\n'
        '[[term]]\nterm = "prêt participatif"\nabbreviations = ["PP"]\n'
        '[[term]]\nterm = "Prêt Participatif"\ndefinition = "Un autre."\n',
        "utf-8",
    )
    *known, own = staff.explained()
    assert [term.slug for term in known] == [term.slug for term in glossary()]
    assert [term.abbreviations[-1] for term in known if term.slug == "pret-participatif"] == ["PP"]
    assert (own.term, own.definition, own.category) == ("Pétale d’Or", "Fonds inventé.", "Ajoutés par l’équipe")
    (tmp_path / FILE).write_text("[[term", "utf-8")
    assert staff.explained() == glossary()


def test_a_glossary_that_was_emptied_takes_terms_again(tmp_path: Path) -> None:
    glossary = StaffGlossary(tmp_path)
    for _ in range(2):
        glossary.add("Skikk", "SCIC")
        assert glossary.listed() == (Listed("Skikk", "SCIC"),)
        glossary.remove("skikk", "SCIC")
        assert glossary.listed() == ()


def test_the_next_talks_are_corrected_with_it(tmp_path: Path) -> None:
    glossary = StaffGlossary(tmp_path)
    said = [
        Word(i, i + 1, f" {word}")
        for i, word in enumerate(["la", "coopérative", "et", "la", "banque", "disent", "parsoce", "ici"])
    ]
    assert correct(said, glossary.terms())[1] == ()
    glossary.add("parsoce", "part sociale")
    words, [changed] = correct(said, glossary.terms())
    assert (changed.heard, changed.term) == ("parsoce", "part sociale")
    assert "".join(word.text for word in words).strip() == "la coopérative et la banque disent part sociale ici"


def test_other_talks_are_offered_the_same_correction(services: Services) -> None:
    library = services.library
    here = talk(library, "Ici", (Cue(0, 3, "La parsoce est rachetée."), Cue(3, 6, "Deux parsoce.")))
    there = talk(library, "Là", (Cue(0, 3, "Une autre parsoce"), Cue(3, 6, "et une Parsoce, encore.")))
    talk(library, "Ailleurs", lines(3))
    elsewhere = add_term(services, here, "parsoce", "part sociale", "ada@example.org")
    assert [(one.slug, one.lines) for one in elsewhere] == [(there, 2)]
    state = opened(services, there)
    assert [(d.kind, d.at, d.heard, d.term) for d in state.doubts] == [
        ("listed", 0, "parsoce", "part sociale"),
        ("listed", 1, "Parsoce", "part sociale"),
    ]
    doubt: Doubt = state.doubts[1]
    state = save(
        services, there, state.number, [SetText(0, "Une autre part sociale"), Settle(doubt.name)], "ada@example.org"
    )
    assert state.doubts == ()
    assert [entry.what for entry in services.journal.entries(there)] == ["a corrigé"]
