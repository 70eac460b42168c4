"""What people wrote, in themes: only what five wrote, rounded, with a few examples."""

import threading
import time
from collections.abc import Sequence

import numpy as np

from app.opinions import Opinions, Theme
from app.wanted import Vectors
from transcripts.glossary import glossary

# Three directions of meaning; texts of one are near each other.
MEANT = {
    "Une garantie publique.": (1, 0, 0),
    "Une garantie sans caution.": (0.99, 0.1, 0),
    "Garantie refusée.": (0.98, 0.15, 0),
    "Garantie trop chère.": (0.97, 0.2, 0),
    "La subvention vient tard.": (0, 1, 0),
    "Des bureaux plus grands.": (0, 0, 1),
    "Un local.": (0.1, 0, 0.99),
}
TIMES = (3, 2, 1, 1, 9, 3, 1)


def vectors(texts: Sequence[str]) -> Vectors:
    found = np.array([MEANT[text] for text in texts], np.float32)
    return found / np.linalg.norm(found, axis=1, keepdims=True)


def test_themes_have_five_texts_or_more_and_are_rounded_with_three_examples() -> None:
    asked_for = threading.Event()

    def slowly(texts: Sequence[str]) -> Vectors:
        asked_for.wait(10)
        return vectors(texts)

    opinions = Opinions(slowly, lambda query: vectors([query])[0], glossary)
    texts = tuple(text for text, times in zip(MEANT, TIMES, strict=True) for _ in range(times))
    assert opinions.themes(texts) is None, "nobody waits for them"
    asked_for.set()
    for _ in range(200):
        if (themes := opinions.themes(texts)) is not None:
            break
        time.sleep(0.1)
    assert themes == [
        Theme("subvention", 10, ("La subvention vient tard.",)),
        Theme(
            "Une garantie publique.", 5, ("Une garantie publique.", "Une garantie sans caution.", "Garantie refusée.")
        ),
    ]
    assert opinions.find(texts, "Un local.", 2) == ["Un local.", "Des bureaux plus grands."]
