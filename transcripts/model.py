"""What a masterclass is: plain values, times in seconds from the start of the recording."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, fields, replace
from typing import Literal, TypeVar

from slugify import slugify

Status = Literal["draft", "published"]
# What a member learns from: what is cited of it is a second, or a page.
Kind = Literal["masterclass", "study"]

# From the association's own description of its masterclasses; a deployment can add its own in settings.
THEMES: dict[str, str] = {
    "vehicules-et-systeme-financier": "Véhicules et système financier",
    "types-de-financeurs": "Types de financeurs",
    "parcours-de-financement": "Parcours de financement",
    "systeme-monetaire-et-economique": "Système monétaire et économique",
}


@dataclass(frozen=True, slots=True)
class Word:
    """A word as the recogniser gives it, with its leading space; times in seconds, and how probable it found the word."""

    start: float
    end: float
    text: str
    probability: float | None = None


@dataclass(frozen=True, slots=True)
class Cue:
    """One subtitle: ``text`` was said between ``start`` and ``end`` (seconds)."""

    start: float
    end: float
    text: str
    speaker: str | None = None


@dataclass(frozen=True, slots=True)
class Chapter:
    """A stretch of one subject, ``start`` to ``end`` (seconds)."""

    start: float
    end: float
    title: str


@dataclass(frozen=True, slots=True)
class Summary:
    """The written summary (Markdown).

    ``reviewed_by`` and ``reviewed_on`` are None while nobody has read the automatic draft. ``written_by`` is the
    language model that wrote it, empty when it quotes.
    """

    text: str = ""
    reviewed_by: str | None = None
    reviewed_on: dt.date | None = None
    written_by: str = ""


@dataclass(frozen=True, slots=True)
class Recording:
    """The media file kept by the hub: its name below ``media/``, SHA-256 and whether it shows a picture."""

    file: str
    sha256: str
    video: bool = False


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the transcript came from: a speech model's name, or ``"imported"``.

    ``sha256`` is that of the source file, by which the same recording is recognised when it comes again. ``hotwords`` are
    the terms that the model was told where it had missed them. ``note`` is for the reviewer: whose subtitles were imported, what could
    not be read.
    """

    model: str
    sha256: str
    hotwords: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Particulars:
    """What staff say of a masterclass, beside its words and who speaks; the fields mean what they do in `Details`."""

    title: str = ""
    date: dt.date = dt.date.min
    theme: str = ""
    event: str = ""
    description: str = ""
    consents: tuple[tuple[str, dt.date], ...] = ()


@dataclass(frozen=True, slots=True)
class Details:
    """What ``masterclass.toml`` says: everything about a masterclass but its words. ``duration`` in seconds.

    ``source`` is a file's name or the address of a page; ``description`` is what the source said of it. ``consents`` are
    the speakers who agreed to be published, and when they said so. A draft with ``publish_at`` is planned: the running hub
    publishes it when that time has come. ``event`` is the identifier of an event of the agenda at which it was given.
    """

    slug: str
    title: str
    date: dt.date
    theme: str
    speakers: tuple[str, ...]
    status: Status
    duration: float
    language: str
    source: str
    origin: Origin
    recording: Recording | None = None
    demonstration: bool = False
    description: str = ""
    consents: tuple[tuple[str, dt.date], ...] = ()
    publish_at: dt.datetime | None = None
    event: str = ""

    @property
    def kind(self) -> Literal["masterclass"]:
        """What this is, beside studies."""
        return "masterclass"

    @property
    def particulars(self) -> Particulars:
        """What of it staff say, and can take back."""
        return Particulars(**{one.name: getattr(self, one.name) for one in fields(Particulars)})


@dataclass(frozen=True, slots=True)
class Masterclass:
    """A masterclass whole: its details, cues, chapters and summary."""

    details: Details
    cues: tuple[Cue, ...]
    chapters: tuple[Chapter, ...] = ()
    summary: Summary = field(default_factory=Summary)


Reason = Literal["phantom", "loop", "silence"]


@dataclass(frozen=True, slots=True)
class Removed:
    """Text that the machine took out of a transcript, and why; times in seconds."""

    start: float
    end: float
    text: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Correction:
    """From ``start`` to ``end`` (seconds) the recogniser wrote ``heard``; ``term`` stands there now."""

    start: float
    end: float
    heard: str
    term: str


@dataclass(frozen=True, slots=True)
class Difference:
    """From ``start`` to ``end`` (seconds) a person had written ``kept``, which stands; another hearing gave ``heard``."""

    start: float
    end: float
    kept: str
    heard: str


_Timed = TypeVar("_Timed", Word, Removed, Correction, Difference)


@dataclass(frozen=True, slots=True)
class Trace:
    """What the machine did when it wrote a transcript, kept beside it for the reviewer.

    ``words`` are those that were heard, with their own times, so that later corrections stay in time. ``differences`` are
    what a later hearing disagrees on with a person's corrections.
    """

    words: tuple[Word, ...] = ()
    removed: tuple[Removed, ...] = ()
    corrections: tuple[Correction, ...] = ()
    differences: tuple[Difference, ...] = ()

    def moved(self, seconds: float) -> Trace:
        """Return the trace with everything so much later."""

        def later(part: tuple[_Timed, ...]) -> tuple[_Timed, ...]:
            return tuple(replace(one, start=one.start + seconds, end=one.end + seconds) for one in part)

        return Trace(later(self.words), later(self.removed), later(self.corrections), later(self.differences))


def make_slug(date: dt.date, title: str) -> str:
    """Return ``YYYY-MM-DD-words-of-the-title`` (ASCII, lower case, at most 90 characters)."""
    words = slugify(title.replace("’", "'"), max_length=79, word_boundary=True)
    return f"{date.isoformat()}-{words or 'masterclass'}"


def chapter_at(chapters: tuple[Chapter, ...], second: float) -> Chapter | None:
    """Return the chapter that is running at ``second``, None where there is none."""
    return next((c for c in reversed(chapters) if c.start <= second), None)


def moment(second: float) -> str:
    """Return what names a second in the address of a page: ``t=754.2``."""
    return f"t={round(second, 3):.12g}"


def clock(seconds: float) -> str:
    """Return ``m:ss``, or ``h:mm:ss`` from one hour on."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
