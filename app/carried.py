"""Backups to carry away, for administrators: ``/atelier/sauvegardes/<name>``."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from app.daily import stored
from app.gate import only, who
from app.people import Role
from app.services import services
from transcripts.errors import NotFound


def routes() -> list[Route]:
    """Return the routes."""
    return [Route("/atelier/sauvegardes/{name}", only(Role.ADMINISTRATOR, _backup))]


def _backup(request: Request) -> Response:
    name = str(request.path_params["name"])
    # One of those that are there: a name from an address never becomes a path.
    found = next((b.path for b in stored(services().settings.home) if b.path.name == name), None)
    if found is None:
        raise NotFound(name, "backup")
    services().journal.note(who(request).email, f"a téléchargé la sauvegarde {name}")
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    return FileResponse(found, media_type="application/zip", filename=name, headers=headers)
