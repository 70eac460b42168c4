"""Voice prints that a deployment chose to keep, to propose a name when a voice comes back.

They are personal data: ``voices/<slug>.json`` below the home, outside the library that is shown and exported, readable
by the hub's own user only, gone with their masterclass.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from pydantic import TypeAdapter

from transcripts.errors import DamagedFile, writing
from transcripts.reasons import reason
from transcripts.revision import Content
from transcripts.speakers import unnamed

Print = list[float]


@dataclass(frozen=True, slots=True)
class _Kept:
    """The print of a voice, what it is called, and ``moments`` of its lines (seconds in the trace of the machine): empty until
    anybody is renamed."""

    name: str
    vector: Print
    moments: list[float] = field(default_factory=list)


_FORM = TypeAdapter(list[_Kept])


class Prints:
    """The prints below ``home/voices``, by masterclass. Errors: `DamagedFile`, `NotWritable`."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._folder = home / "voices"

    def read(self, slug: str) -> list[tuple[str, Print]]:
        """Return the speakers of a masterclass and their prints, empty where none are kept; voices that were joined share a name."""
        return [(one.name, one.vector) for one in self._read(slug)]

    def keep(self, slug: str, prints: Mapping[str, Sequence[float]]) -> None:
        """Keep the prints of a masterclass, in place of those before."""
        self._write(slug, [_Kept(who, [round(float(x), 5) for x in vector]) for who, vector in prints.items()])

    def follow(self, slug: str, before: Content, after: Content) -> None:
        """Call each voice what most of its lines are called now, whether it was renamed, joined with another, or neither after all."""
        kept = self._read(slug)
        placed = [one if one.moments else replace(one, moments=_moments(one.name, before)) for one in kept]
        followed = [replace(one, name=_called(one, after)) for one in placed]
        if followed != kept:
            self._write(slug, followed)

    def forget(self, slug: str) -> None:
        """Erase the prints of a masterclass."""
        with writing(self._home):
            for path in self._folder.glob(f"{Path(slug).name}.*"):  # also what a killed writer left
                path.unlink(missing_ok=True)

    def clear(self) -> None:
        """Erase the prints of all masterclasses."""
        with writing(self._home):
            for path in self._folder.glob("*"):
                path.unlink(missing_ok=True)

    def named(self, besides: str) -> Iterator[tuple[str, Print]]:
        """Yield the prints of the voices that were named, in every masterclass but one."""
        for path in sorted(self._folder.glob("*.json")):
            if path.stem != besides:
                yield from ((who, vector) for who, vector in self.read(path.stem) if not unnamed(who))

    def _read(self, slug: str) -> list[_Kept]:
        path = self._path(slug)
        try:
            kept = json.loads(path.read_text("utf-8"))
            if isinstance(kept, dict):  # as they were written once
                kept = [{"name": who, "vector": vector} for who, vector in kept.items()]
            return _FORM.validate_python(kept)
        except FileNotFoundError:
            return []
        except (OSError, ValueError) as error:
            raise DamagedFile(path, reason(error)) from error

    def _write(self, slug: str, kept: list[_Kept]) -> None:
        path = self._path(slug)
        with writing(self._home):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            part = path.with_suffix(".part")
            part.write_bytes(_FORM.dump_json(kept))
            part.chmod(0o600)
            part.replace(path)

    def _path(self, slug: str) -> Path:
        return self._folder / f"{Path(slug).name}.json"


def _moments(name: str, content: Content) -> list[float]:
    return [round((c.start + c.end) / 2 - content.shift, 3) for c in content.cues if c.speaker == name]


def _called(one: _Kept, content: Content) -> str:
    starts = [cue.start for cue in content.cues]
    at = (bisect_right(starts, moment + content.shift) - 1 for moment in one.moments)
    names = Counter(name for n in at if n >= 0 and (name := content.cues[n].speaker))
    return names.most_common(1)[0][0] if names else one.name
