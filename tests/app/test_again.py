"""A recording that is really heard again keeps what people corrected."""

from dataclasses import replace
from pathlib import Path

from app.again import transcribe_again
from app.jobs import do
from app.services import Services
from ingest.wishes import Wishes
from tests.talks import cut
from transcripts.model import Word

HEARD = "2026-10-15-d-ou-vient-la-monnaie"


def test_corrections_survive_another_hearing(services: Services, demo_home: Path, tmp_path: Path) -> None:
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
    library.set_hearing(
        slug, library.read(slug).cues, replace(trace, words=older), replace(first.details.origin, model="tiny")
    )

    outcome = transcribe_again(services, slug, lambda *_: None)
    now = library.read(slug)
    assert now.cues[1].text.split()[0] == "Corrigé"
    assert now.cues[1].speaker == "Zoé"
    assert (
        " ".join(c.text for c in now.cues).split()[-len(words) :]
        == " ".join(c.text for c in first.cues).split()[-len(words) :]
    )
    assert now.details.origin.model == services.transcriber.name
    assert (now.chapters, now.summary) == (first.chapters, first.summary)
    assert outcome.cues == len(now.cues)
    assert library.trace(slug).words == trace.words
