"""The way in: links that are guessed, used twice, logged or planted."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app import gate, stores
from app.access import COOKIE, sign_in
from app.people import NOBODY, People, Person, Role
from app.places import fresh
from app.services import services
from app.settings import load_settings
from transcripts.errors import Unavailable


@pytest.fixture
def people(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[People]:
    monkeypatch.setenv("HUB_HOME", str(tmp_path))
    services.cache_clear()
    gate._guesses.cache_clear()
    yield services().people
    services.cache_clear()


@pytest.fixture
def client(people: People) -> TestClient:
    return TestClient(Starlette(routes=gate.routes()), follow_redirects=False)


def test_looking_uses_nothing_up_and_the_button_does_once(client: TestClient, people: People) -> None:
    token = people.invite("camille@example.org", Role.STAFF)
    page = client.get("/entrer")
    assert page.status_code == 200
    assert fresh("hub.css") in page.text  # kept by browsers until it changes
    entered = client.post("/entrer", data={"token": token})
    assert (entered.status_code, entered.headers["location"]) == (303, "/atelier")
    cookie = entered.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    again = client.post("/entrer", data={"token": token})
    assert again.status_code == 400
    assert "<h1>Ce lien n’ouvre plus</h1>" in again.text
    assert "a déjà servi" in again.text


def test_no_server_is_told_the_token_of_a_link_by_its_address() -> None:
    assert gate.link("https://hub.example.org/", "jeton").partition("#")[2] == "jeton"


def test_guessing_is_slowed_and_a_right_guess_then_fails_too(client: TestClient, people: People) -> None:
    token = people.invite("camille@example.org", Role.STAFF)
    answers = [client.post("/entrer", data={"token": f"devine-{n}"}).status_code for n in range(12)]
    assert answers == [400] * 10 + [429] * 2
    slowed = client.post("/entrer", data={"token": token})
    assert slowed.status_code == 429
    assert "<h1>Un instant</h1>" in slowed.text  # this link is good
    assert "d’essais\u00a0: rien" in slowed.text
    gate._guesses.cache_clear()
    assert client.post("/entrer", data={"token": token}).status_code == 303


def test_a_list_that_is_held_costs_nobody_a_link_nor_a_try(
    client: TestClient, people: People, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stores, "_BUSY", 0.01)
    token = people.invite("camille@example.org", Role.STAFF)
    with closing(sqlite3.connect(tmp_path / "people.db")) as other:
        other.execute("BEGIN EXCLUSIVE")
        for _ in range(11):
            held = client.post("/entrer", data={"token": token})
            assert held.status_code == 503
            assert "<h1>Un instant</h1>" in held.text
            assert "ne répond pas\u00a0: rien" in held.text
    entered = client.post("/entrer", data={"token": token})
    assert (entered.status_code, entered.headers["location"]) == (303, "/atelier")


def test_whoever_used_a_link_is_in_though_the_list_fails_just_then(
    client: TestClient, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    def held(*_: object) -> Person:
        raise Unavailable("La liste des personnes ne répond pas.")

    monkeypatch.setattr(People, "who", held)
    entered = client.post("/entrer", data={"token": people.invite("camille@example.org", Role.STAFF)})
    assert (entered.status_code, entered.headers["location"]) == (303, "/")
    assert COOKIE in entered.cookies


def test_a_full_disk_and_a_damaged_list_are_told(
    client: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(Path, "touch", full)
        refused = client.post("/entrer", data={"token": "x"})
    assert (refused.status_code, "Le disque est plein" in refused.text) == (503, True)
    (tmp_path / "people.db").write_bytes(b"no database" * 100)
    damaged = client.post("/entrer", data={"token": "x"})
    assert (damaged.status_code, "est abîmé" in damaged.text) == (503, True)


def test_a_planted_session_is_not_the_one_that_opens(client: TestClient, people: People) -> None:
    planted = people.enter(people.invite("mallory@example.org", Role.MEMBER))
    client.cookies[COOKIE] = planted
    entered = client.post("/entrer", data={"token": people.invite("camille@example.org", Role.STAFF)})
    assert planted not in entered.headers["set-cookie"]
    assert people.who(planted) == NOBODY


@pytest.mark.parametrize("body", [b"", b"token=", b"\xff\xfe", b"token=" + b"x" * 10_000, b"token=a&token=b"])
def test_a_strange_form_opens_nothing(client: TestClient, people: People, body: bytes) -> None:
    assert client.post("/entrer", content=body).status_code == 400


def test_other_sites_can_neither_enter_nor_leave(client: TestClient, people: People) -> None:
    token = people.invite("camille@example.org", Role.STAFF)
    origins = [{"Origin": origin} for origin in ("https://mallory.example", "http://[", "null")]
    for elsewhere in origins:
        refused = client.post("/entrer", data={"token": token}, headers=elsewhere)
        assert refused.status_code == 403
        assert "<h1>Accès refusé</h1>" in refused.text
    session = people.enter(token)
    client.cookies[COOKIE] = session
    for elsewhere in origins:
        assert client.post("/sortir", headers=elsewhere).status_code == 403
    assert people.who(session).role is Role.STAFF
    assert client.post("/sortir").status_code == 303
    assert people.who(session) == NOBODY


def test_a_provider_lets_in_whom_the_settings_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUB_STAFF_ADDRESSES", '{"Camille@example.org": "administrator"}')
    monkeypatch.setenv("HUB_STAFF_DOMAINS", '{"@example.org": "member"}')
    staff = load_settings().staff
    assert staff.role("camille@EXAMPLE.org ") == "administrator"
    assert staff.role("alix@example.org") == "member"
    assert staff.role("mallory@notexample.org") is None
    assert staff.role("mallory@example.org.mallory.net") is None
    assert sign_in(load_settings()) == {}

    people = People(tmp_path, staff.role)
    token = people.admit("alix@example.org")
    assert token
    session = people.enter(token)
    assert people.who(session).role is Role.MEMBER
    people.revoke("alix@example.org", bar=True)
    assert people.who(session) == NOBODY
    assert people.admit("alix@example.org") is None
    people.revoke("alix@example.org")
    assert people.admit("alix@example.org")


def test_a_new_link_replaces_the_old_one(people: People, client: TestClient) -> None:
    old = people.invite("camille@example.org", Role.STAFF)
    new = people.invite("camille@example.org", Role.STAFF)
    assert client.post("/entrer", data={"token": old}).status_code == 400
    assert client.post("/entrer", data={"token": new}).status_code == 303
