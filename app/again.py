"""A talk is transcribed again, with a better model or from another recording; what people had corrected is kept."""

from __future__ import annotations

import time
from dataclasses import replace

from app import review
from app.people import Person
from app.queue import Job
from app.services import Services
from ingest.silence import is_silent
from ingest.sources import Material
from ingest.wishes import IMPORTED, Outcome, Progress, Wishes
from transcripts.errors import BadInput
from transcripts.model import Details
from transcripts.reheard import Merged, followed, merge
from transcripts.revision import Content, moved
from transcripts.typography import counted
from transcripts.withdrawal import MARK

_SCHEME = "encore:"
_SAID = (
    "Un passage en a été retiré, que le nouvel enregistrement dit peut-être encore\u00a0: il serait écrit de nouveau."
)


def slug_of(source: str) -> str | None:
    """Return which masterclass a job of the queue transcribes again, None for any other job."""
    return source.removeprefix(_SCHEME) if source.startswith(_SCHEME) else None


def refusal(services: Services, details: Details) -> str | None:
    """Return why a masterclass cannot be transcribed again to any use, as a sentence."""
    if services.library.recording(details.slug) is None:
        return "Le hub n’a pas gardé l’enregistrement."
    if details.origin.model == IMPORTED:
        return "Ses sous-titres ont été faits ailleurs\u00a0: ils restent tels quels."
    if details.origin.model == services.transcriber.name and not review.notice(services, details.slug):
        return "Elle vient déjà de ce modèle."
    return _withdrawn(services, details)


def _withdrawn(services: Services, details: Details) -> str | None:
    """Return a sentence where a passage was withdrawn, and the recording is another than the one that was silenced last.

    Told before anybody waits; the job listens itself.
    """
    slug = details.slug
    if details.recording and any(cue.text == MARK for cue in services.library.read(slug).cues):
        first = next(iter(services.history.versions(slug)), None)  # a withdrawal begins the history anew
        if first and first.recording[0] != details.recording.sha256:
            return _SAID
    return None


def ask_again(services: Services, slug: str, by: Person) -> Job:
    """Put a new transcription into the queue. Raises `BadInput` when it is of no use, or under way."""
    details = services.library.details(slug)
    source = f"{_SCHEME}{slug}"
    reason = refusal(services, details)
    if any(job.source == source and job.state in ("waiting", "running") for job in services.queue.jobs()):
        reason = "Elle est déjà dans la file d’attente."
    if reason:
        raise BadInput(f"« {details.title} » n’est pas transcrite de nouveau. {reason}")
    job = services.queue.add(source, Wishes(title=details.title, by=by.email))
    services.journal.note(by.email, f"a demandé une nouvelle transcription ({services.transcriber.name})", slug)
    return job


def transcribe_again(services: Services, slug: str, by: str, progress: Progress) -> Outcome:
    """Replace the transcript of a masterclass by that of the present model, with people's corrections merged into it.

    ``by`` is who asked for it. Chapters and links of the summary stay where they are, or follow the words to another recording than
    that of the times, which somebody is still to compare. Raises `HubError`; then nothing has changed.
    """
    began = time.monotonic()
    library, pipeline = services.library, services.pipeline
    before, trace = library.read(slug), library.trace(slug)
    details, name = before.details, library.recording(slug)
    if name is None or details.recording is None or not trace.words:
        raise BadInput(
            f"« {details.title} » ne peut pas être transcrite de nouveau : rien n’a changé ; il manque le son d’origine."
        )
    with (
        pipeline.work_folder(f"{_SCHEME}{slug}", progress) as folder,
        library.media.local(name) as recording,
    ):
        if not is_silent(recording, [(cue.start, cue.end) for cue in before.cues if cue.text == MARK]):
            raise BadInput(f"« {details.title} » n’est pas transcrite de nouveau. {_SAID}")
        material = Material(
            details.source, details.recording.sha256, details.title, details.date, details.duration, recording,
            chapters=before.chapters,
        )  # fmt: skip
        # The summary that is drafted with it is not kept: no language model need write one.
        draft = replace(pipeline, writer=None).make(material, folder, Wishes(language=details.language), progress)

    merged = Merged((), 0, ())
    other = BadInput(
        f"Le son de « {details.title} » a été changé pendant qu’il était transcrit : rien n’en est gardé ; recommencez."
    )

    def heard(content: Content) -> Content:
        """Merge into what stands now: somebody may have gone on correcting meanwhile."""
        nonlocal merged
        if library.details(slug).recording != details.recording:
            raise other
        if review.notice(services, slug):
            content = moved(content, followed(trace.moved(content.shift).words, draft.trace.words))
        merged = merge("".join(word.text for word in trace.words), content.cues, draft.masterclass.cues)
        return replace(content, cues=merged.cues, settled=())  # nobody has looked at these doubts

    model = services.transcriber.name
    saved = services.history.amend(slug, heard, by, f"nouvelle transcription ({model})")
    # Interrupted in between, the same job repeats all of it: what was merged stands for people's words then.
    made = replace(draft.trace, differences=merged.differences).moved(-saved.content.shift)
    origin = replace(details.origin, model=model, hotwords=draft.masterclass.details.origin.hotwords)
    if not library.set_hearing(slug, made, origin, details.recording):
        raise other
    services.journal.note(
        "hub",
        f"a transcrit de nouveau : {counted(merged.kept, 'correction gardée', 'corrections gardées')}, {len(merged.differences)} à vérifier",
        slug,
    )
    took = round(time.monotonic() - began, 3)
    return Outcome(details.source, slug, details.status, details.duration, len(merged.cues), details.language, took)
