"""Where the parts are put together, once per process and only when needed."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, lru_cache

from app import llm, weights
from app.ahead import Ahead
from app.calendar import Calendar
from app.clients import Clients
from app.engine import CommandEngine, Place
from app.event_book import EventBook
from app.hub_engine import HubEngine
from app.journal import Journal
from app.opinions import Opinions
from app.people import People
from app.pins import Pins
from app.queue import Queue
from app.settings import Settings, load_settings
from app.statistics import Statistics
from app.surveys import Surveys
from app.uploads import Uploads
from app.venue_book import VenueBook
from app.wanted import Wanted
from index.answer import Answerer
from index.embedder import Embedder
from index.quoted import Quoted
from index.written import Written
from ingest.pipeline import Pipeline
from ingest.sources import Limits
from ingest.speech import Transcriber
from ingest.voiceprint import Voiceprint
from ingest.writing import Writer
from transcripts.glossary import glossary
from transcripts.history import History
from transcripts.library import Library
from transcripts.prints import Prints
from transcripts.resources import Resources
from transcripts.staff_glossary import StaffGlossary
from transcripts.studies import Studies

Report = Callable[[str], None]


def _silent(line: str) -> None:
    """Report to nobody."""


class Services:
    """Everything that needs settings; ``report`` hears what is fetched, in the user's words."""

    def __init__(self, settings: Settings, report: Report = _silent) -> None:
        self.settings = settings
        self._report = report
        self.library = Library(settings.home, settings.media.url)
        self.studies = Studies(settings.home)
        self.resources = Resources(self.library, self.studies)
        self.prints = Prints(settings.home)
        self.people = People(settings.home, settings.staff.role)
        self.journal = Journal(settings.home)
        self.pins = Pins(settings.home, self.resources)
        self.uploads = Uploads(settings.home, self.library, self.studies, settings.sources.bytes)
        self.history = History(self.library)
        self.staff_glossary = StaffGlossary(settings.home)
        self.calendar = Calendar(settings.home, self.resources)
        self.venue_book = VenueBook(settings.home)
        self.event_book = EventBook(settings.home)
        self.surveys = Surveys(settings.home)
        self.statistics = Statistics(settings.home, settings.statistics.days)
        self.clients = Clients()
        self.ahead = Ahead(settings.answer.together)

    @cached_property
    def embedder(self) -> Embedder:
        return self._embedder(self.settings)

    @cached_property
    def comparer(self) -> Embedder:
        """The embedder that compares what a model wrote with what was said: those bounds were measured without the adapter."""
        plain = self.settings.embedding.model_copy(update={"adapter": False})
        return self._embedder(self.settings.model_copy(update={"embedding": plain}))

    def _embedder(self, settings: Settings) -> Embedder:
        wanted = settings.embedding
        return Embedder(
            lambda: weights.embedding_model(settings, self._report),
            name=weights.embedding_name(settings),
            query_prefix=wanted.query_prefix,
            passage_prefix=wanted.passage_prefix,
            batch=wanted.batch,
        )

    @cached_property
    def transcriber(self) -> Transcriber:
        wanted = self.settings.speech
        return Transcriber(
            lambda: weights.whisper_model(self.settings, self._report),
            name=weights.name(wanted.model, weights.WHISPER),
            device=wanted.device,
            compute=wanted.compute,
            threads=wanted.threads,
            beam=wanted.beam,
            batch=wanted.batch,
        )

    def admit(self, address: str | None, limit: str) -> None:
        """Count one request from an address, by the setting that bounds its kind; see `Clients.admit`. Raises `TooMany`."""
        self.clients.admit(address, limit, getattr(self.settings.public, limit))

    def limits(self, language: str | None) -> Limits:
        """Return what links may bring; ``language`` is the talk's when the user says it."""
        wanted = self.settings.sources
        return Limits(
            private=wanted.private,
            bytes=wanted.bytes,
            seconds=wanted.seconds,
            video=wanted.video,
            language=language or self.settings.speech.language,
            sent=self.uploads.root,
        )

    @cached_property
    def voiceprint(self) -> Voiceprint:
        return Voiceprint(lambda: weights.voiceprint_model(self.settings, self._report))

    @cached_property
    def writer(self) -> Writer | None:
        wanted = self.settings.llm
        if not wanted.url:
            return None
        return Writer(wanted.model, lambda prompt: llm.write(wanted, prompt), self.comparer.passages)

    @cached_property
    def wanted(self) -> Wanted:
        return Wanted(self.embedder.query, glossary)

    @cached_property
    def opinions(self) -> Opinions:
        return Opinions(self.embedder.passages, self.embedder.query, glossary)

    @cached_property
    def pipeline(self) -> Pipeline:
        return Pipeline(
            self.library,
            self.studies,
            self.transcriber,
            self.embedder.passages,
            self.voiceprint,
            self.embedder.rest,
            themes=tuple(self.settings.library.themes),
            language=self.settings.speech.language,
            terms=self.staff_glossary.terms,
            writer=self.writer,
            prints=self.settings.speech.prints,
        )

    @cached_property
    def queue(self) -> Queue:
        return Queue(self.settings.home, self.settings.queue.url)

    @cached_property
    def answerers(self) -> list[Answerer]:
        wanted, patience = self.settings.llm, self.settings.answer.timeout
        written = Written(
            wanted.model,
            lambda prompt: llm.stream(wanted, prompt, patience),
            self.comparer.passages,
            glossary(),
        )
        asked = wanted.url and self.settings.answer.writer == "model"
        return [written, Quoted()] if asked else [Quoted()]

    @cached_property
    def place(self) -> Place:
        wanted = self.settings
        return Place(wanted.index_folder, wanted.requests, wanted.chroma.url)

    @cached_property
    def engine(self) -> CommandEngine:
        patience = self.settings.answer.timeout
        return CommandEngine(self.place, self.embedder, self.resources, self.answerers, self.pins.answer, patience)

    @cached_property
    def hub(self) -> HubEngine:
        wanted = self.settings.answer
        return HubEngine(
            self.place,
            self.embedder,
            self.resources,
            self.answerers,
            self.pins.answer,
            wanted.together,
            wanted.timeout,
        )


@lru_cache(maxsize=1)
def services() -> Services:
    """Return the services of this process, made from the environment. Raises `SettingsRefused`."""
    return Services(load_settings())
