"""The agenda as a page, without a browser."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app.people import NOBODY
from app.services import services
from app.settings import ROOT
from pages import who
from transcripts.days import today


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home with a masterclass every third week, and forty evenings at a place."""
    days = [today() + dt.timedelta(day) for day in range(1, 41)]
    visits = "".join(f'[[masterclass]]\ndate = {day}\ntitle = "Visite du {day}"\nplace = "lille"\n' for day in days)
    (tmp_path / "agenda.toml").write_text(f"[[rule]]\nstart = {today()}T23:59:00\nweeks = 3\n{visits}", "utf-8")
    (tmp_path / "lieux.toml").write_text(
        '[[place]]\nid = "lille"\nname = "Les Ateliers"\ncity = "Lille"\nregion = "Hauts-de-France"\n', "utf-8"
    )
    monkeypatch.setenv("HUB_HOME", str(tmp_path))
    monkeypatch.setattr(who, "person", lambda: NOBODY)
    services.cache_clear()
    yield tmp_path
    services.cache_clear()


def shown(page: AppTest) -> str:
    assert not page.exception
    return " ".join(block.proto.body for block in page.get("html"))


def test_all_that_comes_is_there_and_is_there_too_when_the_places_cannot_be_read(home: Path) -> None:
    page = AppTest.from_file(str(ROOT / "pages" / "agenda.py"), default_timeout=30).run()
    whole = shown(page)
    assert "toutes les 3 semaines, et ce qui se passe dans les lieux référents" in whole
    assert whole.count("Visite du") == 40 and whole.count("/lieux#lieu-lille") == 40
    assert [fold.label for fold in page.expander if "Voir la suite" in fold.label]
    (home / "lieux.toml").write_text("[[place", "utf-8")
    broken = shown(page.run())
    assert broken.count("Visite du") == 40 and "#lieu-" not in broken
