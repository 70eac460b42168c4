"""What is taken back is found by no byte search below the home, with a running hub and without one."""

import datetime as dt
import json
import re
import shutil
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import av
import numpy as np
import pytest

from app import publishing, review
from app.erasure import erase, withdraw_from_study, withdraw_passage
from app.journal import Journal
from app.people import Person, Role
from app.queue import Queue
from app.services import Services
from app.settings import Settings
from app.statistics import Statistics
from ingest.audio import RATE, decode
from ingest.wishes import Outcome, Wishes
from tests.browser.conftest import serve
from tests.conftest import run_hub
from tests.talks import silence, talk
from transcripts.edits import Settle, Shift
from transcripts.errors import BadInput, DamagedFile
from transcripts.files import DETAILS
from transcripts.library import Library
from transcripts.model import Cue, Recording, Removed, Trace, Word
from transcripts.revision import described
from transcripts.staff_glossary import StaffGlossary
from transcripts.studies import Studies
from transcripts.withdrawal import MARK

SLUG = "2026-10-29-les-monnaies-locales-complementaires"
STUDY = "2026-11-05-garantir-les-prets-des-petites-structures"
FIRST, SENT, SPEAKER = "Jeanne avoue tout", "confession, à ne pas (ré)écouter 🤫.mp3", "Jeanne Inventée-Personne"
ME = Person("camille@example.org", Role.STAFF)
SPOKEN = "2026-11-12-le-pret-participatif-et-les-quasi-fonds-propres"


@pytest.fixture
def filled(demo_home: Path, tmp_path: Path) -> Path:
    """A home with an index, where a masterclass has left its traces wherever it can."""
    home = tmp_path / "home"
    shutil.copytree(demo_home, home, symlinks=True)
    library = Library(home)
    details = library.details(SLUG)
    first = library.read(SLUG).cues[3].text
    statistics = Statistics(home, 90)
    statistics.read(SLUG)
    statistics.judged("Qu’est-ce qu’une monnaie locale ?", [f"/masterclass?m={SLUG}&t=3"], helpful=False)
    journal = Journal(home)
    journal.note("camille@example.org", f"a ajouté « {SENT} »")  # as hubs did before words went with their masterclass
    journal.note("camille@example.org", f"a renommé « {details.title} »", SLUG)
    hub = Services(Settings(home=home))
    card = hub.library.folder(SLUG) / DETAILS
    card.write_text(card.read_text("utf-8").replace(details.source, SENT), "utf-8")
    for title in (FIRST, details.title):
        hub.history.amend(SLUG, partial(described, title=title), "camille@example.org", "a changé la fiche")
    for heard in ("la boulangère", "boulangerie", "agrément"):  # the last one is said elsewhere too
        review.add_term(hub, SLUG, heard, heard.capitalize(), ME.email)
    publishing.note_consents(hub, SLUG, ((SPEAKER, dt.date(2026, 2, 1)),), ME)
    queue = Queue(home)
    vain = queue.add(f"envoi:{'c' * 32}/{SENT}", Wishes(title="Sans rapport"))
    queue.save(replace(vain, state="failed", error="Rien."))
    queue.cancel(queue.add("https://tube.example.org/w/abcdefgh", Wishes(title=FIRST)).id)
    job = queue.add(f"/somewhere/{SLUG}.mp3", Wishes(title=details.title))
    queue.save(replace(job, state="done", outcomes=(Outcome(job.source, SLUG, "published"),)))
    queue.add(f"encore:{SLUG}", Wishes(title=details.title))
    queue.add(f"temps:{SLUG}:1:2", Wishes(title=details.title), urgent=True)
    for place in (f"work/{'a' * 16}", f"uploads/{'b' * 32}"):
        (home / place).mkdir(parents=True)
        state = {"sha256": details.origin.sha256 or "unknown", "text": first}
        (home / place / "000001.json").write_text(json.dumps(state, ensure_ascii=False), "utf-8")
    return home


