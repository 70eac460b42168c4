"""What rules find of personal data, and what they leave alone."""

import pytest

from transcripts.personal import HIDDEN, without_personal


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("Écrivez-moi : jeanne.dupont@asso.example.org", "jeanne"),
        ("Appelez le 06 12 34 56 78 le matin", "34"),
        ("Appelez le +33 6.12.34.56.78", "12.34"),
        ("Notre siège, 12 bis rue des Lilas, 35000 Rennes, est trop petit", "Lilas"),
        ("C’est Mme Le Goff qui a suivi le dossier", "Goff"),
        ("Jean-Pierre Martin, notre trésorier, a tout monté", "Martin"),
        ("SIRET 123 456 789 00012", "456"),
        ("Voir https://www.monasso.example/page", "monasso"),
        ("IBAN FR76 3000 6000 0112 3456 7890 189", "3000"),
        ("bonjour, je suis Noëlle Quintrec et je cherche un prêt", "Quintrec"),
    ],
)
def test_what_names_somebody_is_hidden(text: str, secret: str) -> None:
    assert secret not in without_personal(text)
    assert HIDDEN in without_personal(text)


@pytest.mark.parametrize(
    "text",
    [
        "Il nous manque une garantie de France Active pour un prêt de 150 000 000 € sur 7 ans.",
        "Je suis très content de notre banque.",
        "La banque demande 3 bilans, nous en avons 2.",
        "Le Crédit Coopératif et la Nef ont dit oui en 2024.",
    ],
)
def test_what_names_nobody_stays(text: str) -> None:
    assert without_personal(text) == text
