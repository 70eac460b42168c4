"""What tells whether a question is answered: figures drawn from its study and the quotes chosen. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from index.asked import answers_measure
from index.inquiry import Inquiry
from index.selection import Candidate, Values

_FEW = 3  # words that tell


def evidence(study: Inquiry, scores: Values, chosen: Sequence[Candidate]) -> dict[str, float]:
    """Return the figures named in `index.decision.FEATURES`, {} where nothing was found.

    Args:
        study: of the question.
        scores: log odds of its candidates.
        chosen: the quotes.
    """
    if not chosen:
        return {}
    asked, overlap = study.asked, study.overlap
    order = np.argsort(-scores, kind="stable")
    best = study.candidates[int(order[0])]
    ranked = scores[order]
    near = {c: study.near(c) for c in chosen}
    texts = [text for group in near.values() for text in group]
    passages = [hit.passage.text for hit in study.hits[:3]]
    fits = {c: answers_measure(asked.measure, c.sentence.text) for c in chosen} if asked.measure else {}
    cosines = sorted((hit.cosine for hit in study.pool), reverse=True)
    by_meaning = sorted(study.pool, key=lambda hit: -hit.cosine)[:5]
    by_words = sorted((hit for hit in study.pool if hit.bm25), key=lambda hit: -hit.bm25)[:10]
    number, english = asked.measure is not None, asked.language == "en"
    nearest = max(c.cosine for c in study.candidates)
    return {
        "best": float(ranked[0]),
        "margin": float(ranked[0] - ranked[1:6].mean()) if len(ranked) > 1 else 0.0,
        "together": float(np.mean([study.candidates[int(i)].rank == best.rank for i in order[:5]])),
        "gap": (cosines[0] - cosines[min(9, len(cosines) - 1)]) / (float(np.std(cosines)) or 1.0),
        "covered": overlap.share(*texts),
        "passage_covered": overlap.share(best.passage),
        "attribute_covered": overlap.attribute_share(*texts),
        "missing_rarest": overlap.missing_rarest(*passages),
        "unknown": overlap.unknown,
        "agreement": float(np.mean([hit in by_words for hit in by_meaning])),
        "figure_missing": float(number and max(fits.values()) < 1),
        "figure_elsewhere": float(
            number and any(fits.values()) and not any(fits[c] and overlap.names_subjects(*near[c]) for c in chosen)
        ),
        "subject_missing": float(not overlap.names_subjects(*passages)),
        "number": float(number),
        "english": float(english),
        "short": float(len(overlap.words) <= _FEW),
        # Learnt from French: of a question in another language, of which nobody said a word, it tells nothing.
        "usual": study.usual if overlap.unknown < 1 else 0.0,
        "cosine": nearest,
        "passage_cosine": cosines[0],
        "cosine_english": nearest if english else 0.0,
        "passage_cosine_english": cosines[0] if english else 0.0,
        "read": max(c.read for c in study.candidates),
        "read_chosen": max(c.read for c in chosen),
    }
