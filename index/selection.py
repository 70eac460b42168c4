"""Which sentences of the passages answer: each is described by a few figures, a fitted model weighs them. Pure.

The figures of a sentence are relative to those of the other candidates wherever they can be, so that what was fitted
with one embedder tells something with another.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from index.asked import Asked, answers_measure
from transcripts.sentences import Sentence

Values = npt.NDArray[np.floating[Any]]

# Known only with an embedder that somebody reads beside, see `index.reader`; else 0.
READ = ("read",)
# What describes a sentence, in the order of the coefficients.
FEATURES = (
    "meaning",  # z-score of the cosine of the question and the sentence
    "window",  # the same of its nearer neighbour
    "meaning_english",  # meaning, for English questions: words tell nothing of them
    "words",  # share of the question's words that it has, weighted by rarity
    "context",  # the same of it and its neighbours
    "passage",  # z-score of its passage's fused score
    "passage_meaning",  # z-score of its passage's cosine
    "rank",  # 1 / rank of its passage
    "figure",  # how well its figures fit the one that is asked for
    "no_figure",  # whether one is asked for and it has none
    "defines",  # whether a definition is asked for and it defines what is asked for
    "replies",  # z-score of the cosine of the sentence before it, where that is a question
    "leans",  # whether it cannot be understood alone
    "short",
    "long",
    *READ,  # log odds that it answers, by whom reads question and passage together
)

_OPENERS = r"(?:(?:et|mais|donc|alors|bon|voilà|oui|non|euh|du coup|parce que|car|so|and|but|well),? )*"
_OPENED = re.compile(_OPENERS, re.IGNORECASE)
# A sentence that opens like this needs the one before it to be understood.
_LEANING = re.compile(
    rf"{_OPENERS}(?:il|ils|elle|elles|ça|cela|ce|c['’]est|celui|celle|ceux|celles|lui|leur|y|là)\b(?! y a| faut)",
    re.IGNORECASE,
)
# What tells what something is: « X, c'est un… », « X est une… », « X désigne… ». Where the first begins the sentence, it
# tells of the sentence before.
_A = r"(?:(?:donc|aussi|juste|vraiment|surtout|d['’]abord|en fait|(?:tout )?simplement|euh),? )*(?:(?:un|une|des|du|le|la|les|celui|celle|ceux|quand|an?|the)\b(?! même)|l['’])"
_DEFINES = re.compile(
    rf"\b(?:(?P<points>(?:c['’](?:est|était)|it['’]s|it is|that['’]s|this is) {_A}|il s['’]agit d)|(?:est|sont|était|étaient|is|are|was|were) {_A}"
    r"|(?:désigne|signifie|veu(?:t|lent) dire|c['’]est-à-dire|consiste|ser(?:t|vent) à|means?|refers? to|consists? of|stands? for|(?:is|are) used (?:to|for))\b)",
    re.IGNORECASE,
)
# What is said of the place or the case, and what begins another clause: the subject of the verb follows it.
_ASIDE = re.compile(r"(?:dans|pour|avec|sur|chez|à|aux?|en|sans|par|selon|in|for|with)\b[^,]*,? ?", re.IGNORECASE)
_CLAUSE = re.compile(
    r".*\b(?:qu['’]|(?:que|qui|dont|où|mais|quand|si|car|that|which|who|but|because|when|if)(?: |$)|(?:et|and)(?: (?=(?:le|la|les|on|nous|ils?|elles?|the|it|we|they)\b)|$))",
    re.IGNORECASE,
)
# Greetings, thanks, announcements, and what a host says to pass on.
_CHATTER = re.compile(
    r"^(?:bonjour|bonsoir|merci|bienvenue|je (?:vous remercie|m['’]appelle|reçois|suis ravi)|j['’]accueille|au revoir|à bientôt|bonne (?:journée|soirée))\b"
    r"|\b(?:on va (?:voir|parler|regarder|commencer|revenir|y venir)|nous allons (?:voir|parler|commencer)|on (?:y revient|en reparle|y vient|verra)|je (?:vais|voudrais|voulais) (?:vous )?(?:parler|commencer|finir|terminer)"
    r"|passons (?:à|aux|au)|commençons par|aujourd['’]hui,? (?:on|nous) (?:parle|allons)|on parle aujourd|prochaine? (?:séance|masterclass|fois)|question suivante|très bonne question|bonne question)\b",
    re.IGNORECASE,
)
_SHORT, _LONG, _LONGEST = 8, 40, 70  # words
_DEFINED = 0.5  # share of the question's words that a definition of it names


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence of a talk beside the ones around it, and what is known of it.

    ``at`` is its place among the sentences of its talk; ``rank`` (from 0), ``fused``, ``passage`` and ``passage_cosine``
    are its passage's. ``cosine`` and ``before_cosine`` are those of the question with the sentence and the one before it,
    ``window`` the higher of its neighbours'; ``words``, ``context`` and ``defined`` the shares of the question's words that
    it has alone, that it has with its neighbours, and of which it tells the meaning. ``sides`` tells how much of the words of
    each side of a comparison it has, 0 to 1, its passage's counting half. ``written`` says that it stands in a study.
    ``read`` is what `index.reader` thinks of it.
    """

    slug: str
    at: int
    sentence: Sentence
    before: Sentence | None
    rank: int
    fused: float
    passage: str
    passage_cosine: float
    cosine: float
    window: float
    before_cosine: float
    words: float
    context: float
    defined: float = 0.0
    sides: tuple[float, ...] = ()
    written: bool = False
    read: float = 0.0


