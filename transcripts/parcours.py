"""Learning paths as staff write them, and the questionnaire that leads to one. Pure, but for reading the files.

``parcours/<slug>.toml`` is one path: its steps in order, each a question, a masterclass, or a moment of one (``at``).
``parcours/questionnaire.toml`` asks where one stands: its rules are tried in order, the first that holds decides, and the
last one has no condition.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field, model_validator
from slugify import slugify

from transcripts.errors import BadStaffFile
from transcripts.staff_files import Written, read_staff_file

QUESTIONNAIRE = "questionnaire.toml"

Text = Annotated[str, Field(min_length=1, max_length=300)]
Clock = Annotated[str, Field(pattern=r"^(\d+:)?[0-5]?\d:[0-5]\d$")]


class Step(Written):
    """One thing to do: ask ``question``, or hear ``masterclass``, from ``at`` (m:ss) on if given."""

    title: Text
    text: str = Field("", max_length=2000)
    question: Text | None = None
    masterclass: Text | None = None
    at: Clock | None = None

    @model_validator(mode="after")
    def _one_thing(self) -> Step:
        if (self.question is None) == (self.masterclass is None):
            raise ValueError(f"l’étape « {self.title} » demande soit « question », soit « masterclass »")
        if self.at and not self.masterclass:
            raise ValueError(f"l’étape « {self.title} » a « at » sans « masterclass »")
        return self

    @property
    def id(self) -> str:
        """What a device remembers it by: steps may change places, and keep their mark."""
        return slugify(self.title)

    @property
    def second(self) -> float | None:
        """Where the moment begins, in seconds."""
        if not self.at:
            return None
        seconds = 0
        for part in self.at.split(":"):
            seconds = 60 * seconds + int(part)
        return float(seconds)


class _File(Written):
    title: Text
    audience: Text
    text: str = Field("", max_length=2000)
    demonstration: bool = False
    step: tuple[Step, ...] = Field(min_length=1, max_length=30)

    @model_validator(mode="after")
    def _told_apart(self) -> _File:
        if len({step.id for step in self.step}) < len(self.step):
            raise ValueError("deux étapes portent le même titre")
        return self


@dataclass(frozen=True, slots=True)
class Parcours:
    """A learning path: for whom it is, what it brings, its steps."""

    slug: str
    title: str
    audience: str
    text: str
    steps: tuple[Step, ...]
    demonstration: bool


class Choice(Written):
    """One answer to a question of the questionnaire; rules name it by ``id``."""

    id: Text
    text: Text


class Question(Written):
    """One question of the questionnaire."""

    id: Text
    text: Text
    choice: tuple[Choice, ...] = Field(min_length=2, max_length=10)


class Rule(Written):
    """``parcours`` fits who gave one of the listed answers to each question named in ``when``."""

    parcours: Text
    when: dict[str, tuple[str, ...]] = Field(default_factory=dict)


class Questionnaire(Written):
    """« Où en êtes-vous ? », with its rules."""

    title: Text
    demonstration: bool = False
    question: tuple[Question, ...] = Field(min_length=1, max_length=8)
    rule: tuple[Rule, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _coherent(self) -> Questionnaire:
        choices = {question.id: {choice.id for choice in question.choice} for question in self.question}
        for rule in self.rule:
            for name, wanted in rule.when.items():
                unknown = set(wanted) - choices.get(name, set())
                if name not in choices or unknown:
                    raise ValueError(f"une règle nomme « {name} {' '.join(sorted(unknown))} », qui n’existe pas")
        if self.rule[-1].when:
            raise ValueError("la dernière règle doit être sans condition, pour que chacun arrive à un parcours")
        return self


@dataclass(frozen=True, slots=True)
class Paths:
    """All that the folder holds: ``questionnaire`` is None where there is none, ``errors`` say what is not shown."""

    parcours: tuple[Parcours, ...]
    questionnaire: Questionnaire | None
    errors: tuple[BadStaffFile, ...]


def decide(questionnaire: Questionnaire, answers: Mapping[str, str]) -> str | None:
    """Return the path that the answers lead to, None while it hangs on a question that has none yet.

    So the questions end as soon as nothing they could say would change the path.
    """
    for rule in questionnaire.rule:
        held = [answers[name] in wanted if name in answers else None for name, wanted in rule.when.items()]
        if False in held:
            continue
        return None if None in held else rule.parcours
    raise AssertionError("the last rule has no condition")


def read_paths(folder: Path) -> Paths:
    """Read every path of a folder, by name; a file that cannot be used is named in ``errors``, the rest is there."""
    found, errors, questionnaire = [], [], None
    for path in sorted(folder.glob("*.toml")):
        try:
            if path.name == QUESTIONNAIRE:
                questionnaire = read_staff_file(path, Questionnaire)
                continue
            file = read_staff_file(path, _File)
            found.append(
                Parcours(slugify(path.stem), file.title, file.audience, file.text, file.step, file.demonstration)
            )
        except BadStaffFile as error:
            errors.append(error)
    if questionnaire:
        lost = {rule.parcours for rule in questionnaire.rule} - {parcours.slug for parcours in found}
        if lost:
            errors.append(
                BadStaffFile(folder / QUESTIONNAIRE, f"ses règles mènent à « {min(lost)} », qui n’est pas affiché")
            )
            questionnaire = None
    return Paths(tuple(found), questionnaire, tuple(errors))
