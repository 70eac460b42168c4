"""Links: a recording, page, playlist, channel or feed on the web; whatever yt-dlp reads."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import av
from pydantic import TypeAdapter

from ingest import audio
from ingest.sources import Glimpse, Limits, Material, Progress
from ingest.sources.address import split, wrong_with
from ingest.sources.container import browsable, look
from ingest.sources.errand import run
from ingest.sources.fetch import Request
from ingest.sources.files import date_in, sha256_of, subtitles_in, title_of
from ingest.sources.trouble import Stop, Trouble, sentence
from transcripts.addresses import one_address
from transcripts.errors import BadLink, BadRecording, BadSubtitles, LinkDown
from transcripts.files import replace_text
from transcripts.formats import read_cues
from transcripts.model import Chapter, Cue
from transcripts.typography import decimal

_SCHEME = re.compile(r"-*[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_UNREAD = "Les sous-titres publiés avec l’enregistrement n’ont pas pu être lus : le son a été transcrit."
_FETCHED = "fetched.json"  # in a work folder, once all of a recording is there


@dataclass(frozen=True, slots=True)
class _Fetched:
    """The ``file`` that came of a request, under the name that it has for good, and what was ``told`` of it."""

    name: str
    request: Request
    file: str
    told: dict[str, Any]


_CARD = TypeAdapter(_Fetched)


def fetched(work: Path, given: str) -> str | None:
    """Return the name under which what ``given`` leads to lies whole in a folder of ``work``, None where it does not.

    Whoever goes on with it need not ask the site, which may have changed its mind since.
    """
    known = (card.name for folder in work.glob("*/") if (card := _kept(folder)))
    return next((name for name in known if one_address(name) == one_address(given)), None)


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
        kept, done, total = _kept(folder), 0, 0

        def tell(*_: int) -> None:
            progress(done, total)

        if kept is None or kept.request != self._request(name, folder) or not (folder / kept.file).exists():
            told: dict[str, Any] = {}
            try:
                for key, value in self._run(name, folder):
                    if key == "bytes" and not told:
                        done, total = map(int, value)
                    elif key in ("sound", "done"):
                        told |= value
                    tell()
            except (BadLink, LinkDown):
                if not told:
                    raise
                told["captions_failed"] = True  # the sound is there: it can be transcribed
            kept = self._keep(name, folder, told)
        return self._material(kept, folder, tell)

    def _request(self, name: str, folder: Path | None) -> Request:
        limits = self._limits
        url, entry = split(name)
        return Request(
            url=url,
            entry=entry,
            folder=str(folder) if folder else None,
            private=limits.private,
            bytes=limits.bytes,
            seconds=limits.seconds,
            video=limits.video,
            language=limits.language,
        )

    def _run(self, name: str, folder: Path | None) -> Iterator[tuple[str, Any]]:
        try:
            yield from run(self._request(name, folder), self._limits.patience)
        except Stop as stop:
            raise sentence(stop.trouble, name) from None

    def _check(self, name: str) -> None:
        wrong = wrong_with(split(name)[0], private=self._limits.private)
        if wrong:
            raise sentence(Trouble("form", wrong), name)

    def _keep(self, name: str, folder: Path, told: dict[str, Any]) -> _Fetched:
        """Make one file of what came, and note that it is whole: last, so that the note is never ahead of it."""
        with _readable(name):
            file = browsable([folder / Path(one).name for one in told["files"]], picture=self._limits.video)
        kept = _Fetched(name, self._request(name, folder), file.name, told)
        replace_text(folder / _FETCHED, _CARD.dump_json(kept).decode())
        return kept

    def _material(self, kept: _Fetched, folder: Path, progress: Progress) -> Material:
        name, told, file = kept.name, kept.told, folder / kept.file
        url, entry = split(name)
        with _readable(name):
            probe, inside = audio.probe(file), look(file)
        if probe.duration > self._limits.seconds:
            raise sentence(Trouble("seconds", f"{decimal(self._limits.seconds / 3600)} h"), name)
        # A bare file has no page that speaks of it: what it says itself comes first, then its address.
        bare = told["direct"] and entry is None
        address = Path(unquote(urlsplit(url).path))
        page_title, page_date = told.get("title"), _day(told["date"])
        if bare:
            title = probe.title or title_of(address)
            date = date_in(address) or probe.date or page_date
        else:
            title, date = page_title or probe.title or title_of(address), page_date or probe.date
        cues, captions, note = _captions(told)
        return Material(
            name=name,
            sha256=sha256_of(file, progress),
            title=title,
            date=date or dt.datetime.now().astimezone().date(),
            duration=probe.duration,
            recording=file,
            video=probe.video,
            cues=cues,
            description=told.get("description") or inside.description,
            speakers=tuple(told["cast"]) or (inside.speakers if bare else ()),
            chapters=_chapters(told["chapters"], probe.duration) or inside.chapters,
            captions=captions,
            note=note,
        )


@contextmanager
def _readable(name: str) -> Iterator[None]:
    """Translate what FFmpeg says of a file that came into a sentence about its link."""
    try:
        yield
    except (BadRecording, av.FFmpegError) as error:
        raise sentence(Trouble("media"), name) from error


def _kept(folder: Path) -> _Fetched | None:
    """Return what lies whole in a folder, None where nothing does."""
    with suppress(OSError, ValueError):
        return _CARD.validate_json((folder / _FETCHED).read_bytes())
    return None


def _captions(told: dict[str, Any]) -> tuple[tuple[Cue, ...], str | None, str | None]:
    """Return the published cues, whose they are, and what the reviewer should know of them."""
    if "captions" not in told:
        return (), None, _UNREAD if told.get("captions_failed") else None
    try:
        cues = read_cues(subtitles_in(Path(told["captions"])))
    except (OSError, BadSubtitles):
        return (), None, _UNREAD
    return cues, f"Sous-titres publiés avec l’enregistrement ({told.get('extractor', 'web')}).", None


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
