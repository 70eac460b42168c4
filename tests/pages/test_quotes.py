"""What is shown of passages and copied of answers, without a browser."""

import datetime as dt
from dataclasses import replace

from index.answer import Answer, Citation, Statement
from index.search import Result, SearchReply
from pages import copying, quotes, results

HOSTILE = "<img src=x onerror=alert(1)> <script>alert(2)</script> **gras** $x^2$ :red[rouge] &amp;"
STUDY = Result(
    "etude", HOSTILE, dt.date(2026, 2, 3), HOSTILE, None, None, HOSTILE, 1.0, None, "study", 4, "/etude?e=a&p=4"
)
SAID = Citation(1, "essai", "L'essai", "Odile", 65.8, 71.4, "C'est un prêt long", "/masterclass?m=essai&t=65.8")
ASKED = Answer("Qu'est-ce ?", True, 1.0, (Statement("C'est un prêt", (1,)),), (SAID,))


def test_an_answer_is_copied_as_it_is_shown_with_where_each_quote_is() -> None:
    assert copying.as_text(ASKED, "https://hub.example") == (
        "Qu'est-ce\u202f?\n\n«\u00a0C’est un prêt\u00a0»\n"
        "Odile, «\u00a0L’essai\u00a0», Opération Milliard, à 1:05\u00a0: https://hub.example/masterclass?m=essai&t=65.8"
    )
    page = replace(SAID, kind="study", page=4, start=None, end=None, speaker=None, url="/etude?e=a&p=4")
    written = copying.as_text(replace(ASKED, citations=(page,), written_by="un modèle"), "")
    assert written.endswith(
        "C’est un prêt [1]\n\n[1] «\u00a0C’est un prêt long\u00a0»\n«\u00a0L’essai\u00a0», Opération Milliard, p.\u00a04\u00a0: /etude?e=a&p=4"
    )


def test_passages_are_shown_as_text_whatever_they_hold() -> None:
    shown = "".join(results.of(SearchReply("gras", 1.0, (STUDY,), "<b>"), {}))
    assert "<img" not in shown and "<script" not in shown and "<b>" not in shown
    assert shown.count(":red[rouge] &amp;amp;") == 3
    assert "<mark>gras</mark>" in shown
    answered = replace(
        ASKED, citations=(replace(SAID, quote=HOSTILE, title=HOSTILE, page=4),), answer=(Statement(HOSTILE, (1,)),)
    )
    for answer in (
        answered,
        replace(answered, written_by=HOSTILE),
        replace(ASKED, answer=(), citations=(), closest=(STUDY,)),
    ):
        shown = "".join(quotes.of(answer))
        assert "<img" not in shown and "<script" not in shown


def test_passages_that_share_a_sentence_are_shown_as_one() -> None:
    first = replace(STUDY, text="Un prêt. Une part.", page=4)
    then = replace(STUDY, text="Une part. Un don.", page=5)
    found = "".join(results.of(SearchReply("prêt", 1.0, (then, first)), {}))
    declined = "".join(quotes.of(replace(ASKED, answer=(), answered=False, citations=(), closest=(then, first))))
    for shown in (found, declined):
        assert shown.count("Une part.") == 1
        assert shown.count("<figure") == shown.count("<blockquote") == 1
        assert "Un don." in shown
    assert "1 passage." in found


def test_results_without_a_word_of_the_query_are_told_from_the_others() -> None:
    reply = SearchReply("", 1.0, (replace(STUDY, text="Le plafond est de 25 000 euros."),))
    for query in ("du plafond", "vingt-cinq mille", "25000 €", "de la"):
        assert "Aucun passage ne contient ces mots" not in "".join(results.of(replace(reply, query=query), {}))
    for query in ("zzzz", "35 000 €"):
        assert "Aucun passage ne contient ces mots" in "".join(results.of(replace(reply, query=query), {}))
