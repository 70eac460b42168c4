"""The figures of search and answers are what a reader would work out by hand."""

from math import log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.answer import Answer, Citation
from index.evaluate import Finding, Question, Span, evaluate, measure_search, read_questions, to_the_letter
from transcripts.errors import BadInput
from transcripts.model import Cue

TALK = "2026-05-12-x"


def span(start: float, end: float, slug: str = TALK) -> Span:
    return Span(slug, start, end)


def asked(*answers: Span, kind: str = "direct", question: str = "Qui crée la monnaie ?") -> Question:
    return Question("q", question, kind, answers)


def test_ranks_are_measured_by_hand() -> None:
    results = [span(100, 110), span(0, 9, "2026-05-12-y"), span(0, 9)]
    (row,) = measure_search([asked(span(5, 8))], [results])
    assert row == pytest.approx({"recall_at_1": 0, "recall_at_5": 1, "mrr_at_10": 1 / 3, "ndcg_at_10": 1 / log2(4)})
    assert measure_search([asked()], [results]) == [{}]
    assert measure_search([asked(span(5, 8))], [[]])[0]["ndcg_at_10"] == 0


def test_a_result_that_only_touches_a_span_does_not_count() -> None:
    (row,) = measure_search([asked(span(10, 20))], [[span(0, 10), span(20, 30)]])
    assert row["recall_at_5"] == 0


def test_several_results_on_one_span_count_once() -> None:
    once, twice = (
        measure_search([asked(span(0, 30), span(60, 90))], [results])[0]["ndcg_at_10"]
        for results in ([span(0, 20)], [span(0, 20), span(10, 30)])
    )
    assert once == twice == pytest.approx(1 / (1 + 1 / log2(3)))
    (both,) = measure_search([asked(span(0, 30), span(40, 90))], [[span(20, 50)]])
    assert both["ndcg_at_10"] == 1


stretches = st.builds(
    lambda start, length, slug: Span(slug, start, start + length),
    st.integers(0, 50),
    st.integers(1, 30),
    st.sampled_from([TALK, "2026-05-12-y"]),
)


@given(st.lists(stretches, min_size=1, max_size=15), st.lists(stretches, max_size=15))
def test_no_figure_leaves_its_bounds(answers: list[Span], results: list[Span]) -> None:
    (row,) = measure_search([asked(*answers)], [results])
    assert all(0 <= value <= 1 + 1e-9 for value in row.values())
    assert row["recall_at_1"] <= row["mrr_at_10"] <= row["recall_at_5"] or row["mrr_at_10"] <= 0.2


def citation(start: float, end: float, slug: str = TALK) -> Citation:
    return Citation(1, slug, "X", None, start, end, "quote", "")


def finding(question: Question, *citations: Citation, letters: tuple[bool, ...] = ()) -> Finding:
    answer = Answer(question.question, bool(citations), 2.0, citations=citations)
    results = [span(5, 9)]
    return Finding(question, {"fused": results, "words": [], "meaning": results}, answer, letters, 1.0)


def test_answers_are_measured_by_hand() -> None:
    figures = evaluate(
        [
            finding(asked(span(0, 10)), citation(5, 8), citation(30, 35), letters=(True, True)),
            finding(asked(span(0, 10)), citation(16, 18), citation(5, 8, "2026-05-12-y"), letters=(True, False)),
            finding(asked(span(0, 10))),
            finding(asked(kind="unanswerable")),
            finding(
                asked(kind="unanswerable", question="How do I wire solar panels?"), citation(5, 8), letters=(True,)
            ),
        ]
    )
    whole = figures["all"]
    assert whole["n"] == 5
    assert whole["answered_right"] == whole["wrongly_declined"] == pytest.approx(1 / 3, abs=1e-4)
    assert whole["declined_right"] == 0.5
    assert whole["quotes_to_the_letter"] == 0.8
    assert whole["citations_overlap"] == 0.25
    assert whole["seconds_off"] == 6  # of 0, 20 and 6; the other talk has no distance
    assert figures["kinds"]["unanswerable"]["recall_at_1"] is None
    assert figures["kinds"]["unanswerable"]["declined_right"] == 0.5
    assert figures["kinds"]["direct"]["declined_right"] is None
    assert figures["languages"]["en"]["n"] == 1
    assert figures["searches"]["words"]["all"]["recall_at_5"] == 0
    assert figures["searches"]["meaning"]["kinds"]["direct"]["recall_at_5"] == 1
    low, high = whole["ci"]["answered_right"]
    assert 0 <= low < 1 / 3 < high <= 1


