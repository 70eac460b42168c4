"""A setting is obeyed, or refused by its name."""

import os
from pathlib import Path

import pytest

from app.settings import SettingsRefused, load_settings


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("HUB_")]:
        monkeypatch.delenv(name)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HUB_SPEECH_BEEM", "5"),
        ("HUB_SPEECH_BEAM", "0"),
        ("HUB_SPEECH_BEAM", "cinq"),
        ("HUB_SPEECH_DEVICE", "tpu"),
        ("HUB_EMBEDDING_PASAGE_PREFIX", "x"),
        ("HUB_FOO", "1"),
        ("HUB_HOMES", "1"),
        ("HUB_HOME_DIR", "1"),
        ("HUB_SPEECH", "x"),
        ("HUB_LIBRARY_THEMES", "[1]"),
        ("HUB_LLM_URL", "localhost:8000"),
        ("HUB_LLM_TIMEOUT", "0"),
        ("HUB_QUEUE_URL", "localhost:6379"),
        ("HUB_QUEUE_URL", "http://redis:6379"),
        ("HUB_QUEUE_URL", "redis://host:abc"),
        ("HUB_QUEUE_URL", "redis://host?db=x"),
        ("HUB_PUBLIC_URL", "https://example.org/hub"),
    ],
)
def test_a_wrong_setting_is_refused_by_its_name(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsRefused, match=f"« {name} »") as refused:
        load_settings()
    assert "nput" not in str(refused.value)  # pydantic speaks English


def test_a_setting_that_is_no_json_is_refused_with_its_group(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUB_LIBRARY_THEMES", "not json")
    with pytest.raises(SettingsRefused, match="HUB_LIBRARY"):
        load_settings()


def test_settings_are_read_from_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HUB_HOME", str(tmp_path / "a" / ".." / "b"))
    monkeypatch.setenv("HUB_SPEECH_BEAM", "7")
    monkeypatch.setenv("HUB_EMBEDDING_QUERY_PREFIX", "q: ")
    monkeypatch.setenv("HUB_LIBRARY_THEMES", '{"a": "A"}')
    settings = load_settings()
    assert settings.home == (tmp_path / "b").resolve()
    assert not settings.home.exists()
    assert settings.speech.beam == 7
    assert settings.embedding.query_prefix == "q: "
    assert settings.library.themes == {"a": "A"}


def test_a_home_below_the_users_own_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("HUB_HOME", "~/hub")
    assert load_settings().home == (tmp_path / "hub").resolve()
