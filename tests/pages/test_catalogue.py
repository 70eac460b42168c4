"""What the catalogue shows."""

import datetime as dt

import pytest

from pages.catalogue import ORDERS, Choice, choose
from transcripts.model import THEMES, Details, Origin


def made(slug: str, title: str, day: str, theme: str, speakers: tuple[str, ...], duration: float) -> Details:
    return Details(
        f"{day}-{slug}", title, dt.date.fromisoformat(day), theme, speakers, "published", duration, "fr", "x.vtt", Origin("imported", "")
    )  # fmt: skip


LOAN = made("pret", "Le prêt participatif", "2026-11-12", "vehicules-et-systeme-financier", ("Maud A",), 500)
MONEY = made("monnaie", "D'où vient la monnaie", "2025-10-15", "systeme-monetaire-et-economique", ("Odile V",), 900)
BANK = made("banque", "Élan : ma banque dit non", "2026-10-01", "parcours-de-financement", ("Maud A", "Bastien M"), 700)
ALL = [LOAN, MONEY, BANK]


@pytest.mark.parametrize(
    ("choice", "shown"),
    [
        (Choice(), [LOAN, BANK, MONEY]),
        (Choice(order="anciennes"), [MONEY, BANK, LOAN]),
        (Choice(order="courtes"), [LOAN, BANK, MONEY]),
        (Choice(order="longues"), [MONEY, BANK, LOAN]),
        (Choice(order="titre"), [MONEY, BANK, LOAN]),
        (Choice(words="PRET"), [LOAN]),
        (Choice(words="d’ou monnaie"), [MONEY]),
        (Choice(words="maud parcours"), [BANK]),
        (Choice(words="…"), [LOAN, BANK, MONEY]),
        (Choice(words="tarte"), []),
        (Choice(theme="parcours-de-financement"), [BANK]),
        (Choice(speaker="Maud A", year=2026), [LOAN, BANK]),
        (Choice(year=2024), []),
    ],
)
def test_a_choice(choice: Choice, shown: list[Details]) -> None:
    assert choose(ALL, choice, THEMES) == shown


def test_every_order_keeps_everything() -> None:
    for order in ORDERS:
        assert sorted(d.slug for d in choose(ALL, Choice(order=order), THEMES)) == sorted(d.slug for d in ALL)
