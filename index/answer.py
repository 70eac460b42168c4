"""What an answer is: sentences, each with the quotes it rests on, or none and the nearest passages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from index.decision import Decision
from index.question import Language, language_of
from index.search import Result
from transcripts.model import Details
from transcripts.sentences import Sentence


@dataclass(frozen=True, slots=True)
class Citation:
    """What a speaker said, to the letter, in the cues between ``start`` and ``end`` (seconds); ``chosen`` by the staff."""

    n: int
    slug: str
    title: str
    speaker: str | None
    start: float
    end: float
    quote: str
    url: str
    chosen: bool = False


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
    """A sentence that a speaker said, and the masterclass it was said in."""

    sentence: Sentence
    details: Details


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


def moment_url(slug: str, second: float) -> str:
    """Return the address of the page that plays a masterclass from a second on."""
    return f"/masterclass?m={slug}&t={second:g}"


def cite(drafts: Sequence[Draft]) -> tuple[tuple[Statement, ...], tuple[Citation, ...]]:
    """Number the quotes of drafts in the order they are first used. Pure."""
    numbers = {quote: n for n, quote in enumerate(dict.fromkeys(q for d in drafts for q in d.quotes), 1)}
    statements = tuple(Statement(d.text, tuple(numbers[q] for q in d.quotes)) for d in drafts)
    return statements, tuple(
        Citation(
            n=n,
            slug=quote.details.slug,
            title=quote.details.title,
            speaker=quote.sentence.speaker or ", ".join(quote.details.speakers) or None,
            start=quote.sentence.start,
            end=quote.sentence.end,
            quote=quote.sentence.text,
            url=moment_url(quote.details.slug, quote.sentence.start),
        )
        for quote, n in numbers.items()
    )


def led_by(answer: Answer, pinned: Quote) -> Answer:
    """Return an answer that begins with the quote that staff chose; other quotes follow, a model's sentences do not. Pure."""
    (statement,), (first,) = cite([Draft(pinned.sentence.text, (pinned,))])
    said = [] if answer.written_by else zip(answer.answer, answer.citations, strict=True)
    others = [
        (text, citation)
        for text, citation in said
        if citation.slug != first.slug or citation.start >= first.end or citation.end <= first.start
    ]
    return replace(
        answer,
        answered=True,
        answer=(statement, *(replace(text, citations=(n,)) for n, (text, _) in enumerate(others, 2))),
        citations=(replace(first, chosen=True), *(replace(citation, n=n) for n, (_, citation) in enumerate(others, 2))),
        closest=(),
        written_by="",
    )


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
        return (
            "Here is what was said, in the speakers’ own words:"
            if english
            else "Voici ce qui a été dit, mot pour mot :"
        )
    if english:
        return "The library does not answer this question. These passages come closest:"
    return "La bibliothèque ne répond pas à cette question. Voici les passages les plus proches :"


def lead_on(answer: Answer) -> str:
    """Return the words that introduce the follow-ups, in the question's language."""
    return "To go further:" if answer.language == "en" else "Pour aller plus loin :"
