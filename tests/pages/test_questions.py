"""What staff see of what visitors ask and read, without a browser."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app.people import Person, Role
from app.services import services
from app.settings import ROOT
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
    services().event_book.plan("La monnaie", today() + dt.timedelta(7))
    services().calendar.ask(services().calendar.coming()[0].id, "Qui la <b>crée</b> ?")
    page = AppTest.from_file(str(ROOT / "pages/atelier_questions.py"), default_timeout=30).run()
    shown = " ".join(block.proto.body for block in page.get("html"))
    assert f"<a href='/masterclass?m={slug}' target='_self'>Le prêt</a> <span class='hub-byline'>une fois" in shown
    assert "La monnaie" in shown and "Qui la &lt;b&gt;crée&lt;/b&gt;\u202f?" in shown
    assert ("Les questions ne sont pas gardées" in shown) is (days == "0")
