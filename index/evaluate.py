"""How good search and answers are, on questions whose answers are known. Pure.

Search is measured with `ir_measures`: recall@k is the share of questions with a result that overlaps an answer span among
the first k, MRR@10 the mean of 1 / rank of the first such result. For nDCG@10 each span is claimed by the first result
that overlaps it: a later result on the same span gains nothing, a result that overlaps two spans claims both and counts
once. The ideal ranking holds the results that claimed a span, then one for each span that none claimed; so the figure
never exceeds 1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Annotated, Any, Protocol

import ir_measures
import numpy as np
import numpy.typing as npt
from ir_measures import RR, Qrel, ScoredDoc, Success, nDCG
from pydantic import BeforeValidator, TypeAdapter, ValidationError

from index.answer import Answer, Citation
from index.question import Language, clean, language_of
from index.search import SEARCHES, By, Result
from transcripts.errors import BadInput
from transcripts.model import Cue, Masterclass
from transcripts.study import Study

DEPTH = 10  # results looked at
_MEASURES = {"recall_at_1": Success @ 1, "recall_at_5": Success @ 5, "mrr_at_10": RR @ 10, "ndcg_at_10": nDCG @ 10}
_RESAMPLES, _LEVEL = 2_000, 0.95

Figures = dict[str, Any]

# Where the values of a figure stand in the rows of the questions, one or several in each, and how they are made one.
_Sources = Mapping[str, tuple[str, Callable[..., Any]]]
_OF_SEARCH: _Sources = {name: (name, np.nanmean) for name in _MEASURES}
_OF_ALL: _Sources = {
    **_OF_SEARCH,
    **{name: (name, np.nanmean) for name in ("answered_right", "several_cited", "declined_right", "wrongly_declined")},
    "quotes_to_the_letter": ("quotes", np.nanmean),
    "citations_overlap": ("citations_right", np.nanmean),
    "seconds_off": ("seconds_off", np.nanmedian),
    "search_ms": ("search_ms", np.nanmedian),
    "ask_ms": ("ask_ms", np.nanmedian),
}


class Stretch(Protocol):
    """Anything between ``start`` and ``end``: seconds of a masterclass, or positions in the pages of a study."""

    @property
    def slug(self) -> str: ...
    @property
    def start(self) -> float: ...
    @property
    def end(self) -> float: ...


@dataclass(frozen=True, slots=True)
class Span:
    """Where a masterclass answers a question, in seconds, or a study, in pages: the twelfth is from 12 to 13."""

    slug: str
    start: float
    end: float

    @classmethod
    def of(cls, found: Result | Citation) -> Span:
        """Return where something was found; of a study that is a whole page."""
        if found.page is not None:
            return cls(found.slug, found.page, found.page + 1)
        return cls(found.slug, found.start or 0.0, found.end or 0.0)


def _paged(written: object) -> object:
    """Read ``{"slug", "page"}`` as the whole page."""
    if isinstance(written, dict) and isinstance(page := written.get("page"), int):
        return {"slug": written.get("slug"), "start": page, "end": page + 1}
    return written


@dataclass(frozen=True, slots=True)
class Question:
    """A line of the questions file; no ``answers`` where the library does not answer it."""

    id: str
    question: str
    kind: str
    answers: tuple[Annotated[Span, BeforeValidator(_paged)], ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """What one question got: the results of each search, the answer, and for each citation whether it is to the letter."""

    question: Question
    found: Mapping[By, Sequence[Stretch]]
    answer: Answer
    letters: tuple[bool, ...]
    search_ms: float


def read_questions(text: str, name: str) -> list[Question]:
    """Read a questions file, one JSON object a line. Raises `BadInput`, which names the line."""
    reader = TypeAdapter(Question)
    questions = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            try:
                questions.append(reader.validate_json(line))
                clean(questions[-1].question)
            except BadInput as error:
                raise BadInput(
                    f"La ligne {number} de « {name} » ne peut pas être posée : rien n’a été mesuré. {error}"
                ) from error
            except ValidationError as error:
                where = ".".join(str(part) for part in error.errors()[0]["loc"]) or "JSON"
                raise BadInput(
                    f"La ligne {number} de « {name} » n’est pas une question ({where}) : rien n’a été mesuré ; "
                    'chaque ligne est un objet JSON, {"id", "question", "kind", "answers": [{"slug", "start", "end"} ou {"slug", "page"}]}.'
                ) from error
    if not questions:
        raise BadInput(f"« {name} » ne contient aucune question : rien n’a été mesuré.")
    return questions


def overlaps(one: Stretch, other: Stretch) -> bool:
    """Say whether two stretches share a moment of the same masterclass, or a place of the same study."""
    return one.slug == other.slug and one.start < other.end and other.start < one.end


def to_the_letter(quote: str, cues: Iterable[Cue], start: float, end: float) -> bool:
    """Say whether a quote stands in the cues between two times (seconds); runs of white space count as one space."""
    said = " ".join(cue.text for cue in cues if cue.start >= start - 0.01 and cue.end <= end + 0.01)
    return " ".join(quote.split()) in " ".join(said.split())


def on_the_page(quote: str, study: Study, page: int) -> bool:
    """Say whether a quote stands in the text of a page, or begins there and runs on; white space as in `to_the_letter`."""
    here = [(block, page - block.page) for block in study.blocks if 0 <= page - block.page <= len(block.breaks)]
    written = " ".join(block.text[(0, *block.breaks)[n] :] for block, n in here)
    return " ".join(quote.split()) in " ".join(written.split())


def cited_to_the_letter(citation: Citation, whole: Masterclass | Study) -> bool:
    """Say whether a citation's quote stands where it says."""
    if isinstance(whole, Masterclass):
        return to_the_letter(citation.quote, whole.cues, citation.start or 0.0, citation.end or 0.0)
    return on_the_page(citation.quote, whole, citation.page or 0)


