"""Markdown, by way of the HTML that it stands for."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import frontmatter
import yaml
from markdown_it import MarkdownIt
from mdit_py_plugins.footnote import footnote_plugin

from ingest.documents import Document, Progress
from ingest.documents.html import from_html
from transcripts.errors import BadDocument
from transcripts.formats import clean


def read_markdown(path: Path, progress: Progress) -> Document:
    """Return what a Markdown file holds. Raises `BadDocument`."""
    data = path.read_bytes()
    if b"\0" in data:
        raise BadDocument(f"« {path.name} » n’est pas un texte : rien n’a été gardé ; donnez le bon fichier.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    about, text = _front(text)
    parser = MarkdownIt("commonmark", {"html": True}).enable("table").use(footnote_plugin)
    document = from_html(f"<body>{parser.render(text)}</body>".encode(), path)
    date = about.get("date")
    authors = about.get("authors", about.get("author", ()))
    return replace(
        document,
        title=clean(str(about.get("title", ""))),
        authors=tuple(clean(str(name)) for name in ([authors] if isinstance(authors, str) else authors or ())),
        date=date.date() if isinstance(date, dt.datetime) else date if isinstance(date, dt.date) else None,
    )


def _front(text: str) -> tuple[dict[str, Any], str]:
    try:
        post = frontmatter.loads(text)
    except (yaml.YAMLError, ValueError, TypeError):
        return {}, text
    return post.metadata, post.content
