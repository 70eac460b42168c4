"""The voices of a masterclass as staff see them: how long each speaks, who it may be, and the name it is given."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app import review
from app.services import Services
from ingest.voices import propose
from transcripts.edits import Rename
from transcripts.errors import DamagedFile
from transcripts.speakers import unnamed

_COMPARED = "Une voix déjà nommée ailleurs est proposée\u00a0: écoutez-la avant de lui donner ce nom."
_NOT_COMPARED = "Le hub ne garde pas d’empreintes des voix\u00a0: il ne les reconnaît pas d’une masterclass à l’autre."


@dataclass(frozen=True, slots=True)
class Voice:
    """A speaker of the cues, ``seconds`` of speech, and whom it sounds like (cosine) if prints are kept."""

    speaker: str
    seconds: float
    proposed: str | None = None
    likeness: float | None = None


@dataclass(frozen=True, slots=True)
class Proposals:
    """The names that voices without one may have, and a sentence on them, empty where every voice has its name."""

    names: dict[str, str]
    told: str


def voices(services: Services, slug: str) -> list[Voice]:
    """Return the voices of a masterclass in order of their first words; empty where there is one only. Raises `DamagedFile`."""
    seconds: dict[str, float] = {}
    for cue in services.library.read(slug).cues:
        if cue.speaker:
            seconds[cue.speaker] = seconds.get(cue.speaker, 0.0) + cue.end - cue.start
    alike = _alike(services, slug)
    return [Voice(who, round(spoken, 1), *alike.get(who, ())) for who, spoken in seconds.items()]


def proposals(services: Services, slug: str) -> Proposals:
    """Return whom the voices of a masterclass may belong to, for a person to judge."""
    if not any(cue.speaker and unnamed(cue.speaker) for cue in services.library.read(slug).cues):
        return Proposals({}, "")
    try:
        names = {voice: name for voice, (name, _) in _alike(services, slug).items()}
    except DamagedFile as error:  # a transcript is corrected without them too
        return Proposals({}, str(error))
    return Proposals(names, _COMPARED if services.settings.speech.prints else _NOT_COMPARED)


def _alike(services: Services, slug: str) -> dict[str, tuple[str, float]]:
    """Return the known name that each voice without one sounds like, with the cosine; none unless prints may be kept."""
    prints = services.prints
    mine = {who: vector for who, vector in prints.read(slug) if unnamed(who)} if services.settings.speech.prints else {}
    if not mine:
        return {}
    found = propose(np.array(list(mine.values()), np.float32), prints.named(besides=slug))
    return {who: alike for who, alike in zip(mine, found, strict=True) if alike}


def drop_prints(services: Services) -> None:
    """Erase what was kept of voices before the setting said that nothing is."""
    if not services.settings.speech.prints:
        services.prints.clear()


def name_voice(services: Services, slug: str, voice: str, name: str, who: str) -> None:
    """Give a voice its name for the whole talk. Raises `BadInput`."""
    latest = services.history.open(slug).version.number
    review.save(services, slug, latest, (Rename(voice, name),), who)
