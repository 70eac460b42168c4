"""The staff's guide: a part for each page of the workshop, in Markdown in ``aide/``. Pure.

The files are written with ordinary spaces; the page sets them as French wants it. ``make guide`` takes their pictures of the
workshop as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from markdown_it import MarkdownIt

from transcripts.typography import typeset

_FOLDER = Path(__file__).parent / "aide"
# In the order in which one reads; each is called as its page is, without « atelier- ».
_ORDER = (
    "atelier",
    "ajouter",
    "relire",
    "publier",
    "travaux",
    "retrait",
    "catalogue",
    "questions",
    "lieux",
    "personnes",
    "sante",
    "enquete",
)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the guide: what its address calls it, its title, its text with the title as HTML."""

    name: str
    title: str
    body: str


@lru_cache(maxsize=1)
def guide() -> dict[str, Part]:
    """Return the parts by name, in the order in which they are read."""
    return {name: _part(name, typeset((_FOLDER / f"{name}.md").read_text("utf-8"))) for name in _ORDER}


def _part(name: str, text: str) -> Part:
    title = text.partition("\n")[0].removeprefix("## ")
    body = MarkdownIt("commonmark", {"html": False}).render(text)
    body = body.replace("<a href=", "<a target='_self' href=")
    return Part(name, title, body.replace('<img src="../static/', '<img src="/app/static/'))


def about(path: str) -> str:
    """Return the address of what the guide says about a page of the workshop: of its beginning, where it has no part."""
    name = path.removeprefix("atelier-")
    return f"/atelier-aide?partie={name}" if name in _ORDER else "/atelier-aide"
