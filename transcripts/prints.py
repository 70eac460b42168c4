"""Voice prints that a deployment chose to keep, to propose a name when a voice comes back.

They are personal data: ``voices/<slug>.json`` below the home, outside the library that is shown and exported, readable
by the hub's own user only, gone with their masterclass.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from transcripts.errors import DamagedFile, writing
from transcripts.speakers import unnamed

Print = Sequence[float]


class Prints:
    """The prints below ``home/voices``, by masterclass and speaker. Errors: `DamagedFile`, `NotWritable`."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._folder = home / "voices"

    def read(self, slug: str) -> dict[str, list[float]]:
        """Return the print of each speaker of a masterclass, empty where none are kept."""
        path = self._path(slug)
        try:
            return {str(who): [float(x) for x in vector] for who, vector in json.loads(path.read_text("utf-8")).items()}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, TypeError, AttributeError) as error:
            raise DamagedFile(path, str(error)[:120]) from error

    def keep(self, slug: str, prints: Mapping[str, Print]) -> None:
        """Keep the prints of a masterclass, in place of those before."""
        path = self._path(slug)
        with writing(self._home):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            part = path.with_suffix(".part")
            part.write_text(json.dumps({who: [round(float(x), 5) for x in v] for who, v in prints.items()}), "utf-8")
            part.chmod(0o600)
            part.replace(path)

    def rename(self, slug: str, voice: str, name: str) -> None:
        """Follow a voice that got its name."""
        kept = self.read(slug)
        if voice in kept:
            self.keep(slug, {name if who == voice else who: vector for who, vector in kept.items()})

    def forget(self, slug: str) -> None:
        """Erase the prints of a masterclass."""
        with writing(self._home):
            self._path(slug).unlink(missing_ok=True)

    def named(self, besides: str) -> Iterator[tuple[str, list[float]]]:
        """Yield the prints of the voices that were named, in every masterclass but one."""
        for path in sorted(self._folder.glob("*.json")):
            if path.stem != besides:
                yield from ((who, vector) for who, vector in self.read(path.stem).items() if not unnamed(who))

    def _path(self, slug: str) -> Path:
        return self._folder / f"{Path(slug).name}.json"
