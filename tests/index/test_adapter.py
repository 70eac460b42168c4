"""The adapter of the default embedder: merged as it should be, and into nothing else."""

from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from app import weights
from app.services import Services
from app.settings import Embedding, Settings
from index import adapter


def write(folder: Path, shape: tuple[int, int]) -> tuple[Path, Path]:
    """Write weights of one layer and an adapter of rank 2 for a layer of some shape."""
    chance = np.random.default_rng(3)
    plain, thin = folder / "plain.safetensors", folder / "adapter.safetensors"
    save_file({"a.weight": chance.normal(size=(4, 6)).astype("f4"), "a.bias": np.ones(4, "f4")}, plain)
    rows, columns = shape
    parts = {
        "a.up": chance.normal(size=(rows, 2)).astype("f2"),
        "a.down": chance.normal(size=(2, columns)).astype("f2"),
    }
    save_file(parts, thin, metadata={"strength": "0.5"})
    return plain, thin


def test_an_adapter_adds_the_product_of_its_thin_matrices(tmp_path: Path) -> None:
    plain, thin = write(tmp_path, (4, 6))
    adapter.merge(plain, tmp_path / "merged.safetensors", thin)
    before, after, added = load_file(plain), load_file(tmp_path / "merged.safetensors"), load_file(thin)
    np.testing.assert_allclose(
        after["a.weight"], before["a.weight"] + 0.5 * added["a.up"].astype("f4") @ added["a.down"].astype("f4"), 1e-5
    )
    np.testing.assert_array_equal(after["a.bias"], before["a.bias"])


def test_an_adapter_of_other_weights_is_refused(tmp_path: Path) -> None:
    plain, thin = write(tmp_path, (4, 5))
    with pytest.raises(ValueError, match="does not fit"):
        adapter.merge(plain, tmp_path / "merged.safetensors", thin)
    assert not (tmp_path / "merged.safetensors").exists()


def test_the_adapter_of_the_project_is_small() -> None:
    assert adapter.FILE.stat().st_size < 3_000_000


def test_one_setting_takes_the_adapter_out(services: Services, home: Path) -> None:
    plain = Services(Settings(home=home, embedding=Embedding(adapter=False)))
    assert services.embedder.name != plain.embedder.name == weights.E5.name
    question = "comment marche un prêt participatif ?"
    likeness = float(services.embedder.query(question) @ plain.embedder.query(question))
    assert 0.5 < likeness < 0.999  # the same model, and yet another


def test_another_model_is_never_adapted(home: Path) -> None:
    other = Settings(home=home, embedding=Embedding(model="/srv/models/another"))
    assert weights.embedding_name(other) == weights.embedding_model(other, print) == "/srv/models/another"
