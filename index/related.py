"""Masterclasses that are near each other in meaning."""

from __future__ import annotations

import threading
import time

import numpy as np

from index.store import Index
from index.vectors import Vectors

# Seconds that a page waits for means of thousands of talks: those that are still to be read come next time.
_PATIENCE = 1.0


class Related:
    """Compares whole talks by the means of their passages' vectors, each read again only when its talk changed."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._lock = threading.Lock()
        self._means: dict[str, tuple[str, Vectors]] = {}

    def near(self, slug: str, limit: int) -> tuple[str, ...]:
        """Return the slugs of the published masterclasses nearest to one or to a study, nearest first; none where it is unknown.

        Vectors of one language model all point much the same way, so the mean of all talks is taken off first ("all but
        the top", Mu and Viswanath 2018): what is left is what tells talks apart.
        """
        means = self._current()
        if slug not in means or len(means) < 2:
            return ()
        slugs = list(means)
        vectors = np.stack([means[each] for each in slugs])
        vectors -= vectors.mean(axis=0)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9
        likeness = vectors @ vectors[slugs.index(slug)]
        published = {d.slug for d in self._index.resources.published() if d.kind == "masterclass"} - {slug}
        return tuple(slugs[i] for i in np.argsort(-likeness, kind="stable") if slugs[i] in published)[:limit]

    def _current(self) -> dict[str, Vectors]:
        with self._lock:
            digests, until = self._index.digests(), time.monotonic() + _PATIENCE
            for slug, digest in digests.items():
                if time.monotonic() > until:
                    break
                if slug not in self._means or self._means[slug][0] != digest:
                    # Asked of the model only where there is something to read: it may be at work.
                    width = self._index.embedder.passages([]).shape[1]
                    _, vectors = self._index.windows.of(slug, width)
                    if len(vectors):
                        self._means[slug] = (digest, vectors.mean(axis=0))
            return {slug: mean for slug, (digest, mean) in self._means.items() if digests.get(slug) == digest}
