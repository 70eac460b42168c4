"""The way in: links that are guessed, used twice, logged or planted."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app import gate
from app.access import COOKIE, sign_in
from app.people import NOBODY, People, Role
from app.places import fresh
from app.services import services
from app.settings import load_settings


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
    assert "a déjà servi" in again.text


def test_no_server_is_told_the_token_of_a_link_by_its_address() -> None:
    assert gate.link("https://hub.example.org/", "jeton").partition("#")[2] == "jeton"


def test_guessing_is_slowed_and_a_right_guess_then_fails_too(client: TestClient, people: People) -> None:
    token = people.invite("camille@example.org", Role.STAFF)
    answers = [client.post("/entrer", data={"token": f"devine-{n}"}).status_code for n in range(12)]
    assert answers == [400] * 10 + [429] * 2
    assert client.post("/entrer", data={"token": token}).status_code == 429
    gate._guesses.cache_clear()
    assert client.post("/entrer", data={"token": token}).status_code == 303


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
    elsewhere = {"Origin": "https://mallory.example"}
    assert client.post("/entrer", data={"token": token}, headers=elsewhere).status_code == 400
    session = people.enter(token)
    client.cookies[COOKIE] = session
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
