"""The weights of sentences and the decision to answer are fitted to questions whose answers are known. Pure.

Every figure that is printed is of questions whose group (a topic, a talk's question) the model did not see.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Literal

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from index.answer import MOST
from index.decision import FEATURES, RAW
from index.evaluate import Span, overlaps
from index.evidence import evidence
from index.inquiry import Inquiry
from index.selection import FEATURES as SENTENCE_FEATURES
from index.selection import Candidate, Values, choose

_FOLDS = 5

Sort = Literal["answered", "near", "elsewhere"]


@dataclass(frozen=True, slots=True)
class Case:
    """A question that was studied, and where its answer stands.

    ``sort`` says whether the library answers it, nearly does, or is about something else; ``place`` which library it was
    asked of, and ``group`` what it may not be judged by.
    """

    study: Inquiry
    spans: tuple[Span, ...]
    sort: Sort
    place: str
    group: str


@dataclass(frozen=True, slots=True)
class _Placed:
    slug: str
    start: float
    end: float


def holds(candidate: Candidate, spans: Sequence[Span]) -> bool:
    """Say whether a sentence and an answer share more than half of the shorter of the two."""
    sentence = candidate.sentence
    return any(
        span.slug == candidate.slug
        and min(span.end, sentence.end) - max(span.start, sentence.start)
        > 0.5 * min(span.end - span.start, sentence.end - sentence.start)
        for span in spans
    )


def right(chosen: Sequence[Candidate], spans: Sequence[Span]) -> bool:
    """Say whether a quote overlaps an answer."""
    return any(overlaps(_Placed(c.slug, c.sentence.start, c.sentence.end), span) for c in chosen for span in spans)


def fit(cases: Sequence[Case], embedder: str) -> tuple[dict[str, Any], dict[str, float]]:
    """Return the content of ``fitted.json``, and figures of questions held apart."""
    folds = np.array([int(hashlib.sha256(case.group.encode()).hexdigest(), 16) % _FOLDS for case in cases])
    answerable = np.array([case.sort == "answered" for case in cases])
    weights = _weights(cases)
    fitted: dict[str, Any] = {"embedder": embedder}
    figures = {}
    for name, unknown in (("own", ()), ("others", RAW)):
        known = [n for n, feature in enumerate(SENTENCE_FEATURES) if feature not in unknown]
        features = tuple(f for f in FEATURES if f not in unknown)
        scores = _sentence_scores(cases, folds, known)
        chosen = [
            list(chain(*choose(c.study.asked, c.study.candidates, s, MOST))) for c, s in zip(cases, scores, strict=True)
        ]
        found = [evidence(c.study, s, quotes) for c, s, quotes in zip(cases, scores, chosen, strict=True)]
        good = np.array([right(quotes, case.spans) for quotes, case in zip(chosen, cases, strict=True)])
        figures[f"{name}: answered right if never declined"] = float(good[answerable].mean())
        table = np.array([[row.get(f, 0.0) for f in features] for row in found])
        # What is answerable but was answered with other sentences teaches neither.
        taught = good | ~answerable
        probabilities = np.zeros(len(cases))
        for fold in range(_FOLDS):
            learnt, judged = taught & (folds != fold), folds == fold
            probabilities[judged] = _logistic(table[learnt], good[learnt], weights[learnt]).predict_proba(
                table[judged]
            )[:, 1]
        threshold = _threshold(probabilities, good, answerable, weights)
        model = _logistic(table[taught], good[taught], weights[taught])
        fitted[name] = {
            "sentences": _plain(_sentence_model(cases, known), [SENTENCE_FEATURES[n] for n in known]),
            "decision": {
                **_plain(model, features),
                "threshold": round(threshold, 3),
                "typical": {f: round(float(mean), 4) for f, mean in zip(features, model[0].mean_, strict=True)},
            },
        }
        figures |= _figures(name, cases, probabilities, threshold, good, weights)
    return fitted, figures


def _sentence_scores(cases: Sequence[Case], folds: Any, known: Sequence[int]) -> list[Values]:
    """Return the log odds of each case's sentences, by a model of the ``known`` figures that saw nothing of its fold."""
    scores: list[Values] = [np.zeros(0)] * len(cases)
    for fold in range(_FOLDS):
        model = _sentence_model([case for case, f in zip(cases, folds, strict=True) if f != fold], known)
        for i in map(int, np.flatnonzero(folds == fold)):
            described = cases[i].study.described[:, known]
            scores[i] = model.decision_function(described) if len(described) else np.zeros(0)
    return scores


