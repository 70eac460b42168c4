"""Transcripts as text: subtitles in, every form out. Pure."""

from __future__ import annotations

import dataclasses
import html
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Literal

import webvtt
from typing_extensions import TypedDict  # pydantic reads this one before Python 3.12
from webvtt.errors import MalformedCaptionError, MalformedFileError

from transcripts.errors import BadSubtitles
from transcripts.model import Chapter, Cue, Details, Masterclass, Status, clock
from transcripts.reading import paragraphs, sections
from transcripts.typography import lines, spaced

Form = Literal["vtt", "srt", "txt", "md", "json"]

LARGEST = 20_000_000  # bytes; a day of subtitles is under one million
_STAMP = r"(?:(\d+):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})"
TIMINGS = re.compile(rf"^[ \t]*{_STAMP}[ \t]*-->[ \t]*{_STAMP}.*$", re.MULTILINE)
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?[ \t]+([^>]*)>")
_MARKS = r"\\`*_{}\[\]()#+\-.!|<>~$:&"  # what Markdown would take for its own
ESCAPED = re.compile(rf"\\([{_MARKS}])")
_TAG = re.compile(r"</?(?:[a-zA-Z][^<>]*|\d[\d:.,]*)>")


def read_cues(data: bytes) -> tuple[Cue, ...]:
    """Read WebVTT or SRT, in any encoding such files come in. Raises `BadSubtitles`."""
    if len(data) > LARGEST:
        raise BadSubtitles(
            "Ce fichier est trop gros pour des sous-titres : rien n’a été gardé ; vérifiez que c’est le bon."
        )
    cues: list[Cue] = []
    for caption in _captions(decoded(data)):
        start, end = _seconds(caption.start), _seconds(caption.end)
        if end < start or (cues and start < cues[-1].start):
            raise BadSubtitles(
                f"Les temps reculent à {clock(start)} : rien n’a été gardé ; corrigez l’ordre des sous-titres, puis recommencez."
            )
        cues += _voices(" ".join(caption.lines), start, end)
    if not cues:
        raise BadSubtitles(
            "Aucun sous-titre n’a été trouvé : rien n’a été gardé ; donnez un fichier WebVTT (.vtt) ou SubRip (.srt) complet."
        )
    return tuple(cues)


def read_chapters(data: bytes) -> tuple[Chapter, ...]:
    """Read a WebVTT file of chapters, which may hold none. Raises `BadSubtitles`."""
    return tuple(
        Chapter(_seconds(c.start), _seconds(c.end), _plain(" ".join(c.lines))) for c in _captions(decoded(data))
    )


def write_vtt(cues: Iterable[Cue]) -> str:
    """Return WebVTT in lines that can be read, with voices where they are known."""
    return _vtt((c.start, c.end, (f"<v {_escape(c.speaker)}>" if c.speaker else "") + _payload(c.text)) for c in cues)


@lru_cache(maxsize=8192)  # two hours are written again after each correction of a word
def _payload(text: str) -> str:
    return "\n".join(map(_escape, lines(text)))


def write_chapters(chapters: Iterable[Chapter]) -> str:
    """Return chapters as WebVTT."""
    return _vtt((c.start, c.end, _escape(c.title)) for c in chapters)


class Entry(TypedDict):
    """A masterclass as ``hub list --json`` shows it; ``duration`` in seconds."""

    slug: str
    title: str
    date: str
    theme: str
    speakers: list[str]
    status: Status
    duration: float


class Whole(Entry):
    """A masterclass as ``hub show --json`` shows it."""

    cues: list[Cue]
    chapters: list[Chapter]
    summary: str


def entry(details: Details) -> Entry:
    """Return a masterclass as ``hub list --json`` shows it."""
    return {
        "slug": details.slug,
        "title": details.title,
        "date": details.date.isoformat(),
        "theme": details.theme,
        "speakers": list(details.speakers),
        "status": details.status,
        "duration": details.duration,
    }


def export(masterclass: Masterclass, form: Form) -> str:
    """Return a masterclass in one of the forms it can be taken away in."""
    writers = {
        "vtt": lambda: write_vtt(masterclass.cues),
        "srt": lambda: "\n".join(_srt(masterclass.cues)),
        "txt": lambda: "\n\n".join(_txt(masterclass)) + "\n",
        "md": lambda: "\n\n".join(_markdown(masterclass)) + "\n",
        "json": lambda: json.dumps(whole(masterclass), ensure_ascii=False, indent=1, default=dataclasses.asdict) + "\n",
    }
    return writers[form]()


