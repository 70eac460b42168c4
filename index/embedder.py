"""Text becomes unit vectors, with sentence-transformers."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from transcripts.errors import Unavailable

Vectors = npt.NDArray[np.float32]


class Embedder:
    """An embedding model, loaded at the first use and kept until it is to rest; one thread at a time (concurrent encodes fight for cores).

    Args:
        model: any sentence-transformers name or folder, or a function that returns one (and may fetch it first).
        name: what the index remembers of the model; vectors of another name are computed again.
        query_prefix, passage_prefix: what the model was trained to see before a question and before a passage.
    """

    def __init__(
        self, model: Callable[[], str], *, name: str, query_prefix: str, passage_prefix: str, batch: int
    ) -> None:
        self.name = name
        self.query_prefix, self.passage_prefix = query_prefix, passage_prefix
        self._find = model
        self._batch = batch
        self._lock = threading.Lock()
        self._model: Any = None

    def _load(self) -> Any:
        if self._model is None:
            folder = self._find()
            # Imported here: torch takes seconds to load.
            from sentence_transformers import SentenceTransformer
            from transformers.utils import logging

            logging.set_verbosity_error()  # type: ignore[no-untyped-call]
            logging.disable_progress_bar()  # type: ignore[no-untyped-call]
            try:
                # A local folder must not ask a model hub for news of itself.
                self._model = SentenceTransformer(folder, local_files_only=Path(folder).is_dir())
            except (OSError, ValueError, RuntimeError) as error:
                raise Unavailable(
                    f"Le modèle de recherche « {self.name} » ne peut pas être chargé ({str(error)[:100]}) : "
                    "rien n’est perdu ; vérifiez HUB_EMBEDDING_MODEL, ou retirez ce réglage."
                ) from error
        return self._model

    def rest(self) -> None:
        """Let go of the model until it is wanted again; loading it takes a few seconds."""
        with self._lock:
            self._model = None

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors of passages, shape (texts, dimensions)."""
        return self._encode([self.passage_prefix + text for text in texts])

    def query(self, text: str) -> Vectors:
        """Return the unit vector of a question, shape (dimensions,)."""
        vector: Vectors = self._encode([self.query_prefix + text])[0]
        return vector

    def limit(self) -> int:
        """Return how many tokens the model reads of a passage, its prefix included."""
        with self._lock:
            return int(self._load().max_seq_length)

    def tokens(self, text: str) -> int:
        """Return how many tokens a passage takes, its prefix included."""
        with self._lock:
            return len(self._load().tokenizer(self.passage_prefix + text)["input_ids"])

    def _encode(self, texts: list[str]) -> Vectors:
        with self._lock:
            model = self._load()
            if not texts:
                return np.zeros((0, model.get_embedding_dimension()), dtype=np.float32)
            vectors: Vectors = model.encode(
                texts, batch_size=self._batch, normalize_embeddings=True, show_progress_bar=False
            )
            return vectors
