"""Whose request this is, and what the settings let people see beyond what is public."""

from __future__ import annotations

import hashlib
import hmac

from starlette.requests import Request

from app.people import ROLES, Person, Role
from app.services import services
from app.settings import Settings
from transcripts.errors import NotFound
from transcripts.model import Details
from transcripts.study import StudyDetails

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


def readable_study(slug: str, person: Person) -> StudyDetails:
    """Return the details of a study that a person may read. Raises `NotFound`."""
    details = services().studies.details(slug)
    if details.status != "published" and person.role < ROLES[services().settings.access.previews]:
        raise NotFound(slug, "study")
    return details


def sign_in(settings: Settings) -> dict[str, dict[str, str]]:
    """Return the secrets that `st.login` reads, {} where no provider is set."""
    wanted = settings.staff
    if not wanted.issuer or not wanted.secret:
        return {}
    secret = wanted.secret.get_secret_value()
    return {
        "auth": {
            "server_metadata_url": f"{wanted.issuer.rstrip('/')}/.well-known/openid-configuration",
            "client_id": wanted.client,
            "client_secret": secret,
            "redirect_uri": f"{settings.public.url or 'http://localhost:{port}'}/oauth2callback",
            # Made of the secret, so that a restart signs nobody out and no second secret has to be kept.
            "cookie_secret": hmac.new(secret.encode(), b"masterclass hub cookie", hashlib.sha256).hexdigest(),
        }
    }
