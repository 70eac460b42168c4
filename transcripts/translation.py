"""Whether an English sentence says what the French one says that it translates. Pure.

Like `transcripts.support` it would rather drop a true sentence than keep a false one. What it cannot see is an exchange
of roles (« A lends to B » for « B lends to A »): meaning in e5's vectors is nearly blind to it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from transcripts.figures import figures, told
from transcripts.glossary import Term
from transcripts.matching import lexicon, occurrences, words_of
from transcripts.phonetics import fold
from transcripts.support import denies, plain

Difference = Literal["form", "length", "figure", "negation", "opposite", "name", "meaning"]

_SHORTEST, _LONGEST = 5, 55  # words
_RATIO = 0.5, 1.8  # words of the English for one of the French
_COSINE = 0.88
# Words that English alone writes with a capital.
_CAPITALS = frozenset(
    [
        "i",
        "france",
        "french",
        "europe",
        "european",
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ]
)
_NEGATION = re.compile(
    r"\b(?:not|no|never|nor|neither|none|nobody|nothing|without|cannot|impossible|forbid\w*|forbidden|prohibited)\b|n['’]t\b",
    re.IGNORECASE,
)
_NOT_ONLY = re.compile(r"\bnot only\b", re.IGNORECASE)
# What an English word says, and the French that must stand there for it.
_SAYS = [
    (re.compile(rf"\b(?:{english})", re.IGNORECASE), re.compile(rf"\b(?:{french})", re.IGNORECASE))
    for english, french in (
        (r"more\b|higher\b|longer\b|greater\b", r"plus\b|supérieur|davantage|meilleur|au-delà|long|dépass"),
        (r"less\b|lower\b|fewer\b|shorter\b|smaller\b", r"moins\b|inférieur|faible|court|petit|bas"),
        (r"before\b", r"avant\b|préalable|d'abord|d’abord|devant"),
        (r"after\b", r"après\b|suivant|une fois|puis\b|derrière|ensuite|au bout"),
        (r"increas|rise|rais|grow", r"augment|hausse|mont|croît|croi|lèv|lev|relev"),
        (r"decreas|fall|drop|reduc", r"baiss|diminu|recul|descend|tomb|rédui"),
        (r"at least|minimum", r"au moins|minimum|minimal|plancher|dès\b|à partir"),
        (r"at most|maximum|up to\b|ceiling|cap\b|capped", r"au plus|maximum|maximal|plafon|jusqu"),
        (
            r"must\b|mandatory|compulsory|required|oblig|have to\b|has to\b",
            r"obligatoire|oblig|impos|doi|faut|exig|dev",
        ),
        (r"always\b|every\b|each\b|all\b", r"toujours|tous\b|toutes?\b|tout\b|chaque|chacun|ensemble"),
        (r"free\b|for nothing", r"gratuit|libre|rien\b|sans frais|sans intérêt"),
        (r"guarant", r"garant"),
        (r"unlimited", r"illimit|sans limite"),
        (r"automatic", r"automati"),
        (r"immediate|instantly|at once", r"immédiat|tout de suite|aussitôt|instant"),
        (r"only\b|exclusiv|solely", r"seul|que\b|qu['’]|uniquement|exclusi|rien\b"),
        (r"illegal|unlawful|forbid|prohibit", r"illégal|interdi|droit"),
        (r"exempt", r"exonér|dispens"),
        (r"refus|reject|den(?:y|ie)", r"refus|rejet|non\b"),
        (r"accept|agree|approv", r"accept|accord|d['’]accord|oui\b|valid"),
        (r"private", r"privé"),
        (r"public\b", r"publi[cq]"),
        (r"fixed", r"fixe"),
        (r"variable", r"variable"),
        (r"easy|easier|simpl", r"facile|simpl|aisé"),
        (r"difficult|hard\b|complex", r"difficile|compliqu|complexe|dur"),
    )
]


def differs(english: str, french: str, cosine: float, terms: Sequence[Term]) -> Difference | None:
    """Return how a translation differs from its original, None when it seems true.

    Args:
        cosine: of the unit vectors of both.
        terms: the terms of the field with their English.
    """
    length = len(english.split())
    if not plain(english) or not _SHORTEST <= length <= _LONGEST:
        return "form"
    if not _RATIO[0] <= length / max(1, len(french.split())) <= _RATIO[1]:
        return "length"
    here, there = set(figures(english, "en")), set(figures(french))
    if not (all(told(f, there) for f in here) and all(told(f, here) for f in there)):
        return "figure"
    if bool(_NEGATION.search(_NOT_ONLY.sub(" ", english))) != denies(french):
        return "negation"
    if any(says.search(english) and not said.search(french) for says, said in _SAYS):
        return "opposite"
    if not _named(english, french, terms):
        return "name"
    return None if cosine >= _COSINE else "meaning"


def _named(english: str, french: str, terms: Sequence[Term]) -> bool:
    """Say whether the terms and names of the English stand in the French."""
    tokens, there = words_of(english), words_of(french)
    said = {name.term.term for _, _, name in occurrences(there, lexicon(tuple(terms)))}
    allowed = {t.folded for t in there}
    spoken = f" {' '.join(t.base for t in tokens)} "
    for term in terms:
        for name in term.english:
            bases = [t.base for t in words_of(name)]
            if f" {' '.join(bases)} " in spoken:
                if term.term not in said and len(bases) > 1:
                    return False
                allowed |= {t.folded for t in words_of(name)} if term.term in said else set()
    return all(
        t.folded in allowed or fold(t.text) in allowed
        for t in tokens[1:]
        if t.text[0].isupper() and t.folded not in _CAPITALS
    )
