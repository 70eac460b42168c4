"""What a link is, as text: which are followed, how one is shown, how one thing among several is named. Pure."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import quote, unquote, urlsplit

from ingest.sources.guard import reachable

_ENTRY = "#entry="
_LONGEST = 4000


def join(url: str, entry: str) -> str:
    """Return the name of one entry of a feed or page: ``https://…/feed.xml#entry=episode-12``."""
    return f"{url}{_ENTRY}{quote(entry, safe=':/?=@,;')}"


def split(name: str) -> tuple[str, str | None]:
    """Return the URL and the entry of a name; None when the URL is the thing itself."""
    url, mark, entry = name.partition(_ENTRY)
    return url, unquote(entry) if mark else None


def shown(name: str) -> str:
    """Return a name as it may be repeated: host and path, without user name, password or query, and the entry."""
    url, entry = split(name)
    try:
        parts = urlsplit(url.lstrip("-"))
        whole = f"{parts.hostname or ''}{parts.path}"
    except ValueError:
        return "…"
    short = whole if len(whole) <= 100 else f"{whole[:99]}…"
    if entry is None:
        return short
    return f"{short}, {shown(entry) if '://' in entry else entry[:100]}"


def wrong_with(url: str, *, private: bool) -> str | None:
    """Return why a URL is not followed at all, as the end of a French sentence, None when nothing speaks against it.

    A first look, for a kind sentence: what is really reached is judged by the guard.
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "il n’a pas la forme d’une adresse web"
    if parts.scheme not in ("http", "https"):
        return "seules les adresses http:// et https:// le sont"
    if not host or len(url) > _LONGEST or re.search(r"[\s\x00-\x1f\x7f\\]", url):
        return "il n’a pas la forme d’une adresse web"
    if "@" in parts.netloc:
        return "il contient un nom d’utilisateur ou un mot de passe"
    if "__youtubedl_smuggle" in unquote(url):  # how yt-dlp's extractors give each other orders
        return "il contient des consignes cachées"
    try:
        literal = ipaddress.ip_address(host)
    except ValueError:
        return None
    return None if reachable(literal, private=private) else "il mène à une adresse interne"
