"""The words of the field for what a question calls otherwise: by a short name, in English, or as it was misheard. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from index.asked import named
from transcripts.glossary import Term
from transcripts.matching import lexicon, words_of

_LONGEST = 6  # words of a misheard form


def names(query: str, terms: Sequence[Term]) -> list[str]:
    """Return the right names, which a query does not have, of the terms that it names or mishears."""
    tokens = words_of(query)
    forms = lexicon(tuple(terms)).heard
    runs = (tuple(t.folded for t in tokens[i:j]) for i in range(len(tokens)) for j in range(i + 1, i + 1 + _LONGEST))
    meant = [*named(query, terms), *(forms[run].term for run in runs if run in forms)]
    said = f" {' '.join(t.base for t in tokens)} "
    return [
        name
        for term in dict.fromkeys(meant)
        for name in term.names
        if f" {' '.join(t.base for t in words_of(name))} " not in said
    ]


def in_full(query: str, terms: Sequence[Term]) -> str:
    """Return a query with those names in brackets after it: how the embedder reads it."""
    found = names(query, terms)
    return f"{query} ({', '.join(found)})" if found else query
