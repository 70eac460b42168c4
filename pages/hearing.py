"""What can be heard; a place that was found: to hear where one reads it, and to go to. Playing it leaves the page as it is."""

from __future__ import annotations

import html

from app.services import services
from index.answer import Citation
from index.question import Language
from index.search import Result
from pages.embeds import site
from transcripts.model import Details, clock


def heard(details: Details) -> bool:
    """Say whether a masterclass can be heard in its page: the hub keeps the recording, or another site plays it there."""
    return services().library.recording(details.slug) is not None or site(details.source) is not None


def place(found: Citation | Result, language: Language = "fr") -> str:
    """Return the way to a quote or a passage as HTML, after a player of it alone where the hub keeps the recording."""
    english = language == "en"
    way = f"<a href='{html.escape(found.url)}' target='_self'>"
    if found.page is not None:
        return f"{way}{'Read' if english else 'Lire'} p.\u00a0{found.page}</a>"
    second = second_of(found)
    link = f"{way}{'Go to' if english else 'Aller à'} {clock(second)}</a>"
    if services().library.recording(found.slug) is None:
        return link
    # A browser stops by itself where such an address ends; nothing is fetched before somebody wants to hear.
    address = f"/media/{html.escape(found.slug)}#t={second:g},{found.end or second:g}"
    return (
        f"<details class='hub-hear'><summary>{'Listen here' if english else 'Écouter ici'}"
        f"<span class='hub-hidden'> {'from' if english else 'à'} {clock(second)}</span></summary>"
        f"<audio controls preload='none' src='{address}' aria-label='{'Excerpt at' if english else 'Extrait à'} {clock(second)}'></audio>"
        f"</details> {link}"
    )


def second_of(found: Citation | Result) -> float:
    """Return the second at which a quote, or the sentence of a passage that is nearest to the question, begins."""
    return (found.moment if isinstance(found, Result) else found.start) or 0.0
