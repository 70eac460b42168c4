"""What a reader sees at an address that leads nowhere, or no longer: a sentence, and ways on."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import HTMLResponse, Response

from app.places import HubPlaces
from app.reading_page import POLICY
from app.services import services
from app.templating import render

_TITLES = {404: "Cette page n’existe pas", 410: "Cette page a été retirée"}
# The error's own sentence names a command, which is of no help to a reader.
_ABOUT_NOTHING = "L’adresse est peut-être incomplète, ou la page a changé de place. Rien n’est perdu : cherchez ce que vous vouliez lire."
_LATEST = 3


def message_page(status: int, sentence: str = _ABOUT_NOTHING, headers: Mapping[str, str] | None = None) -> Response:
    """Return a page that says what happened, in the words of an error, and shows what else there is.

    In a hub for members nothing is shown: addresses that lead nowhere are open to all.
    """
    reading = services().settings.access.reading
    latest = services().library.published()[:_LATEST] if status in _TITLES and reading == "public" else []
    body = render(
        "message.html",
        places=HubPlaces(""),
        title=_TITLES.get(status, "Cette page ne peut pas être montrée"),
        sentence=_ABOUT_NOTHING if status == 404 else sentence,
        latest=latest,
    )
    said = {
        "Content-Security-Policy": f"{POLICY}; frame-ancestors 'self'",
        "Cache-Control": "no-store",
        **(headers or {}),
    }
    return HTMLResponse(body, status, headers=said)
