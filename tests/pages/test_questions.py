"""What staff see of what visitors ask and read, without a browser."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from app.people import Person, Role
from app.services import services
from app.settings import ROOT
from app.statistics import Asked
from app.wanted import Wish
from index.answer import Answer
from index.decision import Decision
from index.search import SearchReply
from pages import who, workshop
from tests.talks import lines, talk
from transcripts.days import today


@pytest.fixture(autouse=True)
def _staff(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("HUB_HOME", str(tmp_path))
    camille = Person("camille@example.org", Role.STAFF)
    monkeypatch.setattr(who, "person", lambda: camille)  # a part that draws itself in time asks for itself
    for module in (who, workshop):
        monkeypatch.setattr(module, "require", lambda role: camille)
    services.cache_clear()
    yield
    services.cache_clear()


@pytest.mark.parametrize("days", ["0", "90"])
def test_staff_see_what_is_read_and_what_was_sent_ahead(days: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUB_STATISTICS_DAYS", days)
    services.cache_clear()
    slug = talk(services().library, "Le prêt", lines(1))
    services().statistics.read(slug)
    questions = tuple(Asked(f"Qui prête {n} ?", 1, False, 0, 0) for n in range(6))
    monkeypatch.setattr(services(), "wanted", SimpleNamespace(wishes=lambda _: [Wish("prêt", 6, questions)]))
    services().event_book.plan("La monnaie", today() + dt.timedelta(7))
    services().calendar.ask(services().calendar.coming()[0].id, "Qui la <b>crée</b> ?")
    page = AppTest.from_file(str(ROOT / "pages/atelier_questions.py"), default_timeout=30).run()
    shown = " ".join(block.proto.body for block in page.get("html"))
    assert f"<a href='/masterclass?m={slug}' target='_self'>Le prêt</a> <span class='hub-byline'>une fois" in shown
    assert "La monnaie" in shown and "Qui la &lt;b&gt;crée&lt;/b&gt;\u202f?" in shown
    assert ("Les questions ne sont pas gardées" in shown) is (days == "0")
    assert ("<li>et 1 autre</li>" in shown) is (days == "90")


def test_staff_see_why_a_question_was_declined(monkeypatch: pytest.MonkeyPatch) -> None:
    decision = Decision(0.124, 0.48, "other", {"passage_cosine": 0.8}, {"passage_cosine": -3.0, "number": 0.2})
    hub = SimpleNamespace(
        search=lambda question, limit: SearchReply(question, 0.0, ()),
        ask=lambda question: Answer(question, False, 0.0, decision=decision),
    )
    monkeypatch.setattr(services(), "hub", hub)
    page = AppTest.from_file(str(ROOT / "pages/atelier_questions.py"), default_timeout=30)
    page.query_params["q"] = "Qui paie ?"
    shown = " ".join(block.proto.body for block in page.run().get("html"))
    assert "<strong>La recherche ne répond pas</strong>\u00a0: sûre à 12\u202f%, quand il faut 48\u202f%." in shown
    assert "Contre\u00a0: aucun passage n’est vraiment proche par le sens." in shown
