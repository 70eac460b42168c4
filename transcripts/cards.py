"""What the files that describe masterclasses and studies may say, checked before anything is made of it. Pure.

What else stands in such a file is somebody's own, and stays there.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from transcripts.days import PARIS
from transcripts.model import Origin, Recording, Status

_YEARS = range(2, 9999)  # at both ends of the calendar, Paris's day may be none
_LONGEST = 1e14  # seconds: more than the times of subtitles can say, and no sum of a library overflows


def _day(value: object) -> dt.date:
    if not isinstance(value, dt.date) or value.year not in _YEARS:
        raise PydanticCustomError("day", "no day")
    return value.date() if isinstance(value, dt.datetime) else value


def _moment(value: object) -> dt.datetime:
    if not isinstance(value, dt.datetime) or value.year not in _YEARS:
        raise PydanticCustomError("moment", "no moment")
    return value if value.tzinfo else value.replace(tzinfo=PARIS)  # written by hand, in the association's time


Day = Annotated[dt.date, BeforeValidator(_day)]
Moment = Annotated[dt.datetime, BeforeValidator(_moment)]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True)


class Made(_Table):
    """Where a text came from; the fields mean what they do in `Origin`."""

    origin: str
    source_sha256: str = ""
    hotwords: tuple[str, ...] = ()
    note: str = ""

    def read(self) -> Origin:
        """Return it as everything else knows it."""
        return Origin(self.origin, self.source_sha256, self.hotwords, self.note)


class Card(_Table):
    """What both say; the fields mean what they do in `Details`."""

    title: str
    date: Day
    theme: str = ""
    status: Status
    language: str
    source: str
    demonstration: bool = False
    description: str = ""
    event: Annotated[str, BeforeValidator(str)] = ""  # a day that is written without quotes is a date
    publish_at: Moment | None = None


class TalkCard(Card):
    """What ``masterclass.toml`` says."""

    speakers: tuple[str, ...]
    duration: float = Field(ge=0, le=_LONGEST, allow_inf_nan=False)
    transcript: Made
    recording: Recording | None = None
    consent: dict[str, Day] = Field(default_factory=dict)


class StudyCard(Card):
    """What ``study.toml`` says."""

    authors: tuple[str, ...]
    pages: int = Field(ge=0)
    original: str = ""
    text: Made


C = TypeVar("C", bound=Card)


def said(kind: type[C], data: dict[str, Any], *apart: str) -> tuple[C, dict[str, Any]]:
    """Return a card, and by name what it says but for what is told ``apart``. Raises `ValueError`."""
    card = kind.model_validate(data)
    return card, {name: value for name, value in card if name not in apart}
