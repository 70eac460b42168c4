"""One recording on the web, under whichever of its site's addresses it is given. Pure."""

from __future__ import annotations

import re
from uuid import UUID

_YOUTUBE = re.compile(
    r"https?://(?:youtu\.be/|(?:(?:www|m|music)\.)?youtube\.com/(?:(?:shorts|live|embed|v)/|watch\?(?:[^#]*&)?v=))"
    r"([\w-]{11})/?(?:[?&][^#]*)?",
    re.ASCII,
)
_PEERTUBE = re.compile(
    r"(https?://[^/?#]+)/(?:videos/watch|videos/embed|w)/(?:([\da-fA-F]{8}(?:-[\da-fA-F]{4}){3}-[\da-fA-F]{12})|([\da-zA-Z]{22}))/?(?:\?[^#]*)?"
)
# PeerTube names a video by its UUID, or shorter by the same number in these digits (those of short-uuid), 22 of them.
_DIGITS = "123456789abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ"
_LENGTH = 22


def one_address(name: str) -> str:
    """Return the one address of what YouTube and PeerTube give several; any other name as it is.

    It is for comparing: a site that is older than PeerTube 3.3 does not answer to it.
    """
    if found := _YOUTUBE.fullmatch(name):
        return f"https://www.youtube.com/watch?v={found[1]}"
    if found := _PEERTUBE.fullmatch(name):
        return f"{found[1]}/w/{found[3] or _short(UUID(found[2]))}"
    return name


def _short(uuid: UUID) -> str:
    number, digits = uuid.int, ""
    while number:
        number, digit = divmod(number, len(_DIGITS))
        digits = _DIGITS[digit] + digits
    return digits.rjust(_LENGTH, _DIGITS[0])
