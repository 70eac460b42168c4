"""Mis-heard terms come out right, and nothing else is touched."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.corrections import Correction, correct
from ingest.cues import Word, make_cues
from transcripts.glossary import glossary


def spoken(text: str, pace: float = 0.5) -> list[Word]:
    return [Word(i * pace, (i + 1) * pace, f" {word}") for i, word in enumerate(text.split(" "))]


def corrected(text: str) -> str:
    words, _ = correct(spoken(text), glossary())
    return "".join(word.text for word in words).strip()


@pytest.mark.parametrize(
    ("heard", "right"),
    [
        # Forms that the glossary lists.
        ("On a eu un préparticipatif avec puis France.", "On a eu un prêt participatif avec Bpifrance."),
        ("Près participatif, ça fait peur.", "Prêt participatif, ça fait peur."),
        ("Notre coopérative a demandé l'agrément jésus.", "Notre coopérative a demandé l'agrément ESUS."),
        ("une coopérative en sic, (la skop) aussi", "une coopérative en SCIC, (la SCOP) aussi"),
        ("Une personne, une voie : c'est la coopérative.", "Une personne, une voix : c'est la coopérative."),
        # Nobody listed these.
        ("il nous faut un prêt participatyve, dit-elle", "il nous faut un prêt participatif, dit-elle"),
        ("c'est la taxonomy européenne !", "c'est la taxonomie européenne !"),
        ("une coopérative chez Group ama", "une coopérative chez Groupama"),
        # Articles, elision, number.
        ("La MF surveille les banques et leur capital.", "L'AMF surveille les banques et leur capital."),
        ("le crédit de l'adème", "le crédit de l'Ademe"),
        ("un prêt de l'anef", "un prêt de la Nef"),
        ("des titre participative", "des titres participatifs"),
        ("deux préparticipatifs", "deux prêts participatifs"),
        ("nos fonds propre sont faibles", "nos fonds propres sont faibles"),
    ],
)
def test_a_misheard_term_is_put_right(heard: str, right: str) -> None:
    assert corrected(heard) == right


@pytest.mark.parametrize(
    "text",
    [
        "On est près de finir le plan de financement participatif, et puis France Active nous aide.",
        "Et puis France Télévisions parle de la banque.",
        "Elle écrit sic entre crochets, le scope du projet de coopérative change, quel scoop.",
        "Jésus est agréé par la banque, et sus aux prêts.",
        "La skik de Lyon et la skop sont des plats d'ici.",
        "Une transition injuste, des réserves partageables et une gestion intéressée.",
        "Le parc social et le capital impatient, un autofinancement participatif.",
        "Des prêts participatifs, une part sociale, deux Scop et une scic, les dettes séniors.",
        "Des capitaux patients, une mesure d'impacts, l'appel à projet et le scope 3.",
        "La CAF verse, un ami vient, la nef de l'église, il la dit, il avise.",
        "Les organismes de foncier solidaire signent des baux.",
        "Un fonds propre à la région.",
    ],
)
def test_right_words_stay(text: str) -> None:
    words = spoken(text)
    assert correct(words, glossary()) == (words, ())


def test_times_span_what_was_merged_and_what_was_heard_is_kept() -> None:
    words, made = correct(spoken("Un préparticipatif et une taxe au nomie européenne."), glossary())
    assert [(w.start, w.end, w.text) for w in words] == [
        (0.0, 0.5, " Un"),
        (0.5, 1.0, " prêt participatif"),
        (1.0, 1.5, " et"),
        (1.5, 2.0, " une"),
        (2.0, 4.0, " taxonomie européenne."),
    ]
    assert made == (
        Correction(0.5, 1.0, "préparticipatif", "prêt participatif"),
        Correction(2.0, 4.0, "taxe au nomie européenne", "taxonomie européenne"),
    )


def test_the_recogniser_parts_words_as_it_likes() -> None:
    pieces = [" La", " coopérative", " cherche", " l", "'ad", "ème", " et", " une", " épargne", "-solitaire", "."]
    words, _ = correct([Word(i, i + 1, piece) for i, piece in enumerate(pieces)], glossary())
    assert "".join(w.text for w in words) == " La coopérative cherche l'Ademe et une épargne solidaire."
    assert [w.end for w in words][-1] == len(pieces)


# Words that are parts of forms and of terms, and make none whatever their order.
_PLAIN = st.sampled_from(
    [
        "Le",
        "près",
        "de",
        "puis",
        "scope,",
        "sic.",
        "est-ce",
        "l'impact",
        "coopérative",
        "banque",
        "Paris",
        "!",
        "propre",
        "",
    ]
)


@given(st.lists(st.tuples(_PLAIN, st.integers(0, 900)), max_size=30))
def test_words_without_any_form_come_back(said: list[tuple[str, int]]) -> None:
    words, at = [], 0
    for text, length in said:
        words.append(Word(at / 1000, (at + length) / 1000, f" {text}"))
        at += length
    assert correct(words, glossary()) == (words, ())


_FORMS = st.sampled_from([form.replace("(", "").replace(")", "") for t in glossary() for form in t.heard])


@given(st.lists(_PLAIN | _FORMS, max_size=15))
def test_times_stay_in_order_and_cues_can_be_made(texts: list[str]) -> None:
    words = spoken(" ".join(texts)) if texts else []
    got, made = correct(words, glossary())
    assert all(one.start <= one.end <= other.start for one, other in pairwise(got))
    assert [w for w in words if w in got] == [w for w in got if w in words]
    assert all(c.heard != c.term for c in made)
    if words:
        assert (got[0].start, got[-1].end) == (words[0].start, words[-1].end)
        assert "".join("".join(c.text for c in make_cues(got)).split()) == "".join("".join(w.text for w in got).split())
