"""Question and passage read together: what is answered is told from what only sounds like it, sentence by sentence."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from app.services import services
from index.embedder import Embedder
from index.passages import Passage
from index.reader import Reader, reader_for
from index.training.lessons import UNSEEN, Lesson, read
from transcripts.sentences import Sentence


@pytest.fixture(scope="module")
def reader() -> Reader:
    found = reader_for(services().embedder)
    assert found, "the file was not made for the default embedder"
    return found


def passage(head: str, *texts: str) -> Passage:
    """Return a passage of sentences of five seconds."""
    said = tuple(Sentence(5.0 * n, 5.0 * n + 5, text) for n, text in enumerate(texts))
    return Passage("p", "s", 0.0, said[-1].end, " ".join(texts), said, None, head)


def of(lesson: Lesson) -> Passage:
    return passage(lesson.topic, *(lesson.text[first:last] for first, last in lesson.spans))


def test_near_misses_of_passages_that_it_never_saw_are_told_and_the_right_sentence_is_found(reader: Reader) -> None:
    lessons = read([UNSEEN])[::5]
    asked = [(lesson, next(q for q in lesson.questions if q.style == "direct")) for lesson in lessons]
    odds = [reader.read(question.text, [of(lesson)])[0] for lesson, question in asked]
    missed = [reader.read(lesson.near_miss, [of(lesson)])[0] for lesson in lessons]
    answered = [True] * len(odds) + [False] * len(missed)
    assert roc_auc_score(answered, [found.max() for found in (*odds, *missed)]) > 0.85
    right = [int(found.argmax()) in question.sentences for found, (_, question) in zip(odds, asked, strict=True)]
    assert np.mean(right) > 0.75


def test_what_is_read_beside_a_passage_changes_nothing(reader: Reader) -> None:
    short = passage("La garantie", "La garantie couvre la moitié du prêt.", "Elle coûte deux pour cent.")
    long = passage("", *(f"La banque attend depuis {n} jours le compte de l’association." for n in range(90)))
    alone = reader.read("Combien coûte la garantie ?", [short])[0]
    beside = reader.read("Combien coûte la garantie ?", [long, short])
    assert beside[1] == pytest.approx(alone, abs=1e-3)
    assert alone.argmax() == 1
    assert len(beside[0]) == 90, "sentences beyond what is read have odds too"
    assert beside[0][-1] == -10


def test_no_passage_and_a_question_of_any_length_are_read(reader: Reader) -> None:
    assert reader.read("Combien ?", []) == []
    assert np.isfinite(reader.read("combien coûte la garantie " * 40, [passage("", "La garantie coûte.")])[0]).all()


def test_another_embedder_has_no_reader_and_the_embedder_stays_what_it_was(reader: Reader) -> None:
    other = Embedder(lambda: "", name="another", query_prefix="", passage_prefix="", batch=1)
    assert reader_for(other) is None
    embedder = services().embedder
    before = embedder.passages(["La garantie couvre la moitié du prêt."])
    reader.read("Que couvre la garantie ?", [passage("", "La garantie couvre la moitié du prêt.")])
    assert embedder.passages(["La garantie couvre la moitié du prêt."]) == pytest.approx(before)
