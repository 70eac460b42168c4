"""yt-dlp, with a fixed dictionary of options. Runs in the process of `ingest.sources.fetch` only, under its guard."""

from __future__ import annotations

import json
import re
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from yt_dlp import YoutubeDL
from yt_dlp.networking import Request as WebRequest
from yt_dlp.networking import Response
from yt_dlp.utils import UnsupportedError, unsmuggle_url

from ingest.sources.address import join
from ingest.sources.captions import fetch_captions
from ingest.sources.entries import Info, called, names_of
from ingest.sources.feed import GenericIE
from ingest.sources.fetch import Request
from ingest.sources.guard import RUNTIMES
from ingest.sources.peertube import PeerTubeIE
from ingest.sources.podcast import chapters
from ingest.sources.resumed import Part
from ingest.sources.trouble import Stop
from transcripts.addresses import one_address
from transcripts.typography import decimal

Say = Callable[[str, object], None]

_PAGE = 30_000_000  # bytes of a page or of subtitles; the largest channel listings have a tenth of it
_TEXT = 20_000  # characters of a title or description
_DEEP = 3  # lists in lists: a channel, its tabs, their videos
_ENDLESS = 3600.0  # seconds that something of unknown length may take to come
_ROOM = 1_000_000_000  # bytes of disk that a fetch must leave free
_SOUND = "bestaudio/best[height<=?480]/best"
# One file where it is sharp enough, else picture and sound apart, which are joined afterwards.
_PICTURE = "best[height>=480][height<=1080]/(bestvideo[height<=?1080],bestaudio)/best"
_UNTITLED = "<Untitled Chapter"  # what yt-dlp calls a chapter without a title, such as what comes before the first one


def names(request: Request, say: Say) -> Iterator[tuple[str, Info]]:
    """Yield the name of each thing at a URL, once, and what its page or list says of it."""
    with _Watched(request, say, {"extract_flat": "in_playlist", "ignore_no_formats_error": True}) as ydl:
        found: dict[str, tuple[str, Info]] = {}
        for name, info in _names(ydl, request.url, _DEEP):
            found.setdefault(one_address(name), (name, _about(info)))
        yield from found.values()


def _about(info: Info) -> Info:
    # In a list, a time has not become a date yet.
    stamp = info.get("release_timestamp") or info.get("timestamp")
    day = time.strftime("%Y%m%d", time.gmtime(stamp)) if stamp else None
    return {
        "title": str(info.get("title") or "")[:_TEXT],
        "date": info.get("release_date") or info.get("upload_date") or day,
        "cast": [str(name)[:200] for name in info.get("cast") or ()],
        "duration": float(info.get("duration") or 0),
        "direct": _direct(info),
    }


def _direct(info: Info) -> bool:
    """Say whether the link is the file itself: yt-dlp says so of a page too whose JSON-LD names one."""
    return bool(info.get("direct")) and info.get("url") == info.get("webpage_url")


def fetch(request: Request, say: Say) -> Info:
    """Bring one recording into the request's folder and say what `ingest.sources.link` makes a material of; return its captions."""
    folder = Path(request.folder or "")
    wanted = {
        "paths": {"home": str(folder)},
        "format": _PICTURE if request.video else _SOUND,
        "match_filter": lambda info, *, incomplete: _check(info, request.seconds),
        # Many readers ask a site for its subtitles only where some are to be written; which one is, `captions.choose` says.
        "writesubtitles": True,
        "subtitleslangs": ["-all"],
    }
    with _Watched(request, say, wanted) as ydl:
        page = ydl.read(
            lambda: _entry(ydl, request.url, request.entry) if request.entry else ydl.extract_info(request.url)
        )
        info = next(iter(page["entries"]), None) if "entries" in page else page
        if not info or not info.get("requested_downloads"):
            raise Stop("media")
        text = {key: str(info[key])[:_TEXT] for key in ("title", "description", "extractor") if info.get(key)}
        sound = {
            **text,
            "files": [one["filepath"] for one in info["requested_downloads"]],
            "direct": _direct(info),
            "date": info.get("release_date") or info.get("upload_date"),
            "cast": [str(name)[:200] for name in info.get("cast") or ()],
            "chapters": [
                [c.get("start_time"), c.get("end_time"), title[:_TEXT]]
                for c in info.get("chapters") or ()
                if not (title := str(c.get("title") or "")).startswith(_UNTITLED)
            ],
        }
        say("sound", sound)
        return fetch_captions(ydl, info, request.language, folder)


