"""Which sentences are quoted, and in which order."""

from dataclasses import replace

import numpy as np
import pytest

from index.asked import read
from index.inquiry import _candidates
from index.selection import FEATURES, Extract, choose, defined, describe, leans, quotable, told, zscores
from tests.index.studied import candidate, sentences, study
from transcripts.glossary import glossary
from transcripts.sentences import Sentence


def asked(question: str):  # type: ignore[no-untyped-def]
    return read(question, glossary())


def places(extracts: list[Extract]) -> list[list[int]]:
    return [[c.at for c in extract] for extract in extracts]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Le prêt participatif se rembourse après les autres dettes.", True),
        ("Est-ce que tout le monde me suit bien ?", False),
        ("Bonjour à toutes et à tous ce soir.", False),
        ("On va parler des garanties dans un instant.", False),
        ("Oui, voilà.", False),
        ("mot " * 71, False),
    ],
)
def test_questions_chatter_scraps_and_speeches_are_not_quoted(text: str, kept: bool) -> None:
    assert quotable(Sentence(0.0, 1.0, text)) is kept


def test_the_header_of_a_table_is_not_quoted_but_its_rows_are() -> None:
    heads, row = "Forme | Demandes | Accords", "Association | 189 | 128"
    assert [quotable(Sentence(2.1, 2.2, text, heads=heads)) for text in (heads, row)] == [False, True]


def test_a_sentence_that_leans_brings_the_one_before_it() -> None:
    talk = sentences("Le prêt participatif est un prêt long.", "Il se rembourse en dernier.", "La banque attend.")
    assert [leans(s.text) for s in talk] == [False, True, False]
    assert not leans("Il y a des banques."), "« il y a » stands for nothing"
    found = choose(asked("comment rembourser"), [candidate(i, talk) for i in range(3)], np.array([-9.0, 2.0, -9.0]), 4)
    assert places(found) == [[0, 1]]
    alone = choose(asked("comment rembourser"), [candidate(1, talk)], np.array([2.0]), 4)
    assert places(alone) == [[1]], "what cannot be quoted is not brought along"


def test_a_sentence_that_leans_on_one_that_leans_too_brings_both_and_no_more() -> None:
    talk = sentences(
        "La banque prête.", "Elle crée la monnaie.", "Elle la détruit.", "Cela se voit.", "La suite vient."
    )
    everything = [candidate(i, talk) for i in range(5)]
    assert places(choose(asked("la monnaie"), everything, np.array([-9.0, -9.0, 2.0, -9.0, -9.0]), 4)) == [[0, 1, 2]]
    assert places(choose(asked("la monnaie"), everything, np.array([-9.0, -9.0, -9.0, 2.0, 1.9]), 4)) == [
        [1, 2, 3],
        [4],
    ]
    beside = choose(asked("la monnaie"), everything, np.array([-9.0, 1.5, 2.0, -9.0, -9.0]), 4)
    assert places(beside) == [[0, 1, 2]], "a neighbour that leans wants its noun too"
    studied = [replace(c, written=True) for c in everything]
    found = choose(asked("la monnaie"), studied, np.array([-9.0, -9.0, 2.0, -9.0, -9.0]), 4)
    assert places(found) == [[1], [2]], "each is a quote of its own, and quotes are few"


def test_a_pronoun_is_quoted_with_the_question_of_the_same_speaker_that_has_its_noun() -> None:
    talk = sentences(
        "On paie en euros.", "Et la comptabilité ?", "Elle reste en euros.", "Rien ne change.", "C’est tout."
    )
    ask = asked("la comptabilité")
    kept = [candidate(i, talk) for i in (0, 2, 3, 4)]
    (found,) = choose(ask, kept, np.array([-9.0, 2.0, 1.9, 1.8]), 4)[:1]
    assert [s.text for s in told(found)] == ["Et la comptabilité ?", "Elle reste en euros.", "Rien ne change."]
    (alone,) = choose(ask, [candidate(3, talk)], np.array([2.0]), 4)
    assert [s.text for s in told(alone)] == ["Rien ne change."], "what leans on nothing stands alone"
    other = replace(kept[1], before=replace(talk[1], speaker="Voix 2"))
    assert [s.text for s in told([other])] == ["Elle reste en euros."], "nobody is quoted with another's words"
    assert [s.text for s in told([replace(kept[1], written=True)])] == ["Elle reste en euros."]


def test_neighbours_nearly_as_good_are_read_together_up_to_three_and_never_across_speakers() -> None:
    talk = sentences(*(f"La phrase numéro {i} du prêt." for i in range(5)))
    everything = [candidate(i, talk) for i in range(5)]
    scores = np.array([1.2, 2.0, 1.5, 1.4, -8.0])
    assert places(choose(asked("le prêt"), everything, scores, 1)) == [[1, 2, 3]]
    assert places(choose(asked("le prêt"), everything, np.array([-8.0, 2.0, 0.9, 1.4, -8.0]), 4)) == [[1], [2, 3]]
    other = replace(everything[2], sentence=replace(talk[2], speaker="Voix 2"))
    assert places(choose(asked("le prêt"), [*everything[:2], other, *everything[3:]], scores, 1)) == [[0, 1]]
    studied = [replace(c, written=True) for c in everything]
    assert places(choose(asked("le prêt"), studied, scores, 1)) == [[1]], "a heading may stand between"


