"""Quotes are made readable without a word that was not said."""

import pytest

from index.answer import Draft, Quote
from index.quoted import Quoted, readable
from tests.index.studied import DETAILS, sentences
from transcripts.sentences import Sentence


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Le prêt, euh, est long.", "Le prêt […] est long."),
        ("Euh, donc le le taux monte.", "[…] donc […] le taux monte."),
        ("La banque la banque garantit.", "La banque la banque garantit."),
        ("C'est très très long.", "C'est très très long."),
        ("Nous nous engageons, hein.", "Nous nous engageons."),
        ("Ceux qui le sont sont exonérés, en en parlant.", "Ceux qui le sont sont exonérés, en en parlant."),
        ("C'est, c'est un un un prêt.", "[…] C'est […] un prêt."),
        ("Le prêt est long.", "Le prêt est long."),
        ("C'est vraiment très cher pour nous, hein !", "C'est vraiment très cher pour nous !"),
        ("Vous suivez, euh, hein\u00a0?", "Vous suivez\u00a0?"),
        ("It is expensive, hein!", "It is expensive!"),
    ],
)
def test_hesitations_and_stammers_are_left_out_and_marked(said: str, shown: str) -> None:
    assert readable(said) == shown
    left = [word for word in readable(said).replace("[…]", " ").split() if word.strip(".,!?")]
    assert all(word.strip(".,!?").lower() in said.lower() for word in left)


def test_each_quote_is_a_sentence_and_stays_to_the_letter() -> None:
    quotes = [Quote(s, DETAILS) for s in sentences("Euh, le prêt est long.", "La banque attend.")]
    drafts = Quoted().draft("?", "fr", quotes, [], lambda drafts: None)
    assert [draft.quotes for draft in drafts] == [(quote,) for quote in quotes]
    assert drafts[0].quotes[0].sentence.text == "Euh, le prêt est long."
    row = Quote(Sentence(2.1, 2.2, "Fondation | 24", heads="Forme | Demandes"), DETAILS)
    assert Quoted().draft("?", "fr", [row], [], lambda drafts: None) == [
        Draft("[Forme] Fondation ; [Demandes] 24", (row,))
    ]
