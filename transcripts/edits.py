"""Corrections of a masterclass, each a small value that travels as JSON. Times in seconds.

``at`` is the place of a line, or of a chapter, in the content that the edit is made on. ``was`` says what stood there for whoever
wrote, when the content says something else by now: somebody who types has not seen yet what a colleague just saved.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from transcripts.replacing import Wanted


@dataclass(frozen=True, slots=True)
class SetText:
    """A line says something else; its times stay."""

    at: int
    text: str
    was: str | None = None
    kind: Literal["text"] = "text"


@dataclass(frozen=True, slots=True)
class Split:
    """A line becomes two at a character of its text."""

    at: int
    offset: int
    kind: Literal["split"] = "split"


@dataclass(frozen=True, slots=True)
class Join:
    """A line and the next become one."""

    at: int
    kind: Literal["join"] = "join"


@dataclass(frozen=True, slots=True)
class Add:
    """What was missing, in as many lines as it takes; its neighbours give way."""

    start: float
    end: float
    text: str
    kind: Literal["add"] = "add"


@dataclass(frozen=True, slots=True)
class Remove:
    """A line goes."""

    at: int
    kind: Literal["remove"] = "remove"


@dataclass(frozen=True, slots=True)
class Retime:
    """A line begins and ends elsewhere (seconds); its neighbours give way."""

    at: int
    start: float
    end: float
    kind: Literal["retime"] = "retime"


@dataclass(frozen=True, slots=True)
class SetSpeaker:
    """Somebody else says a line."""

    at: int
    speaker: str
    kind: Literal["speaker"] = "speaker"


@dataclass(frozen=True, slots=True)
class Rename:
    """A voice gets its name in the whole talk."""

    voice: str
    name: str
    kind: Literal["rename"] = "rename"


@dataclass(frozen=True, slots=True)
class AddChapter:
    """A chapter begins at a second."""

    start: float
    title: str
    kind: Literal["add-chapter"] = "add-chapter"


@dataclass(frozen=True, slots=True)
class ChangeChapter:
    """A chapter begins elsewhere, or is called otherwise: the one at a place, or that which ``was`` (start and title)."""

    at: int
    start: float
    title: str
    was: tuple[float, str] | None = None
    kind: Literal["chapter"] = "chapter"


@dataclass(frozen=True, slots=True)
class RemoveChapter:
    """A chapter is no more; the one before it lasts longer."""

    at: int
    kind: Literal["remove-chapter"] = "remove-chapter"


@dataclass(frozen=True, slots=True)
class SetSummary:
    """The summary says something else; nobody has confirmed that yet."""

    text: str
    was: str | None = None
    kind: Literal["summary"] = "summary"


@dataclass(frozen=True, slots=True)
class Confirm:
    """Somebody has read the summary."""

    name: str
    kind: Literal["confirm"] = "confirm"


@dataclass(frozen=True, slots=True)
class Shift:
    """Everything comes so much later (seconds; earlier when negative): an intro was added or cut."""

    seconds: float
    kind: Literal["shift"] = "shift"


@dataclass(frozen=True, slots=True)
class Replace:
    """Words are replaced in the lines named, or in all."""

    wanted: Wanted
    by: str
    lines: tuple[int, ...] | None = None
    kind: Literal["replace"] = "replace"


@dataclass(frozen=True, slots=True)
class Align:
    """A corrected text of the whole talk takes the place of the words; unchanged words keep their times."""

    text: str
    kind: Literal["align"] = "align"


@dataclass(frozen=True, slots=True)
class Settle:
    """Somebody has looked at a doubt, and the line may stay as it is."""

    doubt: str
    kind: Literal["settle"] = "settle"


Edit = Annotated[
    SetText
    | Split
    | Join
    | Add
    | Remove
    | Retime
    | SetSpeaker
    | Rename
    | AddChapter
    | ChangeChapter
    | RemoveChapter
    | SetSummary
    | Confirm
    | Shift
    | Replace
    | Align
    | Settle,
    Field(discriminator="kind"),
]
