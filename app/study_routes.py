"""Studies over plain HTTP, below ``/e/``: to read, to take away, their tables, and the document they were made of."""

from __future__ import annotations

from functools import lru_cache

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from app import originals
from app.access import readable_study, who
from app.handlers import Handler, Resource, document
from app.places import HubPlaces
from app.reading import HTML, PAGE_HEADERS, base, by_theme, listing_page, theme_title
from app.services import services
from app.sound import partly
from app.study_page import study_page, table_page
from transcripts.article import sentence_at, table, tables
from transcripts.errors import NotFound
from transcripts.sheets import as_csv
from transcripts.study_formats import FORMS, export_study

_TYPES = {"txt": "text/plain; charset=utf-8", "md": "text/markdown; charset=utf-8", "json": "application/json"}
_ABOUT = "Les études et rapports sur le financement de la transition écologique juste, à lire et à télécharger."


def routes() -> list[Route]:
    """Return the routes of studies."""

    def page(path: str, handler: Handler) -> Route:
        return Route(path, Resource(handler, page=True, headers=PAGE_HEADERS))

    return [
        page("/e", listing),
        page("/e/", listing),
        Route("/e/{slug}/original", Resource(original)),
        Route("/e/{slug}/original.{end}", Resource(original)),
        Route("/e/{slug}/page-{page:number}.webp", Resource(picture)),
        Route("/e/{slug}/figure-{number:number}.webp", Resource(figure)),
        Route("/e/{slug}/tableau-{number:number}.csv", Resource(table_csv)),
        page("/e/{slug}/tableau-{number:number}", one_table),
        Route("/e/{slug}.{form}", Resource(take_away)),
        page("/e/{slug}", read),
    ]


def _slug(request: Request) -> str:
    """Return the slug of a study that a request names and whoever asks may read. Raises `NotFound`."""
    return readable_study(str(request.path_params["slug"]), who(request)).slug


def listing(request: Request) -> Response:
    """Answer ``/e/``: every published study, by theme."""
    groups = by_theme(services().studies.published(), services().settings.library.themes)
    places = HubPlaces(base(request))
    address = f"{places.base}/e/"
    return document(request, listing_page("Toutes les études", _ABOUT, groups, places, address), HTML)


def read(request: Request) -> Response:
    """Answer ``/e/<slug>``."""
    slug = _slug(request)
    studies = services().studies
    kept = studies.original(slug)
    return document(request, _page(base(request), slug, studies.version(slug), kept.name if kept else None), HTML)


@lru_cache(maxsize=16)
def _page(base: str, slug: str, version: tuple[int, ...], kept: str | None) -> str:
    study = services().studies.read(slug)
    return study_page(study, HubPlaces(base), theme_title(study.details.theme), kept)


def take_away(request: Request) -> Response:
    """Answer ``/e/<slug>.<form>``: txt, md, json."""
    slug, asked = _slug(request), str(request.path_params["form"])
    form = next((form for form in FORMS if form == asked), None)
    if form is None:
        raise NotFound(slug, "study")
    body = export_study(services().studies.read(slug), form)
    return document(request, body, _TYPES[form], {"Content-Disposition": f'inline; filename="{slug}.{form}"'})


def one_table(request: Request) -> Response:
    """Answer ``/e/<slug>/tableau-<n>``: one table, as wide as it likes."""
    slug = _slug(request)
    page = table_page(services().studies.read(slug), int(request.path_params["number"]), HubPlaces(base(request)))
    if page is None:
        raise NotFound(slug, "study")
    return document(request, page, HTML)


def table_csv(request: Request) -> Response:
    """Answer ``/e/<slug>/tableau-<n>.csv``."""
    slug, number = _slug(request), int(request.path_params["number"])
    found = tables(services().studies.read(slug))
    if not 1 <= number <= len(found):
        raise NotFound(slug, "study")
    said = {"Content-Disposition": f'attachment; filename="{slug}-tableau-{number}.csv"'}
    return document(request, as_csv(table(found[number - 1])), "text/csv; charset=utf-8", said)


def picture(request: Request) -> Response:
    """Answer ``/e/<slug>/page-<n>.webp``: a page of the original; ``?s=`` marks the sentence that begins there."""
    slug, page = _slug(request), int(request.path_params["page"])
    studies = services().studies
    kept = studies.original(slug)
    if not 1 <= page <= studies.details(slug).pages:  # else each number of all there are would begin a process
        raise NotFound(slug, "study")
    part = request.query_params.get("s", "")
    cited = sentence_at(studies.read(slug), page, int(part)) if part.isdecimal() and len(part) < 6 else None
    drawn = originals.picture(kept, page, cited.text if cited else "") if kept and originals.has_pages(kept) else None
    if drawn is None:
        raise NotFound(slug, "study")
    return document(request, drawn, "image/webp")


def figure(request: Request) -> Response:
    """Answer ``/e/<slug>/figure-<n>.webp``: the picture of a figure, as the hub made it anew."""
    slug = _slug(request)
    path = services().studies.figure(slug, int(request.path_params["number"]))
    if path is None:
        raise NotFound(slug, "study")
    return document(request, path.read_bytes(), "image/webp")


def original(request: Request) -> Response:
    """Answer ``/e/<slug>/original``, with byte ranges: a PDF to look at, anything else to keep; its right suffix may follow."""
    slug, end = _slug(request), request.path_params.get("end")
    path = services().studies.original(slug)
    if path is None or (end and path.suffix != f".{end}"):
        raise NotFound(slug, "study")
    # Whatever a document holds, it must never act as a page of ours.
    pdf = path.suffix == ".pdf"
    whole = FileResponse(
        path,
        media_type="application/pdf" if pdf else "application/octet-stream",
        stat_result=path.stat(),
        filename=f"{slug}{path.suffix}",
        content_disposition_type="inline" if pdf else "attachment",
        headers={"Cache-Control": "no-cache"},
    )
    return partly(request, whole)