def decoded(data: bytes) -> str:
    """Return a text in UTF-8, UTF-16 or, as office programs save plain text, Windows-1252."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _captions(text: str) -> list[webvtt.Caption]:
    """Parse after making SubRip's and careless times WebVTT's; what stands before them is never content."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "\ufffd")
    body = TIMINGS.sub(_timings, lines).lstrip()
    if not body.startswith("WEBVTT"):
        body = f"WEBVTT\n\n{body}"
    try:
        return list(webvtt.from_string(body).captions)
    except (MalformedFileError, MalformedCaptionError, ValueError) as error:
        raise BadSubtitles(
            "Ce fichier n’a pas la forme de sous-titres : rien n’a été gardé ; donnez un fichier WebVTT (.vtt) ou SubRip (.srt)."
        ) from error


def _timings(found: re.Match[str]) -> str:
    h1, m1, s1, f1, h2, m2, s2, f2 = (part or "0" for part in found.groups())
    return f"{h1:0>2}:{m1:0>2}:{s1:0>2}.{f1:0<3} --> {h2:0>2}:{m2:0>2}:{s2:0>2}.{f2:0<3}"


def _seconds(stamp: str) -> float:
    hours, minutes, seconds = stamp.split(":")
    return round(int(hours) * 3600 + int(minutes) * 60 + float(seconds), 3)


def _voices(payload: str, start: float, end: float) -> Iterator[Cue]:
    """Yield a cue for each voice in a payload; they share its time in proportion to their text."""
    pieces = _VOICE.split(payload)
    spoken = [(None, pieces[0]), *zip(pieces[1::2], pieces[2::2], strict=True)]
    said = [(_plain(who) if who else None, text) for who, raw in spoken if (text := _plain(raw))]
    total = sum(len(text) for _, text in said)
    at = start
    for i, (who, text) in enumerate(said):
        until = end if i == len(said) - 1 else round(at + (end - start) * len(text) / total, 3)
        yield Cue(at, until, text, who or None)
        at = until


def _plain(raw: str) -> str:
    """Return what a payload says, without tags and entities."""
    return clean(html.unescape(_TAG.sub("", raw)))


def clean(text: str) -> str:
    """Return a text as it is read back once written: composed letters, single spaces, no control or direction characters."""
    if not text.isprintable():  # nearly all is: none of those characters
        text = "".join(
            " " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c
            for c in text
            if unicodedata.category(c) not in ("Cf", "Cs")
        )
    return unicodedata.normalize("NFC", " ".join(text.split()))


def _escape(text: str) -> str:
    return (
        re.sub(r"[^\S\u00a0\u202f]+", " ", text).strip().replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    )


def _stamp(seconds: float, point: str = ".") -> str:
    whole, thousandths = divmod(round(seconds * 1000), 1000)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}{point}{thousandths:03}"


def _vtt(blocks: Iterable[tuple[float, float, str]]) -> str:
    return "WEBVTT\n" + "".join(f"\n{_stamp(start)} --> {_stamp(end)}\n{text}\n" for start, end, text in blocks)


def _srt(cues: Iterable[Cue]) -> Iterator[str]:
    speaker = None
    for n, cue in enumerate(cues, 1):
        name = f"{cue.speaker} : " if cue.speaker and cue.speaker != speaker else ""
        speaker = cue.speaker
        # SubRip has no way to write a time or a tag as text.
        text = re.sub(r"<(?=[/a-zA-Z])|<$", "‹", "\n".join(lines(name + cue.text)).replace("-->", "→"))
        yield f"{n}\n{_stamp(cue.start, ',')} --> {_stamp(cue.end, ',')}\n{text}\n"


def _txt(masterclass: Masterclass) -> Iterator[str]:
    yield masterclass.details.title
    speaker = None
    for paragraph in paragraphs(masterclass.cues, masterclass.chapters):
        name = f"{paragraph.speaker} : " if paragraph.speaker and paragraph.speaker != speaker else ""
        speaker = paragraph.speaker
        yield spaced(name + paragraph.text)


def _markdown(masterclass: Masterclass) -> Iterator[str]:
    details = masterclass.details
    yield f"# {markdown_text(details.title)}"
    yield markdown_text(", ".join([details.date.isoformat(), *details.speakers]))
    if masterclass.summary.text:
        yield f"## Résumé\n\n{masterclass.summary.text}"
    for section in sections(masterclass):
        yield f"## {markdown_text(section.chapter.title) if section.chapter else 'Transcription'}"
        for paragraph in section.paragraphs:
            name = f"**{markdown_text(paragraph.speaker)}**\u00a0: " if paragraph.speaker else ""
            yield name + markdown_text(spaced(paragraph.text))


def markdown_text(text: str) -> str:
    """Return a text that Markdown shows as it is, whatever it holds."""
    return re.sub(f"([{_MARKS}])", r"\\\1", text)


def whole(masterclass: Masterclass) -> Whole:
    """Return a masterclass as ``hub show --json`` shows it."""
    return {
        **entry(masterclass.details),
        "cues": list(masterclass.cues),
        "chapters": list(masterclass.chapters),
        "summary": masterclass.summary.text,
    }
