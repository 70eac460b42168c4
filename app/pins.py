"""Moments that staff chose as the answer to a question: ``pins.json`` below the home.

A pin holds what was said, to the letter. Where the transcript no longer has these words at that moment, the pin is not shown.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock
from pydantic import TypeAdapter, ValidationError

from index.answer import Quote
from index.question import clean
from transcripts.errors import BadInput, DamagedFile, NotFound, writing
from transcripts.files import replace_text
from transcripts.library import Library
from transcripts.model import Cue
from transcripts.phonetics import fold
from transcripts.sentences import Sentence

_LONGEST = 180.0  # seconds of a moment
_ARTICLES = frozenset(["le", "la", "les", "l", "un", "une", "des", "du", "de", "d", "au", "aux", "the", "a", "an"])


@dataclass(frozen=True, slots=True)
class Pin:
    """What was said from ``start`` to ``end`` (seconds) answers ``question``, as ``who`` found."""

    question: str
    slug: str
    start: float
    end: float
    quote: str
    who: str


_PINS = TypeAdapter(tuple[Pin, ...])


class Pins:
    """The pins below a home. Errors: `BadInput`, `DamagedFile`, `NotWritable`."""

    def __init__(self, home: Path, library: Library) -> None:
        self._path = home / "pins.json"
        self._library = library

    def all(self) -> tuple[Pin, ...]:
        """Return the pins, the latest last."""
        try:
            return _PINS.validate_json(self._path.read_bytes())
        except FileNotFoundError:
            return ()
        except ValidationError as error:
            raise DamagedFile(self._path, str(error.errors()[0]["msg"])[:120]) from error

    def pin(self, question: str, slug: str, start: float, end: float, who: str) -> Pin:
        """Choose what was said between two seconds as the answer to a question, in place of the choice before."""
        question = clean(question)
        said = _said(self._library.read(slug).cues, start, end)
        if not said or end - start > _LONGEST:
            raise BadInput(
                f"Il faut un moment de {_LONGEST / 60:.0f} minutes au plus, où quelqu’un parle : rien n’a été choisi ; vérifiez les temps."
            )
        pin = Pin(question, slug, said[0].start, said[-1].end, " ".join(cue.text for cue in said), who)
        self._keep([*(p for p in self.all() if _key(p.question) != _key(question)), pin])
        return pin

    def unpin(self, question: str) -> None:
        """Leave the answer to a question to the search again."""
        self._keep([pin for pin in self.all() if _key(pin.question) != _key(question)])

    def forget(self, slug: str) -> None:
        """Take out what was chosen in a masterclass."""
        if self._path.exists():
            self._keep([pin for pin in self.all() if pin.slug != slug])

    def stands(self, pin: Pin) -> Quote | None:
        """Return the quote of a pin, None where its masterclass is not published or no longer has these words there."""
        try:
            if self._library.details(pin.slug).status != "published":
                return None
            masterclass = self._library.read(pin.slug)
        except (NotFound, DamagedFile):
            return None
        said = _said(masterclass.cues, pin.start, pin.end)
        if " ".join(" ".join(cue.text for cue in said).split()) != " ".join(pin.quote.split()):
            return None
        return Quote(Sentence(pin.start, pin.end, pin.quote, said[0].speaker), masterclass.details)

    def answer(self, question: str) -> Quote | None:
        """Return what was chosen as the answer to a question, however its words are put."""
        key = _key(question)
        found = next((pin for pin in reversed(self.all()) if _key(pin.question) == key), None)
        return self.stands(found) if found else None

    def _keep(self, pins: Sequence[Pin]) -> None:
        with writing(self._path.parent), FileLock(self._path.with_suffix(".lock")):
            replace_text(
                self._path, json.dumps(_PINS.dump_python(tuple(pins), mode="json"), ensure_ascii=False, indent=1)
            )


def _said(cues: Sequence[Cue], start: float, end: float) -> list[Cue]:
    return [cue for cue in cues if cue.end > start + 0.01 and cue.start < end - 0.01]


def _key(question: str) -> frozenset[str]:
    """Return what spellings of one question share: its words but for articles. « Qui » and « quand » must not look alike."""
    return frozenset(re.findall(r"\w+", fold(question))) - _ARTICLES
