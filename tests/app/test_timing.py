"""A corrected text gets the times of the sound where nobody had heard its words, after it is saved and never over newer work."""

from dataclasses import replace
from pathlib import Path

import pytest
from pytest import approx

from app import review
from app.jobs import do
from app.services import Services
from tests.talks import cut, talk
from transcripts.edits import Align, Retime, SetText
from transcripts.library import Library
from transcripts.model import Cue

HEARD = "2026-10-15-d-ou-vient-la-monnaie"
ME = "camille@example.org"


@pytest.fixture(scope="module")
def said(demo_home: Path) -> tuple[Cue, ...]:
    """What is said in the first half minute of a recording that was really transcribed, as its own times have it."""
    return tuple(cue for cue in Library(demo_home).read(HEARD).cues if cue.end < 32)


@pytest.fixture
def slug(services: Services, demo_home: Path, said: tuple[Cue, ...], tmp_path: Path) -> str:
    """That talk, of which two lines were not heard: the second, and the last."""
    path = cut(next((demo_home / "media").glob(f"{HEARD}.*")), tmp_path / "court.flac", 32)
    slug = talk(services.library, "Courte", (said[0], *said[2:-1]), recording=path)
    services.library.set_details(slug, duration=32.0)
    return slug


def corrected(services: Services, slug: str, texts: list[str]) -> review.State:
    """Give the text of the whole talk."""
    state = review.opened(services, slug)
    return review.save(services, slug, state.number, (Align(" ".join(texts)),), ME)


def timed(services: Services) -> tuple[Cue, ...]:
    """Do the job that this asked for, and return what stands then."""
    (job,) = services.queue.jobs()
    assert job.urgent
    (outcome,) = do(services, job.source, job.wishes, lambda *_: None)
    services.queue.cancel(job.id)
    services.queue.forget(job.id)
    return services.history.open(outcome.slug or "").content.cues


def test_lines_that_nobody_had_heard_get_the_times_of_the_sound_and_go_with_the_text(
    services: Services, slug: str, said: tuple[Cue, ...]
) -> None:
    before = review.opened(services, slug)
    state = corrected(services, slug, [cue.text for cue in said])
    assert "estimés" in state.notice
    assert [cue.text for cue in state.content.cues] == [cue.text for cue in said]  # at once
    assert abs(state.content.cues[-1].start - said[-1].start) > 1
    assert state.later and review.save(services, slug, state.number, (), ME).later
    lines = timed(services)
    look = review.save(services, slug, state.number, (), ME)
    assert (look.later, look.content.cues) == (False, lines)
    assert [(cue.text, cue.start) for cue in lines] == [(cue.text, approx(cue.start, abs=0.3)) for cue in said]
    # Where Whisper has the last word end differs from processor to processor.
    assert lines[-1].end == approx(said[-1].end, abs=0.8)
    assert [lines[n] for n in range(len(said)) if n not in (1, 10, 11)] == [
        said[n] for n in range(len(said)) if n not in (1, 10, 11)
    ]
    sitting = review.sittings(services, slug)[0]
    assert (sitting.who, sitting.what) == (ME, "temps accordés au son : 3 lignes recalées")
    # « Annuler » in the editor that gave the text knows no later version.
    undone = review.undo(services, slug, state.number, ME)
    assert undone.content == before.content
    assert review.undo(services, slug, undone.number, ME).content.cues == lines


def test_times_that_come_late_leave_what_people_did_meanwhile(
    services: Services, slug: str, said: tuple[Cue, ...]
) -> None:
    texts = [cue.text for cue in said]
    state = corrected(services, slug, texts)
    newer = review.save(services, slug, state.number, (SetText(1, "Autre chose."), Retime(11, 28.0, 31.0)), ME)
    assert timed(services) == newer.content.cues
    review.undo(services, slug, newer.number, ME)
    undone = review.undo(services, slug, state.number, ME)
    # What was given and taken back at once, and words that were not said, change no time.
    again = corrected(services, slug, texts)
    undone = review.undo(services, slug, again.number, ME)
    assert timed(services) == undone.content.cues
    wrong = corrected(services, slug, [texts[0], "La coopérative rembourse ses sociétaires demain.", *texts[2:-1]])
    assert timed(services) == wrong.content.cues


def test_no_times_are_sought_where_they_are_known_or_nobody_can_listen(
    services: Services, slug: str, said: tuple[Cue, ...]
) -> None:
    texts = [said[0].text, *(cue.text for cue in said[2:-1])]
    assert corrected(services, slug, [texts[0].replace("Bonjour", "Bonsoir"), *texts[1:]]).notice == ""
    silent = talk(services.library, "Sans le son", said)
    assert (
        "faute de l’enregistrement" in corrected(services, silent, [*texts, "encore", "quatre", "mots", "ici"]).notice
    )
    services.library.set_details(slug, recording=replace(services.library.details(slug).recording, sha256="1" * 64))
    assert "faute de l’enregistrement" in corrected(services, slug, [cue.text for cue in said]).notice
    assert services.queue.jobs() == []
