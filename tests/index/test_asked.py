"""What a question asks for is read from its words, in French and in English."""

import pytest

from index.asked import answers_measure, named, read
from transcripts.glossary import glossary

TERMS = glossary()


@pytest.mark.parametrize(
    ("question", "kind", "measure"),
    [
        ("Quel est le taux d'un prêt participatif ?", "number", "share"),
        ("Combien coûte un commissaire aux comptes ?", "number", "money"),
        ("Combien de temps dure un différé ?", "number", "time"),
        ("How long does a guarantee last?", "number", "time"),
        ("Depuis quand existe la loi ESS ?", "number", "year"),
        ("À combien de personnes peut-on offrir des titres ?", "number", "count"),
        ("Qu’est-ce qu’un fonds de dotation ?", "definition", None),
        ("kesk une SCIC", "definition", None),
        ("What is a participatory loan?", "definition", None),
        ("ma banque dit non je fais quoi", "other", None),
        ("Comment convaincre une fondation ?", "other", None),
        # An interest, a part, contributions and « quand » ask for a figure at times only.
        ("Quel est l’intérêt d’une SCIC ?", "other", None),
        ("Quel intérêt pour une association de passer par une plateforme ?", "other", None),
        ("Ces tableaux de prévision triennale, quel intérêt ?", "other", None),
        ("Quel intérêt trouve un territoire à récupérer ses billes ?", "other", None),
        ("Quel taux d’intérêt la Nef applique-t-elle ?", "number", "share"),
        ("Quel est l'intérêt minimum versé sur les titres participatifs ?", "number", "share"),
        ("Quels intérêts la banque prend-elle sur une cession de créance ?", "number", "share"),
        ("on demande quel interet quand on prete a son fournisseur", "number", "share"),
        ("Combien d’intérêts paie-t-on la première année ?", "number", "count"),
        ("Quelle est la part sociale d’une SCIC ?", "other", None),
        ("Quelle part sociale prendre ?", "other", None),
        ("Quelle part du capital une collectivité peut-elle détenir ?", "number", "share"),
        ("Quels apports une fondation peut-elle faire ?", "other", None),
        ("Quel apport demande une banque ?", "number", "money"),
        ("Quand ma banque refuse, que faire ?", "other", None),
        ("quand on n'a pas d'apport on fait comment", "other", None),
        ("Quand faut-il demander une garantie ?", "other", None),
        ("Quand notre demande a été refusée, à qui s’adresser ?", "other", None),
        ("quand on a été refusé à qui s'adresser", "other", None),
        ("Quand une garantie est-elle nécessaire ?", "other", None),
        ("Quand a-t-on droit à une avance ?", "other", None),
        ("quand est-ce qu'on rend l'argent", "other", None),
        ("Quand la Macif a-t-elle été créée ?", "number", "year"),
        ("Quand ont-ils enfin obtenu un pouvoir véritable ?", "number", "year"),
        ("Quand est-ce que la loi ESS a été votée ?", "number", "year"),
        ("quand la nef a été créée", "number", "year"),
        ("Quand a été votée la loi ESS ?", "number", "year"),
        ("Quand est née la Nef ?", "number", "year"),
        ("Quand la directive est-elle entrée en vigueur ?", "number", "year"),
        ("De quand date la loi ESS ?", "number", "year"),
    ],
)
def test_what_is_asked_for(question: str, kind: str, measure: str | None) -> None:
    asked = read(question, TERMS)
    assert (asked.kind, asked.measure) == (kind, measure)


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("C'est quoi un titre participatif ?", ["titre participatif"]),
        ("l'agrément ESUS", ["entreprise solidaire d’utilité sociale"]),
        ("How does a participatory loan work?", ["prêt participatif"]),
        ("près participatif définission", ["prêt participatif"]),
        ("Quelle heure est-il ?", []),
    ],
)
def test_terms_are_known_by_every_name_and_by_ear(question: str, names: list[str]) -> None:
    assert [term.term for term in named(question, TERMS)] == names


def test_what_sounds_like_a_term_is_none_in_a_transcript() -> None:
    assert named("près participatif", TERMS, misspelt=False) == ()


@pytest.mark.parametrize(
    ("measure", "sentence", "fits"),
    [
        ("share", "Le taux est de quatre pour cent.", 1.0),
        ("share", "On en parle depuis 2014.", 0.0),
        ("money", "Il faut 15 000 € de dotation.", 1.0),
        ("money", "Il en faut quinze mille.", 0.5),
        ("time", "Le remboursement commence après cinq ans.", 1.0),
        ("year", "La loi date de 1978.", 1.0),
        ("year", "Comptez 18 mois.", 0.0),
        ("count", "Sept personnes suffisent.", 1.0),
        ("count", "Personne ne sait.", 0.0),
    ],
)
def test_a_figure_fits_what_is_asked_or_not(measure: str, sentence: str, fits: float) -> None:
    assert answers_measure(measure, sentence) == fits  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("question", "sides"),
    [
        ("Quelle est la différence entre une part sociale et un titre participatif ?", ("une part sociale", "un titre participatif")),
        ("What's the difference between a foundation and an endowment fund?", ("a foundation", "an endowment fund")),
        ("prêt participatif vs prêt bancaire", ("prêt participatif", "prêt bancaire")),
        ("Association ou coopérative, que choisir ?", ("Association", "coopérative")),
        ("A participatory loan or a bank loan: which is cheaper?", ("A participatory loan", "a bank loan")),
        ("Faut-il une SCIC plutôt qu’une association ?", ("Faut-il une SCIC", "une association")),
        ("Un crédit crée de la monnaie, et une part sociale ?", ("Un crédit crée de la monnaie", "une part sociale")),
        ("Prêt et don, c'est pareil ?", ("Prêt", "don")),
        ("Qui paie la garantie, et à quel moment ?", ()),
        ("Peut-on avoir une garantie ou pas ?", ()),
        ("Quand et comment rembourser ?", ()),
        ("ou ?", ()),
    ],
)  # fmt: skip
def test_the_two_sides_of_a_comparison_are_told_apart(question: str, sides: tuple[str, ...]) -> None:
    asked = read(question, TERMS)
    assert asked.sides == sides
    assert (asked.kind == "compare") is bool(sides)
