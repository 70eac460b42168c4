"""Figures of a French or English text, however they are written: « 4 % », « quatre pour cent », "two million euros". Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from text_to_num import alpha2digit

_GREAT = {"mille": 1e3, "million": 1e6, "milliard": 1e9}
_SPACES = re.compile(r"(?<=\d)[ \u00a0\u202f](?=\d{3}(?!\d))")
_MILLIONS = re.compile(r"(\d+(?:[.,]\d+)?)[ \u00a0\u202f](mille|million|milliard)s?\b", re.IGNORECASE)
_PER_CENT = re.compile(r"\s*\b(pour ?cents?\b)|(?<=\d)\s+%", re.IGNORECASE)
# Words for shares, after how many; « un quart » is no number to text2num.
_SHARES = re.compile(
    r"(?:(?<![\w.,])(\d+)\s)?\b(moitié|tiers|quarts?|double|triple|dixième|douzaine|dizaine|vingtaine|trentaine|centaine)s?\b"
)
# « Un » counts before what is counted (« un an », « un à 2 ans »), and is an article elsewhere.
_ONE = re.compile(
    r"\bune?(?=\s(?:(?:à|ou|et) \d+\s)?(?:[%€]|(?:an|année|mois|semaine|jour|heure|minute|euro|fois par)s?\b|point de (?:plus|moins|pourcentage|taux)\b))"
)
_HYPHEN = re.compile(r"-(?=(?:tiers|quarts)\b)")
_FIGURE = re.compile(
    r"(?<![\w.,])(\d+(?:[.,]\d+)?)(?:er|e|è|ème)?(?![\d\w])\s*(%|€|(?:de |d['’])?[^\W\d_]+)?", re.IGNORECASE
)
# English words of figures that are not numbers, in French: the rest is read alike.
_ENGLISH = {
    **dict.fromkeys(("percent", "per cent"), "%"),
    **dict.fromkeys(("year", "years"), "ans"),
    **dict.fromkeys(("month", "months"), "mois"),
    "half": "moitié",
    **dict.fromkeys(("third", "thirds"), "tiers"),
    **dict.fromkeys(("quarter", "quarters"), "quart"),
    **dict.fromkeys(("dozen", "dozens"), "douzaine"),
}
_ENGLISH_WORD = re.compile(rf"\b(?:{'|'.join(sorted(_ENGLISH, key=len, reverse=True))})\b", re.IGNORECASE)
_COMMAS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_UNITS = {
    **dict.fromkeys(("%", "point"), "%"),
    **dict.fromkeys(("€", "euro"), "€"),
    **dict.fromkeys(("an", "année"), "an"),
    **dict.fromkeys(("mois", "semaine", "jour", "heure", "minute"), ""),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A number and what it counts: « % », « € », « an », « mois »…, empty where the text does not say."""

    value: float
    unit: str


def in_digits(text: str, language: Literal["fr", "en"] = "fr") -> str:
    """Return a text with its numbers in digits, without spaces in them: « vingt-cinq mille » and « 25 000 » as 25000."""
    text = _SPACES.sub("", text.replace("’", "'"))
    text = _MILLIONS.sub(lambda m: f"{float(m[1].replace(',', '.')) * _GREAT[m[2].lower()]:.0f}", text)
    # From two on: « un » is mostly an article.
    return str(alpha2digit(_PER_CENT.sub(" %", text), language, threshold=2))


def figures(text: str, language: Literal["fr", "en"] = "fr") -> Iterator[Figure]:
    """Yield the figures of a text; shares such as « la moitié » count as figures without a number."""
    if language == "en":
        text = _ENGLISH_WORD.sub(lambda m: _ENGLISH[m[0].lower()], _COMMAS.sub("", text).replace("€", " €"))
    text = in_digits(text, language)
    yield from _numbers(text)
    for share in _SHARES.finditer(text.lower()):
        yield Figure(-1.0, share[2].rstrip("s"))


def claimed(text: str) -> Iterator[Figure]:
    """Yield the figures of a French text more strictly, for a claim to be compared with what it rests on.

    « Un an » is one year, and shares are counted, downwards: « deux tiers » is -2 thirds, which no number of other things tells.
    """
    text = _ONE.sub("1", in_digits(_HYPHEN.sub(" ", text.lower())))
    yield from _numbers(_SHARES.sub(" ", text))
    for share in _SHARES.finditer(text):
        yield Figure(-float(share[1] or 1), share[2].rstrip("s"))


def _numbers(text: str) -> Iterator[Figure]:
    for match in _FIGURE.finditer(text):
        word = re.sub(r"^(?:de |d')", "", (match[2] or "").lower())
        yield Figure(float(match[1].replace(",", ".")), _unit(word))


def _unit(word: str) -> str:
    for form in (word, word.removesuffix("s")):
        if form in _UNITS:
            return _UNITS[form] or form
    return ""


def told(figure: Figure, said: set[Figure]) -> bool:
    """Say whether a figure was said, of the same thing as far as both texts name it."""
    return any(
        figure.value == other.value and (figure.unit == other.unit or "" in (figure.unit, other.unit)) for other in said
    )
