"""Whether a written sentence says what the transcript says at the lines it cites. Pure.

What the hub shows as a summary may be written by a model; this check is why it can be believed. It would rather drop a
true sentence than keep a false one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import groupby, product
from typing import Literal

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import LCSseq

from transcripts.figures import claimed, told
from transcripts.glossary import Term
from transcripts.matching import SMALL, Token, lexicon, occurrences, words_of
from transcripts.sentences import Sentence, content_words

Vectors = npt.NDArray[np.float32]

Fault = Literal["form", "lines", "figure", "negation", "opposite", "name", "order", "added", "meaning"]

# Lines that one sentence may rest on, and how far the last may stand from the first: its link plays the first.
_LINES, _SPREAD = 4, 6
_SHORTEST, _LONGEST = 5, 45  # words
# Bounds measured by tests/bench_summary.py: cosine to the nearest cited line, how much nearer another line of the
# talk may be, and the share of the content words that nobody said there, with the terms of the field and without.
_COSINE, _FARTHER, _UNSAID = 0.86, 0.02, 0.34
_RUN = 2  # content words in a row that nobody said there: more are the model's own, « afin de renforcer la confiance des partenaires »
_AFFIRMED = 0.75  # share of the words
_GROUP = 3  # words that change places together
_PLAIN = re.compile(r"[\w\s.,;:'’\"«»()%€/!?…–—-]+")
_ADDRESS = re.compile(r"://|www\.|@|[a-z]\.[a-z]|_", re.IGNORECASE)
# Spoken French drops « ne »: where « pas » or « rien » stands alone it may deny the word before it, « la banque prête pas ».
_NEGATION = re.compile(
    r"\b(?:n['’]|ne\b|non\b|sans\b|aucune?\b|jamais\b|ni\b|nulle?\b|impossible|interdi|personne ne\b|(?:\w+ )?(?:pas|rien)\b)",
    re.IGNORECASE,
)
# Words that open sentences, and no names.
_OPENING = re.compile(
    r"\w+(?:ée?s?|ant)|grâce|parmi|selon|afin|chaque|plusieurs|certaine?s|contrairement|outre|malgré|depuis|pendant|lorsque?|dès"
    r"|lors|seule?s?|toute?s?|tous|faute|hors|enfin|ainsi|cependant|toutefois",
    re.IGNORECASE,
)
# What has such a word and denies nothing: « ne … que », « rien que » restrict, a step is a noun, the rest are set phrases.
_HARMLESS = re.compile(
    r"\b(?:n['’]|ne\s)(?:(?!\b(?:pas|rien)\b)[^.;:,]){0,60}?\bqu(?:e\b|['’])|\brien qu(?:e\b|['’])"
    r"|\b(?:un|le|au|du|chaque|premiers?|petits?|faux) pas\b|\bpas (?:à pas|mal)\b|\b(?:n['’]est-ce|pourquoi) pas\b|\bpresque rien\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[.,;:!?…»«()]|\b(?:mais|et|car|parce|puisque?|quand|si|où)\b", re.IGNORECASE)
# A sentence that has a word of one side may not rest on lines that have the other only.
_OPPOSITES = [
    (re.compile(rf"\b(?:{one})", re.IGNORECASE), re.compile(rf"\b(?:{other})", re.IGNORECASE))
    for one, other in (
        (r"plus\b(?!-| (?:de|d['’]) ?\d)", r"moins\b"),
        (r"avant\b|devant\b|prioritaire|premier", r"après\b|derrière|dernier|subordonn"),
        (r"augment|hausse|mont(?:e|er|ent)\b|croît", r"baiss|diminu|recul|descend|tomb"),
        (r"au moins|minimum|minimal|plancher", r"au plus|maximum|maximal|plafon"),
        (r"obligatoire|oblig|impos|doit\b|doivent\b", r"facultati|peut\b|peuvent\b|libre"),
        (r"toujours|tous\b|toutes\b|chaque\b", r"parfois|souvent|certain|rarement|quelques|généra"),
        (r"gratuit", r"pay(?:ant|e\b|er\b|ent\b)|coût"),
        (r"court", r"long"),
        (r"fixe", r"variable"),
        (r"privée?", r"publi[cq]"),
        (r"autoris|permet|permis", r"interdi|défen"),
        (r"accept|accord", r"refus"),
        (r"facile|simple", r"difficile|compliqu|complexe"),
        (r"conseill", r"déconseill"),
    )
]

# Words that change all when nobody said them.
_STRONG = re.compile(
    r"\b(gratuit|obligat|interdi|garanti|illimit|automati|immédiat|définiti|impossible|illégal|exonér|certain(?=e?s?[ .,]*$)|uniquement"
    r"|exclusi|moitié|aucun|jamais|dispens|annul|suppri)",
    re.IGNORECASE,
)


class Support:
    """What a talk says, ready to be compared with.

    Args:
        said: the sentences of the talk; a line's number is its index, from 0.
        vectors: their unit vectors.
        terms: the terms of the field, which count as names.
    """

    def __init__(self, said: Sequence[Sentence], vectors: Vectors, terms: Sequence[Term] = ()) -> None:
        self._said, self._vectors = said, vectors
        self._known = lexicon(tuple(terms))
        # Words that open a sentence have a capital and are still no names when they were said without one.
        self._common = {t.folded for s in said for t in words_of(s.text) if t.text[0].islower()} | SMALL

    def fault(self, written: str, lines: Sequence[int], vector: Vectors) -> Fault | None:
        """Return what is wrong with a sentence that rests on these lines, None when they bear it out.

        Args:
            vector: the unit vector of the sentence.
        """
        # A question says nothing.
        if not plain(written) or "?" in written or not _SHORTEST <= len(written.split()) <= _LONGEST:
            return "form"
        if (
            not 1 <= len(set(lines)) <= _LINES
            or min(lines) < 0
            or max(lines) >= len(self._said)
            or max(lines) - min(lines) >= _SPREAD
        ):
            return "lines"
        texts = [self._said[i].text for i in lines]
        there = {figure for text in texts for figure in claimed(text)}
        if not all(told(figure, there) for figure in claimed(written)):
            return "figure"
        if _negations_differ(written, texts):
            return "negation"
        strong = {word.lower() for text in texts for word in _STRONG.findall(text)}
        if _opposed(written, " ".join(texts)) or not {w.lower() for w in _STRONG.findall(written)} <= strong:
            return "opposite"
        if not self._named(written, " ".join(texts)):
            return "name"
        if any(exchanged(_words(written), _words(text)) for text in [*texts, " ".join(texts)]):
            return "order"
        if _added(written, texts):
            return "added"
        return None if self._means(written, texts, lines, vector) else "meaning"

    def placed(self, written: str, lines: Sequence[int], vector: Vectors) -> tuple[Fault | None, Sequence[int]]:
        """Return what is wrong with a sentence, None when nothing is found, and the lines that bear it out.

        Small models repeat what they read rather well and its number badly: where the lines that they name do not bear a
        sentence out, the nearest in meaning is tried.
        """
        fault = self.fault(written, lines, vector)
        if fault and fault != "lines":
            nearest = [int((self._vectors @ vector).argmax())]
            if self.fault(written, nearest, vector) is None:
                return None, nearest
        return fault, lines if fault else self._needed(written, lines, vector)

    def _needed(self, written: str, lines: Sequence[int], vector: Vectors) -> Sequence[int]:
        """Return lines that bear a sentence out without those that add nothing to the others: the farthest in meaning go first."""
        words = set(content_words(written))
        kept = list(dict.fromkeys(lines))
        for line in sorted(kept, key=lambda i: (self._vectors[i] @ vector, -i)):
            rest = [i for i in kept if i != line]
            said, left = (set(content_words(" ".join(self._said[i].text for i in some))) for some in (kept, rest))
            if rest and words & said == words & left and self.fault(written, rest, vector) is None:
                kept = rest
        return kept

    def _named(self, written: str, said: str) -> bool:
        """Say whether the terms and names of a sentence were said."""
        tokens, there = words_of(written), words_of(said)
        if not self._terms(tokens) <= self._terms(there):
            return False
        heard = {t.folded for t in there}
        for token in tokens:
            opens = token.clause == 0 and token is tokens[0]
            name = token.text[0].isupper() and not (
                opens and (token.folded in self._common or _OPENING.fullmatch(token.text))
            )
            if name and token.folded not in heard and not any(len(h) > 3 and h in token.folded for h in heard):
                return False
        return True

    def _terms(self, tokens: Sequence[Token]) -> set[str]:
        return {name.term.term for _, _, name in occurrences(tokens, self._known)}

    def _means(self, written: str, texts: Sequence[str], lines: Sequence[int], vector: Vectors) -> bool:
        """Say whether the cited lines are near in meaning, and no other line much nearer."""
        to_all = self._vectors @ vector
        nearest = max(float(to_all[i]) for i in lines)
        there = set(content_words(" ".join(texts)))
        # Terms were looked for already: they tell what a sentence is about, and nothing of what it says.
        tokens = words_of(written)
        about = [range(first, last) for first, last, _ in occurrences(tokens, self._known)]
        telling = " ".join(token.text for i, token in enumerate(tokens) if not any(i in words for words in about))
        told_of = [set(content_words(text)) for text in (written, telling)]
        near_enough = all(len(words - there) <= len(words) * _UNSAID for words in told_of)
        return nearest >= _COSINE and nearest >= float(to_all.max()) - _FARTHER and near_enough


def plain(text: str) -> bool:
    """Say whether a text is letters, figures and ordinary punctuation: no markup, and no address."""
    return bool(_PLAIN.fullmatch(text)) and not _ADDRESS.search(text)


def _negations_differ(written: str, texts: Sequence[str]) -> bool:
    """Say whether a sentence denies what was affirmed, or the other way round."""
    no, yes, _ = _by_polarity([written])
    said_no, said_yes, plain = _by_polarity(texts)
    if (no - yes) & (said_yes - said_no) or (yes - no) & (said_no - said_yes):
        return True
    denied = [denies(text) for text in texts]
    if denies(written):
        return not any(denied)
    # What affirms may rest on lines that all deny something only where its words stand in clauses that do not.
    shared = set(content_words(written)) & set(content_words(" ".join(texts)))
    return all(denied) and len(shared & plain) < _AFFIRMED * len(shared)


def denies(text: str) -> bool:
    """Say whether a French text denies anything."""
    return bool(_NEGATION.search(_HARMLESS.sub(" ", text)))


def _by_polarity(texts: Sequence[str]) -> tuple[set[str], set[str], set[str]]:
    """Return the content words that are denied, those that are not, and those of clauses without any negation.

    Denied is the first content word after a negation; how far it reaches beyond is anybody's guess.
    """
    no: set[str] = set()
    yes: set[str] = set()
    plain: set[str] = set()
    for text in texts:
        for clause in _CLAUSE.split(_HARMLESS.sub(" ", text)):
            found = _NEGATION.search(clause)
            before = content_words(clause[: found.start()] if found else clause)
            yes |= set(before)
            if found:
                no |= set(content_words(clause[found.start() :])[:1])
            else:
                plain |= set(before)
    return no, yes, plain


def _added(written: str, texts: Sequence[str]) -> bool:
    """Say whether a true sentence carries along what nobody said, mostly at its end."""
    there = set(content_words(" ".join(texts)))
    return any(
        not said and len(list(words)) > _RUN for said, words in groupby(content_words(written), there.__contains__)
    )


def _opposed(written: str, said: str) -> bool:
    for pair in _OPPOSITES:
        for here, there in (pair, pair[::-1]):
            if here.search(written) and not there.search(written) and there.search(said) and not here.search(said):
                return True
    return False


def _words(text: str) -> list[str]:
    return [token.base for token in words_of(text)]


def exchanged(written: Sequence[str], said: Sequence[str]) -> bool:
    """Say whether two groups of words have changed places, and all else that both have stands in one order.

    « A lends, B repays » for « B lends, A repays ». Words that moved to another place alone are no exchange.
    """
    both = Counter(written) & Counter(said)
    mine, theirs = ([word for word in words if word in both] for words in (written, said))
    best = sum(both.values())
    if len(mine) != best or LCSseq.similarity(mine, theirs) > best - 2:
        return False
    for first in range(len(mine)):
        for long, other in product(range(1, _GROUP + 1), repeat=2):
            for second in range(first + long + 1, len(mine) - other + 1):
                a, between, b = mine[first : first + long], mine[first + long : second], mine[second : second + other]
                if LCSseq.similarity([*mine[:first], *b, *between, *a, *mine[second + other :]], theirs) == best:
                    return True
    return False
