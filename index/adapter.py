"""A low-rank adapter for the default embedder: what it is, and how it is merged into the weights.

An adapter holds, for each linear layer of the encoder, two thin matrices ``down`` (rank x input) and ``up`` (output x
rank), of which ``strength * up @ down`` is added to the layer's weights (LoRA: Hu et al. 2021, arXiv 2106.09685). It is
trained by `index.training.train` and suits the weights it was trained on alone.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

FILE = Path(__file__).with_name("adapter.safetensors")


@lru_cache(maxsize=1)
def mark() -> str:
    """Return a short mark of the adapter's content: another adapter makes another model, and another index."""
    return hashlib.sha256(FILE.read_bytes()).hexdigest()[:8]


def merge(weights: Path, merged: Path, adapter: Path = FILE) -> None:
    """Write the safetensors file ``merged``: those weights with an adapter, at the strength that is written in it.

    Raises ValueError when the adapter does not fit these weights.
    """
    import numpy as np
    from safetensors import safe_open
    from safetensors.numpy import load_file, save_file

    tensors = load_file(weights)
    with safe_open(adapter, "numpy") as file:
        strength = float(file.metadata()["strength"])
        for key in file.keys():  # noqa: SIM118 - not a dict
            layer, _, part = key.rpartition(".")
            if part != "up":
                continue
            up, down = (file.get_tensor(f"{layer}.{side}").astype(np.float32) for side in ("up", "down"))
            name = f"{layer}.weight"
            if name not in tensors or tensors[name].shape != (len(up), down.shape[1]):
                raise ValueError(f"the adapter does not fit: {name}")
            tensors[name] = tensors[name] + strength * (up @ down)
    save_file(tensors, merged, metadata={"format": "pt"})
