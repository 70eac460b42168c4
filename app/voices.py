"""The voices of a masterclass as staff see them: how long each speaks, who it may be, and the name it is given."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app import review
from app.services import Services
from ingest.voices import propose
from transcripts.edits import Rename
from transcripts.library import Library
from transcripts.prints import Prints
from transcripts.speakers import unnamed


@dataclass(frozen=True, slots=True)
class Voice:
    """A speaker of the cues, ``seconds`` of speech, and whom it sounds like (cosine) if prints are kept."""

    speaker: str
    seconds: float
    proposed: str | None = None
    likeness: float | None = None


def voices(library: Library, prints: Prints, slug: str) -> list[Voice]:
    """Return the voices of a masterclass in order of their first words; empty where there is one only."""
    seconds: dict[str, float] = {}
    for cue in library.read(slug).cues:
        if cue.speaker:
            seconds[cue.speaker] = seconds.get(cue.speaker, 0.0) + cue.end - cue.start
    kept = {who: vector for who, vector in prints.read(slug) if unnamed(who)}
    alike = propose(np.array(list(kept.values()), np.float32), prints.named(besides=slug)) if kept else []
    proposals = dict(zip(kept, alike, strict=True))
    return [Voice(who, round(spoken, 1), *(proposals.get(who) or ())) for who, spoken in seconds.items()]


def name_voice(services: Services, slug: str, voice: str, name: str, who: str) -> None:
    """Give a voice its name for the whole talk. Raises `BadInput`."""
    latest = services.history.open(slug).version.number
    review.save(services, slug, latest, (Rename(voice, name),), who)
