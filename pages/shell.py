"""The HTML around Streamlit: French, titled, described and dressed before any script runs.

Streamlit sends one file for every address: ``lang="en"``, titled "Streamlit", without a word about the page (#15726,
#16634), and with 200 for addresses that do not exist. Here each page gets its own head, and what is no page gets a 404.
"""

from __future__ import annotations

import html
import re
import urllib.parse
from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache
from importlib.resources import files

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.access import readable, readable_study, who
from app.faults import fault
from app.handlers import status_of
from app.headers import application_policy
from app.messages import message_page
from app.people import Role
from app.places import COVER, HubPlaces, fresh
from app.problems import problem
from app.reading import base
from app.services import services
from index.answer import Answer
from index.search import SearchReply
from pages import early, parts, quotes, results, sought
from pages.first import asked, first, lead
from pages.hearing import heard
from pages.plan import ABOUT, BOXES, GREETING, PAGES, SITE, heading
from transcripts.errors import Gone, HubError, NotFound
from transcripts.parcours import read_paths
from transcripts.themes import INTRODUCTIONS
from transcripts.typography import typeset

# Pages of one thing, and the word of the address that names it.
_NAMED = {"masterclass": "m", "etude": "e", "theme": "nom", "parcours": "p"}
_ROOT = '<div id="root"></div>'
_ENTRIES = {entry.path: entry for entry in PAGES}
_FEED = f'<link rel="alternate" type="application/rss+xml" title="{SITE}" href="/feed.xml">'


class Shell:
    """Serves the head of every page ahead of Streamlit; ``routes`` are the addresses that are no pages."""

    def __init__(self, app: ASGIApp, routes: Sequence[BaseRoute]) -> None:
        self._app = app
        self._routes = routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer for a page; let Streamlit answer for all else, and replace the page it sends where there is none."""
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            await self._app(scope, receive, send)
            return
        path = scope["path"].removeprefix("/")
        if path in _ENTRIES and not await run_in_threadpool(_may, path, Request(scope)):
            await (await _nowhere())(scope, receive, send)
        elif path in _NAMED and (nothing := await run_in_threadpool(_nothing, path, Request(scope))):
            await nothing(scope, receive, send)
        elif path in _ENTRIES:
            asks = path in BOXES and scope["method"] == "GET"
            found = await early.found(path, Request(scope)) if asks else None
            await _sent(await run_in_threadpool(_page, path, Request(scope), found))(scope, receive, send)
        elif any(route.matches(scope)[0] is Match.FULL for route in self._routes):
            await self._app(scope, receive, send)
        else:
            await self._app(scope, receive, _NoPage(scope, receive, send))


class _NoPage:
    """Passes a response on, unless it is the HTML that Streamlit sends for any address."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._scope, self._receive, self._send = scope, receive, send
        self._replaced = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            kind = dict(message["headers"]).get(b"content-type", b"")
            self._replaced = message["status"] == 200 and kind.startswith(b"text/html")
            if self._replaced:
                of_api = self._scope["path"].startswith("/api/")
                nowhere = problem(fault(404)) if of_api else await _nowhere()
                await nowhere(self._scope, self._receive, self._send)
        if not self._replaced:
            await self._send(message)


async def _nowhere() -> Response:
    return await run_in_threadpool(message_page, 404)


def _sent(page: str, status: int = 200) -> HTMLResponse:
    return HTMLResponse(page, status, {"Cache-Control": "no-cache", "Content-Security-Policy": _policy()})


def _may(path: str, request: Request) -> bool:
    """Say whether there is this page for whoever asks."""
    role = _ENTRIES[path].role
    return role is Role.PUBLIC or who(request).role >= role


def _nothing(path: str, request: Request) -> Response | None:
    """Answer an address that names what is not there for whoever asks; the application then offers the nearest."""
    name = request.query_params.get(_NAMED[path])
    if not name:
        return None
    try:
        if path == "theme":
            there = name in services().settings.library.themes
        elif path == "parcours":
            there = any(one.slug == name for one in read_paths(services().settings.home / "parcours").parcours)
        else:
            there = bool((readable if path == "masterclass" else readable_study)(name, who(request)))
    except Gone as gone:
        return message_page(status_of(gone), str(gone))
    except NotFound:
        there = False
    except HubError:
        there = True  # the page says what is wrong with it
    noindex = '<meta name="robots" content="noindex">'
    return None if there else _sent(dress(heading("Page introuvable"), ABOUT, noindex, first("")), 404)


