"""The index as a whole: vectors, windows and words of the published passages, kept level with the library.

Everything here is derived and can be thrown away. `MANIFEST` says which masterclasses all stores hold, and by which
rule they were made; it is written before and after each change, so that a killed process is noticed and made good.
"""

from __future__ import annotations

import logging
import shutil
import sqlite3
import threading
from collections.abc import Callable
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

import chromadb
import numpy as np

from index import manifest
from index.duties import Duties
from index.embedder import Embedder
from index.passages import CUTTING, HEAD, READING, Passage, cut
from index.vectors import SharedVectorStore, VectorsAway, VectorStore
from index.windows import LAYOUT as WINDOWS
from index.windows import WindowStore
from index.words import LAYOUT, WordStore
from transcripts.errors import DamagedFile, NotFound, writing
from transcripts.resources import Collection

_CUT = 1_000  # masterclasses whose passages are kept at hand: 220 kB for three quarters of an hour

_log = logging.getLogger(__name__)

UNREADABLE = (OSError, ValueError, RuntimeError, sqlite3.Error, chromadb.errors.ChromaError)

# Hears how many of how many masterclasses are done.
Progress = Callable[[int, int], None]


def _silent(done: int, total: int) -> None:
    """Report to nobody."""


class Index:
    """Open in one process at a time (see `app.owner`). Errors: `NotWritable`, `Unavailable` from the embedder.

    Args:
        folder, resources, embedder: where it lies, what it follows, what makes vectors.
        requests: where others ask something of all who keep an index; the folder itself where this is the only one.
        server: the address of a Chroma that holds the vectors for several hubs; None to keep them here.
    """

    def __init__(
        self,
        folder: Path,
        resources: Collection,
        embedder: Embedder,
        requests: Path | None = None,
        server: str | None = None,
    ) -> None:
        self.resources = resources
        self.embedder = embedder
        self._folder = folder
        self._server = server
        self.duties = Duties(requests or folder, folder)
        self._generation, self._swept = 0, True
        self._lock, self._cutting = threading.RLock(), threading.Lock()
        self._digests: dict[str, tuple[tuple[int, ...], str]] = {}
        self._passages: dict[str, tuple[tuple[tuple[int, ...], str], dict[str, Passage]]] = {}
        self._rule = "|".join(
            (version("chromadb"), version("tantivy"), LAYOUT, WINDOWS, CUTTING, embedder.name, embedder.passage_prefix)
        )
        with writing(folder):
            folder.mkdir(parents=True, exist_ok=True)
            self._open()

    def _open(self) -> None:
        self._generation, known = manifest.read(self._folder, self._rule)
        self._known = known or {}
        try:
            self._open_stores()
            manifest.destroy_others(self._folder, self._generation)
            sound = known is not None and self._is_level()
        except UNREADABLE as error:  # no store promises to read what a crash or another version left
            self._begin_anew(error)
        else:
            if not sound:
                self.clear()

    def _begin_anew(self, error: Exception) -> None:
        _log.warning("the index in %s cannot be read and is made anew: %s", self._folder, error)
        self._generation += 1
        self._open_stores()
        manifest.destroy_others(self._folder, self._generation)
        self.clear()

    def mend(self) -> None:
        """Write all stores anew: from the windows, which takes no embedding; where they cannot be read, from nothing."""
        with self._lock:
            _log.warning("the index in %s is damaged and is written anew", self._folder)
            try:
                with writing(self._folder):  # a full disk is no damage
                    self._purge()
            except UNREADABLE as error:
                self._begin_anew(error)

    def _open_stores(self) -> None:
        self.vectors, self.words, self.windows = self._stores()

    def _stores(self) -> tuple[VectorStore, WordStore, WindowStore]:
        place = manifest.place(self._folder, self._generation)
        vectors = SharedVectorStore(self._server, self._rule) if self._server else VectorStore(place / "vectors")
        return vectors, WordStore(place / "words"), WindowStore(place / "windows.db")

    def _is_level(self) -> bool:
        """Say whether all stores hold as many passages as the manifest says (a change under way aside)."""
        total = self._total()
        if total is None:
            return True
        counts = {self.words.count(), self.windows.count(), total}
        # What others write is at another point; `behind` looks after it.
        return len(counts if self.vectors.shared else counts | {self.vectors.count()}) == 1

    def _total(self) -> int | None:
        """Return how many passages all stores should hold, None while that is changing."""
        counts = [entry["passages"] for entry in self._known.values()]
        return None if None in counts else sum(counts)

    def behind(self) -> bool:
        """Say whether shared vectors are wanting that can be given now: their server was away, or lost some."""
        vectors = self.vectors
        if not isinstance(vectors, SharedVectorStore) or not vectors.answers():
            return False
        total = self._total()
        if total is not None and self.vectors.count() < total:
            for slug, entry in self._known.items():
                if len(self.vectors.present(slug)) < entry["passages"]:
                    entry |= {"digest": None, "passages": None}
            self._note()
        return self._total() is None or not self._swept

    def clear(self) -> None:
        """Forget everything; the next `synchronise` makes it anew."""
        with self._lock:
            (self._folder / manifest.MANIFEST).unlink(missing_ok=True)
            self.vectors.clear()
            self.words.clear()
            self.windows.clear()
            self._known, self._swept = {}, not self.vectors.shared
            self._note()

    def synchronise(self, progress: Progress = _silent) -> int:
        """Bring the index level with the published masterclasses; return how many of them changed."""
        with self._lock, writing(self._folder):
            rebuild, purge = self.duties.asked("rebuild"), self.duties.asked("purge")
            if rebuild is not None:
                self.clear()
            wanted = self._wanted()
            known = self._known
            changed = [s for s in {**known, **wanted} if s not in wanted or wanted[s] != known.get(s, {}).get("digest")]
            for done, slug in enumerate(changed):
                progress(done, len(changed))
                # One whose vectors cannot be written now is found by words, and done again when they can.
                with suppress(VectorsAway):
                    self._update(slug, wanted.get(slug))
            with suppress(VectorsAway):
                self._sweep(set(wanted))
            self.words.settle()
            if rebuild is not None:
                self.duties.done("rebuild", rebuild)
            if purge is not None and not self.vectors.away:
                self._purge()
                self.duties.done("purge", purge)
            progress(len(changed), len(changed))
            return len(changed)

    def _sweep(self, wanted: set[str]) -> None:
        """Take out of a shared store what it holds of masterclasses that went while no hub looked; once after a clearing.

        Only where it holds more than it should: to read which ones takes minutes for a million passages.
        """
        total = self._total()
        if not self._swept and total is not None:
            for slug in self.vectors.slugs() - wanted if self.vectors.count() > total else ():
                self._update(slug, None)
            self._swept = True

    def _purge(self) -> None:
        """Write all stores anew, with what they hold: what was deleted leaves the disk too.

        Chroma keeps deleted entries in its log, and vacuuming does not erase them (chroma-core/chroma #7659); SQLite keeps free
        pages, tantivy old segments. Nothing is embedded again. A crash leaves the mark, and the generation that was whole.
        """
        before, self._generation = self._generation, self._generation + 1
        shutil.rmtree(manifest.place(self._folder, self._generation), ignore_errors=True)
        try:
            new_vectors, new_words, new_windows = self._stores()
            width = self.embedder.passages([]).shape[1]
            for slug in self._known:
                passages = self.passages(slug)
                if not new_vectors.shared:
                    new_vectors.update(slug, [], *self.windows.of(slug, width))
                self.windows.hand_over(slug, new_windows)
                language = self.resources.details(slug).language if passages else ""
                new_words.replace(slug, [(p.id, p.text) for p in passages.values()], language)
        except BaseException:
            self._generation = before
            raise
        self.vectors, self.words, self.windows = new_vectors, new_words, new_windows
        self._digests = {slug: kept for slug, kept in self._digests.items() if slug in self._known}
        self._passages = {slug: kept for slug, kept in self._passages.items() if slug in self._known}
        self._note()
        manifest.destroy_others(self._folder, self._generation)

    def digests(self) -> dict[str, str]:
        """Return {slug: hash of its words} of what is held now, without what is just being changed."""
        # Without the lock, which a long update holds: pages ask.
        return {slug: entry["digest"] for slug, entry in list(self._known.items()) if entry["digest"]}

    def _wanted(self) -> dict[str, str]:
        wanted = {}
        for details in self.resources.published():
            try:
                signature = self.resources.signature(details.slug)
                cached = self._digests.get(details.slug)
                if cached is None or cached[0] != signature:
                    cached = self._digests[details.slug] = (signature, self.resources.digest(details.slug))
            except (NotFound, DamagedFile):  # the others are to be found
                continue
            # The embedder reads the title before each passage.
            wanted[details.slug] = f"{cached[1]} {details.title}{READING[details.kind]}"
        return wanted

    def _update(self, slug: str, digest: str | None) -> None:
        passages = self.passages(slug) if digest else {}
        # From here until the entry is whole again, a crash leaves the mark of a change under way.
        self._known[slug] = {"digest": None, "passages": None}
        self._note()
        # Words first: where the vectors' server is away, they are what finds.
        language = self.resources.details(slug).language if passages else ""
        self.words.replace(slug, [(p.id, p.text) for p in passages.values()], language)
        present, windows = self.vectors.present(slug), self.windows.present(slug)
        new = [passage for place, passage in passages.items() if place not in present & windows]
        read = self.embedder.windows([p.head for p in new], [[s.text for s in p.sentences] for p in new])
        ids = [passage.id for passage in new]
        vectors = np.array([one.vectors[0] for one in read]) if read else np.zeros((0, 0), np.float32)
        gone = sorted((present | windows) - set(passages))
        self.vectors.update(slug, gone, ids, vectors)
        self.windows.update(slug, gone, ids, read)
        if digest:
            self._known[slug] = {"digest": digest, "passages": len(passages)}
        else:
            del self._known[slug]
        self._note()

    def passages(self, slug: str) -> dict[str, Passage]:
        """Return the passages of a published masterclass as its files have them now, {} where there is none.

        What a search returns is looked up here, so that nothing shows that the library no longer has.
        """
        try:
            if self.resources.details(slug).status != "published":
                return {}
            signature = (self.resources.signature(slug), self.resources.details(slug).title)
            if (cached := self._passages.get(slug)) and cached[0] == signature:
                return cached[1]
            with self._cutting:  # whoever asks for a talk that was just corrected does not cut it once more
                if not ((cached := self._passages.get(slug)) and cached[0] == signature):
                    whole = {passage.id: passage for passage in cut(self.resources.read(slug), self._fits)}
                    while len(self._passages) >= _CUT:
                        del self._passages[next(iter(self._passages))]
                    cached = self._passages[slug] = (signature, whole)
        except (NotFound, DamagedFile):
            return {}
        return cached[1]

    def _fits(self, text: str) -> bool:
        # No word of French or English takes more than a handful of tokens: only oddities need counting. What a passage is
        # about stands before it, a token a character at the most.
        room = max(self.embedder.limit() - HEAD, self.embedder.limit() // 2)
        return len(text) < room or self.embedder.tokens(text) <= room

    def _note(self) -> None:
        manifest.write(self._folder, self._rule, self._generation, self._known)
