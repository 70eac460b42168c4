"""What each entry of a list or feed is called, so that it is found again. Pure, on what yt-dlp gives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from yt_dlp.utils import unsmuggle_url

Info = dict[str, Any]


def called(entries: Iterable[Info | None]) -> Iterator[tuple[str, Info]]:
    """Yield what tells each entry of a list from the others, and the entry: two of one address are one.

    Some lists give several one identifier, which tells none of them then, whatever comes to the list later.
    """
    every = [(names_of(entry), entry) for entry in entries if entry]
    places: dict[str, set[str]] = {}
    for names, entry in every:
        for name in names:
            places.setdefault(name, set()).add(_place(entry))
    seen: set[str] = set()
    for names, entry in every:
        key = names[0]
        # On a page, the first has kept it.
        first = not entry.get("_type") and key not in seen
        seen.add(key)
        yield key if first else next((name for name in names if len(places[name]) == 1), names[-1]), entry


def names_of(entry: Info) -> tuple[str, str, str]:
    """Return what an entry may be called, the shortest first; its place is in the last."""
    key = _key(entry)
    return key, f"{key} {entry.get('title')}", f"{key} {_place(entry)}"


def _key(entry: Info) -> str:
    """Return what tells an entry from the others: a feed's guid, an address, an identifier."""
    url, hidden = unsmuggle_url(entry.get("url") or "", {})
    return str(hidden.get("force_videoid") or (url if entry.get("_type") else "") or entry.get("id") or url)


def _place(entry: Info) -> str:
    """Return the address of an entry's recording."""
    formats = sorted(str(one.get("url")) for one in entry.get("formats") or ())
    return " ".join(formats) or str(unsmuggle_url(entry.get("url") or "", {})[0])
