"""Written Markdown, such as a summary, as plain blocks: whatever else it holds stays text. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token

from transcripts.model import Summary
from transcripts.typography import french_day

_TARGET = re.compile(r"#t=\d+(?:\.\d+)?|#page=\d+|https?://[^\s<>\"]+")


@dataclass(frozen=True, slots=True)
class Span:
    """Words in one style; ``link`` is ``#t=<seconds>`` for a moment of a talk, ``#page=<number>`` for a page of a study, an http(s) address, or empty."""

    text: str
    strong: bool = False
    emphasis: bool = False
    link: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, a paragraph, or a point of a list."""

    kind: Literal["heading", "paragraph", "item"]
    spans: tuple[Span, ...]

    @property
    def text(self) -> str:
        """The words alone."""
        return "".join(span.text for span in self.spans)


def blocks(markdown: str) -> list[Block]:
    """Return the blocks of a text; lists inside lists come out level, HTML and code as the text they are."""
    found: list[Block] = []
    kind: Literal["heading", "paragraph", "item"] = "paragraph"
    depth = 0
    for token in _parser().parse(markdown):
        depth += {"list_item_open": 1, "list_item_close": -1}.get(token.type, 0)
        if token.type == "heading_open":
            kind = "heading"
        elif token.type == "paragraph_open":
            kind = "item" if depth else "paragraph"
        elif token.type == "inline":
            found.append(Block(kind, tuple(_spans(token.children or ()))))
        elif token.type in ("fence", "code_block"):
            found.append(Block("paragraph", (Span(token.content.strip()),)))
    return [block for block in found if block.text.strip()]


def led(found: Sequence[Block], address: Callable[[int], str]) -> list[Block]:
    """Return blocks whose links to pages lead to the addresses of those pages."""

    def lead(span: Span) -> Span:
        page = span.link.removeprefix("#page=")
        return replace(span, link=address(int(page))) if page != span.link else span

    return [Block(block.kind, tuple(map(lead, block.spans))) for block in found]


def moments(found: Iterable[Block]) -> set[float]:
    """Return the seconds of a talk that blocks lead to."""
    links = (span.link for block in found for span in block.spans)
    return {float(link.removeprefix("#t=")) for link in links if link.startswith("#t=")}


def reviewed(summary: Summary) -> str:
    """Return who read a summary and when, or that nobody did."""
    if summary.reviewed_by and summary.reviewed_on:
        return f"Relu par {summary.reviewed_by} le {french_day(summary.reviewed_on)}"
    if summary.written_by:
        return (
            f"Résumé écrit par le modèle {summary.written_by}, comparé phrase par phrase à la transcription, non relu"
        )
    return "Résumé automatique, non relu"


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False})


def _spans(tokens: Iterable[Token]) -> Iterator[Span]:
    strong = emphasis = 0
    link = ""
    for token in tokens:
        strong += token.nesting * (token.tag == "strong")
        emphasis += token.nesting * (token.tag == "em")
        if token.type == "link_open":
            target = str(token.attrs.get("href", ""))
            link = target if _TARGET.fullmatch(target) else ""
        elif token.type == "link_close":
            link = ""
        elif token.nesting == 0:
            text = " " if token.type in ("softbreak", "hardbreak") else token.content
            yield Span(text, strong > 0, emphasis > 0, link)
