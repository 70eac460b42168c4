"""Reads a question and a passage together, and says of each sentence whether it answers.

A search compares vectors that were made apart; this sees both at once, so that a near miss, which names everything that
the passage is about and asks what it does not say, looks different from a question that it answers. It is the default
embedder with other low-rank changes (LoRA: Hu et al. 2021, arXiv 2106.09685) and one output (a cross-encoder: Nogueira and
Cho 2019, arXiv 1901.04085), trained by `index.training.reading`; it suits that embedder alone, whose words it shares.
"""

from __future__ import annotations

import copy
import threading
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.embedder import Embedder, tokens_of
from index.passages import Passage

FILE = Path(__file__).with_name("reader.safetensors")
_QUESTION = 60  # tokens that are read of a question
_LONGEST = 512  # tokens of question and passage
_NEVER = -10.0  # log odds of a sentence of which nothing was read

Values = npt.NDArray[np.float32]


@lru_cache(maxsize=4)
def reader_for(embedder: Embedder) -> Reader | None:
    """Return who reads beside an embedder, the same each time; None where it was not made for that one."""
    return Reader(embedder) if embedder.name == _suits() else None


@lru_cache(maxsize=1)
def _suits() -> str:
    from safetensors import safe_open

    with safe_open(FILE, "numpy") as file:
        return str(file.metadata()["embedder"])


class Reader:
    """Reads with an embedder's weights; loaded at the first use."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._lock = threading.Lock()
        self._model: tuple[Any, Any, dict[str, Any]] | None = None

    def warm(self) -> None:
        """Load now what would be loaded for the first question."""
        with self._lock:
            self._loaded()

    def read(self, question: str, passages: Sequence[Passage]) -> list[Values]:
        """Return the log odds that each sentence of each passage answers, beside that none does."""
        import torch

        if not passages:
            return []
        with self._lock, torch.inference_mode():
            tokenizer, model, head = self._loaded()
            asked = tokenizer(self._embedder.query_prefix + question, add_special_tokens=False)["input_ids"][:_QUESTION]
            heads = [self._embedder.passage_prefix + (f"{p.head}. " if p.head else "") for p in passages]
            texts = [before + " ".join(s.text for s in p.sentences) for before, p in zip(heads, passages, strict=True)]
            room = _LONGEST - len(asked) - 4
            said = tokenizer(texts, add_special_tokens=False, return_offsets_mapping=True)
            start, stop = tokenizer.bos_token_id, tokenizer.eos_token_id
            rows = [[start, *asked, stop, stop, *ids[:room], stop] for ids in said["input_ids"]]
            longest = max(map(len, rows))
            ids = torch.tensor([row + [tokenizer.pad_token_id] * (longest - len(row)) for row in rows])
            mask = torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in rows])
            read = (
                model(input_ids=ids, attention_mask=mask).last_hidden_state @ head["weight"][0] + head["bias"]
            ).numpy()
        first = len(asked) + 3
        return [
            _means(row[first : first + len(places[:room])], np.array(places[:room]), len(before), p)
            for row, places, before, p in zip(read, said["offset_mapping"], heads, passages, strict=True)
        ]

    def _loaded(self) -> tuple[Any, Any, dict[str, Any]]:
        if self._model is None:
            self._model = self._load()
        return self._model

    def _load(self) -> tuple[Any, Any, dict[str, Any]]:
        from safetensors.torch import load_file

        learnt = {name: tensor.float() for name, tensor in load_file(FILE).items()}
        embedder = self._embedder.model()
        # The table of words, most of the weight, is shared: only the layers are copied.
        model = copy.copy(embedder[0].auto_model)
        model._modules = {**model._modules, "encoder": copy.deepcopy(model.encoder)}
        layers = dict(model.named_modules())
        for name in (key.removesuffix(".up") for key in learnt if key.endswith(".up")):
            layers[name].weight.data += learnt[f"{name}.up"] @ learnt[f"{name}.down"]
        return embedder.tokenizer, model.eval(), {part: learnt[f"head.{part}"] for part in ("weight", "bias")}


def _means(odds: Values, offsets: npt.NDArray[np.int64], begin: int, passage: Passage) -> Values:
    """Return the mean of each sentence's tokens; one that was cut off, or has none, cannot be said to answer."""
    inside = tokens_of(offsets, begin, [sentence.text for sentence in passage.sentences])
    return np.array([odds[its].mean() if its.any() else _NEVER for its in inside], np.float32)
