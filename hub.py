"""The application: Streamlit's pages and the public HTTP routes, in one process."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from app.access import sign_in
from app.closed import Closed
from app.daily import every_day
from app.edge import edge
from app.logs import begin
from app.owner import name_of
from app.public import Media, routes
from app.services import services
from app.steward import tending
from app.stopping import stop_in_time
from app.telemetry import register
from app.turns import make_room
from app.worker import beside
from pages.plan import OPEN, PAGES
from pages.shell import Shell

_NAME = name_of(st.get_option("server.address"))


@asynccontextmanager
async def lifespan(_: object) -> AsyncGenerator[None]:
    """Open the index and do queued jobs while the hub runs; say where other processes reach it."""
    begin(services().settings)
    register()
    stop_in_time()
    services().hub.start(url=f"http://{_NAME}:{st.get_option('server.port')}")
    make_room()  # after all turns are made, and after Streamlit, which sets its own number of threads just before
    with beside(services().settings.queue.workers), tending(services()), every_day(services()):
        yield
    services().hub.stop()


# Streamlit looks for this very form: an `app` made by a function would not be found.
app = st.App(
    Path(__file__).parent / "pages/frame.py",
    routes=routes(),
    middleware=[
        *edge(routes(), [entry.path for entry in PAGES], services().settings.public, _NAME),
        Middleware(Closed, pages=OPEN),
        Middleware(Media),
        Middleware(Shell, routes=routes()),
    ],
    lifespan=lifespan,
    secrets=sign_in(services().settings),
)
