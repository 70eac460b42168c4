"""What a question asks for: a figure, a definition, two sides, or something else. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from index.question import Language, language_of
from transcripts.figures import Figure, figures
from transcripts.glossary import Term
from transcripts.matching import lexicon, occurrences, words_of
from transcripts.phonetics import sound

Kind = Literal["number", "definition", "compare", "other"]
Measure = Literal["share", "money", "time", "year", "count"]

# « Quand » alone asks for an occasion more often than for a date (« quand la banque refuse, que faire »), which no year
# answers: it asks for one of what is over, or comes into force.
_DONE = r"(?:enfin )?(?!droit|plus)\w*(?:é|[iu][st]?|ert)e?s?\b"
_CAME = r"(?:n[ée]|entré|apparu|paru|sorti|passé|arrivé|devenu|mort)e?s?\b"
_WHEN = (
    rf"^quand (?:(?:a|ont) (?:été|eu)\b|(?:est|sont) {_CAME}|[^,]*\b(?:(?:a-t|ont)-(?:ils?|elles?|on)|avez-vous) {_DONE}"
    rf"|[^,]*\b(?:est|sont)-(?:il|elle)s? {_CAME}|[^,]*\bentr[\w-]+ en (?:vigueur|application)\b"
    rf"|est-ce qu[^,]* (?:a|ont|avez) {_DONE}|[^,]* (?:a|ont) été \w+\W*$)"
)
# An interest is a rate where somebody pays it, else what something is good for.
_PAYS = r"\b(?:(?:vers|pa[iy]|rapport|touch|demand|appliqu)(?:e|ent|er|ez|ons|ée?s?)|pren(?:d|nent)|sert|perçoi\w+)\b"
_INTEREST = (
    rf"(?:{_PAYS} quels? int[ée]r[êe]ts?\b|quels? (?:est |sont )?(?:les |l['’])?int[ée]r[êe]ts?\b(?! (?:à|a|de|d['’]|du|des|pour)\b)"
    rf"(?=.*(?:{_PAYS}|\bannuel|\bmini|\bmaxi|\bmoyen)))"
)

_FIGURES: tuple[tuple[Measure, str], ...] = (
    (
        "year",
        rf"(?:quelle|en quelle|de quelle|à quelle) (?:année|date)|{_WHEN}|depuis quand|de quand date|what year|which year|when (?:was|were|did)\b",
    ),
    (
        "time",
        r"combien de (?:temps|mois|jours|semaines|moi\b)|combien d['’](?:années|ans|heures)|quelle? (?:est |etait |était )?(?:la )?(?:durée|duree)"
        r"|quels? (?:est |sont )?(?:le |les )?(?:délai|delai|préavis|preavis)|sous quel délai|how long|how many (?:years|months|weeks|days)|quel préavis",
    ),
    (
        "share",
        r"(?:à |a )?quels? (?:est |etait |était |sont )?(?:le |les |l['’])?(?:taux|pourcentage|rendement)|quelle (?:est )?(?:la )?(?:part\b(?! sociale)|proportion\b)"
        rf"|{_INTEREST}|quel %|taux de combien|what (?:is the |was the )?(?:\w+ )?(?:rate|percentage|share|proportion|yield)|how much interest",
    ),
    (
        "money",
        r"quels? (?:est |etait |était |sont |sera )?(?:le |les )?(?:montant|prix|coût|cout|budget|salaire|capital|apport\b|loyer)|quelle (?:est )?(?:la )?(?:somme|dotation)"
        r"|combien (?:d['’]euros|coûte|coute|ça coûte|vaut|gagne|paie|verse|touche)|how much (?:does|did|do|money|is|was|can)|what (?:is the )?(?:amount|price|cost)",
    ),
    (
        "count",
        r"combien|cb\b|cbien|quels? (?:est |sont )?(?:le |les )?(?:nombre|plafond|seuil|planch|minimum|maximum|ratio|effectif|âge)|jusqu['’]à combien|how (?:many|much)"
        r"|what (?:is the )?(?:number|ceiling|cap|maximum|minimum|threshold)|quelle (?:est )?(?:la )?(?:taille|quantité|limite)",
    ),
)
_MEASURES = [(measure, re.compile(rf"\b(?:{pattern})", re.IGNORECASE)) for measure, pattern in _FIGURES]
_DEFINITION = re.compile(
    r"qu['’]est[- ]ce qu|c['’]?\s?(?:est\s)?(?:quoi|koi)\b|c['’]est quoi|veut dire|défini|definis|signifie|what (?:is|are) (?:a|an|the)?\b|what does .+ mean|kesk|késako"
    r"|^(?:qu['’]entend|à quoi (?:sert|correspond))",
    re.IGNORECASE,
)
# How two things are set side by side, the clearest way first. A part runs to a comma, a colon or the end; what only
# goes on asking ("et pourquoi ?") is no side.
_SIDE = r"[^,:?]+"
_ASKS = r"(?!(?:\w+ )?(?:qu|comment|pourquoi|combien|où\b|what|how|why|wh(?:ere|en|o|ich)\b))"
_SET_BESIDE = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:entre|between) ({_SIDE}?) (?:et|and) ({_SIDE})",
        rf"({_SIDE}?),? (?:vs\.?|versus|ou bien|plutôt qu(?:e |['’])|par rapport (?:à|aux?)\b|rather than|better than|compared (?:to|with)) ?({_SIDE})",
        rf"({_SIDE}?),? (?:ou|or) (?!(?:pas|non|not|no)\b)({_SIDE})",
        rf"({_SIDE}), (?:et|and) {_ASKS}({_SIDE}?) ?\?$",
        rf"({_SIDE}?) (?:et|and) {_ASKS}({_SIDE})",
    )
]
_COMPARES = re.compile(
    r"différence|difference|\bvs\b|versus|plutôt|rather|lequel|laquelle|compar|par rapport|pareil|même chose|mieux|better|which (?:one|is)|same"
    r"|tous les deux|toutes les deux|\bboth\b|\b(?:et|and) (?:celui|celle|ceux|celles|that of|those of)\b|, (?:et|and) [^,:?]+\?$|\b(?:ou|or)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, read.

    ``measure`` is what the figure counts that is asked for; ``sides`` what is compared; ``subjects`` the terms of the
    field that it names, in any language.
    """

    text: str
    language: Language
    kind: Kind
    measure: Measure | None
    sides: tuple[str, ...]
    subjects: tuple[Term, ...]


