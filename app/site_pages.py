"""A masterclass as files of a static site. Run in processes of their own: nothing here needs a model or the index."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import get_args

from app.places import STATIC, SitePlaces
from app.reading_page import reading_page, structure
from transcripts.errors import DamagedFile, NotFound
from transcripts.formats import Form, export
from transcripts.glossary import glossary
from transcripts.library import Library

_HERE = Path(__file__).parent
FORMS: tuple[Form, ...] = get_args(Form)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A masterclass to write: where the library lies, the site's address or "", its theme's title, its recording's name."""

    home: Path
    slug: str
    base: str
    theme: str
    kept: str | None


def paths(slug: str) -> list[str]:
    """Return the files that a masterclass has in the site."""
    return [f"m/{slug}/index.html", f"m/{slug}.chapters.json", *(f"m/{slug}.{form}" for form in FORMS)]


def files(wanted: Wanted) -> dict[str, bytes] | str:
    """Return the files of a masterclass by their paths, or the sentence that says why there are none."""
    try:
        masterclass = Library(wanted.home).read(wanted.slug)
    except (DamagedFile, NotFound) as error:
        return str(error)
    if masterclass.details.status != "published":  # taken back since the list was made
        return str(NotFound(wanted.slug))
    page = reading_page(masterclass, SitePlaces(wanted.base, "../../"), wanted.theme, wanted.kept, glossary())
    chapters = json.dumps(structure(masterclass), ensure_ascii=False)
    texts = [page, chapters, *(export(masterclass, form) for form in FORMS)]
    return dict(zip(paths(wanted.slug), (text.encode() for text in texts), strict=True))


def mark(wanted: Wanted, version: tuple[int, ...]) -> str:
    """Return what names all that the files of a masterclass are made from."""
    whole = repr((wanted.base, wanted.theme, wanted.kept, version, _program()))
    return hashlib.sha256(whole.encode()).hexdigest()[:24]


@lru_cache(maxsize=1)
def _program() -> str:
    """Return a mark of what makes the pages: templates, styles, and the code that fills them."""
    made_of = [
        *_HERE.glob("*.py"),
        *_HERE.glob("templates/*"),
        *_HERE.parent.glob("transcripts/*.[pt]*"),
        *STATIC.glob("*.*"),
    ]
    whole = hashlib.sha256()
    for path in sorted(path for path in made_of if path.is_file()):
        whole.update(path.read_bytes())
    return whole.hexdigest()
