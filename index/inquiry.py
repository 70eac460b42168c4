"""What is found for a question before anything is decided: passages, and the sentences that may answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.asked import Asked, named, read
from index.overlap import Overlap
from index.question import clean
from index.reader import Values as Odds
from index.reader import reader_for
from index.search import EVERYTHING, Filters, Hit, Searcher, merge_moments
from index.selection import Candidate, Values, defined, describe, quotable
from index.store import Index
from index.usual import usual
from transcripts.glossary import Term
from transcripts.sentences import Sentence

_PASSAGES = 4  # the best hits are read for sentences: more cost time, and find no more
_AROUND = 4  # sentences before and after a quote
_NEAREST = 3  # passages whose words a misspelt word may be
_OF_A_SIDE = 2  # passages read for each side of what is compared


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A question and all that was found for it.

    ``hits`` are best first, one for each moment; ``pool`` are all, by which their scores are compared. ``described`` has
    the figures of each candidate, see `index.selection.describe`. ``talks`` holds the sentences of the talks read. ``usual`` is
    what `index.usual` thinks of the question by itself.
    """

    asked: Asked
    hits: tuple[Hit, ...]
    pool: tuple[Hit, ...]
    candidates: tuple[Candidate, ...]
    described: Values
    overlap: Overlap
    talks: dict[str, list[Sentence]]
    usual: float

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


@dataclass(frozen=True, slots=True)
class _Side:
    """One of the things compared: the passages about it and the words that tell."""

    hits: list[Hit]
    overlap: Overlap


class Student:
    """Studies questions in an open index; ``terms`` are those of the field."""

    def __init__(self, index: Index, searcher: Searcher, terms: Sequence[Term]) -> None:
        self._index, self._searcher, self._terms = index, searcher, tuple(terms)
        self._reader = reader_for(index.embedder)

    def study(self, text: str, filters: Filters = EVERYTHING) -> Inquiry:
        """Find what may answer. Raises `BadInput` for a question without words."""
        asked = read(clean(text), self._terms)
        pool = self._searcher.hits(asked.text, filters)
        hits = merge_moments(pool)
        overlap = self._overlap(asked, hits)
        sides = [self._side(asked, side, filters) for side in asked.sides]
        # What is known of a passage is what the whole question found; a side only tells which to read.
        whole = {hit.passage.id: hit for hit in pool}
        beside = [whole[hit.passage.id] for side in sides for hit in side.hits if hit.passage.id in whole]
        reading = list(dict.fromkeys([*hits[:_PASSAGES], *beside]))
        talks = {slug: self._talk(slug) for slug in dict.fromkeys(hit.passage.slug for hit in reading)}
        odds = self._reader.read(asked.text, [hit.passage for hit in reading]) if self._reader else None
        candidates = _candidates(reading, overlap, talks, [side.overlap for side in sides], odds)
        return Inquiry(
            asked,
            tuple(hits),
            tuple(pool),
            tuple(candidates),
            describe(asked, candidates),
            overlap,
            talks,
            usual(self._index.embedder.name, self._searcher.vector(asked.text)),
        )

    def _side(self, asked: Asked, text: str, filters: Filters) -> _Side:
        """Search for one side by itself."""
        hits = merge_moments(self._searcher.hits(text, filters), _OF_A_SIDE)
        return _Side(hits, self._overlap(replace(asked, text=text, subjects=named(text, self._terms)), hits))

    def _overlap(self, asked: Asked, hits: Sequence[Hit]) -> Overlap:
        words = self._index.words
        nearest = [hit.passage.text for hit in hits[:_NEAREST]]
        return Overlap(asked, self._terms, words.frequency, words.count(), nearest)

    def _talk(self, slug: str) -> list[Sentence]:
        """Return the sentences of a talk, in order."""
        said: list[Sentence] = []
        for passage in self._index.passages(slug).values():
            said += passage.sentences[len(said) - passage.first :]
        return said


def _candidates(
    hits: Sequence[Hit],
    overlap: Overlap,
    talks: dict[str, list[Sentence]],
    sides: Sequence[Overlap],
    odds: Sequence[Odds] | None,
) -> list[Candidate]:
    """Return the sentences of the hits that can be quoted, each once, with what is known of them."""
    found: dict[tuple[str, int], Candidate] = {}
    for rank, hit in enumerate(hits):
        # A hit by words alone was compared with nothing.
        near = hit.cosines or (hit.cosine,) * len(hit.passage.sentences)
        slug = hit.passage.slug
        talk = talks[slug]
        for n, sentence in enumerate(hit.passage.sentences):
            at = hit.passage.first + n
            if (slug, at) in found or not quotable(sentence):
                continue
            before = talk[at - 1] if at else None
            found[slug, at] = Candidate(
                slug=slug,
                at=at,
                sentence=sentence,
                before=before,
                rank=rank,
                fused=hit.fused,
                passage=hit.passage.text,
                passage_cosine=hit.cosine,
                cosine=near[n],
                window=max(near[n - 1 : n] + near[n + 1 : n + 2] or near[n : n + 1]),
                before_cosine=near[n - 1] if n else sum(near) / len(near),
                words=overlap.share(sentence.text),
                context=overlap.share(*(s.text for s in talk[max(0, at - 1) : at + 2])),
                defined=overlap.share(defined(sentence.text, before.text if before else "")),
                written=hit.details.kind == "study",
                sides=tuple((side.share(sentence.text) + side.share(hit.passage.text)) / 2 for side in sides),
                read=float(odds[rank][n]) if odds else 0.0,
            )
    return list(found.values())
