"""Sentences of a transcript, whole and with their times; and the words that carry their meaning."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import tantivy

from transcripts.model import Chapter, Cue, chapter_at

_STOP = re.compile(r"[.!?…]+(?:\s?[\"»”)\]])*(?=\s)")
_OPENING = re.compile(r"\s+[\"«“(\[—–-]*\s*[A-ZÀ-ÖØ-Þ0-9]")
# A full stop after these, or after a single letter, ends no sentence.
_ABBREVIATED = re.compile(r"\b(?:[A-Za-z]|MM|Mme|Mlle|Dr|Me|St|Ste|art|cf|ex|env|vs)\.$")

# Where a transcript has no punctuation, a sentence is cut at a pause (seconds) once it is long (words), and at the
# longest wherever a cue ends.
_PAUSE = 0.5
_LONG = 25
_LONGEST = 50
# After such a silence (seconds) speech begins anew, whatever the punctuation says.
_SILENCE = 4.0


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as it stands in the transcript, or in a study (there, ``start`` and ``end`` are places in pages).

    ``start`` and ``end`` (seconds) are where the first cue that holds a part of it begins and the latest end of such a cue, so
    that ``text`` is found to the letter in the cues between them. ``heads`` is the header of the table whose row it is, itself for
    the header.
    """

    start: float
    end: float
    text: str
    speaker: str | None = None
    heads: str = ""

    @property
    def is_header(self) -> bool:
        """Whether it is the header of a table, which says nothing alone."""
        return bool(self.heads) and self.text == self.heads


def joined(said: Sequence[Sentence]) -> Sentence:
    """Return sentences that follow each other as one."""
    if len(said) == 1:
        return said[0]
    return Sentence(said[0].start, _end(said), " ".join(sentence.text for sentence in said), said[0].speaker)


def _end(said: Iterable[Sentence | Cue]) -> float:
    """Return the latest end: of two lines shown at once, the later may go first."""
    return max(one.end for one in said)


def split_sentences(text: str) -> list[str]:
    """Split a text into sentences; nothing but the white space between them is lost."""
    return [text[begin:end].strip() for begin, end in spans(text)]


def sentences(cues: Iterable[Cue], chapters: tuple[Chapter, ...] = ()) -> list[Sentence]:
    """Join cues into whole sentences, never across speakers, chapters or long silences."""
    found: list[Sentence] = []
    for run in _runs(tuple(cues), chapters):
        text = " ".join(cue.text for cue in run)
        ends: list[int] = []
        for cue in run:
            ends.append((ends[-1] + 1 if ends else 0) + len(cue.text))
        for begin, end in spans(text):
            first, last = bisect_right(ends, begin), bisect_left(ends, end)
            found += _cut_long(run[first : last + 1], text[begin:end], run[first].speaker)
    return found


def _runs(cues: tuple[Cue, ...], chapters: tuple[Chapter, ...]) -> Iterator[list[Cue]]:
    """Yield stretches of cues inside which a sentence may go on."""
    run: list[Cue] = []
    place, quiet = None, 0.0
    for cue in cues:
        chapter = chapter_at(chapters, (cue.start + cue.end) / 2)
        here = (cue.speaker, chapter)
        if run and (here != place or cue.start - quiet > _SILENCE):
            yield run
            run, quiet = [], 0.0
        run.append(cue)
        place, quiet = here, max(quiet, cue.end)
    if run:
        yield run


def spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield where the sentences of a text begin and end, in characters."""
    begin = 0
    for stop in _STOP.finditer(text):
        abbreviated = stop.group() == "." and _ABBREVIATED.search(text, begin, stop.end())
        if _OPENING.match(text, stop.end()) and not abbreviated:
            yield begin, stop.end()
            begin = len(text) - len(text[stop.end() :].lstrip())
    if text[begin:].strip():
        yield begin, len(text.rstrip())


def _cut_long(cues: list[Cue], text: str, speaker: str | None) -> Iterator[Sentence]:
    """Yield a sentence, in pieces where nobody punctuated it; a piece is one or more whole cues."""
    if len(text.split()) <= _LONGEST or len(cues) == 1:
        yield Sentence(cues[0].start, _end(cues), text, speaker)
        return
    pieces: list[list[Cue]] = [[cues[0]]]
    for before, cue in pairwise(cues):
        words = sum(len(c.text.split()) for c in pieces[-1])
        if (words >= _LONG and cue.start - before.end >= _PAUSE) or words + len(cue.text.split()) > _LONGEST:
            pieces.append([])
        pieces[-1].append(cue)
    # The sentence may begin and end inside its outer cues.
    texts = [" ".join(c.text for c in piece) for piece in pieces]
    whole = " ".join(texts)
    offset = whole.index(text)
    begin = 0
    for piece, part in zip(pieces, texts, strict=True):
        kept = part[max(0, offset - begin) : offset + len(text) - begin].strip()
        begin += len(part) + 1
        if kept:
            yield Sentence(piece[0].start, _end(piece), kept, speaker)


# Words of spoken French that say nothing of the subject; tantivy's own list has the written ones.
_FILLERS = [
    "ah",
    "alors",
    "après",
    "aussi",
    "aujourd",
    "avoir",
    "bah",
    "ben",
    "bien",
    "bon",
    "bref",
    "ça",
    "car",
    "ce",
    "cela",
    "celle",
    "celui",
    "ceux",
    "chose",
    "choses",
    "comme",
    "comment",
    "dire",
    "disons",
    "dit",
    "donc",
    "enfin",
    "ensuite",
    "est",
    "et",
    "être",
    "euh",
    "eux",
    "faire",
    "fait",
    "faut",
    "fois",
    "font",
    "genre",
    "hein",
    "hop",
    "hui",
    "ici",
    "là",
    "lorsque",
    "mais",
    "moins",
    "oui",
    "ok",
    "ou",
    "où",
    "par",
    "parce",
    "pareil",
    "parler",
    "peu",
    "peut",
    "peuvent",
    "plus",
    "plutôt",
    "pouvoir",
    "puis",
    "quand",
    "quel",
    "quelle",
    "quelles",
    "quelque",
    "quelques",
    "quels",
    "quoi",
    "rien",
    "sinon",
    "souvent",
    "surtout",
    "tous",
    "tout",
    "toute",
    "toutes",
    "très",
    "trop",
    "truc",
    "trucs",
    "va",
    "vais",
    "vas",
    "voilà",
    "vont",
    "vrai",
    "vraiment",
    "vu",
    "y",
]


# Words of either list as people type them without accents; « ca » is not one, since « CA » is a name of other things.
_UNACCENTED = ["apres", "etaient", "etais", "etait", "etant", "etes", "etre", "meme", "plutot", "tres", "voila"]


@lru_cache(maxsize=4)
def _analyzer(language: str) -> tantivy.TextAnalyzer:
    name = {"fr": "french", "en": "english"}.get(language, "french")
    return (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.stopword(name))
        .filter(tantivy.Filter.custom_stopword([*_FILLERS, *_UNACCENTED] if name == "french" else []))
        .filter(tantivy.Filter.stemmer(name))
        .filter(tantivy.Filter.ascii_fold())
        .build()
    )


def content_words(text: str, language: str = "fr") -> list[str]:
    """Return the stems of the words that carry meaning, in order, without accents or case."""
    return [stem for stem in _analyzer(language).analyze(text) if len(stem) > 1 or stem.isdigit()]
