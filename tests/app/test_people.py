"""Who may what: links that work once, sessions that end, roles that are asked for where things happen."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from app.people import NOBODY, LinkUsed, People, Person, Role
from app.settings import RoleName
from transcripts.errors import BadInput, Unavailable


def test_an_invitation_opens_one_session(tmp_path: Path) -> None:
    people = People(tmp_path)
    link = people.invite("Camille@example.org ", Role.STAFF)
    session = people.enter(link)
    assert people.who(session) == Person("camille@example.org", Role.STAFF)
    with pytest.raises(LinkUsed, match="a déjà servi"):
        people.enter(link)


def test_a_new_link_takes_no_role_away(tmp_path: Path) -> None:
    people = People(tmp_path)
    session = people.enter(people.invite("a@example.org", Role.ADMINISTRATOR))
    with pytest.raises(BadInput, match=r"déjà plus.*« administration »"):
        people.invite("A@example.org", Role.MEMBER)
    assert people.who(session).role is Role.ADMINISTRATOR
    assert people.invited() == set()
    people.revoke("a@example.org")
    assert people.invite("a@example.org", Role.MEMBER)


def test_nobody_keeps_a_role_that_the_settings_no_longer_give(tmp_path: Path) -> None:
    named: dict[str, RoleName] = {"a@example.org": "administrator", "b@example.org": "administrator"}
    people = People(tmp_path, named.get)
    sessions = []
    people.invite("b@example.org", Role.STAFF)
    for email in named:
        token = people.admit(email)
        assert token
        sessions.append(people.enter(token))
        assert people.who(sessions[-1]).role is Role.ADMINISTRATOR
    named["a@example.org"] = "member"
    del named["b@example.org"]
    assert [people.who(session).role for session in sessions] == [Role.MEMBER, Role.STAFF]  # as set, as invited
    del named["a@example.org"]
    assert people.who(sessions[0]) == NOBODY
    assert people.admit("a@example.org") is None
    assert people.everyone() == [Person("a@example.org", Role.PUBLIC), Person("b@example.org", Role.STAFF)]


def test_a_file_of_an_older_hub_is_read(tmp_path: Path) -> None:
    people = People(tmp_path)
    session = people.enter(people.invite("a@example.org", Role.STAFF))
    with closing(sqlite3.connect(tmp_path / "people.db")) as other:
        other.execute("DROP TABLE vouched")
    assert people.who(session).role is Role.STAFF


def test_an_old_invitation_does_not_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.people.LINK", -1.0)
    people = People(tmp_path)
    with pytest.raises(LinkUsed):
        people.enter(people.invite("a@example.org", Role.MEMBER))


def test_a_session_ends_when_it_is_left_revoked_idle_or_old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    people = People(tmp_path)
    left, idle = (people.enter(people.invite("a@example.org", Role.STAFF)) for _ in range(2))
    revoked = people.enter(people.invite("b@example.org", Role.STAFF))
    people.leave(left)
    assert people.who(left) == NOBODY
    assert people.who(idle).role is Role.STAFF
    people.revoke("b@example.org")
    assert people.who(revoked) == NOBODY
    monkeypatch.setattr("app.people.IDLE", 0.0)
    assert people.who(idle) == NOBODY
    monkeypatch.undo()
    monkeypatch.setattr("app.people.SESSION", -1.0)  # its thirty days are over, however often it is used
    assert people.who(people.enter(people.invite("a@example.org", Role.STAFF))) == NOBODY


def test_people_are_known_while_nothing_can_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    people = People(tmp_path)
    session = people.enter(people.invite("a@example.org", Role.STAFF))
    monkeypatch.setattr("app.people._SEEN", -1.0)
    monkeypatch.setattr("app.stores._BUSY", 0.0)
    with closing(sqlite3.connect(tmp_path / "people.db")) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Unavailable):
            people.leave(session)
        assert people.who(session).role is Role.STAFF


def test_nothing_that_could_be_used_is_stored(tmp_path: Path) -> None:
    people = People(tmp_path)
    waiting = people.invite("a@example.org", Role.STAFF)
    session = people.enter(people.invite("a@example.org", Role.STAFF))
    kept = "".join(str(row) for row in sqlite3.connect(tmp_path / "people.db").iterdump())
    assert waiting not in kept
    assert session not in kept


def test_a_guess_opens_nothing_and_reading_creates_nothing(tmp_path: Path) -> None:
    people = People(tmp_path)
    assert people.who("devine") == NOBODY
    assert people.everyone() == []
    assert not (tmp_path / "people.db").exists()
    with pytest.raises(LinkUsed):
        people.enter("devine")


@pytest.mark.parametrize("address", ["", "pas une adresse", "a@", "@b", "a@b c"])
def test_only_an_address_is_invited(tmp_path: Path, address: str) -> None:
    with pytest.raises(BadInput, match="adresse"):
        People(tmp_path).invite(address, Role.STAFF)
