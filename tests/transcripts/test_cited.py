"""What a model answers is read in whatever form it names its lines, one sentence at a time."""

import pytest

from transcripts.cited import cited_lines, cited_sentences

LOAN = "Le prêt dure sept ans."


@pytest.mark.parametrize(
    "line",
    [
        f"12,13: {LOAN}",
        f"- 12-13 : {LOAN}  ",
        f"[12], [13]: {LOAN}",
        f"[12][13] : {LOAN}",
        f"**12, 13:** {LOAN}",
        f"2. 12,13: {LOAN}",
        f"1) Lignes 12 et 13 : {LOAN}",
        f"(12, 13) : {LOAN}",
        f"{LOAN} [12][13]",
        f"* {LOAN} (lignes 12 et 13)",
        f"{LOAN[:-1]} [12, 13].",
    ],
)
def test_lines_are_named_in_many_forms(line: str) -> None:
    assert list(cited_lines([line])) == [([11, 12], LOAN)]


def test_an_answer_in_one_paragraph_is_read_sentence_by_sentence() -> None:
    paragraph = (
        "```\nVoici la réponse :\nLe prêt dure sept ans [12]. La banque prête. Elle demande une garantie [13, 14].\n```"
    )
    assert list(cited_sentences(paragraph)) == [([11], LOAN), ([12, 13], "Elle demande une garantie.")]


def test_each_sentence_of_a_line_stands_for_itself() -> None:
    assert list(cited_lines([f"12: {LOAN} La banque prête."])) == [([11], LOAN), ([11], "La banque prête.")]
    both = f"12: {LOAN} La banque prête. || It runs for seven years. The bank lends."
    assert list(cited_lines([both])) == [
        ([11], f"{LOAN} || It runs for seven years."),
        ([11], "La banque prête. || The bank lends."),
    ]


def test_a_transcript_that_is_repeated_names_no_lines() -> None:
    assert not list(cited_lines([f"[12] {LOAN}", LOAN, "<transcription>", "Le prêt (2014) dure."]))


@pytest.mark.parametrize(
    "half", ["La banque prête", "La banque prête [1", "La banque prête (12)", "La banque prête à 4,"]
)
def test_half_a_sentence_at_the_end_is_none(half: str) -> None:
    assert list(cited_sentences(f"12: {LOAN} {half}")) == [([11], LOAN)]
    assert list(cited_sentences(f"12: {LOAN}\n12: {half}")) == [([11], LOAN)]
    assert not list(cited_sentences(f"12: {half}"))
    assert len(list(cited_sentences("12: La banque prête\n"))) == 1, "a line that ends is whole"
