"""What a language model answers when it is asked for sentences that name their lines. Pure.

Shared by whatever lets a model write: the summary of a talk, and answers to questions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_TOO_MANY = 40  # sentences of one answer that are looked at
_LONGEST = 1_000  # characters of a line that are looked at
# Lines that give orders to a machine are not shown to it, and cannot be cited: repeated, an order would be borne out.
_ORDER = re.compile(
    r"\b(?:ignor|oubli|disregard|forget)\w*\b.{0,60}\b(?:consigne|instruction|règle|rule|prompt)"
    r"|\b(?:écri(?:s|vez|re)|répond(?:s|ez|re)|affirme[rz]?|ajoute[rz]|résume[rz]?|write|answer|say)\b.{0,30}\b(?:que|qu['’]|that|ceci|exactement)\b"
    r"|</?transcription|\b(?:system|assistant|user) ?:|\bprompt\b",
    re.IGNORECASE,
)
_ANSWER = re.compile(r"[\s*\-•>]*\[?\s*(\d[\d\s,;\[\]–-]*?|\d[\d\s,;–-]* et \d+)\s*\]?[\s*]*:[\s*]*(\S.*)")


def orders(text: str) -> bool:
    """Say whether a sentence of a transcript reads as an order to a machine."""
    return bool(_ORDER.search(text))


def cited_sentences(answer: str) -> Iterator[tuple[list[int], str]]:
    """Yield the sentences of an answer with the indices (from 0) of the lines that they name."""
    yield from cited_lines(answer.splitlines())


def cited_lines(lines: Iterable[str]) -> Iterator[tuple[list[int], str]]:
    """Yield the sentences of an answer that comes line by line; see `cited_sentences`."""
    found = 0
    for line in _aloud(lines):
        match = _ANSWER.fullmatch(line.strip()[:_LONGEST])
        if match and found < _TOO_MANY:
            found += 1
            yield _cited(match[1]), match[2].strip(" *").replace("'", "’")


def _aloud(lines: Iterable[str]) -> Iterator[str]:
    """Yield lines without what stands between ``<think>`` and ``</think>``, over several lines too."""
    thinking = False
    for line in lines:
        kept, rest = "", line
        while rest:
            said, mark, rest = rest.partition("</think>" if thinking else "<think>")
            kept += "" if thinking else said
            thinking ^= bool(mark)
        yield kept


def _cited(numbers: str) -> list[int]:
    """Return the indices that « 12, 14-16 » names; a long range stays as its two ends, which are too far apart."""
    cited: set[int] = set()
    for first, last in re.findall(r"(\d{1,6})(?:\s*[–-]\s*(\d{1,6}))?", numbers):
        begin, end = int(first) - 1, int(last or first) - 1
        cited |= set(range(begin, end + 1)) if 0 <= end - begin < 10 else {begin, end}
    return sorted(cited)