# One to three sentences of a passage that follow each other: what is quoted.
Extract = tuple[Candidate, ...]


def quotable(sentence: Sentence) -> bool:
    """Say whether a sentence can stand as a quote: no question, no chatter, no header, neither a scrap nor a speech."""
    text = sentence.text
    said = not (is_question(text) or _CHATTER.search(text) or sentence.is_header)
    return said and 4 <= len(text.split()) <= _LONGEST


def defined(text: str, before: str = "") -> str:
    """Return that part of a sentence which names what it tells the meaning of, "" where it defines nothing.

    It stands before the verb that defines; a sentence that begins with « C'est un… » defines what the one ``before`` names.
    """
    opened = _OPENED.match(text)
    start = opened.end() if opened else 0
    verb = _DEFINES.search(text, start)
    if verb is None:
        return ""
    subject = text[start : verb.start()].rstrip(" ,:")
    if not subject:
        return before if verb["points"] else ""
    aside = _ASIDE.match(subject)
    return _CLAUSE.sub("", subject[aside.end() :] if aside else subject)


def is_question(text: str) -> bool:
    """Say whether a sentence asks."""
    return text.rstrip('»") ').endswith("?")


def leans(text: str) -> bool:
    """Say whether a sentence opens with a word that stands for something said before."""
    return bool(_LEANING.match(text))


def describe(asked: Asked, candidates: Sequence[Candidate]) -> Values:
    """Return the figures of each candidate, shape (candidates, FEATURES)."""
    if not candidates:
        return np.zeros((0, len(FEATURES)))
    meaning = zscores([c.cosine for c in candidates])
    window = zscores([c.window for c in candidates])
    passage = zscores([c.fused for c in candidates])
    passage_meaning = zscores([c.passage_cosine for c in candidates])
    spread = float(np.std([c.cosine for c in candidates])) or 1.0
    mean = float(np.mean([c.cosine for c in candidates]))
    english = asked.language == "en"
    rows = []
    for i, c in enumerate(candidates):
        text = c.sentence.text
        length = len(text.split())
        fits = answers_measure(asked.measure, text) if asked.measure else 0.0
        replies = c.before is not None and is_question(c.before.text)
        rows.append(
            (
                meaning[i],
                window[i],
                meaning[i] if english else 0.0,
                c.words,
                c.context,
                passage[i],
                passage_meaning[i],
                1 / (1 + c.rank),
                fits,
                float(bool(asked.measure) and not fits),
                float(asked.kind == "definition" and c.defined >= _DEFINED),
                (c.before_cosine - mean) / spread if replies else 0.0,
                float(leans(text)),
                float(length < _SHORT),
                float(length > _LONG),
                c.read,
            )
        )
    return np.array(rows)


