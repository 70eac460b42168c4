"""What members look for: questions grouped by meaning, moments chosen as answers, an agenda that plans itself."""

import datetime as dt
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from app import review
from app.calendar import Calendar
from app.event_book import EventBook
from app.pins import Pins
from app.services import Services
from app.settings import ROOT, Settings
from app.statistics import Asked
from app.upkeep import doctor
from app.wanted import Wanted, group
from index.answer import Answer, Citation, Draft, Quote, Statement, cite, led_by
from tests import papers
from transcripts.edits import Shift
from transcripts.errors import BadInput
from transcripts.glossary import glossary
from transcripts.library import Library
from transcripts.resources import Resources
from transcripts.sentences import joined
from transcripts.studies import Studies

TALK = "2026-10-29-les-monnaies-locales-complementaires"


def test_questions_of_one_meaning_come_together(models: Path, tmp_path: Path) -> None:
    """Pairs of 30 invented questions: of those put together 9 in 10 belong together, and half of those that do are found."""
    (tmp_path / "models").symlink_to(models)
    embed = Services(Settings(home=tmp_path)).embedder.query
    lines = (Path(__file__).parents[1] / "questions/unanswered.tsv").read_text("utf-8").splitlines()
    about = {question: topic for topic, question in (line.split("\t") for line in lines)}
    asked = [Asked(question, n % 4 + 1, False, 0, 0) for n, question in enumerate(about)]
    wishes = group(asked, np.array([embed(q.question) for q in asked]), glossary())
    assert sum(wish.count for wish in wishes) == sum(q.count for q in asked)
    assert [wish.count for wish in wishes] == sorted((wish.count for wish in wishes), reverse=True)
    together = {frozenset((a.question, b.question)) for wish in wishes for a, b in combinations(wish.questions, 2)}
    right = {pair for pair in together if len({about[q] for q in pair}) == 1}
    belong = {frozenset(pair) for pair in combinations(about, 2) if about[pair[0]] == about[pair[1]]}
    assert len(right) / len(together) >= 0.9
    assert len(right) / len(belong) >= 0.5
    assert {wish.about for wish in wishes} & {term.term for term in glossary()}, "a term of the field names its group"


def test_few_questions_and_none_are_groups_too() -> None:
    one = Asked("Une question ?", 3, False, 0, 0)
    other = Asked("Une autre ?", 1, False, 0, 0)
    near = np.array([[1.0, 0.0], [0.99, 0.14]], np.float32)
    assert group([], near[:0], ()) == []
    assert [w.count for w in group([one], near[:1], ())] == [3]
    assert [w.about for w in group([other, one], near, ())] == ["Une question ?", "Une autre ?"]


def test_only_what_was_not_answered_is_grouped_off_the_page() -> None:
    asked = [Asked("répondue", 9, True, 0, 0), Asked("sans réponse", 2, False, 0, 0)]
    wanted = Wanted(lambda text: np.array([1.0, 0.0], np.float32), lambda: ())
    while (wishes := wanted.wishes(asked)) is None:
        pass
    assert [wish.about for wish in wishes] == ["sans réponse"]
    assert wanted.wishes(asked) is wishes


@pytest.fixture
def home(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "transcripts/demo/library", tmp_path / "library")
    shutil.copy(ROOT / "transcripts/demo/agenda.toml", tmp_path / "agenda.toml")
    return tmp_path


def test_a_chosen_moment_is_quoted_to_the_letter_or_not_at_all(home: Path) -> None:
    library = Library(home)
    pins = Pins(home, Resources(library, Studies(home)))
    assert pins.answer("Que vaut une unité ?") is None
    assert not (home / "pins.json").exists()
    cues = library.read(TALK).cues
    pin = pins.pin(" Que vaut une unité ? ", TALK, cues[4].start, cues[6].end, "camille@example.org")
    assert pin.quote == " ".join(cue.text for cue in cues[4:7])
    assert pins.of("que vaut l’unité") == pin
    found = pins.answer("que vaut l’unité")
    assert found
    assert found.sentence.text == pin.quote
    assert pins.answer("Quand vaut une unité ?") is None
    # A draft, and words that were corrected since, are not shown.
    library.set_status(TALK, "draft")
    assert pins.answer("Que vaut une unité ?") is None
    library.set_status(TALK, "published")
    library.rewrite(TALK, cues=(*cues[:5], *cues[6:]))
    assert pins.answer("Que vaut une unité ?") is None
    library.rewrite(TALK, cues=cues)
    pins.forget(TALK)
    assert pins.all() == ()
    with pytest.raises(BadInput, match="rien n’a été choisi"):
        pins.pin("Que vaut une unité ?", TALK, 0, 9000, "camille@example.org")


