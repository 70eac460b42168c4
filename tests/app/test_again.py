"""A recording that is really heard again keeps what people corrected."""

from dataclasses import replace
from pathlib import Path

import pytest
from pytest import approx

from app import review
from app.again import refusal, transcribe_again
from app.jobs import do
from app.services import Services
from ingest.wishes import Wishes
from tests.talks import cut
from transcripts.edits import Shift
from transcripts.errors import BadInput
from transcripts.model import Chapter, Recording, Summary, Word, clock

HEARD = "2026-10-15-d-ou-vient-la-monnaie"


def test_corrections_survive_another_hearing_which_the_history_names(
    services: Services, demo_home: Path, tmp_path: Path
) -> None:
    path = cut(next((demo_home / "media").glob(f"{HEARD}.*")), tmp_path / "court.flac", 25)
    (outcome,) = do(services, str(path), Wishes(title="Courte", speakers=("Zoé",)), lambda *_: None)
    slug = outcome.slug or ""
    library = services.library
    first, trace = library.read(slug), library.trace(slug)
    assert len(first.cues) > 2
    # A person puts a word right, and the machine had once heard something else at the end.
    words = first.cues[1].text.split()
    corrected = replace(first.cues[1], text=" ".join(["Corrigé", *words[1:]]), speaker="Zoé")
    library.rewrite(slug, cues=(first.cues[0], corrected, *first.cues[2:]))
    older = (*trace.words[:-1], Word(trace.words[-1].start, trace.words[-1].end, " autrement."))
    tiny = replace(first.details.origin, model="tiny")
    assert library.set_hearing(slug, replace(trace, words=older), tiny, first.details.recording)
    shifted = review.save(services, slug, review.opened(services, slug).number, (Shift(0.2),), "zoe@example.org").number

    moved = library.read(slug)

    # Somebody replaces the recording, or has a passage of it silenced, while the old one is heard.
    def replaced(*_: object) -> None:
        library.set_details(slug, recording=Recording("", "1" * 64))

    with pytest.raises(BadInput, match="a été changé pendant"):
        transcribe_again(services, slug, "camille@example.org", replaced)
    assert services.history.open(slug).version.number == shifted
    library.set_details(slug, recording=first.details.recording)

    outcome = transcribe_again(services, slug, "camille@example.org", lambda *_: None)
    now = library.read(slug)
    assert now.cues[1].text.split()[0] == "Corrigé"
    assert now.cues[1].speaker == "Zoé"
    assert (
        " ".join(c.text for c in now.cues).split()[-len(words) :]
        == " ".join(c.text for c in first.cues).split()[-len(words) :]
    )
    assert now.details.origin.model == services.transcriber.name
    assert (now.chapters, now.summary) == (moved.chapters, moved.summary)
    assert outcome.cues == len(now.cues)
    last = services.history.open(slug)
    assert (last.version.number, last.version.who) == (shifted + 1, "camille@example.org")
    # What was heard has the times of the recording, also where somebody had moved those of the lines.
    words = [(round(w.start, 3), w.text) for w in library.trace(slug).moved(last.content.shift).words]
    assert words == [(word.start, word.text) for word in trace.words]
    assert now.cues[0].start == first.cues[0].start
    assert review.sittings(services, slug)[0].what.startswith(
        f"nouvelle transcription ({services.transcriber.name}) : "
    )
    assert review.restore(services, slug, shifted, "zoe@example.org").content.cues[1].start == approx(
        now.cues[1].start + 0.2
    )


def test_times_follow_the_words_to_a_recording_that_is_cut_in_the_middle(
    services: Services, demo_home: Path, tmp_path: Path
) -> None:
    whole = cut(next((demo_home / "media").glob(f"{HEARD}.*")), tmp_path / "entière.flac", 25)
    (outcome,) = do(services, str(whole), Wishes(title="Coupée", speakers=("Zoé",)), lambda *_: None)
    slug, library = outcome.slug or "", services.library
    assert "déjà de ce modèle" in (refusal(services, library.details(slug)) or "")
    first = library.read(slug)
    gone, last = first.cues[1], first.cues[-1]
    assert len(first.cues) > 3
    chapters = (Chapter(0, last.start, "Début"), Chapter(last.start, 25, "Fin"))
    corrected = replace(last, text=f"Corrigé {last.text.split(maxsplit=1)[1]}")
    summary = Summary(f"- La fin ([{clock(last.start)}](#t={last.start:g})).")
    services.history.open(slug)
    library.rewrite(slug, cues=(*first.cues[:-1], corrected), chapters=chapters, summary=summary)
    taken = gone.end - gone.start
    without = cut(whole, tmp_path / "coupée.flac", 25, without=(gone.start, gone.end))
    library.replace_recording(slug, without, Recording("", "1" * 64), 25 - taken)
    assert refusal(services, library.details(slug)) is None
    transcribe_again(services, slug, "camille@example.org", lambda *_: None)
    now = library.read(slug)
    assert "Corrigé" in now.cues[-1].text
    assert now.cues[-1].end == approx(last.end - taken, abs=0.7)
    assert now.chapters[1].start == approx(last.start - taken, abs=0.7)
    second = f"{now.chapters[1].start:g}"
    assert now.summary.text == f"- La fin ([{clock(float(second))}](#t={second}))."
    # Somebody is still to say that they are right.
    assert "a été remplacé" in review.notice(services, slug)
    assert review.accept_recording(services, slug, "camille@example.org").notice == ""
    assert refusal(services, library.details(slug))
