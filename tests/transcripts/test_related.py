"""Which terms belong together."""

from transcripts.glossary import Term, glossary
from transcripts.model import Cue
from transcripts.related import around, relations, said, windows

LOAN = Term("prêt", "Somme à rendre.")
GRANT = Term("subvention", "Somme donnée, à la différence du prêt.")
BANK = Term("banque", "Maison.")
AMI = Term("appel à manifestation d’intérêt", "Texte.", ("AMI",))
TERMS = (LOAN, GRANT, BANK, AMI)


def test_a_definition_and_being_said_together_make_neighbours() -> None:
    talks = [frozenset({"pret", "banque"})] * 3 + [frozenset({"banque", "subvention"})]
    found = {r.terms: r for r in relations(TERMS, talks)}
    assert set(found) == {("pret", "subvention"), ("banque", "pret")}  # once together is chance
    assert found[("pret", "subvention")].defined
    assert found[("banque", "pret")].together == 3
    assert found[("banque", "pret")].weight == round(3 / (4 * 3) ** 0.5, 3)


def test_an_acronym_is_not_the_word_that_looks_like_it() -> None:
    assert said("Mon ami a répondu à un prêt.", TERMS) == {"pret"}
    assert said("On a répondu à un AMI.", TERMS) == {AMI.slug}


def test_terms_are_said_together_within_two_minutes() -> None:
    cues = (Cue(0, 5, "un prêt"), Cue(100, 105, "de la banque"), Cue(130, 140, "une subvention"))
    assert windows(cues, TERMS) == [{"pret", "banque"}, {"subvention"}]


def test_a_map_holds_the_neighbours_and_what_is_between_them() -> None:
    talks = [frozenset({"pret", "banque", "subvention"})] * 3
    own, among = around("pret", relations(TERMS, talks))
    assert {r.terms for r in own} == {("banque", "pret"), ("pret", "subvention")}
    assert [r.terms for r in among] == [("banque", "subvention")]


def test_names_that_share_a_rare_word_are_neighbours() -> None:
    terms = (Term("prêt relais", "Un."), Term("prêt d’honneur", "Deux."), Term("fonds de garantie", "Trois."))
    (found,) = relations(terms, [])
    assert found.terms == ("pret-d-honneur", "pret-relais")
    assert found.named
    assert not found.defined


def test_most_of_the_real_glossary_hangs_together_before_a_word_is_said() -> None:
    known = relations(glossary(), [])
    linked = {slug for relation in known for slug in relation.terms}
    assert len(linked) > 0.6 * len(glossary())
    assert len({term.slug for term in glossary()}) == len(glossary())
    assert all(term.category for term in glossary())
