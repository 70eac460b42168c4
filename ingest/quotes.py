"""Sentences that were said, fit to be quoted by themselves. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from transcripts.stammers import said_once

# A sentence that opens like this leans on the one before and cannot stand alone.
_LEANING = re.compile(
    r"(?:alors|après|au-delà|ben|bref|ça|car|ce|c|cela|celui|celle|celles|ceux|cet|cette|ces|donc|elle|elles|enfin|ensuite|et|il|ils|là"
    r"|lui|mais|non|or|ou|oui|parce|puis|sinon|voilà|y|eux|leurs?|s(?:es|on|a)|l'autre|les deux|le (?:premier|second|dernier)"
    r"|la (?:première|seconde|dernière)|avec (?:ses|ces|cette|ça)|dans (?:ce|ces|cet|cette)|l'(?:avantage|inconvénient|idée|erreur"
    r"|exemple)|le (?:reste|problème|but|principe|total)|la (?:différence|difficulté|réponse)|pour (?:ça|cela|elle|eux|lui)|chez nous)\b"
    r"|.*\b(?:(?:estim|pens|croi|jug|considèr)\w+ qu'(?:il|elle)s?|ça (?:fait|donne|veut)|qu'(?:il|elle)s? (?:appelle|nomme)|de la même (?:manière|façon))\b|.*, (?:eux|elles?|lui),"
    # What is meant by it stands right before it, and is more than an adverb or two; or in another sentence.
    r"|(?:.*(?<![,:] )|\S+(?: \S+)?, )\b(?:ça|cela)\b",
    re.IGNORECASE,
)
# Talk about the talk.
_TALKING = re.compile(
    r"\b(?:vous me dire|je (?:vous|m['’]appelle|lis|propose|crois|pense|reviens)|tout à l['’]heure|aujourd['’]hui,? (?:on|nous)|bonjour|merci"
    r"|on (?:me|nous) (?:demande|dit)|imaginons|prenons|comptons|dans l['’]exemple)\b"
    # Advice for one case, and what somebody told of himself.
    r"|^(?:\w{3,}ez)\b|\b(?:j['’]ai|nous avons|je|moi|notre|nos)\b"
    r"|\bquestion\b|\bdonc\b",
    re.IGNORECASE,
)
_FILLERS = re.compile(r"(?:^|(?<=[\s,]))(?:euh|heu|hein|ben|bah|hum)\b[ ,]*(?:…|\.\.\.)?\s*", re.IGNORECASE)
# How one takes the floor; as long as that is all the word does: « alors que », « voilà pourquoi », « bon nombre » say something.
_OPENINGS = re.compile(
    r"^(?:(?:donc|eh bien|du coup(?! (?:de |d['’]))|alors(?!,? (?:qu(?:e\b|['’])|même\b|seulement\b))"
    r"|(?:bon|bref|voilà)(?= ?[,.…]))\b[ ,.…]+)+",
    re.IGNORECASE,
)
_ENDED = re.compile(r"[.?!…]\W*$")


def tidy(text: str) -> str:
    """Return a sentence fit to read: without hesitations and words said twice, with French spaces. Its meaning stays."""
    text = _FILLERS.sub("", text)
    text = _OPENINGS.sub("", text)
    text = said_once(text)
    text = re.sub(r"\s+", " ", text).strip(" ,")
    text = re.sub(r" ?([;:!?»])(?=\s|$)", "\u00a0\\1", text)
    text = re.sub(r"« ?", "«\u00a0", text).replace("'", "’")
    return text[:1].upper() + text[1:]


def stands_alone(text: str) -> bool:
    """Say whether a sentence can be read without the one before it."""
    tidied = tidy(text).replace("’", "'")
    return 8 <= len(tidied.split()) <= 32 and not _LEANING.match(tidied) and tidied.endswith(".")


def punctuated(texts: Iterable[str]) -> bool:
    """Say whether any sentence has an end: captions may have no punctuation at all."""
    return any(_ENDED.search(text) for text in texts)


def about_the_talk(text: str) -> bool:
    """Say whether a sentence speaks of the talk itself, of an example, of who speaks, or to one person."""
    return _TALKING.search(text) is not None
