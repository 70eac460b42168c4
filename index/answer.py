"""What an answer is: sentences, each with the quotes it rests on, or none and the nearest passages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from index.decision import Decision
from index.links import place_url
from index.question import Language, language_of
from index.search import Result
from transcripts.model import Kind
from transcripts.resources import About
from transcripts.sentences import Sentence, split_sentences
from transcripts.study import read_out

MOST = 4  # quotes of an answer


@dataclass(frozen=True, slots=True)
class Citation:
    """What a speaker said, to the letter, in the cues between ``start`` and ``end`` (seconds); ``chosen`` by the staff.

    Of a study it is what is written from ``page``, counted from 1, on; it has no seconds.
    """

    n: int
    slug: str
    title: str
    speaker: str | None
    start: float | None
    end: float | None
    quote: str
    url: str
    chosen: bool = False
    kind: Kind = "masterclass"
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of an answer and the numbers of the citations it rests on."""

    text: str
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """The contract's JSON of ``hub ask``. ``closest`` holds the nearest passages when there is no answer.

    ``written_by`` is the language model that wrote the sentences, empty when they quote. ``followups`` are questions that
    lead on; ``decision`` says why it was answered or not.
    """

    question: str
    answered: bool
    took_ms: float
    answer: tuple[Statement, ...] = ()
    citations: tuple[Citation, ...] = ()
    closest: tuple[Result, ...] = ()
    written_by: str = ""
    followups: tuple[str, ...] = ()
    decision: Decision | None = None

    @property
    def language(self) -> Language:
        """The language of the question."""
        return language_of(self.question)


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence, or some that follow each other as one, and the masterclass or the study they stand in."""

    sentence: Sentence
    details: About

    def holds(self, other: Quote) -> bool:
        """Say whether another quote is a part of this one."""
        one, part = self.sentence, other.sentence
        return self.details.slug == other.details.slug and one.start <= part.start and part.text in one.text


@dataclass(frozen=True, slots=True)
class Draft:
    """A sentence of an answer before its quotes are numbered."""

    text: str
    quotes: tuple[Quote, ...]


# Hears the sentences of an answer while it is being written. Until the answer is there, they may still be withdrawn.
Tell = Callable[[str], None]


def untold(sentence: str) -> None:
    """Tell nobody."""


class Answerer(Protocol):
    """Makes an answer of quotes. A new one: one file, one word in the settings, one line in `app.services`."""

    @property
    def name(self) -> str:
        """The language model, empty where none is used."""

    def draft(
        self, question: str, language: Language, chosen: Sequence[Quote], around: Sequence[Quote], tell: Tell
    ) -> Sequence[Draft]:
        """Return the sentences of an answer, none when it cannot answer; raise nothing.

        Args:
            chosen: the quotes that answer best, in an order that reads well.
            around: the whole sentences of the passages they stand in, the chosen ones among them.
            tell: hears each sentence as soon as it is certain, where that takes long.
        """


def cite(drafts: Sequence[Draft]) -> tuple[tuple[Statement, ...], tuple[Citation, ...]]:
    """Number the quotes of drafts in the order they are first used. Pure."""
    numbers = {quote: n for n, quote in enumerate(dict.fromkeys(q for d in drafts for q in d.quotes), 1)}
    statements = tuple(Statement(d.text, tuple(numbers[q] for q in d.quotes)) for d in drafts)
    return statements, tuple(_citation(n, quote) for quote, n in numbers.items())


def _citation(n: int, quote: Quote) -> Citation:
    details, sentence = quote.details, quote.sentence
    spoken = details.kind == "masterclass"
    return Citation(
        n=n,
        slug=details.slug,
        title=details.title,
        speaker=sentence.speaker or ", ".join(details.speakers) or None,
        start=sentence.start if spoken else None,
        end=sentence.end if spoken else None,
        quote=sentence.text,
        url=place_url(details.kind, details.slug, sentence.start),
        kind=details.kind,
        page=None if spoken else int(sentence.start),
    )


def led_by(answer: Answer, pinned: Quote) -> Answer:
    """Return an answer in quotes that begins with the one that staff chose. Pure."""
    (statement,), (first,) = cite([Draft(read_out(pinned.sentence), (pinned,))])
    said = zip(answer.answer, answer.citations, strict=True)
    others = [(text, citation) for text, citation in said if not _share(first, citation)][: MOST - 1]
    return replace(
        answer,
        answered=True,
        answer=(statement, *(replace(text, citations=(n,)) for n, (text, _) in enumerate(others, 2))),
        citations=(replace(first, chosen=True), *(replace(citation, n=n) for n, (_, citation) in enumerate(others, 2))),
        closest=(),
    )


def _share(one: Citation, other: Citation) -> bool:
    """Say whether two citations share words of one masterclass, or a sentence of one study."""
    if one.slug != other.slug:
        return False
    if one.kind == "study":
        return not set(split_sentences(one.quote)).isdisjoint(split_sentences(other.quote))
    return (other.start or 0.0) < (one.end or 0.0) and (one.start or 0.0) < (other.end or 0.0)


def frame(answer: Answer) -> str:
    """Return the sentence that introduces an answer, or says kindly that there is none, in the question's language."""
    english = answer.language == "en"
    if answer.answered and answer.written_by:
        return (
            f"Written by a model ({answer.written_by}) from what was said; each sentence was compared with its quotes:"
            if english
            else f"Rédigé par un modèle ({answer.written_by}) à partir de ce qui a été dit ; chaque phrase a été comparée à ses citations :"
        )
    if answer.answered:
        kinds = {citation.kind for citation in answer.citations}
        if "study" in kinds:
            both = len(kinds) > 1
            if english:
                return f"Here is what was {'said and written' if both else 'written'}, word for word:"
            return f"Voici ce qui a été {'dit et écrit' if both else 'écrit'}, mot pour mot :"
        return (
            "Here is what was said, in the speakers’ own words:"
            if english
            else "Voici ce qui a été dit, mot pour mot :"
        )
    if not answer.closest:
        return (
            "The library does not answer this question, and nothing in it comes close."
            if english
            else "La bibliothèque ne répond pas à cette question, et rien n’en approche."
        )
    if english:
        return "The library does not answer this question. These passages come closest:"
    return "La bibliothèque ne répond pas à cette question. Voici les passages les plus proches :"


def lead_on(answer: Answer) -> str:
    """Return the words that introduce the follow-ups, in the question's language."""
    return "To go further:" if answer.language == "en" else "Pour aller plus loin\u00a0:"