def contents(home: Path) -> Iterator[tuple[str, bytes]]:
    for path in home.rglob("*"):
        inside = path.relative_to(home).parts
        if path.is_file() and inside[0] not in ("models", "backups"):
            yield "/".join(inside), "/".join(inside).encode() + b"\n" + path.read_bytes()


def found(home: Path, needles: set[bytes]) -> set[tuple[str, bytes]]:
    any_of = re.compile(b"|".join(re.escape(needle) for needle in sorted(needles)))
    return {(name, match) for name, data in contents(home) for match in any_of.findall(data)}


def own_words(home: Path, slug: str, texts: list[str]) -> set[bytes]:
    """Return the texts, and their words that nothing else in the home says."""
    others = b" ".join(
        data
        for name, data in contents(home)
        if name.startswith(("library", "studies", "parcours", "agenda", "survey", "lieux")) and slug not in name
    ).lower()
    words = {word for text in texts for word in re.findall(r"\w{7,}", text)}
    return {t.encode() for t in texts if len(t) > 25} | {w.encode() for w in words if w.lower().encode() not in others}


def test_a_list_that_is_not_over_goes_on_without_what_is_erased(tmp_path: Path) -> None:
    hub = Services(Settings(home=tmp_path))
    slug = talk(hub.library, "Le prêt", (Cue(0.0, 2.0, "Bonjour."),))
    job = hub.queue.add("https://tube.example.org/w/p/list", Wishes())
    hub.queue.save(replace(job, state="running", outcomes=(Outcome("a", slug, "draft"),)))
    erase(hub, slug, ME.email)
    assert hub.queue.job(job.id).state == "running" and not hub.queue.cancelled(job)


@pytest.mark.parametrize("running", [False, True], ids=["alone", "beside a hub"])
def test_none_of_the_words_of_what_is_erased_is_left(filled: Path, running: bool) -> None:
    masterclass = Library(filled).read(SLUG)
    needles = own_words(filled, SLUG, [cue.text for cue in masterclass.cues] + [masterclass.summary.text])
    needles |= {name.encode() for name in (SLUG, masterclass.details.title, FIRST, SENT, SPEAKER)}
    before = found(filled, needles)
    assert len({match for _, match in before}) > 90
    held = {name.split("/")[0].removesuffix("-wal") for name, _ in before}
    assert held >= {"library", "index", "journal.db", "statistics.db", "jobs.db", "glossary.toml"}
    others = json.loads(run_hub(filled, "search", "prêt participatif", "--json").stdout)["results"]

    process = serve(filled)[0] if running else None
    try:
        done = run_hub(filled, "remove", SLUG)
        assert done.returncode == 0, done.stderr
        assert found(filled, needles) == set()
        left = json.loads(run_hub(filled, "search", "prêt participatif", "--json").stdout)["results"]
        # Scores are told from those of all that is found, so that what went may change the order of two that are close.
        assert {r["text"] for r in left} == {r["text"] for r in others if r["slug"] != SLUG}
    finally:
        if process:
            process.terminate()
            process.wait(20)
    assert found(filled, needles) == set()
    assert [entry.what for entry in Journal(filled).entries()][-1] == "a ajouté « … »"
    assert [one.heard for one in StaffGlossary(filled).listed()] == ["agrément"]


def test_an_erasure_that_fails_can_be_done_again(filled: Path) -> None:
    services = Services(Settings(home=filled))
    counts = filled / "statistics.db"
    sound = counts.read_bytes()
    counts.write_bytes(b"no database" * 100)
    with pytest.raises(DamagedFile, match=r"statistics\.db"):
        erase(services, SLUG, "terminal")
    assert SLUG in services.library.slugs()
    counts.write_bytes(sound)
    erase(services, SLUG, "terminal")
    held = {name.split("/")[0] for name, _ in found(filled, {SLUG.encode()})}
    assert held == {"index"}
    assert (filled / "index" / "purge").exists()


