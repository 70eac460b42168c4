"""A masterclass, or a study, as files of a static site. Run in processes of their own: nothing here needs a model or the index."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import get_args

from app.places import STATIC, SitePlaces
from app.reading_page import reading_page, structure
from app.study_page import study_page, table_page
from transcripts.article import table, tables
from transcripts.errors import DamagedFile, NotFound
from transcripts.formats import Form, export
from transcripts.library import Library
from transcripts.model import Kind
from transcripts.sheets import as_csv
from transcripts.staff_glossary import StaffGlossary
from transcripts.studies import Studies
from transcripts.study_formats import FORMS as STUDY_FORMS
from transcripts.study_formats import export_study

_HERE = Path(__file__).parent
FORMS: tuple[Form, ...] = get_args(Form)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A masterclass or study to write: where the library lies, the site's address or "", its theme's title.

    ``kept`` is the name of its recording or document, ``tables`` how many a study has.
    """

    home: Path
    slug: str
    base: str
    theme: str
    kept: str | None
    kind: Kind = "masterclass"
    tables: int = 0


def paths(wanted: Wanted) -> list[str]:
    """Return the files that a masterclass or study has in the site."""
    slug = wanted.slug
    if wanted.kind == "masterclass":
        return [f"m/{slug}/index.html", f"m/{slug}.chapters.json", *(f"m/{slug}.{form}" for form in FORMS)]
    numbered = [f"e/{slug}/tableau-{n}{end}" for n in range(1, wanted.tables + 1) for end in ("/index.html", ".csv")]
    return [f"e/{slug}/index.html", *(f"e/{slug}.{form}" for form in STUDY_FORMS), *numbered]


def files(wanted: Wanted) -> dict[str, bytes] | str:
    """Return the files of a masterclass or study by their paths, or the sentence that says why there are none."""
    if wanted.kind == "study":
        return _study_files(wanted)
    try:
        masterclass = Library(wanted.home).read(wanted.slug)
    except (DamagedFile, NotFound) as error:
        return str(error)
    if masterclass.details.status != "published":  # taken back since the list was made
        return str(NotFound(wanted.slug))
    terms = StaffGlossary(wanted.home).explained()
    page = reading_page(masterclass, SitePlaces(wanted.base, "../../"), wanted.theme, wanted.kept, terms)
    chapters = json.dumps(structure(masterclass), ensure_ascii=False)
    texts = [page, chapters, *(export(masterclass, form) for form in FORMS)]
    return dict(zip(paths(wanted), (text.encode() for text in texts), strict=True))


def _study_files(wanted: Wanted) -> dict[str, bytes] | str:
    try:
        study = Studies(wanted.home).read(wanted.slug)
    except (DamagedFile, NotFound) as error:
        return str(error)
    if study.details.status != "published":  # taken back since the list was made
        return str(NotFound(wanted.slug, "study"))
    page = study_page(study, SitePlaces(wanted.base, "../../"), wanted.theme, wanted.kept)
    made = [page.encode(), *(export_study(study, form).encode() for form in STUDY_FORMS)]
    for number, block in enumerate(tables(study), 1):
        below = table_page(study, number, SitePlaces(wanted.base, "../../../")) or ""
        made += [below.encode(), as_csv(table(block))]
    return dict(zip(paths(wanted), made, strict=True))


def mark(wanted: Wanted, version: tuple[int, ...]) -> str:
    """Return what names all that the files of a masterclass or study are made from."""
    whole = repr((wanted.base, wanted.theme, wanted.kept, wanted.tables, version, _program()))
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
