"""Moments and pages that staff chose as the answer to a question: ``pins.json`` below the home.

A pin holds what was said or written, to the letter. Where that no longer stands there, the pin is not shown.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from filelock import FileLock
from pydantic import TypeAdapter, ValidationError

from index.answer import Quote
from index.question import clean
from transcripts.errors import BadInput, DamagedFile, NotFound, writing
from transcripts.files import replace_text
from transcripts.model import Masterclass
from transcripts.phonetics import fold
from transcripts.reasons import reason
from transcripts.resources import Resources
from transcripts.sentences import Sentence, joined
from transcripts.study import Study

_LONGEST = 180.0  # seconds of a moment
_MOST = 3000  # characters of a study
_ARTICLES = frozenset(["le", "la", "les", "l", "un", "une", "des", "du", "de", "d", "au", "aux", "the", "a", "an"])


@dataclass(frozen=True, slots=True)
class Pin:
    """What was said from ``start`` to ``end`` (seconds; places in a study) answers ``question``, as ``who`` found."""

    question: str
    slug: str
    start: float
    end: float
    quote: str
    who: str


_PINS = TypeAdapter(tuple[Pin, ...])


class Pins:
    """The pins below a home. Errors: `BadInput`, `DamagedFile`, `NotWritable`."""

    def __init__(self, home: Path, resources: Resources) -> None:
        self._path = home / "pins.json"
        self._resources = resources

    def all(self) -> tuple[Pin, ...]:
        """Return the pins, the latest last."""
        try:
            return _PINS.validate_json(self._path.read_bytes())
        except FileNotFoundError:
            return ()
        except ValidationError as error:
            raise DamagedFile(self._path, reason(error)) from error

    def pin(self, question: str, slug: str, start: float, end: float, who: str) -> Pin:
        """Choose what stands between two seconds, or places, as the answer to a question, in place of the choice before."""
        question = clean(question)
        whole = self._resources.read(slug)
        said = _said(whole, start, end)
        text = " ".join(one.text for one in said)
        if not said or (len(text) > _MOST if isinstance(whole, Study) else end - start > _LONGEST):
            raise BadInput(
                f"Il faut un moment de {_LONGEST / 60:.0f} minutes au plus, où quelqu’un parle, ou une page d’étude : "
                "rien n’a été choisi ; vérifiez l’endroit."
            )
        pin = Pin(question, slug, said[0].start, said[-1].end, text, who)
        self._change(lambda pins: [*(p for p in pins if _key(p.question) != _key(question)), pin])
        return pin

    def pin_passage(self, question: str, slug: str, passage: str, who: str) -> Pin:
        """Choose a passage that was found in a study. Raises `BadInput` where it is no longer there."""
        study = self._resources.read(slug)
        run = _run(study.sentences() if isinstance(study, Study) else (), " ".join(passage.split()))
        if not run:
            raise BadInput("Ce passage n’est plus dans l’étude : rien n’a été choisi ; cherchez de nouveau.")
        return self.pin(question, slug, run[0].start, run[-1].end, who)

    def unpin(self, question: str) -> None:
        """Leave the answer to a question to the search again."""
        self._change(lambda pins: [pin for pin in pins if _key(pin.question) != _key(question)])

    def forget(self, slug: str) -> None:
        """Take out what was chosen in a masterclass or a study."""
        if self._path.exists():
            self._change(lambda pins: [pin for pin in pins if pin.slug != slug])

    def move(self, slug: str, seconds: float) -> None:
        """Follow a masterclass of which everything comes so much later."""
        if self._path.exists():
            self._change(
                lambda pins: [
                    replace(pin, start=pin.start + seconds, end=pin.end + seconds) if pin.slug == slug else pin
                    for pin in pins
                ]
            )

    def keep_standing(self, slug: str) -> None:
        """Take out what was chosen in a masterclass or a study and no longer stands there: it may have been withdrawn."""
        if self._path.exists():
            self._change(lambda pins: [pin for pin in pins if pin.slug != slug or self._there(pin)])

    def stands(self, pin: Pin) -> Quote | None:
        """Return the quote of a pin, None where what it names is not published or no longer has these words there."""
        said = self._there(pin)
        if not said:
            return None
        details = self._resources.details(pin.slug)
        if details.status != "published":
            return None
        return Quote(joined(said), details)

    def _there(self, pin: Pin) -> list[Sentence]:
        """Return what stands where a pin says, nothing where it is other words."""
        try:
            said = _said(self._resources.read(pin.slug), pin.start, pin.end)
        except (NotFound, DamagedFile):
            return []
        return said if " ".join(" ".join(one.text for one in said).split()) == " ".join(pin.quote.split()) else []

    def of(self, question: str) -> Pin | None:
        """Return the pin of a question, however its words are put."""
        key = _key(question)
        return next((pin for pin in reversed(self.all()) if _key(pin.question) == key), None)

    def answer(self, question: str) -> Quote | None:
        """Return what was chosen as the answer to a question and stands; nothing, and a line in the log, where the file is damaged."""
        try:
            found = self.of(question)
        except DamagedFile as error:
            logging.getLogger(__name__).error("%s", error)
            return None
        return self.stands(found) if found else None

    def _change(self, changed: Callable[[Sequence[Pin]], Sequence[Pin]]) -> None:
        with writing(self._path.parent), FileLock(self._path.with_suffix(".lock")):
            replace_text(self._path, _PINS.dump_json(tuple(changed(self.all())), indent=1).decode())


def _said(whole: Masterclass | Study, start: float, end: float) -> list[Sentence]:
    """Return the cues, or the sentences of a study, that lie at least partly between two places."""
    if isinstance(whole, Study):
        return [one for one in whole.sentences() if one.end > start and one.start < end]
    return [
        Sentence(cue.start, cue.end, cue.text, cue.speaker)
        for cue in whole.cues
        if cue.end > start + 0.01 and cue.start < end - 0.01
    ]


def _run(sentences: Sequence[Sentence], passage: str) -> Sequence[Sentence]:
    """Return the sentences with which a passage begins, as many as it has whole: a long one may be cut in it."""
    best: Sequence[Sentence] = ()
    for n in range(len(sentences)):
        said, last = "", n
        while last < len(sentences) and passage.startswith(more := f"{said} {sentences[last].text}".strip()):
            said, last = more, last + 1
        if last - n > len(best):
            best = sentences[n:last]
    return best


def _key(question: str) -> frozenset[str]:
    """Return what spellings of one question share: its words but for articles. « Qui » and « quand » must not look alike."""
    return frozenset(re.findall(r"\w+", fold(question))) - _ARTICLES
