"""A recording that is really heard again keeps what people corrected."""

from dataclasses import replace
from pathlib import Path

import pytest
from pytest import approx

from app import review
from app.again import transcribe_again
from app.jobs import do
from app.services import Services
from ingest.wishes import Wishes
from tests.talks import cut
from transcripts.edits import Shift
from transcripts.errors import BadInput
from transcripts.model import Recording, Word

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
