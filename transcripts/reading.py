"""A transcript as an article: chapters, paragraphs, and where the words of the field are explained. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby

from slugify import slugify

from transcripts.glossary import Term
from transcripts.matching import lexicon, occurrences, words_of
from transcripts.model import Chapter, Cue, Masterclass, chapter_at

# A paragraph of the reading view ends at such a pause (seconds), or after so many words, at the end of a sentence; where
# none ends, as in captions without full stops, at twice that.
_PAUSE = 1.5
_PARAGRAPH = 90


@dataclass(frozen=True, slots=True)
class Paragraph:
    """What one speaker says in one go, for reading; times in seconds."""

    start: float
    end: float
    speaker: str | None
    cues: tuple[Cue, ...]

    @property
    def text(self) -> str:
        """The words, on one line."""
        return " ".join(cue.text for cue in self.cues)


@dataclass(frozen=True, slots=True)
class Section:
    """The paragraphs of a chapter; ``chapter`` is None for what is said before the first, or where there are none."""

    chapter: Chapter | None
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class Mention:
    """A term of the field at the characters ``start`` to ``end`` of a cue's text."""

    start: int
    end: int
    term: Term


def paragraphs(cues: Iterable[Cue], chapters: tuple[Chapter, ...] = ()) -> list[Paragraph]:
    """Group cues for reading: a paragraph ends with its speaker or chapter, at a pause, or when it grows long."""
    groups: list[list[Cue]] = []
    for cue in cues:
        if not groups or _breaks(groups[-1], cue, chapters):
            groups.append([])
        groups[-1].append(cue)
    return [Paragraph(g[0].start, max(cue.end for cue in g), g[0].speaker, tuple(g)) for g in groups]


def _breaks(group: list[Cue], cue: Cue, chapters: tuple[Chapter, ...]) -> bool:
    last = group[-1]
    if cue.speaker != last.speaker or chapter_at(chapters, cue.start) != chapter_at(chapters, last.start):
        return True
    whole = last.text.rstrip('»"” ').endswith((".", "!", "?", "…"))
    patience = 1 if whole else 2
    pause, words = cue.start - last.end, sum(len(c.text.split()) for c in group)
    return pause > patience * _PAUSE or words > patience * _PARAGRAPH


def sections(masterclass: Masterclass) -> list[Section]:
    """Return the transcript by chapters."""
    spoken = paragraphs(masterclass.cues, masterclass.chapters)
    by_chapter = groupby(spoken, key=lambda p: chapter_at(masterclass.chapters, p.start))
    return [Section(chapter, tuple(group)) for chapter, group in by_chapter]


def anchor(number: int, chapter: Chapter) -> str:
    """Return what names the chapter with this number, from 1, in an address."""
    return f"chapitre-{number}-{slugify(chapter.title, max_length=40, word_boundary=True)}".rstrip("-")


def mentions(section: Section, terms: Sequence[Term]) -> Iterator[tuple[Mention, ...]]:
    """Yield, for each cue of a section in order, the terms named there for the first time in the section.

    What is named across two cues is left out: its next mention counts.
    """
    texts = [cue.text for paragraph in section.paragraphs for cue in paragraph.cues]
    begins = [0, *accumulate(len(text) + 1 for text in texts)]
    tokens = words_of(" ".join(texts))
    found: list[list[Mention]] = [[] for _ in texts]
    seen: set[str] = set()
    for first, last, name in occurrences(tokens, lexicon(tuple(terms))):
        start, end = tokens[first].start, tokens[last - 1].end
        at = bisect_right(begins, start) - 1
        if name.term.term not in seen and end < begins[at + 1]:
            seen.add(name.term.term)
            found[at].append(Mention(start - begins[at], end - begins[at], name.term))
    yield from map(tuple, found)