def _page(path: str, request: Request, found: SearchReply | Answer | None) -> str:
    entry, query = _ENTRIES[path], request.query_params
    title, about = (entry.title, entry.about) if path else ("Accueil", ABOUT)
    cover = html.escape(HubPlaces(base(request)).absolute().asset(COVER))
    links = f'{_FEED}<meta property="og:image" content="{cover}">'
    begin = first(lead(about, "" if path else GREETING)) if not entry.role else first("")
    if path == "masterclass":
        with suppress(HubError):
            details = services().library.details(query.get("m", ""))
            if details.status == "published":
                title = typeset(details.title)
                ways = "À écouter et à lire" if heard(details) else "À lire"
                about = f"{ways}\u00a0: {title}. {', '.join(details.speakers)}".rstrip(". ") + "."
                links += _same(base(request), details.slug)
                begin = first(parts.head(details), HubPlaces("").page(details.slug))
    elif path == "etude":
        with suppress(HubError):
            study = services().studies.details(query.get("e", ""))
            if study.status == "published":
                title = typeset(study.title)
                about = f"À lire\u00a0: {title}. {', '.join(study.authors)}".rstrip(". ") + "."
                page = html.escape(HubPlaces(base(request)).absolute().study(study.slug))
                links += f'<link rel="canonical" href="{page}"><meta property="og:url" content="{page}">'
                begin = first(parts.head(study), HubPlaces("").study(study.slug))
    elif path == "theme":
        name = query.get("nom", "")
        title = services().settings.library.themes.get(name, title)
        about = INTRODUCTIONS.get(name, about)
        begin = first(lead(about, title))
    elif path in BOXES and query.get("q"):
        links += '<meta name="robots" content="noindex">'
        if found:
            with suppress(HubError):  # what was found may be gone by now
                shown = quotes.of(found) if isinstance(found, Answer) else results.of(found, sought.asked(query))
                begin = first(asked(path, title, query, shown))
        else:
            begin = first(asked(path, title, query, ()), looking=BOXES[path].looking)
    return dress(heading(title), about, links, begin)


def _same(base: str, slug: str) -> str:
    """Return the links to what the page of a masterclass also is: an address to keep, and something to embed."""
    page = HubPlaces(base).absolute().page(slug)
    oembed = f"{base}/oembed?url={urllib.parse.quote(page, safe='')}"
    return (
        f'<link rel="canonical" href="{html.escape(page)}"><meta property="og:url" content="{html.escape(page)}">'
        f'<link rel="alternate" type="application/json+oembed" href="{html.escape(oembed)}">'
    )


def dress(title: str, about: str, links: str, begin: str) -> str:
    """Return Streamlit's page with the hub's head, in which ``links`` stand too, and ``begin`` beside what Streamlit fills."""
    page = _template().replace(_ROOT, f"{_ROOT}{begin}", 1)
    head = (
        f"<title>{html.escape(title)}</title>"
        f'<meta name="description" content="{html.escape(about)}">'
        f'<meta property="og:title" content="{html.escape(title)}">'
        f'<meta property="og:description" content="{html.escape(about)}">'
        f'<meta property="og:site_name" content="{html.escape(SITE)}">'
        '<meta property="og:locale" content="fr_FR"><meta property="og:type" content="website">'
        f'<meta name="twitter:card" content="summary">{links}'
    )
    return page.replace("<title></title>", head, 1)


@lru_cache(maxsize=1)
def _template() -> str:
    page = files("streamlit").joinpath("static/index.html").read_text("utf-8")
    addresses = " ".join(f"/{entry.path}" for entry in PAGES)
    page = page.replace('<html lang="en">', f'<html lang="fr" data-pages="{addresses}">', 1)
    page = re.sub(r"<title>.*?</title>", "<title></title>", page, count=1, flags=re.DOTALL)
    # Streamlit's own typeface is not used: it need not be fetched first. Ours is.
    page = re.sub(r'<link\s+rel="preload"[^>]*as="font"[^>]*>', "", page, count=1, flags=re.DOTALL)
    page = re.sub(r'<link\s+rel="shortcut icon"[^>]*>', "", page, count=1)
    # Streamlit would look for its server below the address of each page, and wait after the 404 before it looks here.
    here = "<script>window.__streamlit = { BACKEND_BASE_URL: location.origin }</script>"
    page = page.replace('<script type="module"', f'{here}<script type="module"', 1)
    page = page.replace("</head>", f"{_links()}</head>", 1)
    return re.sub(r"<noscript>.*?</noscript>", "", page, count=1, flags=re.DOTALL)  # ours stands with the first words


@lru_cache(maxsize=1)
def _policy() -> str:
    return application_policy(_template())


def _links() -> str:
    return (
        '<link rel="icon" type="image/svg+xml" href="./app/static/favicon.svg">'
        f'<link rel="preload" href="./app/static/{fresh("fonts/literata-latin.woff2")}" as="font" type="font/woff2" crossorigin>'
        f'<link rel="stylesheet" href="./app/static/{fresh("hub.css")}">'
        f'<script type="module" src="./app/static/{fresh("hub.js")}"></script>'
    )