def _check(info: Info, seconds: float) -> None:
    """Refuse before the first byte what is not one recording, has no end, or is too long."""
    if (info.get("n_entries") or 1) > 1:
        raise Stop("list")
    if info.get("is_live") or info.get("live_status") in ("is_live", "is_upcoming"):
        raise Stop("live")
    if (info.get("duration") or 0) > seconds:
        raise Stop("seconds", f"{decimal(seconds / 3600)} h")


def _names(ydl: _Watched, url: str, deep: int) -> Iterator[tuple[str, Info]]:
    page = ydl.read(lambda: ydl.extract_info(url, download=False))
    at, hidden = unsmuggle_url(page.get("webpage_url") or url, {})
    if "entries" not in page:
        # Orders hidden in the resolved address (a referer) would be lost with it.
        yield url if hidden else at, page
        return
    for name, entry in called(page["entries"]):
        inner, hidden = unsmuggle_url(entry.get("url") or "", {})
        reader = entry.get("ie_key")
        if (
            deep
            and reader
            and (reader == "YoutubeTab" or ydl.get_info_extractor(reader).is_single_video(inner) is False)
        ):
            yield from _names(ydl, inner, deep - 1)
        elif entry.get("_type") == "url" and not hidden and inner.startswith(("http://", "https://")):
            yield inner, entry
        else:
            yield join(at, name), entry


def _entry(ydl: _Watched, url: str, wanted: str) -> Info:
    page = ydl.extract_info(url, download=False, process=False)
    while page.get("_type") in ("url", "url_transparent"):
        page = ydl.extract_info(page["url"], download=False, process=False, ie_key=page.get("ie_key"))
    entries = list(called(page.get("entries") or ()))
    found = next((entry for name, entry in entries if name == wanted), None)
    # As earlier versions called it.
    found = found or next((entry for _, entry in entries if wanted in names_of(entry)), None)
    if found is None:
        raise Stop("gone")
    if found.get("chapters_at"):
        found["chapters"] = _chapters(ydl, found["chapters_at"]) or found.get("chapters")
    result: Info = ydl.process_ie_result(found)
    return result


def _chapters(ydl: _Watched, address: str) -> list[Info]:
    """Return the chapters of a podcast's episode that lie in a file of their own; none where that cannot be read."""
    try:
        return chapters(json.loads(ydl.urlopen(address).read()), "startTime")
    except Exception:  # noqa: BLE001 - the sound is worth having without
        return []


