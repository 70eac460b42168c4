"""How near a question's words come, one by one, to those of a passage: late interaction.

After ColBERT (Khattab and Zaharia 2020, arXiv 2004.12832), with the embedder's tokens as they are, no model of its own: less
what they have in common, along the directions in which they differ most, one byte each. `index.training.directions` finds
these, and they suit that embedder alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

FILE = Path(__file__).with_name("tokens.safetensors")
WIDTH = 128  # bytes that are kept of a token

Tokens = npt.NDArray[np.int8]
Vectors = npt.NDArray[np.float32]

_ONE = 127  # what 1 is kept as
NOTHING: Tokens = np.zeros((0, WIDTH), np.int8)


@lru_cache(maxsize=1)
def _directions() -> tuple[str, Vectors, Vectors]:
    """Return the name of the embedder, what its tokens have in common, and the directions, shape (dimensions, WIDTH)."""
    from safetensors import safe_open

    with safe_open(FILE, "numpy") as file:
        mean, directions = (file.get_tensor(name).astype(np.float32) for name in ("mean", "directions"))
        return file.metadata()["embedder"], mean, directions


def suits(embedder: str) -> bool:
    """Say whether the directions are those of an embedder, given its name."""
    return embedder == _directions()[0]


def kept(embedder: str, tokens: Vectors) -> Tokens:
    """Return what is kept of tokens, shape (tokens, WIDTH): none with another embedder."""
    if not suits(embedder):
        return NOTHING
    _, mean, directions = _directions()
    turned = (tokens - mean) @ directions
    turned /= np.linalg.norm(turned, axis=1, keepdims=True)
    return np.rint(turned * _ONE).astype(np.int8)


def nearness(asked: Tokens, passages: Mapping[str, Tokens]) -> dict[str, float]:
    """Return {id: mean over the tokens asked of the cosine of the nearest token}, of the passages that have any."""
    some = {place: tokens for place, tokens in passages.items() if len(tokens)}
    if not some or not len(asked):
        return {}
    cosines = np.concatenate(list(some.values())).astype(np.float32) @ (asked.T.astype(np.float32) / _ONE**2)
    begins = np.cumsum([0, *map(len, some.values())])[:-1]
    nearest = np.maximum.reduceat(cosines, begins).mean(axis=1)
    return dict(zip(some, nearest.tolist(), strict=True))
