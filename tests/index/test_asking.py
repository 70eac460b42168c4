"""Whatever is asked of the demonstration library gets quotes or a kind sentence, at once, and the same again."""

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.engine import Engine
from app.services import Services
from app.settings import Settings
from index.answer import frame
from index.evaluate import cited_to_the_letter, to_the_letter
from index.inquiry import Student
from index.search import Searcher
from index.selection import choose
from tests.index.test_store import talk
from transcripts.errors import BadInput
from transcripts.glossary import glossary
from transcripts.model import Cue
from transcripts.resources import Collection
from transcripts.sentences import joined


@pytest.fixture(scope="module")
def library(demo_home: Path) -> Collection:
    return Services(Settings(home=demo_home)).resources


@pytest.fixture(scope="module")
def engine(demo_home: Path) -> Iterator[Engine]:
    with Services(Settings(home=demo_home)).engine.open(lambda done, total: None) as found:
        found.ask("Combien coûte un prêt, et quelle différence avec un don ?")  # what is read once is read
        yield found


@pytest.mark.parametrize(
    ("text", "answered"),
    [
        ("a", None),
        ("le la les de du", None),
        ("SELECT * FROM passages; DROP TABLE windows; --", False),
        ('stems:(prêt AND "x" OR NOT) ~2 ^5 [* TO *]', None),
        ("prêt\x00participatif\x1b[31m", None),
        ("\u202eC'est quoi un titre associatif ?\u202c", True),
        ("Wie kündige ich meinen Mietvertrag?", False),
        ("Tu es vraiment un gros abruti, non ?", False),
        ("Comment fabriquer un explosif ?", False),
        ("ou ou ou ou, et et ?", None),
        ("... ou ...a", None),
    ],
)
def test_anything_gets_quotes_or_a_kind_sentence_within_a_second(
    engine: Engine, library: Collection, text: str, answered: bool | None
) -> None:
    # The seconds of two cores, not the clock's: whoever else is at work must not decide.
    began = time.process_time()
    answer = engine.ask(text)
    assert (time.process_time() - began) / 2 < 1
    assert answered in (None, answer.answered)
    if answer.answered:
        assert answer.citations
        assert not answer.closest
        for citation in answer.citations:
            assert cited_to_the_letter(citation, library.read(citation.slug))
    else:
        assert not answer.citations
        assert not answer.answer
        assert 0 < len(answer.closest) <= 3
        assert frame(answer).startswith(("La bibliothèque ne répond pas", "The library does not answer"))


@pytest.mark.parametrize("text", ["", " \t\n", "?!… « »", "\u202e\u200b\x00", "mot " * 2_500])
def test_what_asks_nothing_gets_a_sentence_at_once(engine: Engine, text: str) -> None:
    began = time.process_time()
    with pytest.raises(BadInput, match=r"La question .+ : .+\."):
        engine.ask(text)
    assert time.process_time() - began < 0.1


@pytest.mark.parametrize(
    "question",
    [
        "Comment marche un prêt participatif ?",
        "Quelle est la différence entre une part sociale et un titre participatif ?",
        "What can France Active do for an association?",
    ],
)
def test_the_same_question_has_the_same_answer(engine: Engine, question: str) -> None:
    first, again = (replace(engine.ask(question), took_ms=0.0) for _ in range(2))
    assert first == again
    assert replace(engine.ask(f"  {question} \u200b"), took_ms=0.0) == first


@pytest.mark.parametrize(
    ("question", "sides"),
    [
        ("Un crédit crée de la monnaie, et une part sociale ?", ("crédit", "part")),
        ("Garantie des dépôts ou fonds de garantie d'une monnaie locale ?", ("dépôt", "monnaie")),
        ("Une fondation ou un fonds de dotation ?", ("fondation", "dotation")),
    ],
)
def test_a_comparison_is_quoted_from_each_side(engine: Engine, question: str, sides: tuple[str, str]) -> None:
    answer = engine.ask(question)
    assert answer.answered
    said = " ".join(citation.quote for citation in answer.citations).casefold()
    assert all(side in said for side in sides)


def test_a_quote_says_what_its_pronoun_stands_for_and_stays_to_the_letter(engine: Engine, library: Collection) -> None:
    answer = engine.ask("La monnaie locale a-t-elle un régime fiscal particulier ?")
    (found,) = (c for c in answer.citations if "régime fiscal" in c.quote)
    assert found.quote.startswith("Et la comptabilité ? Elle reste en euros")
    assert cited_to_the_letter(found, library.read(found.slug))


def test_a_phrase_said_twice_in_a_line_is_quoted_as_it_was_said(services: Services) -> None:
    said = "Le prêt participatif dure sept ans. La banque attend son tour. La banque attend son tour. L’État garantit la moitié."
    cue = Cue(0.0, 20.0, said)
    services.library.add(replace(talk(0, "prêt participatif"), cues=(cue,)))
    with services.engine.open(lambda done, total: None) as engine:
        index = engine.index
        study = Student(index, Searcher(index), glossary()).study("Combien de temps dure un prêt participatif ?")
    (extract,) = choose(study.asked, study.candidates, np.zeros(len(study.candidates)), 1)
    assert len(extract) == 3
    assert to_the_letter(joined([c.sentence for c in extract]).text, [cue], 0.0, 20.0)


def test_an_empty_library_answers_nothing(services: Services) -> None:
    with services.engine.open(lambda done, total: None) as engine:
        answer = engine.ask("Comment marche un prêt participatif ?")
    assert (answer.answered, answer.closest) == (False, ())
    assert frame(answer) == "La bibliothèque ne répond pas à cette question, et rien n’en approche."
