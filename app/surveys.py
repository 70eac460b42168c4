"""The surveys of a home: their files, read once, and which of their free texts a person has reviewed."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import tomlkit
from filelock import FileLock
from pydantic import TypeAdapter, ValidationError
from slugify import slugify
from tomlkit.exceptions import TOMLKitError

from app.survey_file import read_survey
from transcripts.days import today
from transcripts.errors import BadInput, DamagedFile, HubError, writing
from transcripts.files import replace_text
from transcripts.folders import stamp
from transcripts.personal import without_personal
from transcripts.reasons import reason
from transcripts.staff_files import read_staff_file
from transcripts.survey import Description, Said, Survey

_CARD, _REVIEWED_FILE = "survey.toml", "reviewed.json"
_NAME = 60  # characters of a survey's name
_LONGEST = 1000  # characters of a reviewed text


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A free text as a person let it stand, empty where it is not to be shown; ``key`` is a hash of what was written."""

    key: str
    text: str
    who: str
    on: dt.date


_REVIEWED = TypeAdapter(tuple[Reviewed, ...])


class KeptSurvey:
    """One survey: ``survey.toml`` in its folder, the file of answers beside it, and ``reviewed.json``.

    Errors: `BadStaffFile`, `BadInput`, `DamagedFile`, `NotWritable`.
    """

    def __init__(self, root: Path, name: str) -> None:
        self.name, self.folder = name, root / name
        self._reviewed = self.folder / _REVIEWED_FILE
        self._read: tuple[tuple[int, ...], Survey] | None = None
        self._texts: tuple[Survey, tuple[int, ...], tuple[str, ...]] | None = None

    def any(self) -> Survey | None:
        """Return the survey, published or not; None where there is none. For staff."""
        path = self.folder / _CARD
        try:
            description = read_staff_file(path, Description)
            answers = self.folder / description.file
            signature = tuple(n for p in (path, answers) for n in (p.stat().st_mtime_ns, p.stat().st_size))
            if self._read is None or self._read[0] != signature:
                self._read = signature, read_survey(answers.read_bytes(), description)
        except FileNotFoundError:
            return None
        return self._read[1]

    def published(self) -> Survey | None:
        """Return the survey that everybody may explore."""
        survey = self.any()
        return survey if survey and survey.description.published else None

    def keep(self, answers: bytes, written: str, *, published: bool = False) -> Survey:
        """Put a survey in place of the one before, as a draft unless told; nothing changes where it cannot be read.

        ``written`` is the description as staff wrote it, which is kept with its comments.
        """
        document, description = _described(written, published)
        survey = read_survey(answers, description)
        with self._changing():
            part = self.folder / f".{description.file}.part"
            part.write_bytes(answers)
            part.replace(self.folder / description.file)
            replace_text(self.folder / _CARD, document)
            for before in [*self.folder.glob("*.csv"), *self.folder.glob("*.xlsx")]:
                if before.name != description.file:  # answers whose place these take
                    before.unlink()
            if self._reviewed.exists():  # what was decided of texts that are gone is nobody's any more
                present = {key(said.text) for said in survey.said}
                kept = tuple(each for each in self.reviewed() if each.key in present)
                replace_text(self._reviewed, _REVIEWED.dump_json(kept, indent=1).decode())
        return survey

    def show(self, published: bool) -> None:
        """Publish the survey, or take it back."""
        path = self.folder / _CARD
        if self.any() is None:
            raise BadInput("Il n’y a pas d’enquête : rien n’a changé ; donnez d’abord ses réponses.")
        with self._changing():
            replace_text(path, _described(path.read_text("utf-8-sig"), published)[0])

    def remove(self) -> None:
        """Remove the survey for good: description, answers, and what was decided of its texts."""
        with writing(self.folder):
            # The description first: without it nothing is shown.
            for path in sorted(self.folder.iterdir(), key=lambda path: path.name != _CARD):
                if path.is_file():
                    path.unlink()
            with suppress(OSError):  # other surveys may lie in it
                self.folder.rmdir()

    def reviewed(self) -> tuple[Reviewed, ...]:
        """Return what was decided of free texts."""
        try:
            return _REVIEWED.validate_json(self._reviewed.read_bytes())
        except FileNotFoundError:
            return ()
        except ValidationError as error:
            raise DamagedFile(self._reviewed, reason(error)) from error

    def waiting(self) -> dict[str, Said]:
        """Return the free texts that nobody has reviewed yet, by their `key`, personal data taken out by rule.

        What several wrote is there once, where it comes first.
        """
        survey = self.any()
        done = {each.key for each in self.reviewed()}
        found: dict[str, Said] = {}
        for said in survey.said if survey else ():
            if (known := key(said.text)) not in done:
                found.setdefault(known, Said(said.line, said.question, without_personal(said.text)))
        return found

    def review(self, known: str, text: str, who: str) -> None:
        """Decide on a free text by its `key`: ``text`` is what may be shown, empty for nothing."""
        survey = self.any()
        if len(text) > _LONGEST or not any(key(said.text) == known for said in (survey.said if survey else ())):
            raise BadInput("Ce texte n’est plus là, ou il est trop long : rien n’a changé ; rechargez la page.")
        self.decide([Reviewed(known, " ".join(text.split()), who, today())])

    def decide(self, decisions: Sequence[Reviewed]) -> None:
        """Keep decisions, in place of earlier ones on the same texts."""
        with self._changing():
            kept = {each.key: each for each in (*self.reviewed(), *decisions)}
            replace_text(self._reviewed, _REVIEWED.dump_json(tuple(kept.values()), indent=1).decode())

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """Hold the folder: whoever else changes it waits."""
        with writing(self.folder):
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with FileLock(self._reviewed.with_suffix(".lock")):
                yield

    def texts(self) -> tuple[str, ...]:
        """Return the free texts that everybody may read, in no order of their own; one that several wrote stands as often.

        They are read anew only when the survey or a decision changed.
        """
        survey, decided = self.published(), stamp(self._reviewed, missing_ok=True)
        if survey is None:
            return ()
        if self._texts is None or self._texts[0] is not survey or self._texts[1] != decided:
            shown = {each.key: each.text for each in self.reviewed()}
            texts = tuple(sorted(text for said in survey.said if (text := shown.get(key(said.text)))))
            self._texts = survey, decided, texts
        return self._texts[2]


