"""A question is answered with what speakers said, or not at all."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain

from index.answer import MOST, Answer, Answerer, Quote, Tell, cite, untold
from index.decision import Decision, Fitted
from index.evidence import evidence
from index.followups import followups
from index.inquiry import Inquiry, Student
from index.search import Filters, Searcher, result
from index.selection import Extract, choose, told
from index.store import Index
from transcripts.glossary import Term
from transcripts.model import Chapter, Kind
from transcripts.sentences import Sentence, joined

_CLOSEST = 3  # passages shown when there is no answer


class Asker:
    """Answers from an open index.

    Args:
        terms: the terms of the field.
        fitted: what weighs sentences and decides.
        answerers: those that make an answer of the quotes: the first that does wins, the last always can.
    """

    def __init__(
        self, index: Index, searcher: Searcher, terms: Sequence[Term], fitted: Fitted, answerers: Sequence[Answerer]
    ) -> None:
        self._student = Student(index, searcher, terms)
        self._index = index
        self._terms, self._fitted, self._answerers = terms, fitted, answerers

    def ask(self, text: str, tell: Tell = untold, kind: Kind | None = None) -> Answer:
        """Answer a question, from one kind of resource where it is given. Raises `BadInput` for a question without words."""
        began = time.perf_counter()
        study = self._student.study(text, Filters(kind=kind))
        chosen, decision = judge(study, self._fitted)
        answer = self._answer(study, chosen, decision, tell) if chosen and decision.answers else None
        if answer is None:
            closest = tuple(result(hit) for hit in study.hits[:_CLOSEST])
            answer = Answer(study.asked.text, False, 0.0, closest=closest, decision=decision)
        return replace(answer, took_ms=round((time.perf_counter() - began) * 1000, 1))

    def _answer(self, study: Inquiry, chosen: Sequence[Extract], decision: Decision, tell: Tell) -> Answer | None:
        asked = study.asked
        sentences = list(chain(*chosen))
        quotes = [self._quote(extract[0].slug, *told(extract)) for extract in chosen]
        around = [self._quote(slug, study.talks[slug][at]) for slug, at in study.around(sentences)]
        for answerer in self._answerers:
            drafts = answerer.draft(asked.text, asked.language, quotes, around, tell)
            if drafts:
                statements, citations = cite(drafts)
                return Answer(
                    question=asked.text,
                    answered=True,
                    took_ms=0.0,
                    answer=statements,
                    citations=citations,
                    written_by=answerer.name,
                    followups=followups(
                        study,
                        sentences,
                        self._terms,
                        {slug: self._chapters(slug) for slug in {c.slug for c in sentences}},
                    ),
                    decision=decision,
                )
        return None

    def _quote(self, slug: str, *said: Sentence) -> Quote:
        return Quote(joined(said), self._index.resources.details(slug))

    def _chapters(self, slug: str) -> list[Chapter]:
        """Return the chapters of which something can be quoted, in order."""
        found = {passage.chapter for passage in self._index.passages(slug).values() if passage.chapter}
        return sorted(found, key=lambda chapter: chapter.start)


def judge(study: Inquiry, fitted: Fitted) -> tuple[list[Extract], Decision]:
    """Choose the quotes of a question, and decide whether they answer it. Pure."""
    scores = fitted.score(study.described)
    chosen = choose(study.asked, study.candidates, scores, MOST)
    return chosen, fitted.decision.decide(study.asked.kind, evidence(study, scores, list(chain(*chosen))))