def test_a_withdrawal_that_fails_in_one_place_is_done_in_the_others(filled: Path) -> None:
    services = Services(Settings(home=filled))
    study = services.studies.read(STUDY)
    (filled / "pins.json").write_text("{")
    (filled / "work" / "sent").mkdir()
    (filled / "work" / "sent" / f"{study.details.origin.sha256}.pdf").touch()
    with pytest.raises(DamagedFile, match=r"pins\.json"):
        withdraw_from_study(services, STUDY, 0, 0, services.studies.digest(STUDY), "camille@example.org")
    assert not (filled / "work" / "sent").exists()
    assert (filled / "index" / "purge").exists()
    assert Journal(filled).entries()[0].what.startswith("a retiré un passage")


def loudness(path: Path, start: float, end: float) -> float:
    sound = decode(path)
    return float(np.sqrt(np.mean(sound[round(start * RATE) : round(end * RATE)] ** 2)))


def test_a_passage_is_taken_out_of_text_sound_and_search(filled: Path) -> None:
    library = Library(filled)
    before = library.read(SPOKEN)
    recording = filled / "media" / str(library.recording(SPOKEN))
    gone = [cue for cue in before.cues if cue.end > 100 and cue.start < 130]
    start, end = gone[0].start, gone[-1].end
    quoted = max(gone, key=lambda cue: len(cue.text)).text
    summary = (
        f"Un mot de la séance.\n\n- Il a dit : {quoted}\n- [Écouter](/masterclass?m={SPOKEN}&t=110)\n- Autre chose."
    )
    (filled / "library" / SPOKEN / "summary.md").write_text(f"---\nreview: automatic\n---\n\n{summary}\n", "utf-8")
    loud, around = loudness(recording, start, end), loudness(recording, 30, 90)
    assert loud > 0.01

    done = run_hub(filled, "withdraw", SPOKEN, "100", "130")
    assert done.returncode == 0, done.stderr
    after = library.read(SPOKEN)
    assert [cue.text for cue in after.cues if cue.end > start and cue.start < end] == [MARK]
    assert [c for c in after.cues if c.text != MARK] == [c for c in before.cues if c not in gone]
    assert after.summary.text == "Un mot de la séance.\n\n- Autre chose."
    assert found(filled, own_words(filled, SPOKEN, [cue.text for cue in gone]) - _kept(after)) == set()
    assert loudness(recording, start + 0.1, end - 0.1) < 0.001
    assert loudness(recording, 30, 90) == pytest.approx(around, rel=0.1)
    results = json.loads(run_hub(filled, "search", f'"{quoted}"', "--json").stdout)["results"]
    assert not any(quoted in result["text"] for result in results)
    with av.open(recording) as container:
        assert abs(container.duration / av.time_base - before.details.duration) < 1


def test_a_passage_of_a_study_is_taken_out_by_its_places(filled: Path) -> None:
    studies = Studies(filled)
    said = next(s for s in studies.read(STUDY).sentences() if "nombreuses que celles" in s.text)
    done = run_hub(filled, "withdraw", STUDY, str(said.start), str(said.end))
    assert (done.returncode, done.stdout.strip()) == (0, "Retiré : une phrase."), done.stderr
    assert sum(block.text.count(MARK) for block in studies.read(STUDY).blocks) == 1
    assert studies.original(STUDY) is None
    assert found(filled, {said.text.encode()}) == set()


