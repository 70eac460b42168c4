"""What a search or a question finds, looked for when the page's HTML is asked for: its script then need not."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import TypeVar

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from app.clients import address_of
from app.services import services
from index.answer import Answer
from index.question import clean
from index.search import Filters, SearchReply
from pages import counting, sought
from transcripts.errors import BadInput
from transcripts.model import Kind

_PATIENCE = 0.5  # seconds for which the HTML waits: what takes longer comes with the script, and the HTML says so
_RESULTS = 10

T = TypeVar("T")


def search(query: str, filters: Filters) -> SearchReply:
    """Search, unless that is done already. Raises `BadInput` for a query without words, `Busy`, `TooMany`."""
    return services().ahead.take(*_searching(st.context.ip_address, query, filters))


def ask(question: str, kind: Kind | None = None) -> Answer:
    """Ask, unless that is done already. Raises `BadInput` for a question without words, `Busy`, `TooMany`."""
    return services().ahead.take(*_asking(st.context.ip_address, question, kind))


async def found(path: str, request: Request) -> SearchReply | Answer | None:
    """Return what a page is about to show; None where nothing is asked, and where that is left to the script.

    So it is for a robot, for whoever asks more often than the API allows, for what a model writes, and on a busy hub.
    """
    begun = await run_in_threadpool(_begin, path, request)
    if begun is None:
        return None
    try:
        # Shielded: what comes too late for the HTML is there for the script.
        return await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(begun)), _PATIENCE)
    except Exception:  # noqa: BLE001 - whatever it is, the script meets it too, and says it
        return None


def _begin(path: str, request: Request) -> Future[SearchReply | Answer] | None:
    if (
        counting.robot(request.headers.get("user-agent", ""))
        or not services().hub.ready
        or services().answerers[0].name
    ):
        return None
    query, address = request.query_params.get("q", ""), address_of(request)
    task: tuple[Hashable, Callable[[], SearchReply | Answer]]
    try:
        if path == "recherche":
            task = _searching(address, query, sought.filters(sought.asked(request.query_params)))
        else:
            task = _asking(address, query, sought.kind(request.query_params.get("sorte")))
    except BadInput:
        return None
    return services().ahead.begin(*task)


def _searching(address: str | None, query: str, filters: Filters) -> tuple[Hashable, Callable[[], SearchReply]]:
    query = clean(query)
    return (query, filters), _counted(address, "searches", lambda: services().hub.search(query, _RESULTS, filters))


def _asking(address: str | None, question: str, kind: Kind | None) -> tuple[Hashable, Callable[[], Answer]]:
    question = clean(question)
    return (question, kind), _counted(address, "answers", lambda: services().hub.ask(question, kind=kind))


def _counted(address: str | None, limit: str, work: Callable[[], T]) -> Callable[[], T]:
    """Return work that counts for whoever is at an address when it is done: begun early and taken later it counts once."""

    def counted() -> T:
        services().admit(address, limit)
        return work()

    return counted
