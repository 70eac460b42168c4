"""The words of a text that somebody corrected elsewhere, whatever it comes back as: plain text, subtitles, our own Markdown. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection

from transcripts.formats import ESCAPED, TIMINGS, clean, read_cues

_SUMMARY = "Résumé"
_SECTION = re.compile(r"^## +(.+?) *$", re.MULTILINE)
_HEAD = re.compile(r"\A# .*\n?\s*(?:\d{4}(?:\\?-\d{2}){2}\b.*)?")
_SPEAKER = re.compile(r"^\*\*(.+?)\*\*(?=\s?:)", re.MULTILINE)


def spoken(text: str, title: str, speakers: Collection[str], summary: str) -> list[str]:
    """Return the words that are said in a text: no title, heading, time or summary, no name of a speaker before a paragraph.

    ``summary`` is the one that such a text would hold. Raises `BadSubtitles`.
    """
    if TIMINGS.search(text):
        text = "\n".join(cue.text for cue in read_cues(text.encode()))
    elif text.lstrip().startswith("# "):
        text = _said(text, summary)
    names = "|".join(sorted(map(re.escape, speakers), key=len, reverse=True))
    words: list[str] = []
    for n, paragraph in enumerate(text.splitlines()):
        said = clean(paragraph)
        if n == 0 and said == clean(title):
            continue
        words += (re.sub(rf"^(?:{names}) ?: ", "", said) if names else said).split()
    return words


def _said(text: str, summary: str) -> str:
    """Return the transcript in a masterclass as Markdown: no title, nor the day and the people below it, and what stands under its
    headings, but for those of the summary."""
    head, *parts = _SECTION.split(text.lstrip())
    about = {_SUMMARY, *_SECTION.findall(summary)}
    bodies = [body for heading, body in zip(parts[::2], parts[1::2], strict=True) if _plain(heading) not in about]
    return _plain(_SPEAKER.sub(r"\1", "".join([_HEAD.sub("", head), *bodies])))


def _plain(text: str) -> str:
    return ESCAPED.sub(r"\1", text)
