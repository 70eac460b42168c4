"""Which addresses are videos that another site can play inside the page. Pure."""

from __future__ import annotations

import re
import urllib.parse
from dataclasses import dataclass
from typing import Literal

_YOUTUBE = {"youtube.com", "www.youtube.com", "m.youtube.com", "music.youtube.com", "www.youtube-nocookie.com"}
_ID = re.compile(r"[\w-]{11}")
_PEERTUBE = re.compile(r"/(?:w|videos/(?:watch|embed))/([A-Za-z0-9-]{8,40})/?")
_HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d+)?")


@dataclass(frozen=True, slots=True)
class Site:
    """A video on another site: the address of its embedded player, its host, and what to call it."""

    kind: Literal["youtube", "peertube"]
    name: str
    host: str
    url: str


def site(source: str) -> Site | None:
    """Return how to embed what a source's address shows, None when it is no video of YouTube or PeerTube.

    YouTube comes from its host without cookies. PeerTube has no host of its own: its form of addresses tells it.
    """
    address = urllib.parse.urlsplit(source.strip())
    host = address.netloc.lower()
    if address.scheme != "https" or not _HOST.fullmatch(host):
        return None
    if host in _YOUTUBE or host == "youtu.be":
        first, _, rest = address.path.strip("/").partition("/")
        video = urllib.parse.parse_qs(address.query).get("v", [""])[0]
        if host == "youtu.be":
            video = first
        elif first in ("embed", "live", "shorts"):
            video = rest
        if not _ID.fullmatch(video):
            return None
        return Site("youtube", "YouTube", "www.youtube-nocookie.com", f"https://www.youtube-nocookie.com/embed/{video}")
    video_page = _PEERTUBE.fullmatch(address.path)
    return Site("peertube", "PeerTube", host, f"https://{host}/videos/embed/{video_page[1]}") if video_page else None