def test_every_figure_of_every_group_and_search_has_its_interval() -> None:
    right, wrong = citation(5, 8), citation(16, 18)
    figures = evaluate(
        [
            finding(asked(span(0, 10)), right, right, letters=(True, True)),
            finding(asked(span(0, 10), kind="english", question="How is money made?"), wrong, letters=(False,)),
            finding(asked(span(30, 40), kind="english", question="Who makes the money?"), wrong, letters=(True,)),
        ]
    )
    for grouped in (figures, *figures["searches"].values()):
        assert list(grouped["languages"]) == ["fr", "en"]
        for group in (grouped["all"], *grouped["kinds"].values(), *grouped["languages"].values()):
            assert set(group["ci"]) == {name for name, value in group.items() if value is not None} - {"n", "ci"}
            assert all(group["ci"][name][0] <= group[name] <= group["ci"][name][1] for name in group["ci"])
    assert figures["searches"]["meaning"]["languages"]["fr"]["recall_at_1"] == 1
    assert figures["searches"]["meaning"]["languages"]["en"]["recall_at_1"] == 0.5
    assert figures["searches"]["meaning"]["kinds"]["english"]["ci"]["recall_at_1"] == (0, 1)
    assert figures["searches"]["words"]["languages"]["en"]["recall_at_5"] == 0
    assert figures["languages"]["en"]["seconds_off"] == 9  # 6 and 12
    assert figures["languages"]["en"]["ci"]["seconds_off"] == (6, 12)
    assert figures["languages"]["fr"]["ci"]["citations_overlap"] == (1, 1), (
        "two quotes of one answer are drawn together"
    )
    assert figures["kinds"]["english"]["ci"]["quotes_to_the_letter"] == (0, 1)


def test_what_two_works_answer_is_cited_from_both_or_not() -> None:
    two = Question("q", "?", "both", (span(0, 10), span(0, 10, "2026-05-12-y")))
    one, other = citation(5, 8), citation(5, 8, "2026-05-12-y")
    figures = evaluate(
        [finding(two, one, other), finding(two, one, one), finding(two), finding(asked(span(0, 10)), one)]
    )
    assert figures["all"]["several_cited"] == pytest.approx(1 / 3, abs=1e-4)
    assert figures["kinds"]["direct"]["several_cited"] is None


def test_quotes_are_looked_for_to_the_letter() -> None:
    cues = [Cue(0, 2, "Le prêt  participatif"), Cue(2, 4, "dure sept ans."), Cue(4, 6, "Voilà.")]
    assert to_the_letter("Le prêt participatif dure", cues, 0, 4)
    assert to_the_letter("participatif\ndure sept", cues, 0, 4)
    assert not to_the_letter("dure sept ans. Voilà.", cues, 0, 4)
    assert not to_the_letter("Le pret participatif", cues, 0, 4)


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        '{"id": "a"}',
        '{"id": "a", "question": "b", "kind": "c", "answers": [{}]}',
        '{"id": "a", "question": "?", "kind": "c", "answers": []}',
        f'{{"id": "a", "question": "{"x" * 1_001}", "kind": "c", "answers": []}}',
    ],
)
def test_a_line_that_is_no_question_is_named(line: str) -> None:
    good = '{"id": "a", "question": "b", "kind": "c", "answers": []}'
    with pytest.raises(BadInput, match=r"ligne 3 de « q\.jsonl »"):
        read_questions(f"{good}\n\n{line}\n", "q.jsonl")
    with pytest.raises(BadInput, match="aucune question"):
        read_questions("\n", "q.jsonl")
