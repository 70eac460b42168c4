"""Search and replace in what was said. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Wanted:
    """Words to find: as whole words or anywhere, with this case or any. Kinds of spaces and apostrophes count as one."""

    text: str
    whole: bool = True
    case: bool = False


def replaced(text: str, wanted: Wanted, by: str) -> str:
    """Return the text with other words in place of the wanted ones, which lend their capital where case is free."""

    def put(found: re.Match[str]) -> str:
        capital = not wanted.case and found[0][:1].isupper() and by[:1].islower()
        return by[:1].upper() + by[1:] if capital else by

    pattern = _pattern(wanted)
    return pattern.sub(put, text) if pattern else text


def places(text: str, wanted: Wanted) -> list[tuple[int, int]]:
    """Return the characters, first and last, where the wanted words stand."""
    pattern = _pattern(wanted)
    return [found.span() for found in pattern.finditer(text)] if pattern else []


@lru_cache(maxsize=1024)
def _pattern(wanted: Wanted) -> re.Pattern[str] | None:
    words = [re.sub("['’]", "['’]", re.escape(word)) for word in wanted.text.split()]
    if not words:
        return None
    pattern = r"\s+".join(words)
    if wanted.whole:
        pattern = rf"(?<!\w){pattern}(?!\w)"
    return re.compile(pattern, 0 if wanted.case else re.IGNORECASE)
