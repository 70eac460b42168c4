"""Where the public pages lie, seen from one of them: on the hub, or in a folder of static files. Pure."""

from __future__ import annotations

import hashlib
import urllib.parse
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from slugify import slugify

from app.settings import ROOT

STATIC = ROOT / "pages" / "static"
COVER = "cover.png"  # for those who show a picture of what they link to; square, as podcasts want it


class Places(Protocol):
    """Addresses as a page writes them. ``base`` is the absolute address of all, without a final slash, or empty."""

    @property
    def base(self) -> str: ...

    @property
    def live(self) -> bool:
        """Whether a hub answers: it has the full player, questions, and moments to embed."""

    def absolute(self) -> Places:
        """Return the same places by their whole addresses."""

    def home(self) -> str:
        """Return the address of the first page."""

    def listing(self) -> str:
        """Return the address of the list of all masterclasses."""

    def theme(self, theme: str) -> str:
        """Return the address of a theme."""

    def page(self, slug: str) -> str:
        """Return the address of a masterclass."""

    def file(self, slug: str, form: str) -> str:
        """Return the address of a masterclass in another form."""

    def media(self, slug: str, name: str) -> str:
        """Return the address of a recording whose file is called ``name``."""

    def study(self, slug: str) -> str:
        """Return the address of a study."""

    def study_file(self, slug: str, form: str) -> str:
        """Return the address of a study in another form."""

    def part(self, slug: str, name: str) -> str:
        """Return the address of something of a study: a table, a page."""

    def original(self, slug: str, name: str) -> str:
        """Return the address of the document of a study, whose file is called ``name``."""

    def asset(self, name: str) -> str:
        """Return the address of a file of `STATIC`."""

    def feed(self) -> str:
        """Return the address of the feed."""

    def beside(self, name: str) -> str:
        """Return the address of what stands beside the masterclasses: a page (``agenda``), or a calendar (``agenda.ics``)."""

    def search(self) -> str:
        """Return the address of the search, which takes ``?q=``."""


@dataclass(frozen=True, slots=True)
class HubPlaces:
    """Addresses on a hub; with ``prefix`` they are absolute, as feeds need them."""

    base: str
    prefix: str = ""
    live: bool = True

    def absolute(self) -> HubPlaces:
        """Return the same places by their whole addresses."""
        return HubPlaces(self.base, self.base)

    def home(self) -> str:
        return f"{self.prefix}/"

    def listing(self) -> str:
        return f"{self.prefix}/m/"

    def theme(self, theme: str) -> str:
        return f"{self.prefix}/theme?nom={urllib.parse.quote(theme, safe='')}"

    def page(self, slug: str) -> str:
        return f"{self.prefix}/m/{slug}"

    def file(self, slug: str, form: str) -> str:
        return f"{self.prefix}/m/{slug}.{form}"

    def media(self, slug: str, name: str) -> str:
        # Directories of podcasts want to see what it is.
        return f"{self.prefix}/media/{slug}{Path(name).suffix}"

    def study(self, slug: str) -> str:
        return f"{self.prefix}/e/{slug}"

    def study_file(self, slug: str, form: str) -> str:
        return f"{self.prefix}/e/{slug}.{form}"

    def part(self, slug: str, name: str) -> str:
        return f"{self.prefix}/e/{slug}/{name}"

    def original(self, slug: str, name: str) -> str:
        return f"{self.prefix}/e/{slug}/original{Path(name).suffix}"

    def asset(self, name: str) -> str:
        return f"{self.prefix}/app/static/{fresh(name)}"

    def feed(self) -> str:
        return f"{self.prefix}/feed.xml"

    def beside(self, name: str) -> str:
        return f"{self.prefix}/{name}"

    def search(self) -> str:
        return f"{self.prefix}/recherche"


@dataclass(frozen=True, slots=True)
class SitePlaces:
    """Addresses in a static site, from a page that lies ``root`` below its top: ``""``, ``../`` or ``../../``."""

    base: str
    root: str = ""
    live: bool = False

    def absolute(self) -> SitePlaces:
        """Return the same places by their whole addresses."""
        return SitePlaces(self.base, f"{self.base}/")

    def home(self) -> str:
        return self.root or "./"

    def listing(self) -> str:
        return self.home()

    def theme(self, theme: str) -> str:
        return f"{self.root}themes/{slugify(theme)}/"

    def page(self, slug: str) -> str:
        return f"{self.root}m/{slug}/"

    def file(self, slug: str, form: str) -> str:
        return f"{self.root}m/{slug}.{form}"

    def media(self, slug: str, name: str) -> str:
        return f"{self.root}media/{urllib.parse.quote(name)}"

    def study(self, slug: str) -> str:
        return f"{self.root}e/{slug}/"

    def study_file(self, slug: str, form: str) -> str:
        return f"{self.root}e/{slug}.{form}"

    def part(self, slug: str, name: str) -> str:
        return f"{self.root}e/{slug}/{_folder(name)}"

    def original(self, slug: str, name: str) -> str:
        return f"{self.root}e/{slug}/{urllib.parse.quote(name)}"

    def asset(self, name: str) -> str:
        return f"{self.root}assets/{fresh(name)}"

    def feed(self) -> str:
        return f"{self.root}feed.xml"

    def beside(self, name: str) -> str:
        return f"{self.root}{_folder(name)}"

    def search(self) -> str:
        return f"{self.root}recherche/"


def _folder(name: str) -> str:
    """Return where something lies in a static site: a page is a folder with an index, a file is itself."""
    return name if "." in name else f"{name}/"


@lru_cache(maxsize=64)
def fresh(name: str) -> str:
    """Return a file's name with a mark of its content, so that no browser keeps an old one."""
    return f"{name}?{hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]}"
