"""What ``hub doctor`` says of a machine."""

from pathlib import Path

import pytest

from app.owner import Ownership
from app.people import People, Role
from app.settings import Settings
from app.upkeep import Check, doctor, youtube
from ingest.sources.runtimes import Runtime
from transcripts.days import today


def look(home: Path) -> dict[str, Check]:
    return {check.name: check for check in doctor(Settings(home=home))}


def test_a_new_machine_is_well_and_nothing_is_made(tmp_path: Path) -> None:
    found = look(tmp_path / "home")
    assert not any(check.level == "error" for check in found.values())
    assert found["Modèle de transcription"].level == "warning" and found["Modèle de transcription"].advice
    assert not (tmp_path / "home").exists()


def test_a_model_a_holder_and_a_damaged_file_are_seen(tmp_path: Path) -> None:
    (tmp_path / "models" / "whisper-base").mkdir(parents=True)
    folder = tmp_path / "library" / "2026-01-01-x"
    folder.mkdir(parents=True)
    (folder / "masterclass.toml").write_text("title = ", "utf-8")
    owner = Ownership(tmp_path / "index")
    assert owner.take("http://127.0.0.1:8501")
    try:
        found = look(tmp_path)
    finally:
        owner.release()
    assert found["Modèle de transcription"].level == "ok"
    assert "8501" in found["Recherche"].found
    assert found["Bibliothèque"].level == "error"
    assert look(tmp_path)["Recherche"].found == "prête"


@pytest.mark.parametrize(
    ("runtimes", "level"),
    [
        ((), "warning"),
        ((Runtime("node", "20.1.0", False),), "warning"),
        ((Runtime("deno", "2.9.8", True), Runtime("node", "20.1.0", False)), "ok"),
    ],
)
def test_whether_youtube_can_be_read(runtimes: tuple[Runtime, ...], level: str) -> None:
    check = youtube(runtimes)
    assert check.level == level
    assert (check.advice is None) == (level == "ok")


def test_old_backups_and_a_hub_that_nobody_administers_are_said(tmp_path: Path) -> None:
    (tmp_path / "backups").mkdir()
    (tmp_path / "backups" / "hub-2026-01-01.zip").write_bytes(b"x")
    found = look(tmp_path)
    assert found["Sauvegardes"].level == found["Administration"].level == "warning"
    assert found["Sauvegardes"].advice
    (tmp_path / "backups" / f"hub-{today():%Y-%m-%d}-0730.zip").write_bytes(b"x")
    People(tmp_path).invite("camille@example.org", Role.ADMINISTRATOR)
    found = look(tmp_path)
    assert found["Sauvegardes"].level == found["Administration"].level == "ok"
