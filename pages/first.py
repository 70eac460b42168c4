"""What stands on a page until Streamlit has drawn it: its scripts weigh megabytes, many seconds of white on a train.

`hub.js` takes it away as soon as the page itself has something to show.
"""

from __future__ import annotations

import html

from transcripts.typography import spaced


def first(inside: str, read: str = "") -> str:
    """Return it; ``inside`` is HTML, ``read`` the address of the same words without a script, empty where there is none."""
    way = f" <a href='{html.escape(read)}'>Lire le texte sans attendre</a>" if read else ""
    return (
        "<div class='hub-first'><header><img src='/app/static/logo.svg' alt=''></header>"
        f"<div>{inside}<p class='hub-byline' role='status'>Chargement…{way}</p></div></div>"
    )


def lead(about: str, title: str = "") -> str:
    """Return a title, if there is one, and a sentence as HTML."""
    return f"{f'<h1>{html.escape(title)}</h1>' if title else ''}<p class='hub-lead'>{html.escape(spaced(about))}</p>"
