"""Letters and words as they were meant: hyphens at the ends of lines undone, ligatures and spare signs put right. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

from transcripts.formats import clean

SOFT = "\u00ad"
_LIGATURES = str.maketrans(
    {chr(0xFB00 + n): text for n, text in enumerate(("ff", "fi", "fl", "ffi", "ffl", "st", "st"))}
)
# Old fonts of TeX draw an accent, then the letter.
_ACCENTS = {"´": "\u0301", "`": "\u0300", "ˆ": "\u0302", "¨": "\u0308", "¸": "\u0327"}
_ACCENTED = re.compile(rf"([{''.join(_ACCENTS)}])\s?([aeiouycAEIOUYCı])")
_BROKEN = re.compile(r"([^\W\d_]{1,40})-$")
# What keeps its hyphen in French whatever the line does.
_KEEPS = re.compile(
    r"(?:t-il|t-elle|t-on|le|la|les|il|elle|on|ils|elles|je|tu|nous|vous|ce|ci|là|même|mêmes|moi|toi|lui|leur|y|en|dire|à-dire)\b",
    re.IGNORECASE,
)
_HOLDS = re.compile(
    r"(?:.*-)?(?:sous|vice|ex|non|peut|rendez|c'est|est|socio|franco|demi|mi|semi|quasi|grand|grande|mini|micro-?|avant|après"
    r"|plus|moins|arrière|contre|bien|haut|bas|court|long|libre|tout|chef|mot|main"
    r"|celui|celle|ceux|celles|ce|cet|cette|jusque|là|vis|porte|co)",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def tidy(text: str) -> str:
    """Return a text in composed letters, without ligatures, control signs and doubled spaces; soft hyphens stay."""
    text = unicodedata.normalize("NFC", text.translate(_LIGATURES))
    text = _ACCENTED.sub(lambda m: unicodedata.normalize("NFC", m[2].replace("ı", "i") + _ACCENTS[m[1]]), text)
    return SOFT.join(clean(part) for part in text.split(SOFT))


def raised(text: str) -> str:
    """Return what is written above the line, in the signs there are for it: « m² »."""
    return text.translate(_SUPERSCRIPTS)


class Joiner:
    """Joins lines to a running text; ``words`` are those of the whole document, which tell how a word is written."""

    def __init__(self, words: Counter[str]) -> None:
        self._words = words

    def join(self, text: str, line: str) -> str:
        """Return a text with a line after it."""
        if not text or not line:
            return text or line
        if text.endswith(SOFT):
            return text[:-1] + line
        broken = _BROKEN.search(text)
        if broken and line[:1].islower():
            after = (_WORD.match(line) or re.match("", line)).group()  # type: ignore[union-attr]
            return text + line if self._kept(broken[1], after) else text[:-1] + line
        if text.endswith("-") and line[:1].isalnum() and re.search(r"[\w]-$", text):
            return text + line  # « Franche-/Comté »
        if re.search(r"https?://\S*[/.=&?_]$", text):
            return text + line
        return f"{text} {line}"

    def _kept(self, before: str, after: str) -> bool:
        """Say whether a word broken at a hyphen is written with it."""
        whole, split = self._words[f"{before}{after}".lower()], self._words[f"{before}-{after}".lower()]
        if whole != split:
            return split > whole
        return bool(_KEEPS.match(after) or _HOLDS.fullmatch(before))


def vocabulary(lines: Iterable[str]) -> Counter[str]:
    """Count the words of a document that stand whole within a line."""
    found: Counter[str] = Counter()
    for line in lines:
        found.update(word.lower() for word in _WORD.findall(line.replace(SOFT, "-"))[:-1])
    return found


def finish(text: str) -> str:
    """Return a text without the soft hyphens that are left."""
    return clean(text.replace(SOFT, ""))
