"""What is found for a question before anything is decided: passages, and the sentences that may answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.asked import Asked, read
from index.overlap import Overlap
from index.question import clean
from index.search import Hit, Searcher, merge_moments
from index.selection import Candidate, Values, describe, quotable
from index.store import Index
from transcripts.glossary import Term
from transcripts.sentences import Sentence

_PASSAGES = 8  # the best hits are read for sentences
_AROUND = 4  # sentences before and after a quote
_NEAREST = 3  # passages whose words a misspelt word may be


@dataclass(frozen=True, slots=True)
class Study:
    """A question and all that was found for it.

    ``hits`` are best first, one for each moment; ``pool`` are all, by which their scores are compared. ``described`` has
    the figures of each candidate, see `index.selection.describe`. ``talks`` holds the sentences of the talks read.
    """

    asked: Asked
    hits: tuple[Hit, ...]
    pool: tuple[Hit, ...]
    candidates: tuple[Candidate, ...]
    described: Values
    overlap: Overlap
    talks: dict[str, list[Sentence]]

    def around(self, chosen: Sequence[Candidate]) -> list[tuple[str, int]]:
        """Return the places of the sentences beside the chosen ones, talk by talk, in order."""
        places = {
            (c.slug, i)
            for c in chosen
            for i in range(max(0, c.at - _AROUND), min(len(self.talks[c.slug]), c.at + _AROUND + 1))
        }
        talks = list(dict.fromkeys(c.slug for c in chosen))
        return sorted(places, key=lambda place: (talks.index(place[0]), place[1]))

    def around_texts(self, chosen: Sequence[Candidate]) -> list[str]:
        """Return the text of the sentences beside the chosen ones."""
        return [self.talks[slug][at].text for slug, at in self.around(chosen)]

    def near(self, candidate: Candidate) -> list[str]:
        """Return the text of a candidate with its neighbours'."""
        talk = self.talks[candidate.slug]
        return [s.text for s in talk[max(0, candidate.at - 1) : candidate.at + 2]]


class Student:
    """Studies questions in an open index."""

    def __init__(self, index: Index, searcher: Searcher, terms: Sequence[Term]) -> None:
        self._index, self._searcher, self._terms = index, searcher, tuple(terms)

    def study(self, text: str) -> Study:
        """Find what may answer. Raises `BadInput` for a question without words."""
        asked = read(clean(text), self._terms)
        pool = self._searcher.hits(asked.text, language=asked.language)
        hits = merge_moments(pool)
        overlap = Overlap(
            asked,
            self._terms,
            self._index.words.frequency,
            self._index.words.count(),
            [hit.passage.text for hit in hits[:_NEAREST]],
        )
        talks = {slug: self._talk(slug) for slug in dict.fromkeys(hit.passage.slug for hit in hits[:_PASSAGES])}
        candidates = self._candidates(asked.text, hits[:_PASSAGES], overlap, talks)
        return Study(asked, tuple(hits), tuple(pool), tuple(candidates), describe(asked, candidates), overlap, talks)

    def _talk(self, slug: str) -> list[Sentence]:
        """Return the sentences of a talk, in order."""
        said = {(s.start, s.text): s for p in self._index.passages(slug).values() for s in p.sentences}
        return list(said.values())

    def _candidates(
        self, question: str, hits: Sequence[Hit], overlap: Overlap, talks: dict[str, list[Sentence]]
    ) -> list[Candidate]:
        places: dict[tuple[str, int], tuple[int, Hit]] = {}
        at = {(slug, s.start, s.text): i for slug, talk in talks.items() for i, s in enumerate(talk)}
        for rank, hit in enumerate(hits):
            for sentence in hit.passage.sentences:
                if quotable(sentence.text):
                    slug = hit.passage.slug
                    places.setdefault((slug, at[slug, sentence.start, sentence.text]), (rank, hit))
        texts: list[str] = []
        for slug, i in places:
            talk = talks[slug]
            here = talk[i].text
            before, after = (talk[j].text if 0 <= j < len(talk) else "" for j in (i - 1, i + 1))
            texts += [here, f"{before} {here}", f"{here} {after}", before or here]
        cosines = (
            self._index.embedder.passages(texts) @ self._index.embedder.query(question) if texts else np.zeros(0)
        ).reshape(-1, 4)
        found = []
        for ((slug, i), (rank, hit)), (alone, left, right, earlier) in zip(places.items(), cosines, strict=True):
            talk = talks[slug]
            found.append(
                Candidate(
                    slug=slug,
                    at=i,
                    sentence=talk[i],
                    before=talk[i - 1] if i else None,
                    rank=rank,
                    fused=hit.fused,
                    cosine=float(alone),
                    window=float(max(left, right)),
                    before_cosine=float(earlier),
                    words=overlap.share(talk[i].text),
                    context=overlap.share(*(s.text for s in talk[max(0, i - 1) : i + 2])),
                )
            )
        return found