class Surveys:
    """All surveys: each in a folder below ``survey/``, by whose name it is known.

    The one known as "" lies in ``survey/`` itself: it was there when a home could have one only.
    """

    def __init__(self, home: Path) -> None:
        self.folder = home / "survey"
        self._known: dict[str, KeptSurvey] = {}

    def names(self) -> list[str]:
        """Return the names of all that there are, published or not."""
        first = [""] if (self.folder / _CARD).exists() else []
        return [*first, *sorted(path.parent.name for path in self.folder.glob(f"*/{_CARD}"))]

    def of(self, name: str) -> KeptSurvey:
        """Return a survey by one of the `names`. Raises `BadInput`."""
        if name not in self.names():
            raise BadInput("Cette enquête n’est plus là : rien n’a changé ; rechargez la page.")
        return self._kept(name)

    def published(self) -> dict[str, Survey]:
        """Return the surveys that everybody may explore, by their names; one that staff have to mend is left out."""
        found = {}
        for name in self.names():
            with suppress(HubError):
                if survey := self._kept(name).published():
                    found[name] = survey
        return found

    def _kept(self, name: str) -> KeptSurvey:
        return self._known.setdefault(name, KeptSurvey(self.folder, name))

    def new(self, written: str) -> KeptSurvey:
        """Return where one more survey may be kept, by the title in its description. Raises `BadInput`."""
        title = slugify(_described(written, False)[1].title, max_length=_NAME, word_boundary=True) or "enquete"
        names = (title, *(f"{title}-{n}" for n in range(2, 1000)))
        return KeptSurvey(self.folder, next(name for name in names if not (self.folder / name).exists()))


def key(text: str) -> str:
    """Return what a free text is known by."""
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def _described(written: str, published: bool) -> tuple[str, Description]:
    """Return a description as it is to be written, and what it says. Raises `BadInput`."""
    try:
        document = tomlkit.parse(written)
        document["published"] = published
        return tomlkit.dumps(document), Description.model_validate(document.unwrap())
    except TOMLKitError as error:
        raise BadInput("La description n’est pas du TOML : rien n’a changé ; corrigez-la.") from error
    except ValidationError as error:
        raise BadInput(f"La description n’est pas suivie ({reason(error)}) : rien n’a changé ; corrigez-la.") from error
