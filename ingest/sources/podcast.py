"""What a feed says of an episode beyond RSS: chapters, who speaks, subtitles. Runs in the process of `ingest.sources.fetch` only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin
from xml.etree.ElementTree import Element

from yt_dlp.utils import float_or_none, parse_duration

# Podlove's and Podcasting 2.0's elements, the latter's under either of the names that their namespace has had.
_CHAPTERS, _PERSON, _TRANSCRIPT = "{*}chapters", "{*}person", "{*}transcript"
_SUBTITLES = {"text/vtt": "vtt", "application/x-subrip": "srt", "application/srt": "srt", "text/srt": "srt"}


def parts(entry: Element) -> Iterator[Element]:
    """Yield the elements of an episode that `told` reads."""
    for name in (_CHAPTERS, _PERSON, _TRANSCRIPT):
        yield from entry.iterfind(name)


def told(item: Element, channel: Element, base: str) -> dict[str, Any]:
    """Return what an item tells in yt-dlp's words. Pure.

    ``chapters_at`` is where its chapters lie as a file; addresses are relative to ``base``. What it does not tell is None, and
    left to its page.
    """
    inside = [
        {"start_time": parse_duration(one.get("start")), "title": one.get("title")}
        for one in item.iterfind(f"{_CHAPTERS}/{{*}}chapter")
    ]
    files = [urljoin(base, one.get("url", "")) for one in item.iterfind(f"{_CHAPTERS}[@url]")]
    people = item.findall(_PERSON) or channel.findall(_PERSON)
    subtitles: dict[str, list[dict[str, str]]] = {}
    for one in item.iterfind(f"{_TRANSCRIPT}[@url]"):
        if form := _SUBTITLES.get(one.get("type", "")):
            tongue = one.get("language") or channel.findtext("language") or "und"
            subtitles.setdefault(tongue, []).append({"url": urljoin(base, one.get("url", "")), "ext": form})
    cast = dict.fromkeys(
        name
        for one in people
        # Others worked on the sound, the pictures or the text.
        if (one.get("group") or "cast").lower() == "cast" and (name := (one.text or "").strip())
    )
    return {
        "chapters": _told(inside, "start_time") or None,
        "chapters_at": files[0] if files else None,
        "cast": list(cast) or None,
        "subtitles": subtitles or None,
    }


def chapters(answer: Any, start: str) -> list[dict[str, Any]]:
    """Return the chapters in a site's JSON, ``start`` being its word for where one begins; none where it holds something else. Pure."""
    given = answer.get("chapters") if isinstance(answer, dict) else None
    return _told([one for one in given if isinstance(one, dict)] if isinstance(given, list) else [], start)


def _told(given: list[dict[str, Any]], start: str) -> list[dict[str, Any]]:
    """Return chapters in yt-dlp's words, without those that have no place, no title, or none in the list of contents."""
    return [
        {"start_time": begin, "end_time": float_or_none(one.get("endTime")), "title": str(one["title"])}
        for one in given
        if (begin := float_or_none(one.get(start))) is not None and one.get("title") and one.get("toc") is not False
    ]
