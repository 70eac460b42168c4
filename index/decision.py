"""Whether the library answers a question: a small logistic regression whose coefficients anyone can read. Pure.

`app.calibrate` fits it, and the weights of `index.selection`, and writes both to ``fitted.json``. Cosines of one
embedder mean nothing for another: the file names the embedder it was fitted with, and holds a second model that does
without any raw cosine, for all others.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.selection import FEATURES as SENTENCE_FEATURES
from index.selection import READ

FITTED = Path(__file__).with_name("fitted.json")

# Evidence drawn from the values of vectors, or from a reader: known to one embedder only.
RAW = ("usual", "cosine", "passage_cosine", "cosine_english", "passage_cosine_english", *READ, "read_chosen")
FEATURES = (
    "best",  # log odds of the best sentence
    "margin",  # and how far they lie above the mean of the next five
    "together",  # share of the five best sentences that stand in the best one's passage
    "gap",  # cosine of the best passage above the tenth, in standard deviations of those found
    "covered",  # share of the question's words, weighted by rarity, that the quotes have with their neighbours
    "passage_covered",  # the same of the passage of the best sentence
    "attribute_covered",  # the same of the words that are not the subject's name
    "missing_rarest",  # rarity, 0 to 1, of the rarest word that the best three passages lack
    "unknown",  # share of the question's words that nobody ever said
    "agreement",  # share of the five best passages by meaning that are among the ten best by words
    "figure_missing",  # a figure is asked for, and no quote has one of that kind
    "figure_elsewhere",  # a quote has one, but nothing near it names the subject asked for
    "subject_missing",  # a term of the field is named in the question and not in the best three passages
    "number",  # a figure is asked for
    "english",
    "short",  # three words that tell, or fewer
    # and `RAW`: see `index.usual`; cosine of the nearest sentence, of the best passage; the same of English questions;
    # the highest log odds by `index.reader` of all that was read, and of the quotes
    *RAW,
)


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided and why: answered when ``probability`` reaches ``threshold``.

    ``features`` is the evidence, ``weights`` what each piece added to the log odds beside what it adds for most questions;
    ``kind`` is what was asked for.
    """

    probability: float
    threshold: float
    kind: str
    features: dict[str, float]
    weights: dict[str, float]

    @property
    def answers(self) -> bool:
        """Say whether the library answers."""
        return self.probability >= self.threshold


@dataclass(frozen=True, slots=True)
class Logistic:
    """A logistic regression on named features; ``threshold`` on its probability, ``typical`` the means of what it learnt from."""

    intercept: float
    coefficients: Mapping[str, float]
    threshold: float = 0.5
    typical: Mapping[str, float] = field(default_factory=dict)

    def decide(self, kind: str, features: Mapping[str, float]) -> Decision:
        """Weigh the evidence; where nothing was found there is none."""
        odds = self.intercept + sum(c * features.get(name, 0.0) for name, c in self.coefficients.items())
        # A cosine is high whatever is asked: only how far it lies from the usual tells why.
        weights = {
            name: c * (features.get(name, 0.0) - self.typical.get(name, 0.0)) for name, c in self.coefficients.items()
        }
        rounded = {name: round(value, 4) for name, value in features.items() if name in self.coefficients}
        return Decision(
            round(1 / (1 + math.exp(-max(-50.0, min(50.0, odds)))), 4),
            self.threshold,
            kind,
            rounded,
            {name: round(weight, 3) for name, weight in weights.items()},
        )


@dataclass(frozen=True, slots=True)
class Fitted:
    """What `app.calibrate` found: weights of sentences (log odds) and the decision."""

    sentences: Logistic
    decision: Logistic

    def score(self, described: npt.NDArray[np.floating[Any]]) -> npt.NDArray[np.floating[Any]]:
        """Return the log odds that each described sentence answers, shape (sentences,)."""
        weights = np.array([self.sentences.coefficients.get(name, 0.0) for name in SENTENCE_FEATURES])
        scores: npt.NDArray[np.floating[Any]] = described @ weights + self.sentences.intercept
        return scores


@lru_cache(maxsize=4)
def fitted(embedder: str) -> Fitted:
    """Return what suits an embedder: its own models where the file was fitted with it, else those without cosines and reader."""
    data = json.loads(FITTED.read_text("utf-8"))
    suited = data["own" if data["embedder"] == embedder else "others"]
    return Fitted(Logistic(**suited["sentences"]), Logistic(**suited["decision"]))
