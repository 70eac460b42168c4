"""Passages by meaning: unit vectors in Chroma.

Only the process that owns the index may open it: Chroma shows one process's writes to no other, and a second writer
can destroy entries (chroma-core/chroma #3792).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import chromadb
import chromadb.config
import numpy as np
import numpy.typing as npt
from chromadb.api.shared_system_client import SharedSystemClient

Vectors = npt.NDArray[np.float32]

_NAME = "passages"
_PAGE = 1_000


class VectorStore:
    """A Chroma folder of passage vectors with their slugs."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        # A client of the same folder that was closed badly would show its old state.
        SharedSystemClient.clear_system_cache()
        self._client: Any = chromadb.PersistentClient(
            str(folder), settings=chromadb.config.Settings(anonymized_telemetry=False, allow_reset=False)
        )
        self._open()

    def _open(self) -> None:
        self._passages: Any = self._client.get_or_create_collection(
            _NAME,
            embedding_function=None,
            # Below its threshold Chroma keeps the vector index in memory only (#6975): a young library lives there.
            configuration={"hnsw": {"space": "cosine", "batch_size": 50, "sync_threshold": 50}},
        )

    def update(self, slug: str, gone: Sequence[str], ids: Sequence[str], vectors: Vectors) -> None:
        """Take passages of a masterclass out and put others in; ``vectors`` has shape (ids, dimensions)."""
        for begin in range(0, len(gone), _PAGE):
            self._passages.delete(ids=list(gone[begin : begin + _PAGE]))
        for begin in range(0, len(ids), _PAGE):
            page = list(ids[begin : begin + _PAGE])
            self._passages.upsert(
                ids=page, embeddings=vectors[begin : begin + _PAGE], metadatas=[{"slug": slug}] * len(page)
            )

    def present(self, slug: str) -> set[str]:
        """Return the ids that a masterclass has here."""
        return set(self._passages.get(where={"slug": slug}, include=[])["ids"])

    def of(self, slug: str) -> Vectors:
        """Return the vectors of a masterclass, shape (passages, dimensions)."""
        found = self._passages.get(where={"slug": slug}, include=["embeddings"])["embeddings"]
        return np.asarray(found, np.float32)

    def near(self, vector: Vectors, limit: int, slugs: Sequence[str] | None = None) -> dict[str, tuple[str, float]]:
        """Return the nearest passages as {id: (slug, cosine)}, nearest first; only those of ``slugs`` when given."""
        found = self._passages.query(
            query_embeddings=[vector],
            n_results=limit,
            where={"slug": {"$in": list(slugs)}} if slugs is not None else None,
            include=["metadatas", "distances"],
        )
        return {
            place: (meta["slug"], 1.0 - distance)
            for place, meta, distance in zip(found["ids"][0], found["metadatas"][0], found["distances"][0], strict=True)
        }

    def count(self) -> int:
        """Return how many passages there are."""
        return int(self._passages.count())

    def everything(self) -> Iterator[tuple[str, str, Vectors]]:
        """Yield (id, slug, vector) of every passage."""
        for offset in range(0, self.count(), _PAGE):
            page = self._passages.get(limit=_PAGE, offset=offset, include=["metadatas", "embeddings"])
            for place, meta, vector in zip(page["ids"], page["metadatas"], page["embeddings"], strict=True):
                yield place, meta["slug"], vector

    def clear(self) -> None:
        """Forget every passage."""
        self._client.delete_collection(_NAME)
        self._open()
