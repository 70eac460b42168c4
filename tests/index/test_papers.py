"""Studies in the same index, search and answers as talks: what is cited is a page, and what it says is there to the letter."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.engine import LocalEngine
from app.services import Services
from app.settings import ROOT, Settings
from index.answer import Quote
from index.asking import Asker
from index.decision import fitted
from index.evaluate import Span, cited_to_the_letter, measure_search, overlaps, read_questions
from index.passages import cut
from index.quoted import Quoted
from index.search import Filters, Searcher
from index.store import Index
from tests.conftest import make_home
from tests.index.held import everything
from tests.index.test_store import SUBJECTS, talk
from tests.papers import FEES, GUARANTEE, RUNS_ON, paper
from transcripts.glossary import glossary
from transcripts.study import placed

ASKED = "Quelle part du prêt bancaire la garantie couvre-t-elle ?"


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory, models: object) -> Services:
    home = make_home(tmp_path_factory.mktemp("papers") / "home", models)  # type: ignore[arg-type]
    services = Services(Settings(home=home))
    services.studies.add(paper())
    for number, subject in enumerate(SUBJECTS[:3]):
        services.library.add(talk(number, subject))
    return services


@pytest.fixture(scope="module")
def index(services: Services) -> Iterator[Index]:
    index = Index(services.settings.home / "index", services.resources, services.embedder)
    assert index.synchronise() == 4
    yield index


def test_a_study_is_cut_at_its_headings_and_its_notes_stand_apart() -> None:
    passages = cut(paper(), lambda text: True)
    assert {p.chapter.title for p in passages if p.chapter} == {
        "Enquête sur le financement",
        "Les garanties",
        "Conclusion",
    }
    for passage in passages:
        assert passage.chapter is not None
        assert passage.chapter.start <= passage.start < passage.end <= passage.chapter.end + 1e-9
    # Without headings too: a note of the first page does not go on where the last page ends.
    bare = paper()
    blocks = placed(b for b in bare.blocks if b.kind != "heading")
    noted = [p for p in cut(type(bare)(bare.details, blocks), lambda text: True) if "850" in p.text]
    assert [(int(p.start), p.end) for p in noted] == [(1, 2.0)]


def test_a_search_finds_both_and_says_which(index: Index) -> None:
    searcher = Searcher(index)
    found = searcher.search(ASKED).results
    (first,) = found[:1]
    assert (first.kind, first.page, first.start, first.end, first.moment) == ("study", 2, None, None, None)
    assert first.url.startswith(f"/etude?e={first.slug}&p=2&s=")
    assert {r.kind for r in found} == {"masterclass", "study"}
    for kind in ("masterclass", "study"):
        assert {r.kind for r in searcher.search(ASKED, filters=Filters(kind=kind)).results} == {kind}
    assert {r.kind for r in searcher.search(ASKED, filters=Filters(speaker="ada lovelace")).results} == {"study"}


def test_an_answer_quotes_a_page_to_the_letter(services: Services, index: Index) -> None:
    asker = Asker(index, Searcher(index), glossary(), fitted(services.embedder.name), [Quoted()])
    answer = asker.ask(ASKED)
    assert answer.answered
    cited = [c for c in answer.citations if c.kind == "study"]
    assert GUARANTEE in [c.quote for c in cited]
    for citation in cited:
        assert (citation.page, citation.start, citation.speaker) == (2, None, "Ada Lovelace")
        assert cited_to_the_letter(citation, services.resources.read(citation.slug))
        assert overlaps(Span.of(citation), Span(citation.slug, 2.1, 2.9))


def test_an_answer_may_be_asked_of_one_kind(services: Services, index: Index) -> None:
    engine = LocalEngine(index, [Quoted()])
    assert engine.ask(ASKED, kind="study").answered
    spoken = engine.ask(ASKED, kind="masterclass")
    assert {found.kind for found in (*spoken.citations, *spoken.closest)} == {"masterclass"}
    (line,) = [sentence for sentence in paper().sentences() if sentence.text == FEES]
    chosen = Quote(line, services.studies.details(paper().details.slug))
    engine = LocalEngine(index, [Quoted()], lambda question: chosen)
    assert engine.ask(ASKED, kind="study").citations[0].quote == FEES
    assert engine.ask(ASKED, kind="masterclass").closest == spoken.closest


def test_a_quote_is_looked_for_on_its_page(services: Services, index: Index) -> None:
    slug = paper().details.slug
    whole = services.resources.read(slug)
    citation = (
        Asker(index, Searcher(index), glossary(), fitted(services.embedder.name), [Quoted()]).ask(ASKED).citations[0]
    )
    quoted = {(RUNS_ON, 2): True, (RUNS_ON, 3): False, (FEES, 2): True, (FEES, 1): False}
    for (quote, page), stands in quoted.items():
        assert cited_to_the_letter(replace(citation, quote=quote, page=page), whole) is stands


def test_questions_may_name_a_page() -> None:
    lines = '{"id":"a","question":"q","kind":"k","answers":[{"slug":"s","page":12},{"slug":"s","start":3.5,"end":4}]}'
    (question,) = read_questions(lines, "f")
    assert question.answers == (Span("s", 12, 13), Span("s", 3.5, 4))


def test_mixed_questions_find_talks_and_the_study(demo_home: Path) -> None:
    services = Services(Settings(home=demo_home))
    index = Index(demo_home / "index", services.resources, services.embedder)
    index.synchronise()
    questions = read_questions((ROOT / "tests/questions/mixed.jsonl").read_text("utf-8"), "mixed.jsonl")
    asked = [question for question in questions if question.answers]
    found = [[Span.of(r) for r in Searcher(index).search(question.question).results] for question in asked]
    recalls = [row["recall_at_5"] for row in measure_search(asked, found)]
    assert len(recalls) == 30 and sum(recalls) / 30 >= 0.95
    asker = Asker(index, Searcher(index), glossary(), fitted(services.embedder.name), [Quoted()])
    citations = [c for question in asked if question.kind != "talk" for c in asker.ask(question.question).citations]
    assert len(citations) > 20
    assert all(cited_to_the_letter(c, services.resources.read(c.slug)) for c in citations)


def test_one_answer_quotes_a_speaker_and_the_study(demo_home: Path) -> None:
    services = Services(Settings(home=demo_home))
    with services.engine.open(lambda done, total: None) as engine:
        answer = engine.ask("À quoi s'engage l'organisme qui garantit un prêt ?")
    spoken, written = (next(c for c in answer.citations if c.kind == kind) for kind in ("masterclass", "study"))
    assert spoken.start is not None and spoken.page is None
    assert written.page is not None and written.start is None


def test_a_draft_leaves_the_index_at_once(services: Services, index: Index) -> None:
    slug = paper().details.slug
    services.studies.set_status(slug, "draft")
    try:
        assert all(r.kind == "masterclass" for r in Searcher(index).search(ASKED).results)
        index.synchronise()
        assert slug not in {owner for owner, _, _ in everything(index).values()}
    finally:
        services.studies.set_status(slug, "published")
        index.synchronise()