def test_a_passage_is_found_where_an_intro_was_cut_and_not_in_a_recording_that_nobody_compared(tmp_path: Path) -> None:
    hub = Services(Settings(home=tmp_path / "home"))
    cues = tuple(Cue(20.0 + 5 * n, 24.0 + 5 * n, f"Voici le mot {word}.") for n, word in enumerate("abc"))
    secret = Cue(35.0, 39.0, "Un ornithorynque.")
    trace = Trace((Word(35.5, 38.0, " ornithorynque."), Word(40.5, 41.0, " fin.")))
    slug = talk(
        hub.library,
        "Essai",
        (*cues, secret, Cue(40.0, 44.0, "La fin.")),
        trace=trace,
        recording=silence(tmp_path / "a.flac", 45),
    )
    review.save(hub, slug, review.opened(hub, slug).number, (Shift(-20),), "bo@example.org")
    hub.library.replace_recording(slug, silence(tmp_path / "b.flac", 25), Recording("", "1" * 64), 25.0)
    with pytest.raises(BadInput, match=r"a été remplacé.*Rien n’a été retiré"):
        withdraw_passage(hub, slug, 15, 19, "camille@example.org")
    review.accept_recording(hub, slug, "bo@example.org")
    assert hub.library.replaced(slug)
    withdraw_passage(hub, slug, 15, 19, "camille@example.org")
    assert not found(hub.settings.home, {b"ornithorynque"})
    assert hub.library.replaced(slug) is None
    assert [path.name for path in (hub.settings.home / "media").iterdir()] == [hub.library.recording(slug)]
    # Times of the trace are now those of the lines, and the history says who took what back.
    assert hub.library.trace(slug).words == (Word(20.5, 21.0, " fin."),)
    (sitting,) = review.sittings(hub, slug)
    assert (sitting.who, sitting.what) == ("camille@example.org", "a retiré un passage (4 s)")


def test_doubts_that_somebody_settled_stay_so_when_a_passage_goes(tmp_path: Path) -> None:
    hub = Services(Settings(home=tmp_path / "home"))
    texts = ("Voici la nef.", "La nef ornithorynque.", "Voici un prêt et la nef.")
    cues = tuple(Cue(10.0 + 5 * n, 14.0 + 5 * n, text) for n, text in enumerate(texts))
    heard = ((10.0, "Voici", 0.2), (17.0, "ornithorynque", 0.2), (20.0, "Voici", 0.2), (21.005, "prêt", 0.2))
    trace = Trace(
        tuple(Word(start, start + 0.5, f" {text}", probability) for start, text, probability in heard),
        (Removed(24.5, 25.0, "Sous-titrage", "phantom"),),
    )
    slug = talk(hub.library, "Essai", cues, trace=trace)
    state = review.opened(hub, slug)
    review.add_term(hub, slug, "nef", "Nef", ME.email)
    review.save(hub, slug, state.number, (Shift(-2.5),), ME.email)
    state = review.opened(hub, slug)
    assert len(state.doubts) == 8
    left = [state.doubts[0], next(doubt for doubt in state.doubts if doubt.heard == "prêt")]
    settled = [Settle(doubt.name) for doubt in state.doubts if doubt not in left]
    review.save(hub, slug, state.number, settled, ME.email)
    withdraw_passage(hub, slug, 13, 14, ME.email)
    now = review.opened(hub, slug)
    assert [(doubt.heard, doubt.start) for doubt in now.doubts] == [(doubt.heard, doubt.start) for doubt in left]
    assert len(now.content.settled) == 4
    assert not found(hub.settings.home, {b"ornithorynque"})


def _kept(masterclass) -> set[bytes]:
    """Return the words that are said elsewhere in the talk too."""
    return {w.encode() for cue in masterclass.cues for w in re.findall(r"\w+", cue.text)}


def test_nothing_is_withdrawn_where_nothing_is_said(filled: Path) -> None:
    before = Library(filled).read(SPOKEN)
    for slug, *moments in ((SPOKEN, "90000", "90010"), (SPOKEN, "130", "100"), (STUDY, "90", "91"), (STUDY, "3", "2")):
        refused = run_hub(filled, "withdraw", slug, *moments)
        assert refused.returncode == 1
        assert "rien n’a été retiré" in refused.stderr
    assert Library(filled).read(SPOKEN) == before


def test_an_index_that_was_killed_while_it_was_written_anew_is_made_good(filled: Path) -> None:
    index = filled / "index"
    (index / "purge").touch()
    (index / "1").mkdir()
    (index / "1" / "half").write_text("a generation that a crash left")
    assert run_hub(filled, "reindex").returncode == 0
    deadline = time.monotonic() + 5
    while (index / "purge").exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not (index / "purge").exists()
    assert not (index / "1" / "half").exists()
    assert not (index / "vectors").exists()
    rows = sqlite3.connect(index / "1" / "windows.db").execute("SELECT count(*) FROM windows").fetchone()[0]
    assert rows > 50
