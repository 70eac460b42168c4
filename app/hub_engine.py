"""The engine of a running hub: it owns the index and keeps it level with the library, or asks the hub that does."""

from __future__ import annotations

import gc
import logging
import math
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from functools import cache

from chromadb.errors import ChromaError
from watchfiles import watch

from app.engine import TIMEOUT, Engine, LocalEngine, Pinned, Place, RemoteEngine, nothing
from app.owner import Ownership
from app.turns import Busy, Turns
from index.answer import Answer, Answerer, Draft, Quote, Tell, untold
from index.duties import Duties
from index.embedder import Embedder
from index.question import Language
from index.reader import reader_for
from index.search import EVERYTHING, By, Filters, SearchReply
from transcripts.errors import Unavailable
from transcripts.model import Kind
from transcripts.resources import Collection

_PATIENCE = 10.0  # seconds somebody waits for a turn
_LOOK = 2_000  # milliseconds between looks for what no file event tells
_DEATHS = 3  # of owners in a row, after which the index is suspected: a damaged graph takes its process with it, without a word
_SETTLED = 600.0  # seconds after which a hub counts as one that works

_log = logging.getLogger(__name__)


class _InTurn:
    """A language model that few may ask at once; who waits too long for it has the answer of the next answerer."""

    def __init__(self, model: Answerer, asking: Turns, turns: Turns) -> None:
        self.name = model.name
        self._model, self._asking, self._turns = model, asking, turns

    def draft(
        self, question: str, language: Language, chosen: Sequence[Quote], around: Sequence[Quote], tell: Tell
    ) -> Sequence[Draft]:
        """See `index.answer.Answerer`."""
        try:
            with self._asking.aside(), self._turns.turn():
                return self._model.draft(question, language, chosen, around, tell)
        except Busy:
            return ()


class HubEngine:
    """The engine of a hub process: it owns the index and follows the library, or asks the hub that does."""

    def __init__(
        self,
        place: Place,
        embedder: Embedder,
        resources: Collection,
        answerers: Sequence[Answerer],
        pinned: Pinned = nothing,
        together: int = 2,
        writing: float = 0.0,
    ) -> None:
        self._place = place
        self._duties = Duties(place.requests, place.folder)
        self._embedder, self._resources, self._pinned = embedder, resources, pinned
        self._writing = writing
        self._asking = Turns("answer", together, 4 * together, _PATIENCE)
        models = Turns("writing", together, 4 * together, _PATIENCE)
        self._answerers = [_InTurn(one, self._asking, models) if one.name else one for one in answerers]
        self._searching = Turns("search", 4 * together, 4 * together, _PATIENCE)
        self._ownership = Ownership(place.folder)
        self._engine: Engine | None = None
        self._ready, self._stop, self._damaged = threading.Event(), threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()

    def start(self, url: str | None = None) -> None:
        """Begin to open the index in the background; ``url`` is where this hub answers other processes."""
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, args=(url,), name="index", daemon=True)
                self._thread.start()

    def stop(self) -> None:
        """Stop following and let another process have the index."""
        self._stop.set()
        if self._thread:
            self._thread.join(timeout=10)

    @property
    def ready(self) -> bool:
        """Whether questions find an index, here or at another hub."""
        return self._ready.is_set() and self._engine is not None

    @property
    def away(self) -> bool:
        """Whether the store of vectors does not answer, so that words find alone."""
        return isinstance(self._engine, LocalEngine) and self._engine.index.vectors.away

    def search(self, text: str, limit: int = 10, filters: Filters = EVERYTHING, by: By = "fused") -> SearchReply:
        """See `Engine.search`. Raises `Busy`."""
        with self._searching.turn(), self._readable():
            return self._current().search(text, limit, filters, by)

    def ask(self, text: str, tell: Tell = untold, kind: Kind | None = None) -> Answer:
        """See `Engine.ask`. Raises `Busy`."""
        with self._asking.turn(), self._readable():
            engine = self._current()
            # Another hub lets those who ask it work in turn.
            with self._asking.aside() if isinstance(engine, RemoteEngine) else nullcontext():
                return engine.ask(text, tell, kind)

    def near(self, slug: str, limit: int = 3) -> tuple[str, ...]:
        """See `Engine.near`; nothing while the index is being opened: a page does not wait for what it can do without."""
        engine = self._engine if self._ready.is_set() else None
        if engine is None:
            self.start()
            return ()
        try:
            return engine.near(slug, limit)
        except Unavailable:
            return ()

    @contextmanager
    def _readable(self) -> Iterator[None]:
        """Translate what stores say that cannot be read any more, and have them written anew."""
        try:
            yield
        except sqlite3.OperationalError:
            raise  # held, or no room: not damaged
        except (sqlite3.DatabaseError, ChromaError) as error:
            _log.exception("the index cannot be read")
            self._damaged.set()
            raise Unavailable(
                "La recherche se remet en ordre : rien n’est perdu ; réessayez dans une minute."
            ) from error

    def _current(self) -> Engine:
        self.start()
        if not self._ready.wait(TIMEOUT) or self._engine is None:
            raise Unavailable("La recherche se prépare encore : rien n’est perdu ; réessayez dans une minute.")
        return self._engine

    def _run(self, url: str | None) -> None:
        while not self._stop.is_set():
            try:
                if self._ownership.take(url):
                    try:
                        self._own()
                    finally:
                        self._ready.clear()
                        self._ownership.release()
                elif other := self._ownership.url():
                    self._engine = RemoteEngine(other, self._ownership.key(), self._writing)
                    self._ready.set()
            except Exception:  # noqa: BLE001 - a thread has nobody to raise to
                # Whatever broke, the pages go on and the next round opens the index again; the log has the cause.
                _log.exception("the index is not followed")
            self._stop.wait(_LOOK / 1000)

    def _own(self) -> None:
        """Answer from the index and keep it level until told to stop. Raises whatever breaks."""
        self._embedder.limit()
        index, settled = self._place.open(self._resources, self._embedder), time.monotonic() + _SETTLED
        if self._ownership.deaths >= _DEATHS and not self._place.server:
            index.mend()
        self._engine = LocalEngine(index, self._answerers, self._pinned)
        self._ready.set()
        if reader := reader_for(self._embedder):
            reader.warm()
        index.synchronise()
        _spare_what_stays()
        for root in self._resources.roots:
            root.mkdir(parents=True, exist_ok=True)
        for changes in watch(
            *self._resources.roots,
            stop_event=self._stop,
            rust_timeout=_LOOK,
            yield_on_timeout=True,
            raise_interrupt=False,
        ):
            if time.monotonic() > settled:
                self._ownership.settle()
                settled = math.inf
            if self._damaged.is_set():
                self._damaged.clear()
                index.mend()
            if changes or self._duties.any() or index.behind():
                index.synchronise()


@cache  # what is spared is never collected: once in a process
def _spare_what_stays() -> None:
    """Let no collection walk again through what is loaded by now, while somebody waits for an answer."""
    gc.collect()
    gc.freeze()
