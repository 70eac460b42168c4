"""What a question calls by another name is read by its right ones too."""

import pytest

from index.synonyms import in_full
from transcripts.glossary import glossary


@pytest.mark.parametrize(
    ("query", "read"),
    [
        ("l'agrément ESUS", "l'agrément ESUS (entreprise solidaire d’utilité sociale)"),
        ("How does a participatory loan work?", "How does a participatory loan work? (prêt participatif)"),
        ("caution préparticipatif", "caution préparticipatif (prêt participatif)"),
        ("le prêt participatif", "le prêt participatif"),
        ("quelle heure est-il", "quelle heure est-il"),
    ],
)
def test_other_names_bring_the_right_one_and_nothing_else(query: str, read: str) -> None:
    assert in_full(query, glossary()) == read
