"""The index as a whole: vectors and words of the published passages, kept level with the library.

Everything here is derived and can be thrown away. `MANIFEST` says which masterclasses both stores hold, and by which
rule they were made; it is written before and after each change, so that a killed process is noticed and made good.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import chromadb
import numpy as np

from index.embedder import Embedder
from index.passages import CUTTING, Passage, cut
from index.vectors import Vectors, VectorStore
from index.words import WordStore
from transcripts.errors import DamagedFile, NotFound, writing
from transcripts.library import Library
from transcripts.sentences import content_words

MANIFEST = "manifest.json"
_REBUILD = "rebuild"

# Hears how many of how many masterclasses are done.
Progress = Callable[[int, int], None]


def _silent(done: int, total: int) -> None:
    """Report to nobody."""


def ask_rebuild(folder: Path) -> None:
    """Ask whoever owns the index to make it anew; the mark outlives a crash and goes when that is done."""
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _REBUILD).touch()


def rebuild_asked(folder: Path) -> bool:
    """Say whether the index is still to be made anew."""
    return (folder / _REBUILD).exists()


class Index:
    """Open in one process at a time (see `app.owner`). Errors: `NotWritable`, `Unavailable` from the embedder."""

    def __init__(self, folder: Path, library: Library, embedder: Embedder) -> None:
        self.library = library
        self.embedder = embedder
        self._folder = folder
        self._lock = threading.RLock()
        self._digests: dict[str, tuple[tuple[int, ...], str]] = {}
        self._passages: dict[str, tuple[tuple[int, ...], dict[str, Passage]]] = {}
        self._rule = "|".join(
            (version("chromadb"), version("tantivy"), CUTTING, embedder.name, embedder.passage_prefix)
        )
        with writing(folder):
            folder.mkdir(parents=True, exist_ok=True)
            self._open()

    def _open(self) -> None:
        manifest = self._read_manifest()
        self._known = manifest or {}
        try:
            self.vectors = VectorStore(self._folder / "vectors")
            self.words = WordStore(self._folder / "words")
            sound = manifest is not None and self._is_level()
        except (OSError, ValueError, RuntimeError, chromadb.errors.ChromaError):
            # Neither library promises to read what a crash or another version left: both are made anew.
            VectorStore.destroy(self._folder / "vectors")
            WordStore.destroy(self._folder / "words")
            self.vectors = VectorStore(self._folder / "vectors")
            self.words = WordStore(self._folder / "words")
            sound = False
        if not sound:
            self.clear()

    def _is_level(self) -> bool:
        """Say whether both stores hold as many passages as the manifest says (a change under way aside)."""
        counts = [entry["passages"] for entry in self._known.values()]
        if None in counts:
            return True
        total: int = sum(counts)
        return self.vectors.count() == self.words.count() == total

    def clear(self) -> None:
        """Forget everything; the next `synchronise` makes it anew."""
        with self._lock:
            (self._folder / MANIFEST).unlink(missing_ok=True)
            self.vectors.clear()
            self.words.clear()
            self._known = {}
            self._write_manifest()

    def synchronise(self, progress: Progress = _silent) -> int:
        """Bring the index level with the published masterclasses; return how many of them changed."""
        with self._lock, writing(self._folder):
            rebuilding = rebuild_asked(self._folder)
            if rebuilding:
                self.clear()
            wanted = self._wanted()
            known = self._known
            changed = [s for s in {**known, **wanted} if wanted.get(s) != known.get(s, {}).get("digest")]
            for done, slug in enumerate(changed):
                progress(done, len(changed))
                self._update(slug, wanted.get(slug))
            if rebuilding:
                (self._folder / _REBUILD).unlink(missing_ok=True)
            progress(len(changed), len(changed))
            return len(changed)

    def digests(self) -> dict[str, str]:
        """Return {slug: hash of its words} of what is held now, without what is just being changed."""
        # Without the lock, which a long update holds: pages ask.
        return {slug: entry["digest"] for slug, entry in list(self._known.items()) if entry["digest"]}

    def _wanted(self) -> dict[str, str]:
        wanted = {}
        for details in self.library.published():
            signature = self.library.signature(details.slug)
            cached = self._digests.get(details.slug)
            if cached is None or cached[0] != signature:
                cached = self._digests[details.slug] = (signature, self.library.digest(details.slug))
            wanted[details.slug] = cached[1]
        return wanted

    def _update(self, slug: str, digest: str | None) -> None:
        passages = self.passages(slug) if digest else {}
        # From here until the entry is whole again, a crash leaves the mark of a change under way.
        self._known[slug] = {"digest": None, "passages": None}
        self._write_manifest()
        present = self.vectors.present(slug)
        new = [passage for place, passage in passages.items() if place not in present]
        vectors = self.embedder.passages([p.text for p in new]) if new else np.zeros((0, 0), np.float32)
        self.vectors.update(slug, sorted(present - set(passages)), [p.id for p in new], vectors)
        language = self.library.details(slug).language if passages else ""
        self.words.replace(slug, [(p.id, content_words(p.text, language)) for p in passages.values()])
        if digest:
            self._known[slug] = {"digest": digest, "passages": len(passages)}
        else:
            del self._known[slug]
        self._write_manifest()

    def passages(self, slug: str) -> dict[str, Passage]:
        """Return the passages of a published masterclass as its files have them now, {} where there is none.

        What a search returns is looked up here, so that nothing shows that the library no longer has.
        """
        try:
            if self.library.details(slug).status != "published":
                return {}
            signature = self.library.signature(slug)
            cached = self._passages.get(slug)
            if cached is None or cached[0] != signature:
                whole = cut(self.library.read(slug), self._fits)
                cached = self._passages[slug] = (signature, {passage.id: passage for passage in whole})
        except (NotFound, DamagedFile):
            return {}
        return cached[1]

    def _fits(self, text: str) -> bool:
        # No word of French or English takes more than a handful of tokens: only oddities need counting.
        return len(text) < self.embedder.limit() or self.embedder.tokens(text) <= self.embedder.limit()

    def everything(self) -> dict[str, tuple[str, str, Vectors]]:
        """Return {id: (slug, text, vector)} of all that can be found, and check that both stores agree.

        Raises ValueError where they do not: for tests and for ``hub doctor``.
        """
        with self._lock:
            vectors = {place: (slug, vector) for place, slug, vector in self.vectors.everything()}
            words = dict(self.words.everything())
            if {place: slug for place, (slug, _) in vectors.items()} != words:
                raise ValueError("the vectors and the words hold different passages")
            return {place: (slug, self.passages(slug)[place].text, vector) for place, (slug, vector) in vectors.items()}

    def _read_manifest(self) -> dict[str, dict[str, Any]] | None:
        try:
            manifest = json.loads((self._folder / MANIFEST).read_text("utf-8"))
            return dict(manifest["masterclasses"]) if manifest["rule"] == self._rule else None
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return None

    def _write_manifest(self) -> None:
        part = self._folder / f".{MANIFEST}.part"
        part.write_text(json.dumps({"rule": self._rule, "masterclasses": self._known}, indent=1), "utf-8")
        part.replace(self._folder / MANIFEST)
