"""A study as a page that is complete without a script: the same on the hub and in a static site. Pure."""

from __future__ import annotations

import urllib.parse
from functools import partial
from typing import Any

from markupsafe import Markup

from app.linked_data import ASSOCIATION
from app.places import COVER, Places
from app.reading_page import POLICY, shortened
from app.templating import render
from transcripts.article import Item, article
from transcripts.model import Summary
from transcripts.prose import blocks, led, reviewed
from transcripts.study import Study, StudyDetails
from transcripts.study_withdrawal import withdrawn
from transcripts.typography import typeset

_DEEPEST = 3  # level of headings that stand in the contents
_FORMS = {"txt": "Texte", "md": "Markdown", "json": "JSON"}
_NAMES = {".pdf": "PDF", ".docx": "Word", ".odt": "OpenDocument", ".html": "HTML", ".htm": "HTML", ".md": "Markdown"}


def study_page(study: Study, places: Places, theme: str, original: str | None) -> str:
    """Return the page of a study; ``theme`` is the title of its theme, ``original`` the name of its document's file."""
    details = study.details
    summary = led(blocks(typeset(study.summary.text)), lambda page: f"#p{page}")
    about = told(details, study.summary)
    items = article(study)
    return render(
        "study.html",
        places=places,
        policy=POLICY,
        details=details,
        theme=theme,
        about=about,
        address=places.absolute().study(details.slug) if places.base else "",
        cover=places.absolute().asset(COVER) if places.base else "",
        original=places.original(details.slug, original) if original else "",
        form=form_of(original or ""),
        taken_out=taken_out(study, original),
        oembed=_oembed(details.slug, places),
        summary=summary,
        review=typeset(reviewed(study.summary)),
        contents=contents(items),
        items=items,
        part=partial(places.part, details.slug),
        pictures=places.live and (original or "").endswith(".pdf"),
        forms=list(_FORMS.items()),
        linked=linked_study(study, places, about, original),
    )


def taken_out(study: Study, original: str | None) -> str:
    """Return what readers are told where a passage was taken out of a study, empty where none was."""
    if not withdrawn(study):
        return ""
    if original:
        return "Un passage de cette étude a été retiré ; l’original proposé est une version sans lui."
    return "Un passage de cette étude a été retiré : l’original, qui le contient, n’est plus proposé."


def _oembed(slug: str, places: Places) -> str:
    """Return where to ask how to show a study elsewhere, empty where no hub answers."""
    if not (places.live and places.base):
        return ""
    return f"{places.base}/oembed?url={urllib.parse.quote(places.absolute().study(slug), safe='')}"


def told(details: StudyDetails, summary: Summary) -> str:
    """Return what to say of a study where it is linked to: the first words of its summary, else who wrote it."""
    invented = "Démonstration, personnes et chiffres inventés. " if details.demonstration else ""
    first = next((b.text for b in blocks(typeset(summary.text)) if b.kind != "heading"), "")
    return shortened(invented + (first or f"À lire. {', '.join(details.authors)}".rstrip(". ") + "."))


def contents(items: list[Item]) -> list[Item]:
    """Return the headings that lead through a study."""
    return [item for item in items if item.kind == "heading" and item.level <= _DEEPEST]


def form_of(original: str) -> str:
    """Return what a document is called by the end of its name."""
    end = f".{original.rpartition('.')[2].lower()}"
    return _NAMES.get(end, "fichier")


def passage(
    items: list[Item], places: Places, slug: str, pictures: bool, *, ids: bool = False, down: int = 1
) -> Markup:
    """Return a part of a study as HTML; ``down`` is by how many levels its headings stand below the page's own."""
    part = partial(places.part, slug)
    html = render("passage.html", items=items, part=part, pictures=pictures, ids=ids, down=down)
    return Markup(html)  # noqa: S704 - the template escapes


def table_page(study: Study, number: int, places: Places) -> str | None:
    """Return one table of a study as a page of its own, None where there is no such table."""
    item = next((i for i in article(study) if i.kind == "table" and i.number == number), None)
    return render("table.html", places=places, policy=POLICY, details=study.details, item=item) if item else None


def linked_study(study: Study, places: Places, about: str, original: str | None) -> dict[str, Any]:
    """Return JSON-LD: a Report."""
    details = study.details
    found: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Report",
        "name": details.title,
        "headline": details.title,
        "description": about,
        "datePublished": details.date.isoformat(),
        "inLanguage": details.language or "fr",
        "isAccessibleForFree": True,
        "publisher": ASSOCIATION,
        "pagination": f"1-{details.pages}",
    }
    if details.authors:
        found["author"] = [{"@type": "Person", "name": name} for name in details.authors]
    if places.base:
        page = places.absolute().study(details.slug)
        found |= {"@id": page, "url": page, "image": places.absolute().asset(COVER)}
        if original:
            found["encoding"] = {
                "@type": "MediaObject",
                "contentUrl": places.absolute().original(details.slug, original),
            }
    return found
