"""Feeds, beyond the RSS that yt-dlp reads: Atom, Media RSS, and what podcasts tell of episodes. Runs in the process of `ingest.sources.fetch` only."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import chain
from mimetypes import MimeTypes
from typing import Any
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import Element, ParseError, SubElement

from yt_dlp.compat import compat_etree_fromstring
from yt_dlp.extractor.generic import GenericIE as YtDlpGenericIE
from yt_dlp.utils import clean_html, unsmuggle_url

from ingest.sources.podcast import parts, told

_ATOM = "{http://www.w3.org/2005/Atom}"
_MEDIA = "{http://search.yahoo.com/mrss/}"
_SOUND = re.compile(r"audio/|video/|application/(?:mp4|ogg|.*mpegurl)")
_ANY = ("application/octet-stream", "binary/octet-stream")


class GenericIE(YtDlpGenericIE):  # type: ignore[misc]
    """yt-dlp's reader of pages that no other reader knows, which reads more feeds; its name is how yt-dlp finds it."""

    IE_NAME = "generic"

    def _extract_embeds(self, url: str, webpage: str, **more: Any) -> list[dict[str, Any]]:
        try:
            page = compat_etree_fromstring(webpage.encode())
        except ParseError:
            page = None
        if page is not None and page.tag == f"{_ATOM}feed":
            return [self._extract_rss(url, url, as_rss(page, unsmuggle_url(url)[0], self._known))]
        embeds: list[dict[str, Any]] = list(super()._extract_embeds(url, webpage, **more))
        if len(embeds) == 1 and embeds[0].get("title") == f"{(title := self._generic_title(url, webpage))} (1)":
            embeds[0]["title"] = title  # numbered among one
        return embeds

    def _extract_rss(self, url: str, video_id: str, doc: Element) -> dict[str, Any]:
        base, _ = unsmuggle_url(url)
        for item in doc.findall("./channel/item"):
            recording = _recording(item)
            for enclosed in item.findall("enclosure"):
                item.remove(enclosed)
            if recording:
                SubElement(item, "enclosure", url=urljoin(base, recording))
            for link in item.findall("link"):
                said = (link.text or "").strip()
                link.text = urljoin(base, said) if said else None
        feed: dict[str, Any] = super()._extract_rss(url, video_id, doc)
        heard = (
            told(item, channel, base)
            for channel in doc.iterfind("channel")
            for item in channel.iterfind("item")
            if _address(item)
        )
        for more, entry in zip(heard, feed["entries"], strict=True):
            entry.update(more)
            page, _ = unsmuggle_url(entry["url"])
            if self._known(page):  # named by its own address, by which it is known from elsewhere
                entry.update(_type="url", url=page)
        return feed

    def _known(self, page: str) -> bool:
        """Say whether yt-dlp has a reader for just this site."""
        readers = self._downloader._ies.values()
        return any(reader.ie_key() != self.ie_key() and reader.suitable(page) for reader in readers)


def as_rss(feed: Element, base: str, known: Callable[[str], bool]) -> Element:
    """Return an Atom feed in the words of RSS, so that one reader serves both. Pure.

    Args:
        feed: the feed, as parsed.
        base: the address it came from, to which its links are relative.
        known: says whether a page is better read itself, for its captions and chapters, than the file beside it.
    """
    rss = Element("rss")
    channel = SubElement(rss, "channel")
    _tell(channel, "title", feed.find(f"{_ATOM}title"))
    for entry in feed.iterfind(f"{_ATOM}entry"):
        item = SubElement(channel, "item")
        links = entry.findall(f"{_ATOM}link")
        pages = (link.get("href", "") for link in links if link.get("rel", "alternate") == "alternate")
        page = next((urljoin(base, address) for address in pages), None)
        if not (page and known(page)):
            for link in links:
                if link.get("rel") == "enclosure":
                    SubElement(item, "enclosure", url=link.get("href", ""), type=link.get("type", ""))
            item.extend(entry.iterfind(f".//{_MEDIA}content"))
        if page:
            SubElement(item, "link").text = page
        item.extend(parts(entry))
        _tell(item, "guid", entry.find(f"{_ATOM}id"))
        _tell(item, "title", entry.find(f"{_ATOM}title"))
        _tell(item, "pubDate", _first(entry, f"{_ATOM}published", f"{_ATOM}updated"))
        _tell(
            item,
            "description",
            _first(entry, f"{_ATOM}summary", f".//{_MEDIA}description", f"{_ATOM}content"),
        )
    return rss


def _address(item: Element) -> str | None:
    """Return by what yt-dlp knows an item; one without is left out."""
    return next((enclosed.get("url") for enclosed in item.iterfind("enclosure")), item.findtext("link"))


def _recording(item: Element) -> str | None:
    """Return the address of an item's recording: its first enclosure that may be one, or else what Media RSS names."""
    enclosed = ((one.get("url", "").strip(), one.get("type", "")) for one in item.iterfind("enclosure"))
    sounds = (address for address, kind in enclosed if address and _sounds(kind, address))
    return next(chain(sounds, _media(item)), None)


def _sounds(kind: str, address: str) -> bool:
    """Say whether an enclosure may be a recording, by its type and by its name; pictures and documents are none."""
    told = {kind.lower(), MimeTypes().guess_type(urlsplit(address).path)[0] or ""} - {"", *_ANY}
    return not told or any(map(_SOUND.match, told))


def _media(item: Element) -> Iterator[str]:
    """Yield the addresses of an item's recordings in Media RSS; players and pictures are none."""
    for content in item.iterfind(f".//{_MEDIA}content"):
        kind = content.get("type") or f"{content.get('medium', '')}/"
        if kind.startswith(("audio/", "video/")) and content.get("url"):
            yield content.get("url", "")


def _first(entry: Element, *paths: str) -> Element | None:
    return next((found for path in paths if (found := entry.find(path)) is not None), None)


def _tell(item: Element, name: str, said: Element | None) -> None:
    """Add what an element says, as plain text."""
    if said is not None:
        text = "".join(said.itertext()).strip()
        SubElement(item, name).text = clean_html(text) if said.get("type") == "html" else text
