"""Passages by meaning: unit vectors in Chroma, in a folder of this process's own or in a server that several hubs share.

Only the process that owns the index may open the folder: Chroma shows one process's writes to no other, and a second writer
can destroy entries (chroma-core/chroma #3792). The server has no such bounds. Ids are hashes of what they stand for, so that
hubs which follow one library write the same entries, in whatever order.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import chromadb
import chromadb.config
import httpx
import numpy as np
import numpy.typing as npt
from chromadb.api.shared_system_client import SharedSystemClient

from transcripts.errors import Unavailable

Vectors = npt.NDArray[np.float32]

_NAME = "passages"
_PAGE = 1_000
_TIMEOUT = 10.0  # seconds that the server may take
_AGAIN = 3.0  # seconds for which a server that did not answer is not asked again
# Chroma keeps new passages in its log until there are so many, then writes the graph to the disk (#6975), the whole of it more
# or less. In a young library few may wait, or all live in memory only; in a large one a part of it, or each masterclass costs all.
_LEAST, _PART = 50, 500
# Of the hundred nearest among 100,000, Chroma's own graph (16 neighbours, 100 looked at) finds 77 %, this one 99 %, for a
# millisecond more.
_SEARCHED = {"ef_search": 800}
_KIND = {
    "hnsw": {
        "space": "cosine",
        "max_neighbors": 32,
        "ef_construction": 200,
        "batch_size": _LEAST,
        "sync_threshold": _LEAST,
        **_SEARCHED,
    }
}


class VectorsAway(Unavailable):
    """The server of vectors does not answer; words still find."""

    def __init__(self) -> None:
        super().__init__(
            "La recherche par le sens ne répond pas : la recherche par les mots continue, et rien n’est perdu ; "
            "vérifiez le serveur Chroma (HUB_CHROMA_URL)."
        )


class VectorStore:
    """A Chroma folder of passage vectors with their slugs."""

    shared = False  # whether others write here too
    away = False  # whether it did not answer when it was last asked

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        # A client of the same folder that was closed badly would show its old state.
        SharedSystemClient.clear_system_cache()
        self._client: Any = chromadb.PersistentClient(
            str(folder), settings=chromadb.config.Settings(anonymized_telemetry=False, allow_reset=False)
        )
        self._collection: Any = None
        with self._passages():
            pass  # what a crash left unreadable is found out now

    @contextmanager
    def _passages(self) -> Iterator[Any]:
        """Lend the collection."""
        if self._collection is None:
            self._collection = _opened(self._client, _NAME)
        yield self._collection

    def update(self, slug: str, gone: Sequence[str], ids: Sequence[str], vectors: Vectors) -> None:
        """Take passages of a masterclass out and put others in; ``vectors`` has shape (ids, dimensions)."""
        with self._passages() as passages:
            for begin in range(0, len(gone), _PAGE):
                passages.delete(ids=list(gone[begin : begin + _PAGE]))
            for begin in range(0, len(ids), _PAGE):
                page = list(ids[begin : begin + _PAGE])
                passages.upsert(
                    ids=page, embeddings=vectors[begin : begin + _PAGE], metadatas=[{"slug": slug}] * len(page)
                )

    def present(self, slug: str) -> set[str]:
        """Return the ids that a masterclass has here."""
        with self._passages() as passages:
            return set(passages.get(where={"slug": slug}, include=[])["ids"])

    def near(self, vector: Vectors, limit: int, slugs: Sequence[str] | None = None) -> dict[str, tuple[str, float]]:
        """Return the nearest passages as {id: (slug, cosine)}, nearest first; only those of ``slugs`` when given."""
        with self._passages() as passages:
            found = passages.query(
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
        with self._passages() as passages:
            return int(passages.count())

    def slugs(self) -> set[str]:
        """Return the masterclasses that have passages here."""
        found: set[str] = set()
        for offset in range(0, self.count(), _PAGE):
            with self._passages() as passages:
                page = passages.get(limit=_PAGE, offset=offset, include=["metadatas"])["metadatas"]
            found |= {meta["slug"] for meta in page}
        return found

    def clear(self) -> None:
        """Forget every passage."""
        if self._collection is not None:  # else that was done last
            self._client.delete_collection(_NAME)
            self._collection = None


class SharedVectorStore(VectorStore):
    """The same in a Chroma server. Every method raises `VectorsAway` while it does not answer.

    Args:
        url: where the server is, http or https.
        rule: how passages and vectors are made. Hubs of different versions, as during an update, write side by side.
    """

    shared = True

    def __init__(self, url: str, rule: str) -> None:
        self._url = urlsplit(url)
        self._name = f"{_NAME}-{hashlib.sha256(rule.encode()).hexdigest()[:12]}"
        self._collection = None
        self._quiet_until = 0.0
        self._opening = threading.Lock()

    @contextmanager
    def _passages(self) -> Iterator[Any]:
        if time.monotonic() < self._quiet_until:
            raise VectorsAway
        try:
            with self._opening:
                if self._collection is None:
                    self._collection = _opened(self._connected(), self._name)
            yield self._collection
            self.away = False
        # Chroma's client says ValueError of a server that it cannot reach.
        except (httpx.HTTPError, chromadb.errors.ChromaError, ValueError, OSError) as error:
            self.away, self._collection = True, None
            self._quiet_until = time.monotonic() + _AGAIN
            raise VectorsAway from error

    def _connected(self) -> Any:
        SharedSystemClient.clear_system_cache()
        client: Any = chromadb.HttpClient(
            self._url.hostname or "",
            self._url.port or (443 if self._url.scheme == "https" else 80),
            ssl=self._url.scheme == "https",
            settings=chromadb.config.Settings(anonymized_telemetry=False),
        )
        # Chroma's client waits for ever, and has no setting for it: a server that hangs would hang the hub.
        client._server._session.timeout = _TIMEOUT
        return client

    def answers(self) -> bool:
        """Say whether the server answers now."""
        try:
            self.count()
        except VectorsAway:
            return False
        return True

    def clear(self) -> None:
        """Leave what others write: entries are brought level one masterclass at a time."""


def _opened(client: Any, name: str) -> Any:
    found = client.get_or_create_collection(name, embedding_function=None, configuration=_KIND)
    wanted = {**_SEARCHED, "sync_threshold": max(_LEAST, found.count() // _PART)}
    if not wanted.items() <= found.configuration_json["hnsw"].items():  # it grew, or an older hub made it
        found.modify(configuration={"hnsw": wanted})  # heeded from the next start of Chroma
    return found
