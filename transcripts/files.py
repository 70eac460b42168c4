"""The files of one masterclass: TOML, WebVTT and Markdown that open in ordinary tools, and what the machine did."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import tomllib
from collections.abc import MutableMapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import frontmatter
import tomlkit
from pydantic import TypeAdapter

from transcripts.cards import TalkCard, said
from transcripts.formats import write_chapters, write_vtt
from transcripts.model import Details, Masterclass, Summary, Trace

DETAILS, CUES, CHAPTERS, SUMMARY = "masterclass.toml", "transcript.vtt", "chapters.vtt", "summary.md"
TRACE = "trace.json"
HISTORY = "history"  # a folder, with a file for each version
FILES = (DETAILS, CUES, CHAPTERS, SUMMARY, TRACE, HISTORY)


def replace_text(path: Path, text: str) -> None:
    """Write a file so that a reader or a crash sees the old text or the new one, never a mixture."""
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def keep_file(source: Path, path: Path) -> None:
    """Copy a file so that it is there whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    copy = path.with_name(f".{path.name}.part")
    try:
        shutil.copyfile(source, copy)
        copy.replace(path)
    finally:
        copy.unlink(missing_ok=True)


def write_folder(folder: Path, masterclass: Masterclass, trace: Trace | None = None) -> None:
    """Write the files of a masterclass into a folder that exists."""
    replace_text(folder / DETAILS, _format_details(masterclass.details))
    replace_text(folder / CUES, write_vtt(masterclass.cues))
    replace_text(folder / CHAPTERS, write_chapters(masterclass.chapters))
    replace_text(folder / SUMMARY, format_summary(masterclass.summary))
    if trace:
        replace_text(folder / TRACE, write_trace(trace))


def write_trace(trace: Trace) -> str:
    """Return the text of ``trace.json``."""
    return TypeAdapter(Trace).dump_json(trace).decode()


def read_trace(data: bytes) -> Trace:
    """Read what `write_trace` wrote. Raises `ValueError`."""
    return TypeAdapter(Trace).validate_json(data)


def parse_details(slug: str, text: str) -> Details:
    """Read ``masterclass.toml``. Raises `ValueError`."""
    # Not by tomlkit, which keeps comments and takes six times as long: at its start a hub reads them all.
    card, same = said(TalkCard, tomllib.loads(text), "transcript", "consent")
    return Details(slug, origin=card.transcript.read(), consents=tuple(card.consent.items()), **same)


def change_details(text: str, details: Details) -> str:
    """Return the text of a ``masterclass.toml`` with what staff may change as ``details`` says; all else stays as written."""
    document = tomlkit.parse(text)
    for key, value in _changeable(details).items():
        if value:
            if document.get(key) != value:
                document[key] = value
        else:
            document.pop(key, None)
    document["speakers"] = list(details.speakers)
    document["duration"] = details.duration
    if details.recording:
        document["recording"] = asdict(details.recording)
    transcript = document["transcript"]
    if isinstance(transcript, MutableMapping):
        transcript["origin"] = details.origin.model
    return tomlkit.dumps(document)


def _changeable(details: Details) -> dict[str, Any]:
    return {
        "title": details.title,
        "date": details.date,
        "theme": details.theme,
        "status": details.status,
        "publish_at": details.publish_at,
        "event": details.event,
        "description": details.description,
        "consent": dict(details.consents),
    }


def _format_details(details: Details) -> str:
    document = tomlkit.document()
    for key in ("title", "date", "theme", "language", "source", "status", "duration"):
        document[key] = getattr(details, key)
    document["speakers"] = list(details.speakers)
    if details.description:
        document["description"] = details.description
    if details.demonstration:
        document.add(tomlkit.comment("Written to show the hub at work: its speakers are invented."))
        document["demonstration"] = True
    document["transcript"] = {
        "origin": details.origin.model,
        "source_sha256": details.origin.sha256,
        "hotwords": list(details.origin.hotwords),
    }
    if details.publish_at:
        document["publish_at"] = details.publish_at
    if details.event:
        document["event"] = details.event
    if details.consents:
        document["consent"] = dict(details.consents)
    if details.origin.note:
        document["transcript"]["note"] = details.origin.note
    if details.recording:
        document["recording"] = asdict(details.recording)
    return tomlkit.dumps(document)


def parse_summary(text: str) -> Summary:
    """Read ``summary.md``. Raises `ValueError` or `YAMLError`."""
    post = frontmatter.loads(text)
    if post.get("review") == "automatic" or not post.get("reviewed_by"):
        return Summary(post.content, written_by=str(post.get("written_by") or ""))
    return Summary(post.content, str(post["reviewed_by"]), dt.date.fromisoformat(str(post["reviewed_on"])))


def format_summary(summary: Summary) -> str:
    """Write ``summary.md``."""
    if summary.reviewed_by and summary.reviewed_on:
        about: dict[str, Any] = {"reviewed_by": summary.reviewed_by, "reviewed_on": summary.reviewed_on}
    else:
        about = {"review": "automatic"} | ({"written_by": summary.written_by} if summary.written_by else {})
    return f"{frontmatter.dumps(frontmatter.Post(summary.text, **about))}\n"
