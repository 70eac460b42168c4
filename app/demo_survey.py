"""Answers to a survey that nobody was asked: drawn by chance, always the same, to see the page of a survey at work."""

from __future__ import annotations

import csv
import datetime as dt
import io
import random
from contextlib import suppress

from app.surveys import Reviewed, Surveys, key
from transcripts.errors import HubError
from transcripts.personal import without_personal

SIZE = 850

_FORMS = {
    "Association": 45,
    "SCIC": 14,
    "SCOP": 13,
    "SAS": 12,
    "Collectivité": 6,
    "Fondation": 5,
    "Mutuelle": 3,
    "GIE": 1,
}
SECTORS = {
    "Alimentation et agriculture": 20, "Énergie": 15, "Habitat": 11, "Mobilité": 9, "Réemploi et déchets": 14,
    "Éducation": 12, "Santé et soin": 8, "Culture": 11,
}  # fmt: skip
_PLACES = {
    "75": 13, "69": 9, "35": 8, "44": 8, "33": 8, "31": 8, "59": 7, "13": 7, "67": 6, "Bretagne": 5, "76": 4, "21": 4,
    "37": 4, "2A": 1, "La Réunion": 2, "Occitanie": 3, "38000": 3,
}  # fmt: skip
_NEEDS = ("Trésorerie", "Investissement", "Fonds propres", "Garanties", "Recherche et développement", "Salaires")
_MEANS = (
    "Prêt bancaire",
    "Prêt participatif",
    "Titres associatifs",
    "Subvention",
    "Mécénat",
    "Financement participatif",
    "Monnaie locale",
)
_WROTE = {
    "Garanties": (
        "La banque demande une garantie personnelle du président, ce que personne ne peut donner.",
        "Sans garantie publique, notre prêt a été refusé deux fois.",
        "Nous ne savons pas à qui demander une garantie quand on n’a pas de bien à mettre en face.",
        "Un fonds de garantie pour les associations, simple et rapide, changerait tout.",
    ),
    "Trésorerie": (
        "Les subventions arrivent huit mois après les dépenses, notre trésorerie ne tient pas.",
        "Il nous faudrait une avance de trésorerie pour attendre les aides européennes.",
        "Chaque hiver la trésorerie manque, et le découvert coûte trop cher.",
    ),
    "Fonds propres": (
        "Nos statuts d’association ne permettent pas d’ouvrir le capital, les fonds propres manquent.",
        "Les titres associatifs semblent faits pour nous, mais personne autour de nous ne les connaît.",
        "Nous cherchons des fonds propres patients, sur dix ans au moins.",
    ),
    "Salaires": (
        "Aucun financeur ne veut payer les salaires, tous veulent un projet nouveau.",
        "L’argent va aux machines, jamais aux personnes qui les font tourner.",
    ),
    "Investissement": (
        "Le montant est trop petit pour les fonds d’investissement et trop grand pour notre banque.",
        "Acheter le bâtiment nous rendrait libres, mais l’investissement dépasse notre budget annuel.",
    ),
}  # fmt: skip
_SIGNED = ("", "", "", "", " Mme Exemple, 06 00 00 00 00.", " Écrire à contact@structure.example.org.")
_DATES = ("{y}-{m:02}-{d:02}", "{d:02}/{m:02}/{y}", "{d} mars {y}")

DESCRIPTION = """\
# L’enquête de démonstration. « kind » dit ce que contient une colonne : choice (un choix), choices (plusieurs), number (un
# nombre), amount (un montant), place (un lieu : région, département, code postal ; une ville avec l’un des trois), date,
# text (des mots libres, montrés une fois relus), personal (jamais lu).
title = "Enquête de démonstration : 850 structures et leurs besoins"
who = "organisations"  # qui a répondu, une fois chacune
about = "Réponses tirées au hasard par le hub pour montrer cette page : aucune structure n’a été interrogée."
file = "reponses.csv"
published = true
demonstration = true

[[column]]
name = "Nom de la structure"
kind = "personal"

[[column]]
name = "Courriel"
kind = "personal"

[[column]]
name = "Répondu le"
kind = "date"
title = "Année de la réponse"

[[column]]
name = "Forme juridique"
kind = "choice"
filter = true

[[column]]
name = "Secteur"
kind = "choice"
filter = true

[[column]]
name = "Siège"
kind = "place"
title = "Région"
filter = true

[[column]]
name = "Salariés"
kind = "number"
bounds = [1, 5, 20, 50]

[[column]]
name = "Montant cherché"
kind = "amount"
filter = true
bounds = [10000, 50000, 200000, 1000000]

[[column]]
name = "Besoins"
kind = "choices"
filter = true

[[column]]
name = "Financements cherchés"
kind = "choices"

[[column]]
name = "Ce qui manque"
kind = "text"
"""


def answers(size: int = SIZE) -> bytes:
    """Return ``size`` answers as a spreadsheet in French saves them: Windows-1252, semicolons, commas, a tenth left empty."""
    draw = random.Random(2026)  # noqa: S311 - nothing is secret here
    file = io.StringIO(newline="")
    rows = csv.writer(file, delimiter=";", lineterminator="\r\n")
    rows.writerow(
        ["Nom de la structure", "Courriel", "Répondu le", "Forme juridique", "Secteur", "Siège", "Salariés", "Montant cherché",
         "Besoins", "Financements cherchés", "Ce qui manque"]
    )  # fmt: skip

    def one(weights: dict[str, int]) -> str:
        return draw.choices(list(weights), list(weights.values()))[0]

    for n in range(size):
        form, sector = one(_FORMS), one(SECTORS)
        money = draw.lognormvariate(11 if form == "Association" else 12.2, 1.2)
        amount = draw.choice(
            [f"{money:.0f}", f"{money:,.2f} €".replace(",", " ").replace(".", ","), f"{money / 1000:.0f} k€"]
        )
        needs = [need for need in _NEEDS if draw.random() < (0.5 if need in ("Trésorerie", "Investissement") else 0.25)]
        means = [
            mean for mean in _MEANS if draw.random() < (0.6 if mean == "Subvention" and form == "Association" else 0.22)
        ]
        wrote = [need for need in needs if need in _WROTE]
        text = draw.choice(_WROTE[draw.choice(wrote)]) + draw.choice(_SIGNED) if wrote and draw.random() < 0.45 else ""
        date = draw.choice(_DATES).format(y=draw.choice([2025, 2025, 2026]), m=3, d=draw.randint(1, 28))
        cells = [
            date,
            form,
            sector,
            one(_PLACES),
            str(int(draw.lognormvariate(1.8, 1.1))),
            amount,
            "|".join(needs),
            "|".join(means),
        ]
        cells = [cell if draw.random() > 0.1 else "" for cell in cells]
        rows.writerow([f"Structure inventée {n + 1}", f"reponse{n + 1}@example.org", *cells, text])
    return file.getvalue().encode("cp1252")


def add(surveys: Surveys) -> None:
    """Add the survey where there is none. Its sentences were written, and so read, by those who made the demonstration."""
    if surveys.names():
        return
    kept, read = surveys.new(DESCRIPTION), dt.date(2026, 11, 1)
    said = kept.keep(answers(), DESCRIPTION, published=True).said
    kept.decide([Reviewed(key(s.text), without_personal(s.text), "démonstration", read) for s in said])


def remove(surveys: Surveys) -> None:
    """Remove it; a survey of one's own stays."""
    for name in surveys.names():
        kept = surveys.of(name)
        with suppress(HubError):  # what nobody can read is somebody's own
            if (survey := kept.any()) and survey.description.demonstration:
                kept.remove()