def read(text: str, terms: Sequence[Term]) -> Asked:
    """Read a clean question."""
    subjects = named(text, terms)
    measure = next((m for m, pattern in _MEASURES if pattern.search(text)), None)
    sides = _sides(text)
    kind: Kind = "number" if measure else "compare" if sides else "definition" if _DEFINITION.search(text) else "other"
    return Asked(text, language_of(text), kind, measure, sides, subjects)


def _sides(text: str) -> tuple[str, ...]:
    """Return the two things that a question compares, () when it compares nothing."""
    if not _COMPARES.search(text):
        return ()
    found = next((match for pattern in _SET_BESIDE if (match := pattern.search(text))), None)
    sides = tuple(side.strip() for side in found.groups()) if found else ()
    return sides if all(sum(map(str.isalnum, side)) > 2 for side in sides) else ()


def named(text: str, terms: Sequence[Term], *, misspelt: bool = True) -> tuple[Term, ...]:
    """Return the terms that a text names, in French or in English; else, when ``misspelt``, as they sound."""
    tokens = words_of(text)
    found = {name.term.term: name.term for _, _, name in occurrences(tokens, lexicon(tuple(terms)))}
    spoken = f" {' '.join(t.base for t in tokens)} "
    for english, term in _english(tuple(terms)):
        if english in spoken:
            found.setdefault(term.term, term)
    if misspelt and not found:
        # What sounds like a term, over as many words as it has, give or take one.
        heard = {sound(" ".join(t.text for t in tokens[i:j])) for i in range(len(tokens)) for j in range(i + 1, i + 7)}
        for said, term in _sounds(tuple(terms)):
            if said in heard:
                found.setdefault(term.term, term)
    return tuple(found.values())


@lru_cache(maxsize=2)
def _english(terms: tuple[Term, ...]) -> list[tuple[str, Term]]:
    return [(f" {' '.join(t.base for t in words_of(name))} ", term) for term in terms for name in term.english]


@lru_cache(maxsize=2)
def _sounds(terms: tuple[Term, ...]) -> list[tuple[str, Term]]:
    return [(said, term) for term in terms for name in term.names for said in [sound(name)] if len(said) > 5]


@lru_cache(maxsize=20_000)
def figures_of(text: str) -> tuple[Figure, ...]:
    """Return the figures of a French sentence; remembered, since numbers said in words are slow to read."""
    return tuple(figures(text))


def answers_measure(measure: Measure, text: str) -> float:
    """Say how well the figures of a sentence fit what is asked: 1 of that kind, 0.5 perhaps, 0 none."""
    best = 0.0
    for figure in figures_of(text):
        year = figure.unit == "" and 1800 <= figure.value <= 2100 and figure.value.is_integer()
        fits = {
            "share": figure.unit == "%" or figure.value < 0,
            "money": figure.unit == "€",
            "time": figure.unit in ("an", "mois", "semaine", "jour", "heure", "minute"),
            "year": year,
            "count": not year,
        }[measure]
        perhaps = figure.unit == "" and not year and measure != "year"
        best = max(best, 1.0 if fits else 0.5 if perhaps else 0.0)
    return best