def test_two_who_choose_at_once_both_have_chosen(home: Path) -> None:
    library = Library(home)
    pins, cue = Pins(home, Resources(library, Studies(home))), library.read(TALK).cues[4]
    questions = [f"Que vaut l’unité {n} ?" for n in range(12)]
    with ThreadPoolExecutor(4) as several:
        list(several.map(lambda question: pins.pin(question, TALK, cue.start, cue.end, "c@example.org"), questions))
    assert sorted(pin.question for pin in pins.all()) == sorted(questions)


def test_a_damaged_file_of_choices_takes_no_answer_down(home: Path) -> None:
    hub = Services(Settings(home=home))
    (home / "pins.json").write_text("[{", "utf-8")
    assert hub.pins.answer("Que vaut une unité ?") is None
    shifted = review.save(hub, TALK, review.opened(hub, TALK).number, (Shift(-1.5),), "c@example.org")
    assert "pins.json » est abîmé" in shifted.notice
    (told,) = [check for check in doctor(hub.settings) if check.name == "Réponses choisies"]
    assert told.level == "error"


def test_a_chosen_moment_moves_with_the_lines_and_a_path_is_told(home: Path) -> None:
    (home / "parcours").mkdir()
    (home / "parcours/local.toml").write_text(f'masterclass = "{TALK}"\nat = "1:30"\n', "utf-8")
    hub = Services(Settings(home=home))
    cues = hub.library.read(TALK).cues
    hub.pins.pin("Que vaut une unité ?", TALK, cues[4].start, cues[6].end, "camille@example.org")
    moved = review.save(hub, TALK, review.opened(hub, TALK).number, (Shift(-1.5),), "camille@example.org")
    found = hub.pins.answer("Que vaut une unité ?")
    assert found
    assert found.sentence.start == pytest.approx(cues[4].start - 1.5)
    assert "parcours/local.toml" in moved.notice
    review.undo(hub, TALK, moved.number, "camille@example.org")
    assert hub.pins.answer("Que vaut une unité ?")


def test_a_chosen_moment_leads_and_what_overlaps_it_goes(home: Path) -> None:
    library = Library(home)
    pins = Pins(home, Resources(library, Studies(home)))
    cues = library.read(TALK).cues
    pins.pin("Que vaut une unité ?", TALK, cues[4].start, cues[4].end, "camille@example.org")
    quote = pins.answer("Que vaut une unité ?")
    assert quote

    def cited(n: int, start: float) -> Citation:
        return Citation(n, TALK, "t", None, start, start + 1, f"q{n}", "/")

    said = Answer(
        "q",
        True,
        1.0,
        answer=(Statement("s1", (1,)), Statement("s2", (2,))),
        citations=(cited(1, cues[4].start), cited(2, 300.0)),
    )
    led = led_by(said, quote)
    assert [(s.text, s.citations) for s in led.answer] == [(quote.sentence.text, (1,)), ("s2", (2,))]
    assert [(c.n, c.chosen, c.quote) for c in led.citations] == [(1, True, quote.sentence.text), (2, False, "q2")]
    four = [cited(n, 300.0 + n) for n in range(1, 5)]
    full = replace(said, answer=tuple(Statement(f"s{c.n}", (c.n,)) for c in four), citations=tuple(four))
    assert [c.quote for c in led_by(full, quote).citations] == [quote.sentence.text, "q1", "q2", "q3"], "four at most"
    declined = led_by(Answer("q", False, 1.0), quote)
    assert declined.answered
    assert len(declined.citations) == 1


def test_a_chosen_page_leads_and_is_not_quoted_again() -> None:
    study = papers.paper()
    fees = next(one for one in study.sentences() if one.text == papers.FEES)
    needs = next(one for one in study.sentences() if one.text == papers.NEEDS)
    guarantee = next(one for one in study.sentences() if one.text == papers.GUARANTEE)
    found = [Draft(one.text, (Quote(one, study.details),)) for one in (needs, fees)]
    said = Answer("q", True, 1.0, *cite(found))
    led = led_by(said, Quote(joined([guarantee, fees]), study.details))
    assert [one.quote for one in led.citations] == [f"{guarantee.text} {fees.text}", needs.text]


def test_an_evening_gets_its_subject_and_what_staff_wrote_stays(home: Path) -> None:
    calendar, book = Calendar(home, Library(home)), EventBook(home)
    before = (home / "agenda.toml").read_text("utf-8")
    free = calendar.free()
    assert free
    book.plan("Les garanties  bancaires", free[0].day)
    assert (home / "agenda.toml").read_text("utf-8").startswith(before.rstrip())
    planned = next(event for event in calendar.coming() if event.day == free[0].day)
    assert planned.title == "Les garanties bancaires"
    assert planned.start == free[0].start, "the evening keeps its hour"
    with pytest.raises(BadInput, match="déjà à l’agenda"):
        book.plan("Les garanties bancaires", free[0].day)
    for title in ("", " ", "x" * 301):
        with pytest.raises(BadInput, match="n’est pas inscrit"):
            book.plan(title, dt.date(2099, 1, 1))
