"""What answers questions: an index opened here, or a running hub that is asked over HTTP; and what commands do with either."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol, TypeVar

import httpx
from pydantic import TypeAdapter

from app.owner import KEY, Ownership
from index.answer import Answer, Answerer, Quote, Tell, led_by, untold
from index.asking import Asker
from index.decision import fitted
from index.duties import Duties, Duty, ask_rebuild
from index.embedder import Embedder
from index.question import clean
from index.related import Related
from index.search import EVERYTHING, By, Filters, Searcher, SearchReply
from index.store import Index, Progress
from transcripts.errors import BadInput, Unavailable
from transcripts.glossary import glossary
from transcripts.model import Kind
from transcripts.resources import Collection

_WAIT = 120.0  # seconds a command waits for another one that holds the index
_DUTY = 3600.0  # seconds a command waits for what a running hub does
TIMEOUT = 30.0  # seconds a running hub may take to answer, without those of its language model

T = TypeVar("T")

# Returns what staff chose as the answer to a question.
Pinned = Callable[[str], Quote | None]


def nothing(question: str) -> None:
    """Choose nothing."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an index lies, where requests to all who keep one stand, and the Chroma server that shares their vectors."""

    folder: Path
    requests: Path
    server: str | None = None

    def open(self, resources: Collection, embedder: Embedder) -> Index:
        """Open the index."""
        return Index(self.folder, resources, embedder, self.requests, self.server)


class Engine(Protocol):
    """Searches and answers."""

    def search(self, text: str, limit: int = 10, filters: Filters = EVERYTHING, by: By = "fused") -> SearchReply:
        """Return the best passages; raise `BadInput` for a query without words."""

    def ask(self, text: str, tell: Tell = untold, kind: Kind | None = None) -> Answer:
        """Answer a question, from one ``kind`` where it is given; raise `BadInput` for one without words.

        ``tell`` hears its sentences as they are written.
        """

    def near(self, slug: str, limit: int = 3) -> tuple[str, ...]:
        """Return the slugs of the masterclasses nearest in meaning, nearest first."""


class LocalEngine:
    """An index that this process owns."""

    def __init__(self, index: Index, answerers: Sequence[Answerer], pinned: Pinned = nothing) -> None:
        self.index = index
        searcher = Searcher(index)
        self.search = searcher.search
        self._pinned = pinned
        asker = partial(Asker, index, searcher, glossary(), fitted(index.embedder.name))
        self._ask, self._quote = asker(answerers).ask, asker(answerers[-1:]).ask
        self._related = Related(index)

    def ask(self, text: str, tell: Tell = untold, kind: Kind | None = None) -> Answer:
        pinned = self._pinned(text)
        if pinned is None or kind not in (None, pinned.details.kind):
            return self._ask(text, tell, kind)
        # What was chosen stands first: nothing may be told before it, and a model's sentences would not follow it.
        return led_by(self._quote(text, kind=kind), pinned)

    def near(self, slug: str, limit: int = 3) -> tuple[str, ...]:
        return self._related.near(slug, limit)


class RemoteEngine:
    """A running hub, by its HTTP API; its language model may take ``writing`` seconds."""

    def __init__(self, url: str, key: str | None, writing: float = 0.0) -> None:
        self._url, self._writing = url, writing
        self._headers = {KEY: key} if key else {}

    def search(self, text: str, limit: int = 10, filters: Filters = EVERYTHING, by: By = "fused") -> SearchReply:
        asked = {
            "q": clean(text),
            "limit": limit,
            "by": by,
            **TypeAdapter(Filters).dump_python(filters, mode="json", exclude_none=True),
        }
        return self._get("/api/search", asked, TypeAdapter(SearchReply))

    def ask(self, text: str, tell: Tell = untold, kind: Kind | None = None) -> Answer:
        asked: dict[str, str | int] = {"q": clean(text), **({"kind": kind} if kind else {})}
        return self._get("/api/ask", asked, TypeAdapter(Answer), TIMEOUT + self._writing)

    def near(self, slug: str, limit: int = 3) -> tuple[str, ...]:
        return self._get("/api/near", {"m": slug, "limit": limit}, TypeAdapter(tuple[str, ...]))

    def _get(self, path: str, query: dict[str, str | int], form: TypeAdapter[T], timeout: float = TIMEOUT) -> T:
        try:
            reply = httpx.get(self._url + path, params=query, headers=self._headers, timeout=timeout, trust_env=False)
            if reply.status_code == httpx.codes.BAD_REQUEST:
                raise BadInput(reply.json()["detail"])
            if reply.status_code == httpx.codes.SERVICE_UNAVAILABLE:
                raise Unavailable(reply.json()["detail"])
            reply.raise_for_status()
            return form.validate_json(reply.content)
        except (httpx.HTTPError, httpx.InvalidURL, ValueError, KeyError) as error:
            raise Unavailable(
                f"Le hub en marche ({self._url}) ne répond pas comme attendu : rien n’est perdu ; réessayez dans un instant, ou redémarrez-le."
            ) from error


class CommandEngine:
    """The engine of one command: the running hub where there is one, else the index for the time of the command."""

    def __init__(
        self,
        place: Place,
        embedder: Embedder,
        resources: Collection,
        answerers: Sequence[Answerer],
        pinned: Pinned = nothing,
        writing: float = 0.0,
    ) -> None:
        self._place = place
        self._duties = Duties(place.requests, place.folder)
        self._embedder, self._resources, self._answerers, self._pinned = embedder, resources, answerers, pinned
        self._writing = writing
        self._ownership = Ownership(place.folder)

    @contextmanager
    def open(self, progress: Progress) -> Iterator[Engine]:
        """Lend an engine that is level with the library."""
        if not self._ownership.url():
            # Loaded before the lock is taken, so that several commands hold it briefly in turn.
            self._embedder.limit()
        url = self._ownership.take_or_find(_WAIT)
        if url:
            yield RemoteEngine(url, self._ownership.key(), self._writing)
            return
        try:
            index = self._place.open(self._resources, self._embedder)
            index.synchronise(progress)
            yield LocalEngine(index, self._answerers, self._pinned)
        finally:
            self._ownership.release()

    def follow(self, progress: Progress) -> None:
        """Bring the index level with the library; a running hub does so by itself, as those do that share vectors."""
        if self._place.server:
            return
        with self.open(progress):
            pass

    def rebuild(self, progress: Progress) -> None:
        """Make the whole index anew, here or by the running hub; return when it is done."""
        ask_rebuild(self._place.requests)
        self._see_done("rebuild", progress)

    def purge(self, progress: Progress) -> None:
        """Wait until what was taken out of the library has left the disk, here or by the running hub."""
        if self._duties.asked("purge") is not None:
            self._see_done("purge", progress)

    def _see_done(self, duty: Duty, progress: Progress) -> None:
        """Open the index, or have the hub do so, until nobody asks for a duty any more. Raises `Unavailable` where that stays."""
        until = time.monotonic() + _DUTY
        while (request := self._duties.asked(duty)) is not None:
            with self.open(progress) as engine:  # each time: the hub may be gone by now
                here = isinstance(engine, LocalEngine)
            if (here or time.monotonic() > until) and self._duties.asked(duty) == request:
                raise Unavailable(
                    "L’index n’a pas pu être remis en ordre jusqu’ici : la demande est notée et se fera dès que possible ; "
                    "le journal du hub dit ce qui manque."
                )
            time.sleep(0.2)
