"""Several surveys on one page, and what staff do with each, without a browser."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from slugify import slugify
from streamlit.testing.v1 import AppTest

from app.movement import figures
from app.people import Person, Role
from app.services import services
from app.settings import ROOT
from pages import workshop

DESCRIPTION = 'title = "{}"\nfile = "r.csv"\n[[column]]\nname = "Forme"\nkind = "choice"\nfilter = true\n'


@pytest.fixture(autouse=True)
def _two_surveys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("HUB_HOME", str(tmp_path))
    monkeypatch.setattr(workshop, "require", lambda role: Person("camille@example.org", Role.STAFF))
    services.cache_clear()
    for title, times in (("Grand Recueil", 10), ("Test épargnants", 20)):
        written = DESCRIPTION.format(title)
        services().surveys.new(written).keep(("Forme\n" + "SCIC\n" * times).encode(), written, published=True)
    yield
    services.cache_clear()


def opened(name: str, **asked: str) -> AppTest:
    page = AppTest.from_file(str(ROOT / "pages" / name), default_timeout=30)
    for key, value in asked.items():
        page.query_params[key] = value
    page.run()
    assert not page.exception
    return page


def shown(page: AppTest) -> str:
    return " ".join(block.proto.body for block in page.get("html"))


def test_each_survey_has_its_address_and_the_first_one_answers_without(tmp_path: Path) -> None:
    assert "Environ 10 réponses" in shown(opened("enquete.py"))
    there = shown(opened("enquete.py", e="test-epargnants"))
    assert "Environ 20 réponses" in there
    assert re.findall(r"e=([\w-]+)'[^>]*?( aria-current=page)?>", there) == [
        ("grand-recueil", ""),
        ("test-epargnants", " aria-current=page"),
    ]
    services().surveys.of("test-epargnants").show(False)
    hidden = shown(opened("enquete.py", e="test-epargnants"))
    assert "pas publiée" in hidden and "Environ" not in hidden and "Grand Recueil" in hidden


def test_a_survey_of_a_few_people_is_no_figure_of_the_movement() -> None:
    def told() -> list[tuple[int, str]]:
        return [(one.number, one.what) for one in figures(services())[0] if one.address == "/enquete"]

    before = told()
    few = DESCRIPTION.format("Bureau").replace("choice", "place")
    services().surveys.new(few).keep(b"Forme\nCorse\nCorse\nCorse\n", few, published=True)
    assert told() == before == [(30, "réponses à 2 enquêtes")]
    for title, times in (("Grand Recueil", 10), ("Test épargnants", 20)):
        who = f'who = "organisations"\n{DESCRIPTION.format(title)}'
        services().surveys.of(slugify(title)).keep(("Forme\n" + "SCIC\n" * times).encode(), who, published=True)
    assert told() == [(20, "organisations ayant répondu à une enquête")]  # some may have answered both


def test_staff_publish_and_erase_one_and_the_other_stays() -> None:
    page = opened("atelier_enquete.py")
    page.selectbox(key="enquete").select("test-epargnants").run()
    next(button for button in page.button if button.label == "Ne plus montrer").click().run()
    assert list(services().surveys.published()) == ["grand-recueil"]
    page.checkbox[0].check().run()
    next(button for button in page.button if button.label == "Effacer pour de bon").click().run()
    assert not page.exception
    assert services().surveys.names() == ["grand-recueil"]
    assert page.selectbox(key="enquete").value == "grand-recueil"
