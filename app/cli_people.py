"""Who may what, from the terminal: invite, people, revoke."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from app.console import Json, console, open_services, print_json, say

if TYPE_CHECKING:
    from app.services import Services

app = typer.Typer()

_TERMINAL = "terminal"  # who acts in the journal: a command knows nobody's address
_FIRST = "administration@localhost"


@app.command()
def invite(
    email: str,
    role: Annotated[Literal["member", "staff", "administrator"], typer.Option(help="What the person may do.")],
    as_json: Json = False,
) -> None:
    """Print a link that lets a person in: it works once, within three days."""
    from app.gate import link
    from app.people import FRENCH, ROLES

    services = open_services()
    address = link(_base(services), services.people.invite(email, ROLES[role]))
    services.journal.note(_TERMINAL, f"a invité {email.strip().lower()} ({FRENCH[ROLES[role]]})")
    if as_json:
        print_json({"email": email.strip().lower(), "role": role, "link": address})
    else:
        console().print("Ce lien sert une fois, dans les trois jours ; envoyez-le à la personne seule :")
        say(address)


@app.command()
def people(as_json: Json = False) -> None:
    """List who may what."""
    from app.people import FRENCH

    services = open_services()
    known, present, invited = services.people.everyone(), services.people.present(), services.people.invited()
    if as_json:
        print_json([{"email": p.email, "role": p.role.name.lower(), "present": p.email in present} for p in known])
        return
    for person in known:
        state = "session ouverte" if person.email in present else "invitée" if person.email in invited else "absente"
        say(f"{person.email}  {FRENCH[person.role] if person.role else 'refusée'}  {state}")
    if not known:
        console().print("Personne n’a encore d’accès : « hub invite ADRESSE --role administrator ».")


@app.command()
def revoke(email: str) -> None:
    """Take a person's role away, and end their sessions."""
    services = open_services()
    services.people.revoke(email, bar=services.settings.staff.role(email) is not None)
    services.journal.note(_TERMINAL, f"a retiré l’accès de {email.strip().lower()}")
    console().print(f"{email.strip().lower()} n’a plus d’accès.")


def first_administrator(services: Services, base: str) -> str | None:
    """Return a link for an administrator while none has come in and no provider can let one in, else None."""
    from app.gate import link
    from app.people import Role

    wanted = services.settings.staff
    if "administrator" in (*wanted.addresses.values(), *wanted.domains.values()):
        return None
    known = [person.email for person in services.people.everyone() if person.role is Role.ADMINISTRATOR]
    if any(email != _FIRST for email in known) or _FIRST in services.people.present():
        return None
    return link(services.settings.public.url or base, services.people.invite(_FIRST, Role.ADMINISTRATOR))


def _base(services: Services) -> str:
    from app.owner import Ownership

    running = Ownership(services.settings.index_folder).url()
    return services.settings.public.url or (running or "http://localhost:8501").replace("127.0.0.1", "localhost")
