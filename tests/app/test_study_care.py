"""What staff do with a study, beside others who do the same."""

import datetime as dt
from pathlib import Path

import pytest

from app import study_care
from app.people import Person, Role
from app.services import Services
from app.settings import Settings
from tests.papers import GUARANTEE, paper
from transcripts.errors import BadInput

ME = Person("ada@example.org", Role.STAFF)


@pytest.fixture
def services(tmp_path: Path) -> Services:
    return Services(Settings(home=tmp_path))


@pytest.fixture
def slug(services: Services) -> str:
    return services.studies.add(paper(status="draft")).slug


def test_a_text_that_changed_meanwhile_is_not_overwritten(services: Services, slug: str) -> None:
    text, mark = study_care.text_of(services, slug)
    mended = text.replace("la moitié", "les deux tiers")
    study_care.correct(services, slug, ME, text=mended, mark=mark)
    study = services.studies.read(slug)
    assert GUARANTEE.replace("la moitié", "les deux tiers") in [s.text for s in study.sentences()]
    # Nothing else moved: pages, headings and the table are what they were.
    assert [(b.page, b.kind, b.breaks) for b in study.blocks] == [(b.page, b.kind, b.breaks) for b in paper().blocks]
    with pytest.raises(BadInput, match="pendant que vous l’écriviez"):
        study_care.correct(services, slug, ME, text=text, mark=mark)
    assert services.studies.read(slug) == study


def test_a_mark_of_a_page_that_is_not_there_is_refused(services: Services, slug: str) -> None:
    text, mark = study_care.text_of(services, slug)
    with pytest.raises(BadInput, match="page 7, et le document en a 3"):
        study_care.correct(services, slug, ME, text=f"{text}\n<!-- page 7 -->\n\nSuite.", mark=mark)


def test_a_study_is_described_reviewed_and_shown(services: Services, slug: str) -> None:
    day = dt.date(2026, 5, 1)
    study_care.describe(services, slug, ME, title=" Un titre ", date=day, authors=("A", "B"), theme="t")
    study_care.summarise(services, slug, ME, text="À retenir.", name="Ada  Lovelace")
    study_care.publish(services, slug, ME)
    study = services.studies.read(slug)
    assert (study.details.title, study.details.authors, study.details.status) == ("Un titre", ("A", "B"), "published")
    assert (study.summary.text, study.summary.reviewed_by) == ("À retenir.", "Ada Lovelace")
    study_care.unpublish(services, slug, ME)
    assert services.studies.published() == []
    with pytest.raises(BadInput, match="titre est vide"):
        study_care.describe(services, slug, ME, title=" ", date=day, authors=(), theme="t")
    _, mark = study_care.text_of(services, slug)
    study_care.correct(services, slug, ME, text="# Rien qu’un titre", mark=mark)
    with pytest.raises(BadInput, match="son texte est vide"):
        study_care.publish(services, slug, ME)
    assert [entry.what for entry in services.journal.entries(slug)][-1] == "a changé la fiche de l’étude"