def choose(asked: Asked, candidates: Sequence[Candidate], scores: Values, most: int) -> list[Extract]:
    """Choose up to ``most`` extracts, best first, then put them in an order that reads well.

    A sentence that leans on the one before it brings it along, as does that one, and neighbours that are nearly as good. Of
    what is compared each side has its best sentence.

    Args:
        scores: of the candidates, in log odds.
    """
    order = np.argsort(-scores, kind="stable")
    wanted = [int(order[0])] if len(order) else []
    for n in range(len(asked.sides) if len(order) else 0):
        # About this side and not about the other, whose words may be half the same.
        about = np.array([c.sides[n] - max(c.sides[:n] + c.sides[n + 1 :]) for c in candidates])
        wanted.append(int(np.argmax(scores + _SIDE * about)))
    wanted += [int(i) for i in order[1:] if scores[i] > scores[order[0]] - _NEAR]
    free = {(c.slug, c.at): (c, float(score)) for c, score in zip(candidates, scores, strict=True)}
    chosen: list[Extract] = []
    for candidate in (candidates[i] for i in dict.fromkeys(wanted)):
        said = [c for extract in chosen for c in extract]
        if len(chosen) >= most:
            break
        if (
            (candidate.slug, candidate.at) in free
            and all(c.sentence.text != candidate.sentence.text for c in said)
            and sum(extract[0].passage == candidate.passage for extract in chosen) < _OF_ONE
        ):
            extract = _extract(candidate, free)
            for c in extract:
                del free[c.slug, c.at]
            # Between two sentences of a study may stand a heading, or the bars of a table: each is quoted by itself.
            chosen += [(c,) for c in extract] if candidate.written else [extract]
    # The best talk first, and inside a talk what was said first.
    talks = list(dict.fromkeys(extract[0].slug for extract in chosen))
    return sorted(chosen[:most], key=lambda extract: (talks.index(extract[0].slug), extract[0].at))


def _extract(best: Candidate, free: Mapping[tuple[str, int], tuple[Candidate, float]]) -> Extract:
    """Return a sentence with what it is best read with, of the ``free`` ones: those it leans on, good neighbours."""

    def beside(at: int, least: float) -> list[tuple[float, Candidate]]:
        near, score = free.get((best.slug, at), (None, 0.0))
        if near is None or score < least:
            return []
        alike = (near.passage, near.sentence.speaker) == (best.passage, best.sentence.speaker)
        return [(score, near)] if alike else []

    found = [best]
    least = np.inf if best.written else free[best.slug, best.at][1] - _BESIDE
    # Of a study each is a quote of its own: two that lead up to one would take the place of others.
    most = 2 if best.written else _IN_ONE
    while len(told(found)) < most:
        leant_on = beside(found[0].at - 1, -np.inf) if leans(found[0].sentence.text) else []
        near = leant_on or [*beside(found[0].at - 1, least), *beside(found[-1].at + 1, least)]
        if not near:
            break
        found = sorted([*found, max(near, key=lambda each: each[0])[1]], key=lambda c: c.at)
    return tuple(found)


def told(extract: Sequence[Candidate]) -> list[Sentence]:
    """Return the sentences of an extract, after the speaker's own question where the first leans on it.

    A question is no quote by itself, but the noun of the pronoun may stand there.
    """
    first, sentences = extract[0], [c.sentence for c in extract]
    before = first.before if leans(first.sentence.text) and not first.written and len(sentences) < _IN_ONE else None
    if before and is_question(before.text) and before.speaker == first.sentence.speaker:
        return [before, *sentences]
    return sentences


_NEAR = 3.0  # log odds below the best sentence, to which others join it
_BESIDE = 1.0  # log odds below a sentence, to which its neighbours join it
_IN_ONE = 3  # sentences of an extract
_OF_ONE = 2  # extracts from one passage
_SIDE = 3.0  # log odds that the words of a side are worth, beside those of the other


def zscores(values: Sequence[float]) -> Values:
    """Return how many standard deviations each value lies above the mean."""
    array = np.asarray(values, dtype=float)
    spread = float(array.std())
    return (array - array.mean()) / spread if spread else np.zeros(len(array))