def measure_search(questions: Sequence[Question], found: Sequence[Sequence[Stretch]]) -> list[dict[str, float]]:
    """Return recall@1, recall@5, MRR@10 and nDCG@10 of each question, {} where no answer is known.

    ``found`` holds the results of each question, best first.
    """
    qrels, run = [], []
    for number, (question, results) in enumerate(zip(questions, found, strict=True)):
        unclaimed = set(range(len(question.answers)))
        for rank, result in enumerate(results[:DEPTH]):
            claimed = {n for n in unclaimed if overlaps(result, question.answers[n])}
            unclaimed -= claimed
            run.append(ScoredDoc(str(number), f"result {rank}", -float(rank)))
            qrels.append(Qrel(str(number), f"result {rank}", int(bool(claimed))))
        qrels += [Qrel(str(number), f"span {n}", 1) for n in sorted(unclaimed)]
    rows = [dict.fromkeys(_MEASURES, 0.0) if question.answers else {} for question in questions]
    names = {str(measure): name for name, measure in _MEASURES.items()}
    for metric in ir_measures.iter_calc(list(_MEASURES.values()), qrels, run):
        if row := rows[int(metric.query_id)]:
            row[names[str(metric.measure)]] = float(metric.value)
    return rows


def _measure_answer(finding: Finding) -> Figures:
    """Return what one answer is worth; keys that do not apply to the question are left out."""
    spans, answer = finding.question.answers, finding.answer
    row: Figures = {"answered": answer.answered, "quotes": list(finding.letters)}
    if not spans:
        return row | {"declined_right": float(not answer.answered)}
    cited = [Span.of(citation) for citation in answer.citations]
    right = [any(overlaps(c, span) for span in spans) for c in cited]
    apart = [
        min(max(0.0, span.start - c.end, c.start - span.end) for span in spans if span.slug == c.slug)
        for c, citation in zip(cited, answer.citations, strict=True)
        if citation.page is None and any(span.slug == c.slug for span in spans)
    ]
    works = {span.slug for span in spans}
    if len(works) > 1:
        met = {c.slug for c, is_right in zip(cited, right, strict=True) if is_right}
        row |= {"several_cited": float(answer.answered and len(met) > 1)}
    return row | {
        "answered_right": float(answer.answered and any(right)),
        "wrongly_declined": float(not answer.answered),
        "citations_right": right,
        "seconds_off": apart,
    }


def evaluate(findings: Sequence[Finding]) -> Figures:
    """Return the contract's JSON of ``hub evaluate``: all, kinds and questions; languages beside them, and each search so.

    ``ci`` holds 95 % confidence intervals by the bootstrap (Efron 1979) over questions. What does not apply to a group is
    None: an unanswerable question has no place in a ranking.
    """
    questions = [f.question for f in findings]
    measured = {by: measure_search(questions, [f.found[by] for f in findings]) for by in SEARCHES}
    rows: list[Figures] = [
        {
            **asdict(f.question),
            "language": language_of(f.question.question),
            **measured["fused"][number],
            "ranks": {by: _rank(f.question, f.found[by]) for by in SEARCHES},
            "search_ms": f.search_ms,
            "ask_ms": f.answer.took_ms,
            **_measure_answer(f),
        }
        for number, f in enumerate(findings)
    ]
    groups = [{"kind": row["kind"], "language": row["language"]} for row in rows]
    return {
        **_grouped(rows, _OF_ALL),
        "searches": {
            by: _grouped([group | row for group, row in zip(groups, by_question, strict=True)], _OF_SEARCH)
            for by, by_question in measured.items()
        },
        "questions": rows,
    }


def _rank(question: Question, results: Sequence[Stretch]) -> int | None:
    """Return the rank of the first result that overlaps a span, from 1; None where none does."""
    return next(
        (rank for rank, r in enumerate(results, 1) if any(overlaps(r, span) for span in question.answers)), None
    )


def _grouped(rows: Sequence[Figures], sources: _Sources) -> Figures:
    """Return the figures over all, per kind, and of French and English questions apart."""
    languages: tuple[Language, ...] = ("fr", "en")
    return {
        "all": _figures(rows, sources),
        "kinds": {
            kind: _figures([row for row in rows if row["kind"] == kind], sources)
            for kind in dict.fromkeys(row["kind"] for row in rows)
        },
        "languages": {name: _figures([row for row in rows if row["language"] == name], sources) for name in languages},
    }


def _figures(rows: Sequence[Figures], sources: _Sources) -> Figures:
    """Return the figures of a group of questions."""
    figures: Figures = {"n": len(rows), **dict.fromkeys(sources), "ci": {}}
    for name, (key, of) in sources.items():
        if values := [np.atleast_1d(row[key]) for row in rows if np.size(row.get(key, ()))]:
            figures[name] = _round(of(np.concatenate(values)))
            figures["ci"][name] = _interval(values, of)
    return figures


def _interval(values: Sequence[npt.NDArray[Any]], of: Callable[..., Any]) -> tuple[float, float]:
    """Return the bootstrap interval of a figure; the same values give the same interval.

    A question is drawn with all its values: the quotes of one answer are right or wrong together.
    """
    most = max(map(len, values))
    table = np.array([[*row, *[np.nan] * (most - len(row))] for row in values])
    drawn = np.random.default_rng(0).choice(table, (_RESAMPLES, len(table)))
    low, high = np.quantile(of(drawn.reshape(_RESAMPLES, -1), axis=1), [(1 - _LEVEL) / 2, (1 + _LEVEL) / 2])
    return _round(low), _round(high)


def _round(value: Any) -> float:
    return round(float(value), 4)
