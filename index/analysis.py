"""What the word search compares: the stems of words, their letters, and the words themselves. Pure."""

from __future__ import annotations

import re

from transcripts.figures import in_digits
from transcripts.phonetics import fold
from transcripts.sentences import content_words

GRAM = 4  # letters
_WORD = re.compile(r"\w+")
_ORDINAL = re.compile(r"(?<=i)eme(?=s?\b)", re.IGNORECASE)
# What a question asks with; in a talk they are words like others.
_ASKING = frozenset(content_words("combien pourquoi existe sert marche appelle parle veut sais"))


def stems(text: str, language: str = "fr") -> list[str]:
    """Return the stems of the words that carry meaning; a number is one however it is written."""
    return content_words(numbered(text) if language != "en" else text, language)


def numbered(text: str) -> str:
    """Return a French text with its numbers in digits, those too that lack their accents."""
    return in_digits(_ORDINAL.sub("ème", text))


def asked_stems(question: str) -> list[str]:
    """Return the stems of a question, without the words that only ask."""
    return [stem for stem in stems(question) if stem not in _ASKING]


def grams(text: str) -> list[str]:
    """Return each run of `GRAM` letters of each word, its ends marked, without accents or case.

    Two spellings of a word, two forms of it, and a French word with its English cousin share most of them.
    """
    found = []
    for word in _WORD.findall(fold(text)):
        marked = f"_{word}_"
        found += [marked[i : i + GRAM] for i in range(max(1, len(marked) - GRAM + 1))]
    return found


def asked_grams(question: str) -> list[str]:
    """Return the letters of the words of a question that carry meaning, each run once."""
    words = (word for word in _WORD.findall(in_digits(question)) if asked_stems(word))
    return list(dict.fromkeys(gram for word in words for gram in grams(word)))


def plain(text: str, language: str = "fr") -> list[str]:
    """Return all words in order, without accents or case; a number is one however it is written."""
    return _WORD.findall(fold(numbered(text) if language != "en" else text).replace("œ", "oe"))


def exact_phrases(question: str) -> list[list[str]]:
    """Return the words of each phrase in quotes, as `plain` does: with and without accents a word has two stems."""
    quoted = re.findall(r"[\"“«]([^\"“”«»]+)[\"”»]", question)
    return [found for phrase in quoted if (found := plain(phrase))]
