"""What a summary lists beside its key points: questions with their answers, figures, organisations and terms. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from ingest.chapters import ASKING, LATE
from ingest.quotes import about_the_talk, stands_alone, tidy
from transcripts.figures import figures
from transcripts.glossary import Term
from transcripts.matching import lexicon, occurrences, words_of
from transcripts.sentences import Sentence, joined

_ANSWER = 45  # words of an answer, unless its first sentence has more
# Words of a question, at least and at most, and of its answer at least; and where it is clear that the audience asks.
_PLAIN, _FREE = (6, 30, 5), (3, 80, 2)
# What tells that a figure holds in general, and is not what somebody had: how the sentence begins, and a bound.
_GENERAL = re.compile(r"(?:une?|les?|la|l['’]|en|pour|depuis|dans|entre|chaque|au|tou[ts]e?s?)\b", re.IGNORECASE)
_BOUND = re.compile(
    r"\b(?:au (?:moins|plus|minimum|maximum|total)|minim\w+|maxim\w+|limite|plafonn?\w*|jusqu['’]|dépass\w+|souvent|en (?:général|moyenne|principe)"
    r"|en règle|de \d+ à \d+|entre \d+ et|toujours|pendant|tou(?:s|tes) les|chaque|selon|par an)\b|%|pour cent",
    re.IGNORECASE,
)
# What a question that was put begins with.
_COUNTED = re.compile(
    r"^(?:(?:et )?(?:(?:une?|la|ma|notre) )?(?:(?:autre|première|deuxième|seconde|troisième|quatrième|cinquième|dernière) )?question"
    r"(?:,? que je lis)?|on (?:me|nous) demande(?: aussi)?)\s?[,:.] (?!c['’]est\b)",
    re.IGNORECASE,
)
# How a question is put as a statement, perhaps after a greeting.
_WONDERING = re.compile(
    r"(?:[^,]{1,30}, |(?:et|mais|moi|oui) )*(?:(?:je|j’)\s?(?:voulais|voudrais|aimerais|aurais (?:voulu|aimé)|souhait\w+) (?:\w+ ){0,2}(?:savoir|demander)"
    r"|(?:ma|notre) (?:\w+ )?question,? (?:est|c’est|serait|porte|concerne)|je me demand(?:e|ais) (?:si|comment|pourquoi|combien|quand|où|quel))\b",
    re.IGNORECASE,
)
# What a question points at that was said before it.
_POINTING = re.compile(r"\b(?:ça|cela|elles?|ils?|eux)\b", re.IGNORECASE)
# The heading of the glossary under which organisations stand, and how others begin.
_ACTORS, _OTHER_ACTORS = "Acteurs", ("Autorité ", "Banque ")
_ORGANISATION = re.compile(
    r"\b(?:association|coopérative|fondation|banque|fonds|société|réseau|collectif|caisse|fédération|agence|mutuelle|entreprise"
    r"|atelier|institut|ministère|ville|mairie|région|scop|scic)s? (?P<of>d(?:e |u |es |['’]))?"
    r"(?P<name>(?:L['’]|(?:Les?|La) )?[A-ZÀ-ÖØ-Þ][\w-]+(?: (?:(?:de|du|des|la|les|et|aux) )*[A-ZÀ-ÖØ-Þ][\w-]+)*)"
)


def questions(sentences: Sequence[Sentence]) -> Iterator[tuple[float, str, str]]:
    """Yield what the audience asked late in the talk: its second, the question, the answer as it began.

    A question is one that another voice answers; of a single voice, one that comes after questions were called for. Who says
    less than who answers may ask in a word or in many, and without a question mark.
    """
    late = sentences[0].start + LATE * (sentences[-1].end - sentences[0].start)
    said = Counter[str | None]()
    for sentence in sentences:
        said[sentence.speaker] += len(sentence.text.split())
    alone = len(said) < 2
    called = False
    for i, (question, after) in enumerate(pairwise(sentences)):
        if question.start < late:
            continue
        called = called or ASKING.search(question.text) is not None
        freely = said[question.speaker] < said[after.speaker]
        least, most, told = _FREE if freely else _PLAIN
        asked = question.text.endswith("?") or (freely and _WONDERING.match(tidy(question.text)))
        asked = asked and not after.text.endswith("?") and least <= len(question.text.split()) <= most
        if asked and (called if alone else question.speaker != after.speaker):
            answer = _answer(sentences[i + 1 :])
            if len(answer.split()) >= told:
                before = sentences[i - 1]
                # What it points at or leaves out, the same voice has just said.
                ground = not alone and before.speaker == question.speaker and not before.text.endswith("?")
                if ground and (_POINTING.search(question.text) or len(question.text.split()) < _PLAIN[0]):
                    question = joined([before, question])
                yield question.start, tidy(_COUNTED.sub("", tidy(question.text))), answer


def _answer(sentences: Sequence[Sentence]) -> str:
    """Return the first sentences of an answer: what its voice says before the next question, not much of it."""
    said: list[str] = []
    for sentence in sentences:
        ends = sentence.text.endswith("?") or sentence.speaker != sentences[0].speaker
        if said and (ends or len(" ".join([*said, sentence.text]).split()) > _ANSWER):
            break
        said.append(tidy(sentence.text))
    return " ".join(filter(None, said))


def telling_figures(sentences: Sequence[Sentence]) -> list[int]:
    """Return the sentences that tell an amount, a share or a time that holds in general; those of examples mean nothing alone."""

    def general(text: str) -> bool:
        if not (stands_alone(text) and _GENERAL.match(tidy(text)) and _BOUND.search(text)):
            return False
        example = about_the_talk(text) or any(token.text[0].isupper() for token in words_of(text)[1:])
        return not example and any(figure.unit for figure in figures(text))

    return [i for i, sentence in enumerate(sentences) if general(sentence.text)]


def named(sentences: Sequence[Sentence], terms: Sequence[Term], most: int) -> Iterator[list[tuple[str, float]]]:
    """Yield the organisations, then the terms of the field: the most frequent ones, in order of where they first come."""
    organisations: dict[str, list[float]] = {}
    others: dict[str, list[float]] = {}
    known = lexicon(tuple(terms))
    for sentence in sentences:
        tokens = words_of(sentence.text)
        there = list(occurrences(tokens, known))
        for _, _, name in there:
            term = name.term
            actor = term.category == _ACTORS or term.term.startswith(_OTHER_ACTORS)
            (organisations if actor else others).setdefault(term.term, []).append(sentence.start)
        for found in _ORGANISATION.finditer(sentence.text):
            if not any(
                tokens[first].start < found.end() and found.start() < tokens[last - 1].end for first, last, _ in there
            ):
                called = found[0][0].upper() + found[0][1:] if found["of"] else found["name"]
                organisations.setdefault(called, []).append(sentence.start)

    for said in (organisations, others):
        often = sorted(said, key=lambda name: (-len(said[name]), said[name][0]))[:most]
        yield sorted(((name, said[name][0]) for name in often), key=lambda pair: pair[1])