def test_quotes_are_few_near_the_best_and_told_in_the_order_they_were_said() -> None:
    talk = sentences(*(f"La phrase numéro {i} du prêt." for i in range(6)))
    apart = [candidate(i, talk, passage=f"passage {i}") for i in range(6)]
    scores = np.array([1.0, 0.5, 2.0, -8.0, 1.5, 1.2])
    assert places(choose(asked("le prêt"), apart, scores, 4)) == [[0], [2], [4], [5]]
    one_passage = [candidate(i, talk) for i in range(6)]
    assert places(choose(asked("le prêt"), one_passage, scores, 4)) == [[2], [4, 5]]
    assert choose(asked("le prêt"), [], np.zeros(0), 4) == []


def test_the_same_words_are_quoted_once() -> None:
    talk = sentences("La garantie couvre la moitié.", "La garantie couvre la moitié.")
    both = [candidate(i, talk, passage=str(i)) for i in range(2)]
    assert len(choose(asked("la garantie"), both, np.array([1.0, 1.0]), 4)) == 1


def test_each_side_of_a_comparison_is_quoted_though_one_is_nearer() -> None:
    shares = sentences("La part sociale donne une voix.", "La part sociale se rembourse au nominal.")
    bonds = sentences("Le titre participatif ne donne pas de voix.")
    everything = [
        replace(candidate(0, shares, slug="a", passage="a0"), sides=(1.0, 0.0)),
        replace(candidate(1, shares, slug="a", passage="a1"), sides=(1.0, 0.0)),
        replace(candidate(0, bonds, slug="b"), sides=(0.0, 1.0)),
    ]
    scores = np.array([3.0, 2.0, -0.5])
    found = choose(asked("différence entre une part sociale et un titre participatif"), everything, scores, 2)
    assert {c.slug for (c,) in found} == {"a", "b"}
    assert {c.slug for (c,) in choose(asked("une part sociale"), everything, scores, 2)} == {"a"}


def test_figures_of_sentences_are_relative_to_the_others() -> None:
    found = study("Quel est le taux d'un prêt ?", "Le taux est de 4 % par an.", "Le prêt est une dette.")
    table = dict(zip(FEATURES, found.described.T, strict=True))
    assert list(table["figure"]) == [1, 0]
    assert list(table["no_figure"]) == [0, 1]
    assert list(table["meaning"]) == [0, 0]
    assert describe(found.asked, []).shape == (0, len(FEATURES))
    assert zscores([1, 2, 3]).mean() == pytest.approx(0)
    assert list(zscores([5, 5])) == [0, 0]


@pytest.mark.parametrize(
    ("text", "before", "told_of"),
    [
        ("Le prêt participatif est un prêt long.", "", "Le prêt participatif"),
        ("Alors, un titre associatif, c’est une sorte d’obligation.", "", "un titre associatif"),
        ("Une SCIC, c'est donc tout simplement une coopérative.", "", "Une SCIC"),
        ("Être autonome veut dire décider seul.", "", "Être autonome"),
        ("L'intracting désigne un prêt à soi-même.", "", "L'intracting"),
        ("Le fonds de dotation sert à recevoir des dons.", "", "Le fonds de dotation"),
        ("A participatory loan is a loan that is repaid last.", "", "A participatory loan"),
        ("So equity means what the owners put in.", "", "equity"),
        ("C'est une coopérative à plusieurs collèges.", "Parlons de la SCIC.", "Parlons de la SCIC."),
        ("It’s a loan that is repaid last.", "And the participatory loan?", "And the participatory loan?"),
        ("Pour faire simple, une SCIC est une coopérative.", "", "une SCIC"),
        ("Dans un fonds de dotation, le président est un bénévole.", "", "le président"),
        ("On a pris un prêt participatif parce que la banque est une coopérative.", "", "la banque"),
        # What only has such a verb.
        ("C'est une bonne idée.", "", ""),
        ("C'est très bien.", "Parlons de la SCIC.", ""),
        ("Le prêt participatif, c'est cher.", "", ""),
        ("Le taux est le même.", "", ""),
        ("Une banque qui est une coopérative prête autrement.", "", ""),
        ("On disait que c'est un prêt comme un autre.", "", ""),
        ("La loi permet de prêter.", "", ""),
        ("The bank that is a member lends.", "", ""),
    ],
)
def test_a_sentence_defines_what_stands_before_its_verb(text: str, before: str, told_of: str) -> None:
    assert defined(text, before) == told_of


def test_a_definition_asked_for_is_one_of_what_is_asked_for() -> None:
    texts = (
        "Le prêt participatif est un prêt long.",
        "C'est une dette qui se rembourse en dernier.",
        "Le maire est un ami du prêt participatif.",
        "Et la quasi-équité, c'est un prêt participatif.",
    )
    for question, defines in (
        ("C'est quoi un prêt participatif ?", [1, 1, 0, 0]),
        ("What is a participatory loan?", [1, 1, 0, 0]),
        ("Qui donne un prêt participatif ?", [0, 0, 0, 0]),
    ):
        found = study(question, *texts)
        candidates = _candidates(found.hits, found.overlap, found.talks, (), None)
        table = dict(zip(FEATURES, describe(found.asked, candidates).T, strict=True))
        assert list(table["defines"]) == defines, question
