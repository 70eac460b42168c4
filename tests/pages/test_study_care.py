"""What staff see of a study, and what its buttons do, without a browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app.people import Person, Role
from app.services import services
from app.settings import ROOT
from pages import publication, study_care, who, workshop
from transcripts.days import today
from transcripts.studies import Studies
from transcripts.typography import spaced
from transcripts.withdrawal import MARK

SCRIPT = """
from app.services import services
from pages import workshop
from pages.study_care import care

workshop.say()
for slug in services().studies.slugs():
    care(slug)
"""


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    """The page of the demonstration study, seen by an administrator."""
    ready = Studies(ROOT / "transcripts" / "demo")
    (slug,) = ready.slugs()
    Studies(tmp_path).add(ready.read(slug), ready.original(slug))
    (tmp_path / "agenda.toml").write_text(
        f'[[masterclass]]\ndate = {today():%Y}-01-05\ntitle = "Une rencontre"\n', "utf-8"
    )
    monkeypatch.setenv("HUB_HOME", str(tmp_path))
    for module in (study_care, workshop, publication, who):
        monkeypatch.setattr(module, "require", lambda role: Person("camille@example.org", Role.ADMINISTRATOR))
    services.cache_clear()
    yield AppTest.from_string(SCRIPT, default_timeout=30).run()
    services.cache_clear()


def button(page: AppTest, label: str) -> object:
    return next(found for found in page.button if found.label == label)


def test_a_study_is_taken_back_planned_and_corrected(page: AppTest) -> None:
    assert not page.exception
    (details,) = services().studies.catalogue()
    button(page, "Retirer de la publication").click().run()  # type: ignore[attr-defined]
    assert services().studies.details(details.slug).status == "draft"
    button(page, "Prévoir la publication").click().run()  # type: ignore[attr-defined]
    assert services().studies.details(details.slug).publish_at
    assert any("Prévue le" in block.proto.body for block in page.get("html"))
    button(page, "Annuler la publication prévue").click().run()  # type: ignore[attr-defined]
    assert services().studies.details(details.slug).publish_at is None
    next(box for box in page.selectbox if box.label.startswith("Rendez-vous")).select(f"{today():%Y}-01-05")
    button(page, "Enregistrer la fiche").click().run()  # type: ignore[attr-defined]
    assert services().studies.details(details.slug).event == f"{today():%Y}-01-05"
    assert any("Présentée le" in block.proto.body and "Une rencontre" in block.proto.body for block in page.get("html"))
    text = next(area for area in page.text_area if area.label.startswith("Texte de la page"))
    text.input(text.value.replace("démonstration", "démonstrationnette"))
    button(page, "Enregistrer cette page").click().run()  # type: ignore[attr-defined]
    assert any("démonstrationnette" in block.text for block in services().studies.read(details.slug).blocks)
    assert not page.exception
    assert any("<ins>démonstrationnette" in block.proto.body.replace(" ", "") for block in page.get("html"))
    page.selectbox(key="historique-3").select_index(2).run()
    button(page, "Revenir à cet état").click().run()  # type: ignore[attr-defined]
    back = services().studies.read(details.slug)
    assert (back.details.title, back.details.event) == (details.title, details.event)
    assert not any("démonstrationnette" in block.text for block in back.blocks)
    assert not page.exception


def test_a_passage_and_a_study_are_taken_back_on_one_page_with_masterclasses(page: AppTest) -> None:
    (details,) = services().studies.catalogue()
    page = AppTest.from_file(str(ROOT / "pages/atelier_retrait.py"), default_timeout=30)
    page.query_params["m"] = details.slug
    page.run()
    first = next(box for box in page.selectbox if box.label == "Première phrase")
    gone = first.options[1].split("\u2002")[1]
    first.select_index(1).run()
    next(box for box in page.checkbox if box.label == "Je retire une phrase").check().run()
    button(page, "Retirer ce passage").click().run()  # type: ignore[attr-defined]
    assert not page.exception
    study = services().studies.read(details.slug)
    assert any(MARK in block.text for block in study.blocks)
    assert gone not in [spaced(block.text)[:200] for block in study.blocks]
    assert services().studies.original(details.slug) is None
    next(field for field in page.text_input if "Recopiez" in field.label).input(details.title).run()
    button(page, "Effacer pour de bon").click().run()  # type: ignore[attr-defined]
    assert services().studies.slugs() == []