class _Watched(YoutubeDL):  # type: ignore[misc]
    """yt-dlp within limits: what it reads is counted, what it says is only a sign of life."""

    def __init__(self, request: Request, say: Say, wanted: Info) -> None:
        self._request = request
        self._say = say
        self._began = time.monotonic()
        self._beaten = self._counted = 0.0
        self._received = 0  # bytes of the files that are complete
        self._most = request.bytes
        self._login = False
        self._part: Part | None = None
        super().__init__(
            {
                "outtmpl": {"default": "%(format_id)s.%(ext)s"},
                "restrictfilenames": True,
                "trim_file_name": 80,
                "continuedl": True,
                "noplaylist": True,
                "hls_prefer_native": True,
                "external_downloader": {"default": "native"},
                "ffmpeg_location": "/nonexistent",
                "fixup": "never",
                "skip_unavailable_fragments": False,
                "retries": 3,
                "fragment_retries": 3,
                "extractor_retries": 1,
                "socket_timeout": 20,
                "proxy": "",
                "cachedir": False,
                "default_search": "error",
                "updatetime": False,
                "js_runtimes": {name: {} for name in RUNTIMES},
                "logger": _Logger(self._beat),
                "noprogress": True,
                "progress_hooks": [self._count],
                **wanted,
            }
        )
        self.add_info_extractor(GenericIE())
        self.add_info_extractor(PeerTubeIE())

    def read(self, what: Callable[[], Info | None]) -> Info:
        """Return what an extraction gives, or stop: nothing there, or a page that asks who one is."""
        try:
            found = what()
        except Exception as error:
            cause = getattr(error, "exc_info", (None, error))[1]
            if isinstance(cause, UnsupportedError):
                raise Stop("login" if self._login else "media") from error
            raise
        if not found:
            raise Stop("media")
        return found

    def dl(self, name: str, info: Info, subtitle: bool = False, test: bool = False) -> Any:
        """Download one file, whose marks are kept until it is whole; subtitles up to a bound of their own."""
        if subtitle:
            self._most = min(self._most, self._received + _PAGE)
        else:
            info = self._listed(info)
        self._part = part = Part(info.get("url") or "", Path(f"{name}.marks"))
        done = super().dl(name, info, subtitle, test)
        self._part = None
        part.marks.unlink(missing_ok=True)
        return done

    def urlopen(self, request: Any) -> Response:
        """Open a URL; a page is read up to a bound, and a radio's stream not at all."""
        part, ask = self._part, super().urlopen
        response: Response = part.open(request, ask) if part and part.asked(request) else ask(request)
        length = response.headers.get("Content-Length")
        if not length and any(name.lower().startswith("icy-") for name in response.headers):
            raise Stop("live")
        piecewise = response.read
        start = bytearray()

        def read(amount: int | None = None) -> bytes:
            if amount is not None and amount >= 0:
                piece = bytes(piecewise(amount))
                start.extend(piece[: max(0, 1024 - len(start))])
                return piece
            whole = bytearray()
            while piece := piecewise(65_536):
                whole += piece
                self._beat()
                if len(whole) > _PAGE:
                    raise Stop("media")
            self._login = self._login or re.search(rb"type=[\"']?password", start + whole, re.IGNORECASE) is not None
            return bytes(whole)

        response.read = read
        return response

    def _listed(self, info: Info) -> Info:
        """Return HLS that no reader said to be live or not with the very list of its pieces, which says whether it has an end.

        yt-dlp's own look goes on in silence when the list does not come, and what was there of a live would pass for a talk.
        """
        told = info.get("live_status") or info.get("is_live") is False or info.get("hls_media_playlist_data")
        if told or info.get("protocol") not in ("m3u8", "m3u8_native"):
            return info
        response = self.urlopen(WebRequest(info["url"], headers=info.get("http_headers") or {}))
        pieces = response.read().decode("utf-8", "ignore")
        if not re.search(r"^#EXT-X-(ENDLIST|PLAYLIST-TYPE:VOD)", pieces, re.MULTILINE):
            raise Stop("live")
        return {**info, "url": response.url, "hls_media_playlist_data": pieces}

    def _count(self, event: Info) -> None:
        done, total = event.get("downloaded_bytes") or 0, event.get("total_bytes") or 0
        if self._received + max(done, total) > self._most:
            raise Stop("bytes", f"{decimal(self._request.bytes / 1e9)} Go")
        if shutil.disk_usage(self._request.folder or ".").free < _ROOM:
            raise Stop("disk")
        finite = total or event.get("total_bytes_estimate")
        if not finite and time.monotonic() - self._began > _ENDLESS:
            raise Stop("live")
        now = time.monotonic()
        if now - self._counted > 0.2 or event.get("status") == "finished":
            self._counted = now
            self._say("bytes", [done, total or event.get("total_bytes_estimate") or 0])
        if event.get("status") == "finished":
            self._received += done

    def _beat(self) -> None:
        now = time.monotonic()
        if now - self._beaten > 0.2:
            self._beaten = now
            self._say("beat", None)


class _Logger:
    """Takes any word of yt-dlp for a sign of life, and no more."""

    def __init__(self, beat: Callable[[], None]) -> None:
        self._beat = beat

    def debug(self, message: str) -> None:
        self._beat()

    info = warning = error = debug
