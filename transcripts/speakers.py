"""Who speaks in a talk: voices without a name are numbered, and get one for the whole talk. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from transcripts.errors import BadInput
from transcripts.formats import clean
from transcripts.model import Cue, Masterclass

_UNNAMED = re.compile(r"Voix \d+")


def numbered(voice: int) -> str:
    """Return what the voice with this number (from 0) is called as long as nobody named it."""
    return f"Voix {voice + 1}"


def unnamed(speaker: str) -> bool:
    """Tell whether a cue's speaker is a voice that nobody has named."""
    return bool(_UNNAMED.fullmatch(speaker))


def heard(cues: Iterable[Cue]) -> tuple[str, ...]:
    """Return whom lines name, in order of their first words; voices that nobody has named are not among them."""
    return tuple(dict.fromkeys(cue.speaker for cue in cues if cue.speaker and not unnamed(cue.speaker)))


def everybody(masterclass: Masterclass) -> tuple[str, ...]:
    """Return everybody whose name readers see: those of the card, and those whom a line alone names."""
    return tuple(dict.fromkeys((*masterclass.details.speakers, *heard(masterclass.cues))))


def listed(text: str) -> tuple[str, ...]:
    """Return the names in a text, one a line or parted by ``;`` or ``|``: each once, without needless space."""
    return tuple(dict.fromkeys(name for part in re.split(r"[\n;|]", text) if (name := " ".join(part.split()))))


def renamed(
    cues: tuple[Cue, ...], speakers: tuple[str, ...], voice: str, name: str
) -> tuple[tuple[Cue, ...], tuple[str, ...]]:
    """Give a voice its name in every cue, and put the name among the talk's speakers. Raises `BadInput`.

    A name that another voice bears joins the two: one person whose voice was taken for two.
    """
    name = clean(name)
    heard = list(dict.fromkeys(cue.speaker for cue in cues if cue.speaker))
    if not name or any(c in "<>&" for c in name):
        raise BadInput("Ce nom ne peut pas être donné à une voix : rien n’a changé ; écrivez un prénom et un nom.")
    if voice not in heard:
        others = f"choisissez parmi {', '.join(heard)}" if heard else "cette masterclass n’a qu’une voix"
        raise BadInput(f"Personne ne s’appelle « {voice[:60]} » dans cette masterclass : rien n’a changé ; {others}.")
    named = tuple(replace(cue, speaker=name) if cue.speaker == voice else cue for cue in cues)
    kept = [name if speaker == voice else speaker for speaker in speakers]
    return named, tuple(dict.fromkeys(s for s in (*kept, name) if not unnamed(s)))
