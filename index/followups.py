"""Questions that an answer leads to: terms that were said beside it, then the chapters that follow it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from index.analysis import plain
from index.inquiry import Inquiry
from index.overlap import terms_in
from index.question import Language
from index.selection import Candidate, defined
from transcripts.glossary import Term
from transcripts.model import Chapter

_MOST = 3
_TERM: dict[Language, str] = {"fr": "Que veut dire « {} » ?", "en": "What does “{}” mean?"}
_CHAPTER: dict[Language, str] = {"fr": "Que faut-il savoir sur « {} » ?", "en": "What should one know about “{}”?"}
_NUMBER = re.compile(r"^(?:\d+(?:\.\d+)*|[IVX]+)[.)]?\s+(?=\w)")
# Titles that say where one is, not what it is about.
_NOWHERE = re.compile(
    r"(?:questions?|échanges?)(?: et réponses| (?:de la salle|du public|avec)\b.*)?|introduction|présentations?|conclusions?|ouverture"
    r"|bienvenue|remerciements|sommaire|table des matières|annexes?|notes|références|bibliographie",
    re.IGNORECASE,
)


def followups(
    study: Inquiry, chosen: Sequence[Candidate], terms: Sequence[Term], chapters: Mapping[str, Sequence[Chapter]]
) -> tuple[str, ...]:
    """Return up to three questions in the language of the one asked, and other than it, the nearest to the quotes first.

    They ask for terms of the field that were said beside the quotes and that the same talks explain; where these are
    few, what the next ``chapters`` of those talks are about.
    """
    language = study.asked.language
    about = (title if title.endswith("?") else _CHAPTER[language].format(title) for title in _next(chosen, chapters))
    following = [*(_TERM[language].format(term) for term in _explained(study, chosen, tuple(terms))), *about]
    asked = plain(study.asked.text)
    return tuple(dict.fromkeys(each for each in following if plain(each) != asked))[:_MOST]


def _explained(study: Inquiry, chosen: Sequence[Candidate], terms: tuple[Term, ...]) -> list[str]:
    asked = {term.term for term in study.asked.subjects} | {t.term for t in terms_in(study.asked.text, terms)}
    beside = [term for text in study.around_texts(chosen) for term in terms_in(text, terms)]
    explained = {
        term.term
        for talk in study.talks.values()
        for sentence in talk
        for term in terms_in(defined(sentence.text), terms)
    }
    return list(dict.fromkeys(t.term for t in beside if t.term in explained and t.term not in asked))


def _next(chosen: Sequence[Candidate], chapters: Mapping[str, Sequence[Chapter]]) -> Iterator[str]:
    """Yield the titles of the chapters after the last quote of each talk."""
    for slug in dict.fromkeys(c.slug for c in chosen):
        # A sentence is in the chapter in which its middle is.
        quoted = max((c.sentence.start + c.sentence.end) / 2 for c in chosen if c.slug == slug)
        for chapter in chapters[slug]:
            title = _NUMBER.sub("", chapter.title)
            if chapter.start > quoted and not _NOWHERE.fullmatch(title):
                yield title
