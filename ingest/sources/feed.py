"""Feeds, beyond the RSS that yt-dlp reads: Atom, Media RSS, and what podcasts tell of episodes. Runs in the process of `ingest.sources.fetch` only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urljoin
from xml.etree.ElementTree import Element, ParseError, SubElement

from yt_dlp.compat import compat_etree_fromstring
from yt_dlp.extractor.generic import GenericIE as YtDlpGenericIE
from yt_dlp.utils import clean_html, unsmuggle_url

from ingest.sources.podcast import parts, told

_ATOM = "{http://www.w3.org/2005/Atom}"
_MEDIA = "{http://search.yahoo.com/mrss/}"


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
        embeds: list[dict[str, Any]] = super()._extract_embeds(url, webpage, **more)
        return embeds

    def _extract_rss(self, url: str, video_id: str, doc: Element) -> dict[str, Any]:
        for item in doc.findall("./channel/item"):
            if item.find("enclosure") is None and (media := next(_media(item), None)):
                SubElement(item, "enclosure", url=media)
        feed: dict[str, Any] = super()._extract_rss(url, video_id, doc)
        heard = (
            told(item, channel, unsmuggle_url(url)[0])
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
        links = [
            (link.get("rel", "alternate"), urljoin(base, link.get("href", "")))
            for link in entry.iterfind(f"{_ATOM}link")
        ]
        page = next((address for rel, address in links if rel == "alternate"), None)
        enclosed = [address for rel, address in links if rel == "enclosure"] or [
            urljoin(base, address) for address in _media(entry)
        ]
        if enclosed and not (page and known(page)):
            SubElement(item, "enclosure", url=enclosed[0])
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
