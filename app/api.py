"""The API: what may be asked, and what comes back, as types from which requests are read and the documentation is made."""

from __future__ import annotations

import datetime as dt
import logging
import re
from collections.abc import Callable, Iterator
from contextvars import copy_context
from dataclasses import dataclass
from queue import SimpleQueue
from threading import Thread
from typing import Annotated, Any, get_type_hints

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError, WithJsonSchema
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from app.clients import address_of
from app.faults import fault
from app.handlers import Handler, as_problem, document
from app.problems import Problem
from app.services import services
from index.answer import Answer
from index.question import LONGEST, clean
from index.search import By, Filters, SearchReply
from transcripts.errors import BadInput, HubError, NotFound
from transcripts.formats import Entry, Whole, entry, whole
from transcripts.model import Kind
from transcripts.study_formats import StudyEntry, WholeStudy, study_entry, whole_study

_log = logging.getLogger(__name__)

_MOST = 100  # results of one search
# Neither kept, nor held back by a proxy that gathers what it passes on.
_UNKEPT = {"Cache-Control": "no-store", "X-Accel-Buffering": "no", "Vary": "Accept"}


def _day(text: object) -> object:
    if isinstance(text, str) and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        raise ValueError("a day is written 2026-05-12")
    return text


# What is no question is refused by `index.question.clean`, in a sentence of its own.
Words = Annotated[
    str, WithJsonSchema({"type": "string", "minLength": 1, "maxLength": LONGEST, "pattern": r"[0-9A-Za-z]"})
]
Slug = Annotated[str, WithJsonSchema({"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}-[a-z0-9]+(-[a-z0-9]+)*$"})]
Day = Annotated[dt.date, BeforeValidator(_day)]


class _Asked(BaseModel):
    model_config = ConfigDict(frozen=True)


class Search(_Asked):
    """What to look for, and where."""

    q: Words = Field(description="words or an idea, in French or English")
    limit: int = Field(10, ge=1, le=_MOST, description="most results")
    by: By = Field("fused", description="what finds: words, meaning, or both fused")
    theme: str | None = Field(None, description="only this theme, by its identifier")
    speaker: str | None = Field(
        None, description="only what this speaker’s masterclasses, or this author’s studies, hold"
    )
    since: Day | None = Field(None, description="not before this day")
    until: Day | None = Field(None, description="not after this day")
    kind: Kind | None = Field(None, description="only masterclasses, or only studies")


class Question(_Asked):
    """A question in French or English."""

    q: Words = Field(description="the question")
    kind: Kind | None = Field(None, description="answer from masterclasses alone, or from studies alone")


class Near(_Asked):
    """A masterclass whose neighbours are wanted."""

    m: str = Field("", description="identifier of a masterclass or study")
    limit: int = Field(3, ge=1, le=_MOST, description="most neighbours")


class _Listed(_Asked):
    """Which of the published to list, whatever their kind."""

    theme: str | None = Field(None, description="only this theme, by its identifier")
    since: Day | None = Field(None, description="not before this day")
    until: Day | None = Field(None, description="not after this day")
    limit: int = Field(100, ge=1, le=1000, description="most of them")
    offset: int = Field(0, ge=0, le=1_000_000, description="how many to leave out at the head")


class Choice(_Listed):
    """Which masterclasses to list."""

    speaker: str | None = Field(None, description="only those of this speaker")


class Named(_Asked):
    """One masterclass."""

    slug: Slug = Field(description="identifier of a masterclass")


class Papers(_Listed):
    """Which studies to list."""

    author: str | None = Field(None, description="only those of this author")


class Paper(_Asked):
    """One study."""

    slug: Slug = Field(description="identifier of a study")


