"""A transcript, or a study, is cut into passages: the unit that is embedded, found and shown. Pure."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from transcripts.model import Chapter, Kind, Masterclass, chapter_at
from transcripts.sentences import Sentence, sentences
from transcripts.study import Study

# Words: a passage closes after LEAST where a pause or a chapter allows, at MOST at the latest, and begins anew with up
# to OVERLAP words of the one before, so that no idea is lost in a cut.
LEAST, MOST, OVERLAP = 60, 120, 30
_PAUSE = 1.0  # seconds; in a study, a page on which nothing is written
HEAD = 200  # characters of title and chapter that the embedder reads before a passage
# Part of what the index remembers: passages cut by another rule are cut and embedded again.
CUTTING = f"{LEAST}-{MOST}-{OVERLAP}-4"
# The same of studies alone, and of what their sentences are: another number has them cut anew, and no talk.
READING: dict[Kind, str] = {"masterclass": "", "study": " read-2"}


@dataclass(frozen=True, slots=True)
class Passage:
    """Whole sentences of one chapter, from ``start`` to ``end``: seconds, bounds of their cues; in a study, positions in pages.

    ``head`` is what they are about, for the embedder: the titles of the whole and of the chapter. ``first`` is the place of
    the first sentence among all of the talk: a phrase said twice in one cue has its words and its times twice.
    """

    id: str
    slug: str
    start: float
    end: float
    text: str
    sentences: tuple[Sentence, ...]
    chapter: Chapter | None
    head: str = ""
    first: int = 0


# Says whether a text is short enough for the embedder to read whole.
Fits = Callable[[str], bool]


def cut(whole: Masterclass | Study, fits: Fits) -> list[Passage]:
    """Cut a masterclass, or a study, into passages of `LEAST` to `MOST` words, never across a chapter or a heading.

    A passage is shorter only where a chapter is, and longer never: a sentence that exceeds it by itself is cut between
    words.
    """
    slug, title = whole.details.slug, whole.details.title
    said: Sequence[Sentence]
    if isinstance(whole, Masterclass):
        said, between = sentences(whole.cues, whole.chapters), " "
    else:
        said, between = whole.sentences(), "\n"
    passages: list[Passage] = []
    same: Counter[str] = Counter()
    before = 0
    for chapter, run in _by_chapter(said, whole.chapters):
        head = ". ".join(part for part in (title, chapter.title if chapter else "") if part)[:HEAD]
        pieces = [piece for sentence in run for piece in _shorten(sentence, fits)]
        for begin, group in _groups(pieces, fits):
            text = _text(group)
            start, end = group[0].start, max(sentence.end for sentence in group)
            # Where the sentences of a study end depends on how documents are read, which changes more than how talks are cut.
            told = between.join(sentence.text for sentence in group)
            name = f"{slug}\n{head}\n{start:.3f}\n{end:.3f}\n{told}"
            same[name] += 1  # one endless cue may say the same over and over
            again = f"\n{same[name]}" if same[name] > 1 else ""
            place = hashlib.sha256(f"{name}{again}".encode()).hexdigest()[:32]
            passages.append(Passage(place, slug, start, end, text, tuple(group), chapter, head, before + begin))
        before += len(pieces)
    return passages


def _by_chapter(
    spoken: Sequence[Sentence], chapters: tuple[Chapter, ...]
) -> Iterator[tuple[Chapter | None, list[Sentence]]]:
    part: list[Sentence] = []
    current: Chapter | None = None
    for sentence in spoken:
        chapter = chapter_at(chapters, (sentence.start + sentence.end) / 2)
        # The notes of a study come last: they do not go on where its text ends.
        if part and (chapter != current or sentence.end < part[-1].start):
            yield current, part
            part = []
        current = chapter
        part.append(sentence)
    if part:
        yield current, part


def _groups(pieces: Sequence[Sentence], fits: Fits) -> Iterator[tuple[int, list[Sentence]]]:
    """Yield overlapping runs of sentences, each of a good length, with where it begins."""
    talk = _Counted(pieces, fits)
    begin = 0
    while begin < len(pieces):
        end = begin + 1
        while end < len(pieces) and talk.may_grow(begin, end):
            end += 1
        yield begin, list(pieces[begin:end])
        if end == len(pieces):
            return
        begin = talk.overlap(begin, end)


class _Counted:
    """Sentences whose words are counted once: a talk of an hour asks for some thousand sums of them."""

    def __init__(self, pieces: Sequence[Sentence], fits: Fits) -> None:
        self._pieces, self._fits = pieces, fits
        self._before = [0, *accumulate(len(piece.text.split()) for piece in pieces)]

    def may_grow(self, begin: int, end: int) -> bool:
        # A short rest belongs to this passage rather than to one of its own.
        words, more = self._words(begin, end), self._words(end, end + 1)
        paused = self._pieces[end].start - self._pieces[end - 1].end >= _PAUSE
        rest = self._words(end, len(self._pieces))
        if words >= LEAST and rest >= LEAST and (paused or words + more > (LEAST + MOST) // 2):
            return False
        return self._fit(begin, end + 1)

    def overlap(self, begin: int, end: int) -> int:
        """Return where the next passage begins: before ``end`` by whole sentences of at most `OVERLAP` words."""
        start = end
        while (
            start - 1 > begin
            # The last passage of a chapter overlaps by more rather than fall short.
            and (self._words(start - 1, end) <= OVERLAP or self._words(start, len(self._pieces)) < LEAST)
            and self._fit(start - 1, end + 1)
        ):
            start -= 1
        return start

    def _words(self, begin: int, end: int) -> int:
        return self._before[end] - self._before[begin]

    def _fit(self, begin: int, end: int) -> bool:
        return self._words(begin, end) <= MOST and self._fits(_text(self._pieces[begin:end]))


def _shorten(sentence: Sentence, fits: Fits) -> Iterator[Sentence]:
    """Yield a sentence, halved between words for as long as it exceeds a passage or the embedder."""
    words = sentence.text.split()
    if len(words) <= MOST and fits(sentence.text):
        yield sentence
    elif len(words) > 1:
        middle = len(words) // 2
        for half in (words[:middle], words[middle:]):
            yield from _shorten(Sentence(sentence.start, sentence.end, " ".join(half), sentence.speaker), fits)
    else:
        middle = len(sentence.text) // 2
        for part in (sentence.text[:middle], sentence.text[middle:]):
            yield from _shorten(Sentence(sentence.start, sentence.end, part, sentence.speaker), fits)


def _text(run: Sequence[Sentence]) -> str:
    """Return sentences as one text, each row of a table on a line of its own."""
    text = run[0].text
    for before, sentence in pairwise(run):
        text += ("\n" if before.heads or sentence.heads else " ") + sentence.text
    return text
