"""A passage is taken back: out of the transcript, and out of whatever else quotes it. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from transcripts.errors import BadInput
from transcripts.model import Cue, Masterclass, Trace
from transcripts.phonetics import fold
from transcripts.sentences import sentences

MARK = "[Passage retiré.]"  # what readers, listeners and subtitles get in its place
_RUN = 4  # words in a row that make a quotation
_LINK = re.compile(r"[?&#]t=(\d+(?:\.\d+)?)")
# Between names that have a link each, as a summary lists organisations and terms.
_LISTED = re.compile(r"(?<=\)\)), ")


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What is left of a masterclass and of its trace, and the stretch (seconds) that is silent from now on."""

    masterclass: Masterclass
    trace: Trace
    start: float
    end: float


def touched(cues: Sequence[Cue], start: float, end: float) -> list[Cue]:
    """Return the cues that lie at least partly between two seconds."""
    return [cue for cue in cues if cue.end > start and cue.start < end and cue.text != MARK]


def withdraw(masterclass: Masterclass, trace: Trace, start: float, end: float) -> Withdrawn:
    """Take whole cues out, from the first to the last that lie at least partly between two seconds.

    Chapters' titles, lines of the summary and of the description go too where they quote (where they share four words in
    a row with what goes, that are said nowhere else) or lead into it. Raises `BadInput` where nothing is said.
    """
    gone = touched(masterclass.cues, start, end)
    if not gone:
        raise BadInput("Rien n’est dit entre ces deux moments : rien n’a été retiré ; vérifiez les temps.")
    last = max(cue.end for cue in gone)
    start, end = min(max(start, 0.0), gone[0].start), max(min(end, masterclass.details.duration), last)
    kept = [cue for cue in masterclass.cues if cue not in gone]
    quoting = Quoting(" ".join(cue.text for cue in gone), " ".join(cue.text for cue in kept))
    details = masterclass.details
    # A link leads to the second, rounded down, in which a sentence begins.
    broken = (s.start for s in sentences(masterclass.cues) if _within(s.start, s.end, start, end))
    first = int(min([start, *broken]))

    def leads(written: str) -> bool:
        return any(first <= float(second) < end for second in _LINK.findall(written))

    return Withdrawn(
        replace(
            masterclass,
            details=replace(details, description=quoting.without(details.description, leads)),
            cues=tuple(sorted([*kept, Cue(start, end, MARK)], key=lambda cue: cue.start)),
            chapters=tuple(
                replace(chapter, title=f"Chapitre {n}") if quoting.quotes(chapter.title) else chapter
                for n, chapter in enumerate(masterclass.chapters, 1)
            ),
            summary=replace(masterclass.summary, text=quoting.without(masterclass.summary.text, leads)),
        ),
        Trace(
            words=tuple(word for word in trace.words if not _within(word.start, word.end, start, end)),
            removed=tuple(one for one in trace.removed if not _within(one.start, one.end, start, end)),
            corrections=tuple(one for one in trace.corrections if not _within(one.start, one.end, start, end)),
            differences=tuple(one for one in trace.differences if not _within(one.start, one.end, start, end)),
        ),
        start,
        end,
    )


def _within(first: float, last: float, start: float, end: float) -> bool:
    return last > start and first < end


class Quoting:
    """Knows the words that go, and those that stay."""

    def __init__(self, gone: str, kept: str) -> None:
        self._gone, self._kept = _words(gone), _words(kept)

    def quotes(self, text: str) -> bool:
        """Say whether a text shares four words in a row with what goes, that stand nowhere else."""
        words = _words(text)
        length = min(_RUN, len(words), len(self._gone))
        if length < 2:
            return False
        return bool(_runs(words, length) & (_runs(self._gone, length) - _runs(self._kept, length)))

    def stays(self, text: str) -> bool:
        """Say whether a text shares four words in a row with what stays, or all its words where it has fewer."""
        words = _words(text)
        length = min(_RUN, len(words))
        return bool(_runs(words, length) & _runs(self._kept, length))

    def without(self, text: str, leads: Callable[[str], bool]) -> str:
        """Return a text without the lines that quote, and without the lines, or names in a list, that ``leads`` tells of."""
        lines, kept = text.splitlines(), []
        for line in lines:
            names = _LISTED.split(line)
            left = [] if self.quotes(line) else [name for name in names if not leads(name)]
            if left == names:
                kept.append(line)
            elif left:
                kept.append(f"{', '.join(left).removesuffix('.')}.")
        return text if kept == lines else "\n".join(kept).strip()


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", fold(text))


def _runs(words: Sequence[str], length: int) -> set[tuple[str, ...]]:
    return {tuple(words[i : i + length]) for i in range(len(words) - length + 1)}
