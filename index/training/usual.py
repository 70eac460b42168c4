"""Find what tells usual questions from near misses: ``python -m index.training.usual MODEL [FOLDER…]`` writes index/usual.safetensors.

A logistic regression on the vectors of questions alone. Near misses are all in French, and most are well written, so English questions
are left out, and every question that is well written is learnt a second time as people type, without capitals, accents and
punctuation: neither language nor form may tell. ``unseen`` is only measured. Same files and machine, same result; minutes on two cores.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save_file
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from index.training.lessons import UNSEEN
from index.usual import FILE
from transcripts.phonetics import fold

NEAR = "near miss"
_WRITTEN = ("direct", "number", "paraphrase", NEAR)  # styles of well-written French
_EXACT = ("direct", "number", NEAR)  # styles that ask for something exact
_STRENGTH = 0.003  # of the fit (C), on vectors of a standard deviation of 1


@dataclass(frozen=True, slots=True)
class Posed:
    """A question and its style; that of a near miss is `NEAR`."""

    text: str
    style: str


def read(folders: Sequence[Path]) -> list[Posed]:
    """Read the questions and near misses of every ``.jsonl`` file in some folders."""
    found = []
    for path in sorted(file for folder in folders for file in folder.glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            entry = json.loads(line)
            found += [Posed(q["text"], q["style"]) for q in entry["questions"]]
            found.append(Posed(entry["near_miss"], NEAR))
    return found


def lessons(questions: Sequence[Posed]) -> list[Posed]:
    """Return what is learnt: the French questions, and those that are well written once more as people type."""
    french = [q for q in questions if q.style != "english"]
    return french + [Posed(typed(q.text), q.style) for q in french if q.style in _WRITTEN]


def typed(text: str) -> str:
    """Return a question without capitals, accents and punctuation."""
    return " ".join(re.sub(r"[?!.,;:«»]", " ", fold(text)).split())


def find(vectors: Any, answered: Any) -> tuple[Any, float]:
    """Return the direction and what is added, of the log odds that a question is answered."""
    mean, spread = vectors.mean(axis=0), vectors.std(axis=0).mean()
    model = LogisticRegression(C=_STRENGTH, max_iter=3000, class_weight="balanced")
    model.fit((vectors - mean) / spread, answered)
    direction = model.coef_[0] / spread
    return direction.astype(np.float32), float(model.intercept_[0] - direction @ mean)


def main() -> None:
    """Read the command line, find, write, and print figures of unseen questions."""
    words = argparse.ArgumentParser(description="Find what tells usual questions from near misses.")
    words.add_argument("model", type=Path, help="folder of the embedder that the hub uses; its name is remembered")
    words.add_argument("folders", nargs="*", type=Path, help="more folders of passages with questions")
    given = words.parse_args()
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(given.model), local_files_only=True)

    def embed(questions: Sequence[Posed]) -> Any:
        return model.encode([f"query: {q.text}" for q in questions], normalize_embeddings=True)

    learnt, unseen = lessons(read([UNSEEN.parent, *given.folders])), read([UNSEEN])
    direction, bias = find(embed(learnt), np.array([q.style != NEAR for q in learnt]))
    tensors = {"direction": direction, "bias": np.array([bias], np.float32)}
    save_file(tensors, FILE, metadata={"embedder": given.model.name})
    odds, answered = embed(unseen) @ direction + bias, np.array([q.style != NEAR for q in unseen])
    exact = np.array([q.style in _EXACT for q in unseen])
    for name, those in (("unseen", answered | True), ("unseen, something exact asked", exact)):
        sys.stdout.write(f"AUC {roc_auc_score(answered[those], odds[those]):.3f}  {name}\n")


if __name__ == "__main__":
    main()
