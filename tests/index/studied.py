"""A question studied by hand, as `index.inquiry.Student` would leave it: its sentences and figures are given, no model reads them."""

import datetime as dt
from collections.abc import Sequence

from index.asked import read
from index.inquiry import Inquiry
from index.overlap import Overlap
from index.passages import Passage
from index.search import Hit
from index.selection import Candidate, describe
from index.words import Term
from transcripts.glossary import glossary
from transcripts.model import Details, Origin
from transcripts.sentences import Sentence

SLUG = "2026-01-01-seance"
DETAILS = Details(
    SLUG, "Séance", dt.date(2026, 1, 1), "autre", (), "published", 60.0, "fr", "x.vtt", Origin("imported", "")
)


def sentences(*texts: str) -> list[Sentence]:
    """Return sentences of five seconds each, one after the other."""
    return [Sentence(5.0 * i, 5.0 * i + 5, text) for i, text in enumerate(texts)]


def candidate(
    at: int, talk: Sequence[Sentence], *, slug: str = SLUG, passage: str = "", cosine: float = 0.8
) -> Candidate:
    """Return a sentence of a talk as a candidate whose passage is the whole talk unless another is given."""
    whole = passage or " ".join(s.text for s in talk)
    before = talk[at - 1] if at else None
    return Candidate(slug, at, talk[at], before, 0, 1.0, whole, 0.8, cosine, 0.7, 0.7, 0.5, 0.5)


def frequency(*texts: str) -> tuple[dict[Term, int], int]:
    """Return in how many of the texts each term occurs, and how many texts there are."""
    from index.analysis import stems
    from index.words import terms

    found: dict[Term, int] = {}
    for text in texts:
        for term in terms(stems(text)):
            found[term] = found.get(term, 0) + 1
    return found, len(texts)


def study(question: str, *texts: str, cosine: float = 0.8, usual: float = 0.0) -> Inquiry:
    """Return the study of a question for which one passage was found, made of these sentences."""
    talk = sentences(*texts)
    asked = read(question, glossary())
    whole = " ".join(texts)
    counts, count = frequency(*texts)
    overlap = Overlap(asked, glossary(), lambda term: counts.get(term, 0), count, [whole])
    hit = Hit(Passage("p", SLUG, 0.0, talk[-1].end, whole, tuple(talk), None), DETAILS, cosine, 1.0, 1.0)
    candidates = tuple(candidate(i, talk, cosine=cosine) for i in range(len(talk)))
    return Inquiry(asked, (hit,), (hit,), candidates, describe(asked, candidates), overlap, {SLUG: talk}, usual)
