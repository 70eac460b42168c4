"""Whose request this is, and what the settings let people see beyond what is public."""

from __future__ import annotations

from starlette.requests import Request

from app.people import ROLES, Person, Role
from app.services import services
from transcripts.errors import NotFound
from transcripts.model import Details

COOKIE = "hub_session"


def who(request: Request) -> Person:
    """Return whose request this is."""
    return services().people.who(request.cookies.get(COOKIE))


def joins(person: Person) -> bool:
    """Say whether a person sees the links to take part."""
    return services().settings.access.join == "public" or person.role >= Role.MEMBER


def readable(slug: str, person: Person) -> Details:
    """Return the details of a masterclass that a person may read: published, or shown before. Raises `NotFound`."""
    details = services().library.details(slug)
    if details.status != "published" and person.role < ROLES[services().settings.access.previews]:
        raise NotFound(slug)
    return details