def _sentence_model(cases: Sequence[Case], known: Sequence[int]) -> Any:
    labels = [np.array([holds(c, case.spans) for c in case.study.candidates], dtype=bool) for case in cases]
    kept = [(case.study.described[:, known], y) for case, y in zip(cases, labels, strict=True) if y.any()]
    return _logistic(np.concatenate([x for x, _ in kept]), np.concatenate([y for _, y in kept]), None)


def _logistic(table: Values, labels: Any, weights: Any) -> Any:
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000))
    return model.fit(table, labels, logisticregression__sample_weight=weights)


def _plain(model: Any, names: Sequence[str]) -> dict[str, Any]:
    """Return a model on standardised figures as one on the figures themselves."""
    scaler, logistic = model[0], model[-1]
    coefficients = logistic.coef_[0] / scaler.scale_
    intercept = float(logistic.intercept_[0] - coefficients @ scaler.mean_)
    return {
        "intercept": round(intercept, 4),
        "coefficients": {name: round(float(c), 4) for name, c in zip(names, coefficients, strict=True)},
    }


def _weights(cases: Sequence[Case]) -> Values:
    """Weigh cases so that each library counts alike, and in it what is answered as much as what is not.

    Of what is not, near misses count as much as what is about something else.
    """
    share = {"answered": 0.5, "near": 0.25, "elsewhere": 0.25}
    count: dict[tuple[str, str, str], int] = {}
    keys = [(case.place, case.sort, case.study.asked.language) for case in cases]
    for key in keys:
        count[key] = count.get(key, 0) + 1
    # A language counts by the square root of its questions: English ones are few, and must be learnt too.
    root = {key: n**0.5 for key, n in count.items()}
    total = {(p, s): sum(v for (q, t, _), v in root.items() if (p, s) == (q, t)) for p, s, _ in count}
    return np.array([share[s] * root[p, s, lang] / total[p, s] / count[p, s, lang] for p, s, lang in keys]) * len(cases)


def _threshold(probabilities: Values, good: Any, answerable: Any, weights: Values) -> float:
    """Return the probability from which as large a share is wrongly declined as is wrongly answered: the equal error rate.

    What costs least jumps between far thresholds from fit to fit; where both errors meet does not.
    """
    steps = np.round(np.arange(0.2, 0.81, 0.01), 2)
    for threshold in steps:
        answers = probabilities >= threshold
        declined = weights[answerable & good & ~answers].sum() / weights[answerable & good].sum()
        answered = weights[~answerable & answers].sum() / weights[~answerable].sum()
        if declined >= answered:
            break
    return float(threshold)


def _figures(
    name: str, cases: Sequence[Case], probabilities: Values, threshold: float, good: Any, weights: Values
) -> dict[str, float]:
    answers = probabilities >= threshold
    figures = {f"{name}: threshold": threshold}
    for place in sorted({case.place for case in cases}):
        here = np.array([case.place == place for case in cases])
        for sort in ("answered", "near", "elsewhere"):
            those = here & np.array([case.sort == sort for case in cases])
            if sort == "answered":
                figures[f"{name}: {place}, answered right"] = float((answers & good)[those].mean())
                figures[f"{name}: {place}, wrongly declined"] = float((~answers)[those].mean())
            else:
                figures[f"{name}: {place}, {sort} declined"] = float((~answers)[those].mean())
        those = here & (good | np.array([case.sort != "answered" for case in cases]))
        figures[f"{name}: {place}, AUC"] = float(
            roc_auc_score(good[those], probabilities[those], sample_weight=weights[those])
        )
    return figures