@dataclass(frozen=True, slots=True)
class Listing:
    """Masterclasses, latest first; ``total`` counts all that were chosen, whatever ``limit`` and ``offset`` leave."""

    masterclasses: tuple[Entry, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Studies:
    """Studies, latest first; ``total`` counts all that were chosen, whatever ``limit`` and ``offset`` leave."""

    studies: tuple[StudyEntry, ...]
    total: int


def search(asked: Search) -> SearchReply:
    """Passages that say something, best first, each with its second, or its page in a study."""
    filters = Filters(asked.theme, asked.speaker, asked.since, asked.until, asked.kind)
    return services().hub.search(asked.q, asked.limit, filters, asked.by)


def ask(asked: Question) -> Answer:
    """An answer in sentences that were said or written, each with its second or page, or none and the nearest passages."""
    return services().hub.ask(asked.q, kind=asked.kind)


def ask_aloud(asked: Question) -> Iterator[str]:
    """Events: ``statement`` with each sentence as a model writes it, which may still be withdrawn; then ``answer``, whole.

    An ``error`` takes the place of the answer where there is none.
    """
    question = clean(asked.q)  # refused before anything is sent
    said: SimpleQueue[tuple[str, bytes]] = SimpleQueue()

    def work() -> None:
        def tell(sentence: str) -> None:
            said.put(("statement", TypeAdapter(str).dump_json(sentence)))

        try:
            said.put(("answer", TypeAdapter(Answer).dump_json(services().hub.ask(question, tell, asked.kind))))
        except HubError as error:
            said.put(("error", TypeAdapter(Problem).dump_json(as_problem(error))))
        except Exception:  # noqa: BLE001 - whoever listens would wait for ever
            _log.exception("nobody foresaw this")
            said.put(("error", TypeAdapter(Problem).dump_json(fault(500))))

    def events() -> Iterator[str]:
        Thread(target=copy_context().run, args=(work,), name="ask", daemon=True).start()
        kind = "statement"
        while kind == "statement":
            kind, data = said.get()
            yield f"event: {kind}\ndata: {data.decode()}\n\n"

    return events()


def near(asked: Near) -> tuple[str, ...]:
    """Identifiers of the masterclasses nearest in meaning to one, or to a study, nearest first."""
    return services().hub.near(asked.m, asked.limit)


def masterclasses(asked: Choice) -> Listing:
    """The published masterclasses, latest first."""
    filters = Filters(asked.theme, asked.speaker, asked.since, asked.until)
    chosen = [entry(details) for details in services().library.published() if filters.accept(details)]
    return Listing(tuple(chosen[asked.offset : asked.offset + asked.limit]), len(chosen))


def masterclass(asked: Named) -> Whole:
    """One masterclass: its transcript with times in seconds, its chapters and its summary."""
    found = services().library.read(asked.slug)
    if found.details.status != "published":
        raise NotFound(asked.slug)
    return whole(found)


def studies(asked: Papers) -> Studies:
    """The published studies, latest first."""
    filters = Filters(asked.theme, asked.author, asked.since, asked.until)
    chosen = [study_entry(details) for details in services().studies.published() if filters.accept(details)]
    return Studies(tuple(chosen[asked.offset : asked.offset + asked.limit]), len(chosen))


def study(asked: Paper) -> WholeStudy:
    """One study: its text in parts, each with its page, and its summary."""
    found = services().studies.read(asked.slug)
    if found.details.status != "published":
        raise NotFound(asked.slug, "study")
    return whole_study(found)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An address of the API and the function that answers it.

    ``limit`` names the setting that bounds it per minute; ``streams`` answers who accepts ``text/event-stream``.
    """

    path: str
    call: Callable[[Any], Any]
    limit: str = ""
    streams: Callable[[Any], Iterator[str]] | None = None

    @property
    def asked(self) -> type[BaseModel]:
        """The type of what is asked."""
        return get_type_hints(self.call)["asked"]  # type: ignore[no-any-return]

    @property
    def reply(self) -> Any:
        """The type of what comes back."""
        return get_type_hints(self.call)["return"]


ENDPOINTS = (
    Endpoint("/api/search", search, "searches"),
    Endpoint("/api/ask", ask, "answers", ask_aloud),
    Endpoint("/api/near", near),
    Endpoint("/api/masterclasses", masterclasses),
    Endpoint("/api/masterclasses/{slug}", masterclass),
    Endpoint("/api/studies", studies),
    Endpoint("/api/studies/{slug}", study),
)


def handlers() -> Iterator[tuple[str, Handler]]:
    """Yield each address with its handler."""
    for endpoint in ENDPOINTS:
        yield endpoint.path, _handler(endpoint)


def _handler(endpoint: Endpoint) -> Handler:
    model, reply = endpoint.asked, TypeAdapter(endpoint.reply)

    def handle(request: Request) -> Response:
        if endpoint.limit:
            services().admit(address_of(request), endpoint.limit)
        asked = parse(model, request)
        if endpoint.streams and "text/event-stream" in request.headers.get("accept", ""):
            return StreamingResponse(endpoint.streams(asked), media_type="text/event-stream", headers=_UNKEPT)
        return document(request, reply.dump_json(endpoint.call(asked)), "application/json", {"Vary": "Accept"})

    return handle


def parse(model: type[BaseModel], request: Request) -> Any:
    """Return what a request asks. Raises `BadInput`, which names the parameter."""
    try:
        return model.model_validate({**request.query_params, **request.path_params})
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0])
        if first["type"] == "missing":
            raise BadInput(f"Le paramètre « {name} » manque : ajoutez-le ; /api dit ce qu’il contient.") from error
        raise BadInput(
            f"La valeur du paramètre « {name} » ne convient pas : corrigez-la ; /api dit ce qu’il accepte."
        ) from error
