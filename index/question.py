"""What a person typed, made fit to search with. Pure."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from types import ModuleType
from typing import Literal

from transcripts.errors import BadInput

LONGEST = 1_000  # characters

Language = Literal["fr", "en"]

# A question counts as English only when it is clearly so: members write French, with English terms in it.
_CLEARLY = 5.0  # difference of log likelihoods


def clean(text: str) -> str:
    """Return the question in composed letters, without control characters and needless space.

    Raises `BadInput` when there is no word in it, or more than `LONGEST` characters.
    """
    visible = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text)
    kept = "".join(c for c in visible if unicodedata.category(c) not in ("Cf", "Cs", "Co"))
    # PDFs and Macs give « é » as two signs, which no word of the library has.
    question = unicodedata.normalize("NFC", " ".join(kept.split()))
    if len(question) > LONGEST:
        raise BadInput(
            f"La question est trop longue ({len(question)} caractères) : posez-la en une ou deux phrases, {LONGEST} caractères au plus."
        )
    if not any(c.isalnum() for c in question):
        raise BadInput(
            "La question ne contient aucun mot : écrivez ce que vous cherchez, par exemple « prêt participatif »."
        )
    return question


def language_of(question: str) -> Language:
    """Return the language of a question, French unless it is clearly English."""
    likelihoods = dict(_identifier().rank(question.lower()))
    english = len(question.split()) > 2 and likelihoods["en"] - likelihoods["fr"] > _CLEARLY
    return "en" if english else "fr"


@lru_cache(maxsize=1)
def _identifier() -> ModuleType:
    import py3langid

    py3langid.set_languages(["fr", "en"])
    return py3langid  # type: ignore[no-any-return]
