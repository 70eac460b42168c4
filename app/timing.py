"""The lines of a corrected text get the times of the sound, where its edits left guesses, by a job of the queue."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

from app.services import Services
from ingest.audio import Tape
from ingest.cues import unhurried
from ingest.wishes import Outcome, Progress, Wishes
from transcripts.errors import BadInput, Unavailable
from transcripts.model import Cue
from transcripts.retiming import Stretch, guesses, put, retimed
from transcripts.revision import Content

_SCHEME = "temps:"
_WHY = "temps accordés au son"


@dataclass(frozen=True, slots=True)
class Edited:
    """A version of a history that ``began`` then, in which a corrected text came."""

    slug: str
    began: int
    version: int


def asked(source: str) -> Edited | None:
    """Return of which text a job of the queue finds the times, None for any other job."""
    if not source.startswith(_SCHEME):
        return None
    slug, began, version = source.removeprefix(_SCHEME).split(":")
    return Edited(slug, int(began), int(version))


def ask_times(services: Services, slug: str, version: int, who: str) -> tuple[bool, str]:
    """Put into the queue what a version left to guess; return whether, and a sentence, empty where every time is known."""
    edited = Edited(slug, services.history.began(slug), version)
    if not _guesses(services, edited):
        return False, ""
    estimated = "Les temps des mots nouveaux sont estimés entre ceux des autres"
    if not _sounds(services, slug):
        return False, f"{estimated}, faute de l’enregistrement dont viennent les temps."
    wishes = Wishes(title=services.library.details(slug).title, by=who)
    try:
        services.queue.add(f"{_SCHEME}{slug}:{edited.began}:{version}", wishes, urgent=True)
    except Unavailable as error:
        return False, f"{estimated}. {error}"
    return True, f"{estimated}\u202f; ils seront accordés au son aussitôt fini le travail en cours."


def times_awaited(services: Services, slug: str) -> bool:
    """Tell whether a job is still to find times in a masterclass."""
    jobs = [job for job in services.queue.jobs() if job.state in ("waiting", "running")]
    return any((edited := asked(job.source)) and edited.slug == slug for job in jobs)


def time_lines(services: Services, edited: Edited, who: str, progress: Progress) -> Outcome:
    """Give the lines that a version left to guess the times of the sound, but for those that people changed since.

    Raises `BadInput` where the text or the recording is another by now; then nothing has changed.
    """
    begun = time.monotonic()
    library, slug = services.library, edited.slug
    details, name = library.details(slug), library.recording(slug)
    other = BadInput(f"« {details.title} » a changé entre-temps : ses temps restent ceux d’avant.")
    if name is None or not _sounds(services, slug) or edited.began != services.history.began(slug):
        raise other
    found: list[tuple[Stretch, tuple[Cue, ...]]] = []
    stretches = _guesses(services, edited)
    with library.media.local(name) as recording:
        tape = Tape(recording)
        for n, stretch in enumerate(stretches):
            progress("Accord des temps au son", n, len(stretches))
            sound = tape.between(stretch.start, stretch.end)
            heard = services.transcriber.align(sound, stretch.words, language=details.language)
            heard = [replace(w, start=w.start + stretch.start, end=w.end + stretch.start) for w in heard]
            if lines := retimed(stretch, heard):
                slow = unhurried(lines, stretch.end)
                found.append(
                    (stretch, tuple(a if known else b for a, b, known in zip(lines, slow, stretch.ends, strict=True)))
                )
    services.transcriber.rest()

    def change(content: Content) -> Content:
        if not _sounds(services, slug):
            raise other
        cues = content.cues
        for stretch, lines in found:
            cues = put(cues, stretch.lines, lines)
        return replace(content, cues=cues)

    saved = services.history.amend(slug, change, who, _WHY, of=edited.version, began=edited.began)
    took = round(time.monotonic() - begun, 3)
    cues = len(saved.content.cues)
    return Outcome(details.source, slug, details.status, details.duration, cues, details.language, took)


def _guesses(services: Services, edited: Edited) -> list[Stretch]:
    history, duration = services.history, services.library.details(edited.slug).duration
    before, after = (history.at(edited.slug, version).cues for version in (edited.version - 1, edited.version))
    return list(guesses(before, after, duration))


def _sounds(services: Services, slug: str) -> bool:
    """Tell whether there is a recording, and the times of the lines belong to it."""
    recording, timed = services.library.details(slug).recording, services.history.timed(slug)
    return bool(recording and timed and timed[0] == recording.sha256 and services.library.recording(slug))
