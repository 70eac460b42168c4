"""Find along which directions the embedder's tokens differ: ``python -m index.training.directions MODEL`` writes index/tokens.safetensors."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

from index.tokens import FILE, WIDTH
from index.training.lessons import UNSEEN, read

_EVERY = 4  # one passage of so many: more say the same


def main() -> None:
    """Read the command line, the passages, and write the directions: the first principal components of unit tokens."""
    words = argparse.ArgumentParser(description="Find along which directions the embedder's tokens differ.")
    words.add_argument("model", type=Path, help="folder of the embedder that the hub uses; its name is remembered")
    given = words.parse_args()
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(given.model), local_files_only=True)
    passages = [f"passage: {lesson.text}" for lesson in read([UNSEEN.parent])[::_EVERY]]
    tokens = np.concatenate([t.numpy() for t in model.encode(passages, output_value="token_embeddings")])
    mean = tokens.mean(axis=0)
    tokens -= mean
    tokens /= np.linalg.norm(tokens, axis=1, keepdims=True)
    _, directions = np.linalg.eigh(tokens.T @ tokens)  # the last vary most
    tensors = {"mean": mean, "directions": np.ascontiguousarray(directions[:, : -WIDTH - 1 : -1])}
    save_file(
        {name: t.astype(np.float16) for name, t in tensors.items()}, FILE, metadata={"embedder": given.model.name}
    )


if __name__ == "__main__":
    main()
