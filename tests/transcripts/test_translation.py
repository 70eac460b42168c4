"""An English sentence stands only where it says what its French one says."""

import csv
from pathlib import Path

import pytest

from app.services import Services
from transcripts.figures import Figure, figures
from transcripts.glossary import glossary
from transcripts.translation import differs

FILE = Path(__file__).with_name("translations.tsv")


def pairs() -> list[tuple[str, str, str]]:
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [(kind, english, french) for kind, english, french in rows if not kind.startswith("#")]


def test_true_translations_are_kept_and_false_ones_dropped(services: Services) -> None:
    embed, terms = services.comparer.passages, glossary()
    english = embed([row[1] for row in pairs()])
    french = embed([row[2] for row in pairs()])
    found = [
        (kind, differs(there, here, float(one @ other), terms), there)
        for (kind, there, here), one, other in zip(pairs(), english, french, strict=True)
    ]
    assert not [row for row in found if row[0] != "true" and row[1] is None]
    kept = [row for row in found if row[0] == "true" and row[1] is None]
    assert len(kept) >= 0.75 * sum(kind == "true" for kind, _, _ in found), [
        row for row in found if row[0] == "true" and row[1]
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("two million euros over seven years", [(2_000_000, "€"), (7, "an")]),
        ("200,000 euros, 4.5% in 2012", [(200_000, "€"), (4.5, "%"), (2012, "")]),
        ("half of it within three months", [(3, "mois"), (-1, "moitié")]),
        ("four percent", [(4, "%")]),
    ],
)
def test_english_figures_are_read(text: str, found: list[tuple[float, str]]) -> None:
    assert list(figures(text, "en")) == [Figure(*pair) for pair in found]
