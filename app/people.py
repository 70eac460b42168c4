"""Who may what: people with a role, invited by a link that works once, known by a session that ends.

One SQLite file below the home. Links and sessions are stored as hashes: who reads the file cannot use them.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

from app.settings import RoleName
from app.stores import opened, reading
from transcripts.errors import BadInput, HubError, writing

_HELD = "La liste des personnes ne répond pas : rien n’a été changé ; réessayez."
LINK = 72 * 3600.0  # seconds an invitation can be used
SESSION = 30 * 24 * 3600.0  # seconds a session lasts at most
_VOUCHED = 60.0  # seconds a provider's word can be used
IDLE = 7 * 24 * 3600.0  # seconds without a visit after which it ends
_SEEN = 3600.0  # seconds between two notes that a session is in use
_ADDRESS = re.compile(r"[^@\s]{1,64}@[^@\s]{1,255}")

_SCHEMA = """
CREATE TABLE IF NOT EXISTS people (email TEXT PRIMARY KEY, role INTEGER NOT NULL) WITHOUT ROWID; -- as invited; 0: barred
CREATE TABLE IF NOT EXISTS vouched (email TEXT PRIMARY KEY) WITHOUT ROWID; -- let in by a provider, as the settings say
CREATE TABLE IF NOT EXISTS invitations (token TEXT PRIMARY KEY, email TEXT NOT NULL, ends REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS sessions (
    token TEXT PRIMARY KEY, email TEXT NOT NULL, seen REAL NOT NULL, ends REAL NOT NULL) WITHOUT ROWID;
"""


class Role(IntEnum):
    """What a person may do; each role may do all that the ones before it may."""

    PUBLIC = 0
    MEMBER = 1
    STAFF = 2
    ADMINISTRATOR = 3


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who uses the hub; the public has no address."""

    email: str
    role: Role


NOBODY = Person("", Role.PUBLIC)

ROLES = {"member": Role.MEMBER, "staff": Role.STAFF, "administrator": Role.ADMINISTRATOR}
FRENCH = {Role.PUBLIC: "public", Role.MEMBER: "membre", Role.STAFF: "équipe", Role.ADMINISTRATOR: "administration"}


class Refused(HubError):
    """A person may not do this; nothing was done."""

    def __init__(self) -> None:
        super().__init__(
            "Cette action demande un autre accès : rien n’a été fait ; entrez de nouveau par « Accès des membres », en bas de page."
        )


class LinkUsed(BadInput):
    """An invitation that nobody made, or that was used, or is too old."""

    def __init__(self) -> None:
        super().__init__(
            "Ce lien d’invitation a déjà servi, ou a expiré : demandez-en un autre à la personne qui vous l’a donné."
        )


class People:
    """The people below a home. Reading never creates the file.

    ``named`` says what an address may do whose owner a provider vouches for. It is asked each time: nobody keeps a role that the
    settings no longer give. Errors: `NotWritable`, `DamagedFile`, `Unavailable` while it is held.
    """

    def __init__(self, home: Path, named: Callable[[str], RoleName | None] = lambda _: None) -> None:
        self._path = home / "people.db"
        self._named = named

    def invite(self, email: str, role: Role) -> str:
        """Give a person a role, and return the token of a link that works once, in place of those before.

        Raises `BadInput`, also where the person has a higher role: whoever wants a new link for somebody takes nothing away.
        """
        email = email.strip().lower()
        if not _ADDRESS.fullmatch(email) or role is Role.PUBLIC:
            raise BadInput(f"« {email[:80]} » n’est pas une adresse électronique : personne n’a été invité.")
        token = secrets.token_urlsafe(32)
        with self._writing() as store:
            if (present := self._role(store, email)) > role:
                raise BadInput(
                    f"« {email} » a déjà plus que cet accès (« {FRENCH[present]} ») : aucun lien n’a été préparé ; choisissez "
                    f"« {FRENCH[present]} », ou retirez-lui d’abord son accès."
                )
            store.execute("INSERT OR REPLACE INTO people VALUES (?, ?)", (email, role))
            _put_invitation(store, token, email, LINK)
        return token

    def admit(self, email: str) -> str | None:
        """Let in somebody whom a provider vouches for: return a token for this minute, None for others and where the person was revoked."""
        email = email.strip().lower()
        if self._named(email) is None:
            return None
        token = secrets.token_urlsafe(32)
        with self._writing() as store:
            if store.execute("SELECT 1 FROM people WHERE email = ? AND role = 0", (email,)).fetchone():
                return None
            store.execute("INSERT OR IGNORE INTO vouched VALUES (?)", (email,))
            _put_invitation(store, token, email, _VOUCHED)
        return token

    def enter(self, token: str, before: str | None = None) -> str:
        """Use an invitation up and return the token of a new session; the session ``before`` it ends. Raises `LinkUsed`."""
        now = time.time()
        with self._writing() as store:
            row = store.execute(
                "DELETE FROM invitations WHERE token = ? RETURNING email, ends", (_hash(token),)
            ).fetchone()
            if row is None or row[1] < now:
                raise LinkUsed
            session = secrets.token_urlsafe(32)
            store.execute("DELETE FROM sessions WHERE token = ? OR ends < ?", (_hash(before or ""), now))
            store.execute("INSERT INTO sessions VALUES (?, ?, ?, ?)", (_hash(session), row[0], now, now + SESSION))
        return session

    def who(self, session: str | None) -> Person:
        """Return whose session this is; `NOBODY` for none, for one that ended, and for one that was revoked."""
        if not session:
            return NOBODY
        now = time.time()
        with self._reading() as store:
            row = store.execute(
                "SELECT email, seen FROM sessions WHERE token = ? AND ends > ? AND seen > ?",
                (_hash(session), now, now - IDLE),
            ).fetchone()
            if row is None or not (role := self._role(store, row[0])):
                return NOBODY
        if now - row[1] > _SEEN:
            with suppress(HubError), self._writing() as store:  # no room, or held: reading does not need it
                store.execute("UPDATE sessions SET seen = ? WHERE token = ?", (now, _hash(session)))
        return Person(row[0], role)

    def leave(self, session: str) -> None:
        """End a session."""
        with self._writing() as store:
            store.execute("DELETE FROM sessions WHERE token = ?", (_hash(session),))

    def revoke(self, email: str, *, bar: bool = False) -> None:
        """Take a person's role, sessions and invitations away; ``bar`` keeps the address, so that no provider lets it in again."""
        with self._writing() as store:
            for table in ("people", "vouched", "sessions", "invitations"):
                store.execute(f"DELETE FROM {table} WHERE email = ?", (email.strip().lower(),))  # noqa: S608 - our names
            if bar:
                store.execute("INSERT INTO people VALUES (?, ?)", (email.strip().lower(), Role.PUBLIC))

    def everyone(self) -> list[Person]:
        """Return all who have a role, by address; those who are barred, or no longer named, have that of the public."""
        with self._reading() as store:
            known = store.execute("SELECT email FROM people UNION SELECT email FROM vouched ORDER BY email").fetchall()
            return [Person(email, self._role(store, email)) for (email,) in known]

    def present(self) -> dict[str, float]:
        """Return when each person with an open session was last here (seconds since the epoch), to the hour."""
        now = time.time()
        with self._reading() as store:
            rows = store.execute(
                "SELECT email, max(seen) FROM sessions WHERE ends > ? AND seen > ? GROUP BY email", (now, now - IDLE)
            ).fetchall()
        return dict(rows)

    def invited(self) -> set[str]:
        """Return the addresses whose link still waits."""
        with self._reading() as store:
            return {email for (email,) in store.execute("SELECT email FROM invitations WHERE ends > ?", (time.time(),))}

    def _role(self, store: sqlite3.Connection, email: str) -> Role:
        """Return the higher of what an invitation gave and what the settings give to whom a provider vouched for."""
        invited = store.execute("SELECT role FROM people WHERE email = ?", (email,)).fetchone() or (Role.PUBLIC,)
        vouched = store.execute("SELECT 1 FROM vouched WHERE email = ?", (email,)).fetchone()
        named = self._named(email) if vouched else None
        return max(Role(invited[0]), ROLES[named] if named else Role.PUBLIC)

    def _reading(self) -> AbstractContextManager[sqlite3.Connection]:
        return reading(self._path, _SCHEMA, _HELD)

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with writing(self._path.parent):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._path.touch(mode=0o600)  # who is known is the hub's to read
        with opened(self._path, _HELD) as store, store:
            store.execute("PRAGMA secure_delete = ON")  # an address that is erased is gone from the disk too
            store.executescript(_SCHEMA)
            store.execute("BEGIN IMMEDIATE")
            yield store


def _put_invitation(store: sqlite3.Connection, token: str, email: str, seconds: float) -> None:
    now = time.time()
    store.execute("DELETE FROM invitations WHERE ends < ? OR email = ?", (now, email))
    store.execute("INSERT INTO invitations VALUES (?, ?, ?)", (_hash(token), email, now + seconds))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
