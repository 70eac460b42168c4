"""A hub for members only: whatever routes there are, nothing but the ways in is answered to others."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route
from starlette.testclient import TestClient

from app import stores
from app.access import COOKIE
from app.closed import Closed
from app.owner import KEY, Ownership
from app.people import Role
from app.public import Media, routes
from app.services import services
from pages.plan import OPEN, PAGES

WAYS = {"/entrer", "/sortir", "/healthz", "/readyz", "/metrics", "/robots.txt"}


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[TestClient]:
    monkeypatch.setenv("HUB_HOME", str(tmp_path))
    monkeypatch.setenv("HUB_ACCESS_READING", "member")
    services.cache_clear()
    middleware = [Middleware(Closed, pages=OPEN), Middleware(Media)]
    yield TestClient(Starlette(routes=routes(), middleware=middleware), follow_redirects=False)
    services.cache_clear()


def test_every_route_is_closed_to_others_and_open_to_members(client: TestClient) -> None:
    addresses = {re.sub(r"\{\w+(:\w+)?\}", "0", route.path) for route in routes() if isinstance(route, Route)}
    addresses |= {"/media/2026-01-01-a", *(f"/{entry.path}" for entry in PAGES if entry.path not in OPEN)}
    for address in addresses - WAYS:
        assert client.get(address).status_code == 401, address
        assert client.post(address).status_code == 401, address
        sent = client.get(address, headers={"Accept": "text/html"})
        assert (sent.status_code, sent.headers["location"]) == (303, "/connexion")
    client.cookies[COOKIE] = services().people.enter(services().people.invite("a@example.org", Role.MEMBER))
    for address in ("/m", "/agenda.ics", "/feed.xml"):
        assert client.get(address).status_code == 200


def test_who_cannot_be_looked_up_is_told_so(
    client: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stores, "_BUSY", 0.01)
    client.cookies[COOKIE] = services().people.enter(services().people.invite("a@example.org", Role.MEMBER))
    with closing(sqlite3.connect(tmp_path / "people.db")) as other:
        other.execute("BEGIN EXCLUSIVE")
        sent = client.get("/m", headers={"Accept": "text/html"})
        assert (sent.status_code, "ne répond pas" in sent.text) == (503, True)
        assert client.get("/agenda.ics").headers["content-type"] == "application/problem+json"
    assert client.get("/m").status_code == 200


def test_commands_of_this_machine_show_the_owners_key(client: TestClient, tmp_path: Path) -> None:
    assert client.get("/agenda.ics", headers={KEY: "devine"}).status_code == 401
    assert client.get("/agenda.ics", headers={KEY: ""}).status_code == 401
    owner = Ownership(tmp_path / "index")
    assert owner.take()
    try:
        assert client.get("/agenda.ics", headers={KEY: owner.key() or ""}).status_code == 200
        assert (tmp_path / "index" / "owner.json").stat().st_mode & 0o077 == 0
    finally:
        owner.release()


def test_a_hub_is_open_unless_it_is_told(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HUB_ACCESS_READING")
    services.cache_clear()
    assert client.get("/agenda.ics").status_code == 200
