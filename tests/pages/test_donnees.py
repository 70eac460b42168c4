"""The page on what is kept says what the settings make true, without a browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app.services import services
from app.settings import ROOT


@pytest.fixture
def said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[str]:
    monkeypatch.setenv("HUB_HOME", str(tmp_path))
    for name, value in request.param.items():
        monkeypatch.setenv(name, value)
    services.cache_clear()
    page = AppTest.from_file(str(ROOT / "pages/donnees.py"), default_timeout=30).run()
    yield page.markdown[0].value.replace("\u00a0", " ").replace("\u202f", " ")
    services.cache_clear()


HERE = ("enregistrements compris", "Aucun modèle de langue", "7 derniers jours restent", "gardés 90 jours")


@pytest.mark.parametrize(
    ("said", "there", "not_there"),
    [
        (
            {},
            (*HERE, "sans limite de durée", "après 2 jours", "après 30 jours", "plusieurs machines"),
            ("hébergeur de fichiers", "second cookie"),
        ),
        ({"HUB_LLM_URL": "http://127.0.0.1:9/v1"}, ("il reçoit les textes",), ("Aucun modèle de langue",)),
        ({"HUB_BACKUP_DAILY": "false"}, ("en dehors du hub",), ("derniers jours restent",)),
        ({"HUB_STATISTICS_DAYS": "0"}, ("ne sont pas gardés",), ("gardés 90 jours",)),
        (
            {"HUB_STAFF_ISSUER": "https://id.example.org", "HUB_STAFF_SECRET": "x" * 40},
            ("second cookie", "30 jours le nom"),
            (),
        ),
        ({"HUB_MEDIA_URL": "s3://bucket/hub"}, ("hébergeur de fichiers",), ("enregistrements compris",)),
    ],
    indirect=["said"],
)
def test_what_is_kept_follows_the_settings(said: str, there: tuple[str, ...], not_there: tuple[str, ...]) -> None:
    assert [text for text in there if text not in said] == []
    assert [text for text in not_there if text in said] == []
