"""Links: a recording, page, playlist, channel or feed on the web; whatever yt-dlp reads."""

from __future__ import annotations

import datetime as dt
import errno
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import av

from ingest import audio
from ingest.sources import Glimpse, Limits, Material, Progress
from ingest.sources.address import split, wrong_with
from ingest.sources.container import browsable, look
from ingest.sources.errand import run
from ingest.sources.fetch import Request
from ingest.sources.files import date_in, sha256_of, subtitles_in, title_of
from ingest.sources.trouble import Stop, Trouble, sentence
from transcripts.errors import BadRecording, BadSubtitles
from transcripts.formats import read_cues
from transcripts.model import Chapter, Cue
from transcripts.typography import decimal

_SCHEME = re.compile(r"-*[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_UNREAD = "Les sous-titres publiés avec l’enregistrement n’ont pas pu être lus : le son a été transcrit."


class Link:
    """A link and what it leads to; each thing is named by the address of its own page, by which it is known again."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits

    def accepts(self, given: str) -> bool:
        return bool(_SCHEME.match(given))

    def names(self, given: str, progress: Progress) -> Iterator[str]:
        self._check(given)
        if split(given)[1] is not None:
            yield given
            return
        found = []
        for key, value in self._run(given, None):
            progress(0, 0)
            if key == "entry":
                found.append(value)
        if not found:
            raise sentence(Trouble("media"), given)
        yield from found

    def look(self, given: str) -> Iterator[Glimpse]:
        """Yield what the page says of each thing behind a link, without fetching one."""
        self._check(given)
        name = given
        for key, value in self._run(given, None):
            if key == "entry":
                name = value
            elif key == "about":
                address = Path(unquote(urlsplit(split(name)[0]).path))
                bare = value["direct"] and split(name)[1] is None
                title = title_of(address) if bare else value["title"] or title_of(address)
                date = date_in(address) if bare else _day(value["date"])
                yield Glimpse(name, title, date, tuple(value["cast"]), value["duration"])

    def open(self, name: str, folder: Path, progress: Progress) -> Material:
        self._check(name)
        fetched: dict[str, Any] = {}
        done = total = 0
        for key, value in self._run(name, folder):
            if key == "bytes":
                done, total = map(int, value)
            elif key == "done":
                fetched = value
            progress(done, total)
        return self._material(name, folder, fetched, lambda read, size: progress(done, total))

    def _run(self, name: str, folder: Path | None) -> Iterator[tuple[str, Any]]:
        limits = self._limits
        url, entry = split(name)
        request = Request(
            url=url,
            entry=entry,
            folder=str(folder) if folder else None,
            private=limits.private,
            bytes=limits.bytes,
            seconds=limits.seconds,
            video=limits.video,
            language=limits.language,
        )
        try:
            yield from run(request, limits.patience)
        except Stop as stop:
            raise sentence(stop.trouble, name) from None

    def _check(self, name: str) -> None:
        wrong = wrong_with(split(name)[0], private=self._limits.private)
        if wrong:
            raise sentence(Trouble("form", wrong), name)

    def _material(self, name: str, folder: Path, fetched: dict[str, Any], progress: Progress) -> Material:
        url, entry = split(name)
        try:
            files = [folder / Path(one).name for one in fetched["files"]]
            file = browsable(files, picture=self._limits.video)
            probe, inside = audio.probe(file), look(file)
        except (BadRecording, av.FFmpegError) as error:
            full = isinstance(error, OSError) and error.errno == errno.ENOSPC
            raise sentence(Trouble("disk" if full else "media"), name) from error
        if probe.duration > self._limits.seconds:
            raise sentence(Trouble("seconds", f"{decimal(self._limits.seconds / 3600)} h"), name)
        # A bare file has no page that speaks of it: what it says itself comes first, then its address.
        bare = fetched["direct"] and entry is None
        address = Path(unquote(urlsplit(url).path))
        page_title, page_date = fetched.get("title"), _day(fetched["date"])
        if bare:
            title = probe.title or title_of(address)
            date = date_in(address) or probe.date or page_date
        else:
            title, date = page_title or probe.title or title_of(address), page_date or probe.date
        cues, captions, note = _captions(fetched)
        return Material(
            name=name,
            sha256=sha256_of(file, progress),
            title=title,
            date=date or dt.datetime.now().astimezone().date(),
            duration=probe.duration,
            recording=file,
            video=probe.video,
            cues=cues,
            description=fetched.get("description") or inside.description,
            speakers=tuple(fetched["cast"]) or (inside.speakers if bare else ()),
            chapters=_chapters(fetched["chapters"], probe.duration) or inside.chapters,
            captions=captions,
            note=note,
        )


def _captions(fetched: dict[str, Any]) -> tuple[tuple[Cue, ...], str | None, str | None]:
    """Return the published cues, whose they are, and what the reviewer should know of them."""
    if "captions" not in fetched:
        return (), None, _UNREAD if fetched.get("captions_failed") else None
    try:
        cues = read_cues(subtitles_in(Path(fetched["captions"])))
    except (OSError, BadSubtitles):
        return (), None, _UNREAD
    return cues, f"Sous-titres publiés avec l’enregistrement ({fetched.get('extractor', 'web')}).", None


def _chapters(given: list[tuple[float | None, float | None, str]], duration: float) -> tuple[Chapter, ...]:
    """Return a page's chapters that have a title and a length; the last one may be open."""
    return tuple(
        Chapter(float(start or 0), float(end or duration), title)
        for start, end, title in given
        if title and float(end or duration) > float(start or 0)
    )


def _day(text: str | None) -> dt.date | None:
    try:
        return dt.datetime.strptime(text or "", "%Y%m%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return None
