"""The public pages as a folder of files, for any web server: no hub is needed to read, only to ask."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pagefind_bin
from slugify import slugify

from app.discovery import episodes, papers, sitemap, together
from app.feed import feed
from app.mirror import Mirror
from app.places import STATIC, SitePlaces
from app.reading import ABOUT, by_theme, listing_page
from app.reading_page import POLICY
from app.services import Services
from app.site_beside import beside
from app.site_pages import Wanted, files, mark, paths
from app.templating import render
from transcripts.article import pictures, tables
from transcripts.errors import HubError
from transcripts.library import Library
from transcripts.media import Media
from transcripts.model import Kind
from transcripts.resources import About
from transcripts.studies import Studies
from transcripts.themes import INTRODUCTIONS

Progress = Callable[[str, float, float], None]

_INDEX = "pagefind/"
_FEW = 24  # masterclasses and studies to write for which starting other processes is not worth it
_ASSETS = ("hub.css", "reading.*", "search.js", "favicon.svg", "logo.svg", "*.png", "fonts/*.woff*", "fonts/OFL.txt")
_DOCUMENTS = (".pdf", ".docx", ".odt")  # Markdown is none: servers that do not know it let browsers guess what it is
# Pagefind's search is a program for WebAssembly.
_SEARCH_POLICY = POLICY.replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'")


class NotSearchable(HubError):
    """Pagefind failed."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"La recherche du site n’a pas pu être préparée ({reason[:200]}) : les pages sont écrites, sans recherche ; relancez la commande."
        )


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export did: masterclasses and studies in the site, files written, left as they were, and removed; what was left out, and why."""

    pages: int
    written: int
    kept: int
    removed: int
    left_out: tuple[str, ...]
    address: str


def export_site(services: Services, folder: Path, address: str, progress: Progress) -> Exported:
    """Write the site, or bring an earlier export level with the library.

    Args:
        address: where the site will be, for the feed, the calendars and the sitemap, which need it; "" leaves them out.

    Raises `BadInput` for a folder that holds something else, `NotWritable`, `NotSearchable`.
    """
    base = address.rstrip("/")
    published = services.resources.published()
    mirror = Mirror(folder)
    wanted = {details.slug: _wanted(services, details, base) for details in published}
    of: dict[Kind, Library | Studies] = {"masterclass": services.library, "study": services.studies}
    marks = {slug: mark(one, of[one.kind].version(slug)) for slug, one in wanted.items()}
    stale = [one for slug, one in wanted.items() if not all(mirror.level(path, marks[slug]) for path in paths(one))]
    for slug in wanted.keys() - {one.slug for one in stale}:
        for path in paths(wanted[slug]):
            mirror.keep(path)
    left_out: dict[str, str] = {}
    for done, (one, made) in enumerate(zip(stale, _made(stale), strict=True)):
        progress("Pages", done, len(stale))
        if isinstance(made, str):
            left_out[one.slug] = made
        else:
            for path, data in made.items():
                mirror.put(path, data, marks[one.slug])
    shown = [details for details in published if details.slug not in left_out]
    _lists(services, mirror, shown, base)
    _media(services, mirror, shown)
    others, trouble = beside(services, shown, base)
    for path, data in others.items():
        mirror.put(path, data)
    for asset in (path for pattern in _ASSETS for path in STATIC.glob(pattern)):
        mirror.copy(f"assets/{asset.relative_to(STATIC)}", asset)
    progress("Recherche", 0, 0)
    mirror.sweep(_INDEX)  # before the search, which reads every page that lies there
    try:
        if shown:
            _search(mirror, folder)
    finally:  # an earlier index may hold what was withdrawn since
        mirror.end()
    return Exported(len(shown), mirror.written, mirror.kept, mirror.removed, (*left_out.values(), *trouble), base)


def _wanted(services: Services, details: About, base: str) -> Wanted:
    name, count = None, 0
    if details.kind == "masterclass":
        name = services.library.recording(details.slug)
    else:
        kept = _original(services, details.slug)
        name = kept.name if kept else None
        with suppress(HubError):  # what is damaged is left out where it would be written
            count = len(tables(services.studies.read(details.slug)))
    theme = services.settings.library.themes.get(details.theme, details.theme)
    return Wanted(services.settings.home, details.slug, base, theme, name, details.kind, count)


def _made(stale: list[Wanted]) -> Iterator[dict[str, bytes] | str]:
    if len(stale) <= _FEW:
        yield from map(files, stale)
        return
    # Begun afresh and not forked: this process may hold threads and models.
    with ProcessPoolExecutor(os.cpu_count(), multiprocessing.get_context("spawn")) as pool:
        yield from pool.map(files, stale, chunksize=8)


def _media(services: Services, mirror: Mirror, shown: list[About]) -> None:
    """Copy recordings, and the documents of studies."""
    for details in shown:
        if details.kind == "study":
            if original := _original(services, details.slug):
                mirror.copy(f"e/{details.slug}/{original.name}", original)
            for number in pictures(services.studies.read(details.slug)):
                if figure := services.studies.figure(details.slug, number):
                    mirror.copy(f"e/{details.slug}/figure-{number}.webp", figure)
        elif name := services.library.recording(details.slug):
            _recording(services.library.media, mirror, name)


def _original(services: Services, slug: str) -> Path | None:
    """Return the document of a study if it may lie in the site: what a web server could send as a page would act as one of ours."""
    original = services.studies.original(slug)
    return original if original and original.suffix in _DOCUMENTS else None


def _recording(media: Media, mirror: Mirror, name: str) -> None:
    path, found = f"media/{name}", media.find(name)
    if isinstance(found, Path):
        mirror.copy(path, found)
    elif found and mirror.level(path, found.version):
        mirror.keep(path)
    elif found:
        with media.local(name) as recording:
            mirror.copy(path, recording, found.version)


def _lists(services: Services, mirror: Mirror, shown: list[About], base: str) -> None:
    """Write what lists masterclasses and studies: the first page, themes, feed, sitemap; and the page that searches them."""
    top = SitePlaces(base)
    groups = by_theme(shown, services.settings.library.themes)
    mirror.put("index.html", listing_page("Masterclass", ABOUT, groups, top).encode())
    for name, title, held in groups:
        # A theme is named in the settings, or in a file that somebody edited: nothing but a name may become a path.
        below = SitePlaces(base, "../../")
        about = INTRODUCTIONS.get(name, "")
        page = listing_page(title, about, [("", "", held)], below, below.absolute().theme(name) if base else "")
        mirror.put(f"themes/{slugify(name)}/index.html", page.encode())
    search = render("search.html", places=SitePlaces(base, "../"), policy=_SEARCH_POLICY)
    mirror.put("recherche/index.html", search.encode())
    if base:
        slugs = {details.slug for details in shown}
        items = together(episodes(services.library), papers(services.studies))
        mirror.put("feed.xml", feed([item for item in items if item.details.slug in slugs], top))
        of: dict[Kind, Library | Studies] = {"masterclass": services.library, "study": services.studies}
        changed = [(details, of[details.kind].changed(details.slug)) for details in shown]
        mirror.put("sitemap.xml", sitemap(changed, top))
        mirror.put("robots.txt", f"User-agent: *\nDisallow:\n\nSitemap: {base}/sitemap.xml\n".encode())


def _search(mirror: Mirror, folder: Path) -> None:
    """Write the index that the browser searches. It is named by its content: the same words give the same files."""
    with tempfile.TemporaryDirectory(prefix="hub-site-") as scratch:
        command = [str(pagefind_bin.get_executable()), "--site", str(folder), "--glob", "{m,e}/*/index.html"]
        done = subprocess.run(  # noqa: S603 - every argument is ours
            [*command, "--output-path", scratch, "--force-language", "fr", "--silent"],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise NotSearchable(done.stderr.strip() or done.stdout.strip())
        for path in Path(scratch).rglob("*"):
            if path.is_file():
                mirror.put(f"{_INDEX}{path.relative_to(scratch)}", path.read_bytes())
