"""What stands on a page until Streamlit has drawn it: its scripts weigh megabytes, many seconds of white on a train.

`hub.js` takes it away as soon as the page itself has as much to show.
"""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence

from index.question import LONGEST
from pages.ask_box import CSS
from pages.plan import BOXES
from transcripts.typography import spaced

_BARE = (
    "<noscript><style>.hub-loading { display: none; }</style>Le reste de cette page a besoin de JavaScript.</noscript>"
)


def first(inside: str, read: str = "", looking: str = "") -> str:
    """Return it: ``inside`` is HTML, ``read`` the address of the same words without a script, empty where there is none.

    That it is loading is said after half a second, ``looking``, what the HTML waited for in vain, at once.
    """
    status = f"<p class='hub-byline{' hub-waited' * bool(looking)}' role='status'><span class='hub-loading'>{looking or 'Chargement…'}</span>"
    way = f" <a href='{html.escape(read)}'>Lire le texte sans attendre</a>" if read else ""
    return (
        "<div class='hub-first'><header><img src='/app/static/logo.svg' alt=''></header>"
        f"<div>{inside}{status}{_BARE}{way}</p></div></div>"
    )


def lead(about: str, title: str = "") -> str:
    """Return a title, if there is one, and a sentence as HTML."""
    return f"{f'<h1>{html.escape(title)}</h1>' if title else ''}<p class='hub-lead'>{html.escape(spaced(about))}</p>"


def asked(path: str, title: str, address: Mapping[str, str], shown: Sequence[str]) -> str:
    """Return a page that is asked something: its box, which works without a script too, and ``shown``, what was found."""
    box = BOXES[path]
    kept = "".join(
        f"<input type='hidden' name='{html.escape(name)}' value='{html.escape(value)}'>"
        for name, value in address.items()
        if name != "q"
    )
    form = (
        f"<style>@scope (.hub-first .ask) {{{CSS}}}</style><form class='ask' role='search' action='/{path}'>"
        f"<label for='hub-q'>{box.label}</label><div class='row'><div class='field'>"
        f"<input id='hub-q' name='q' type='search' maxlength='{LONGEST}' value='{html.escape(address['q'])}'></div>"
        f"<button>{box.button}</button></div>{kept}</form>"
    )
    about = f"<p>{box.about}</p>" if box.about else ""
    narrow = "<p class='hub-narrow'>Préciser</p>" if path == "recherche" else ""
    blocks = "".join(f"<div>{block}</div>" for block in shown)
    return f"<div class='hub-asked'><h1>{html.escape(title)}</h1>{about}{form}{narrow}{blocks}</div>"
