"""No saved change is lost: not by a killed process, not by a second person, not by what was changed elsewhere."""

import datetime as dt
import json
import logging
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from app import review
from app.publishing import checks
from app.review import accept_recording, opened
from app.services import Services
from app.settings import ROOT
from tests.talks import lines, silence, talk
from tests.transcripts.editors import FACTS
from transcripts.differences import readable, told
from transcripts.edits import ChangeChapter, Edit, SetSummary, SetText, Settle
from transcripts.errors import BadInput, DamagedFile, NotFound
from transcripts.files import DETAILS, HISTORY
from transcripts.history import History, Saved
from transcripts.library import Library
from transcripts.model import Chapter, Cue, Recording, Summary
from transcripts.revision import Content, content_of, described, revise

SEQUENCES = int(os.environ.get("SEQUENCES", "8"))  # tests/app/test_saves.py kills a hub
_log = logging.getLogger(__name__)
CHAPTERS = (Chapter(0, 100, "Début"), Chapter(100, 600, "Suite"))


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path / "home")


@pytest.fixture
def slug(library: Library) -> str:
    return talk(library, "Essai", lines(12), chapters=CHAPTERS, summary="- Un point.")


def save(history: History, slug: str, base: int, *edits: Edit, who: str = "ada@example.org") -> Saved:
    return history.save(slug, base, lambda content: revise(content, edits, FACTS), who)


def test_a_correction_is_a_version_with_who_when_and_what(library: Library, slug: str) -> None:
    history = History(library)
    first = history.open(slug)
    saved = save(history, slug, 1, SetText(2, "Bonjour à tous."), ChangeChapter(1, 90, "La suite"), SetSummary("Deux."))
    assert (first.version.number, saved.version.number) == (1, 2)
    written = library.read(slug)
    assert content_of(written) == saved.content
    assert (written.cues[2].text, written.chapters[1].start, written.summary.text) == ("Bonjour à tous.", 90, "Deux.")
    [_, version] = History(library).versions(slug)
    assert version.who == "ada@example.org"
    assert abs(version.when - dt.datetime.now(dt.UTC)) < dt.timedelta(minutes=1)
    assert told(version.delta) == "1 ligne corrigée, chapitres, résumé"
    words = {reading.where: reading.words for reading in readable(version.delta)}
    assert ("new", "Bonjour à tous.") in words["0:05"]
    assert ("gone", "1:40 Suite") in words["Chapitres"]
    # Nothing changed: nothing is written.
    assert save(history, slug, 2, SetText(2, " Bonjour  à tous. ")).version.number == 2


def test_undo_takes_back_one_change_and_leaves_later_ones(library: Library, slug: str) -> None:
    history = History(library)
    before = history.open(slug).content
    save(history, slug, 1, SetText(2, "Un."))
    save(history, slug, 2, SetText(7, "Deux."), Settle("w1"))
    undone = history.undo(slug, 2, "ada")
    assert (undone.content.cues[2], undone.content.cues[7].text) == (before.cues[2], "Deux.")
    redone = history.undo(slug, undone.version.number, "ada")
    assert redone.content.cues[2].text == "Un."
    save(history, slug, redone.version.number, SetText(2, "Trois."))
    with pytest.raises(BadInput, match="ont changé depuis"):
        history.undo(slug, 2, "ada")
    restored = history.restore(slug, 1, "ada")
    assert restored.content == before
    assert library.read(slug).cues == before.cues
    assert history.at(slug, 3).settled == ("w1",)
    assert [v.number for v in history.versions(slug)] == list(range(1, restored.version.number + 1))


def test_the_second_of_two_people_is_told_and_loses_nothing(library: Library, slug: str) -> None:
    one, two = History(library), History(Library(library.home))
    assert one.open(slug).version.number == two.open(slug).version.number == 1
    save(one, slug, 1, SetText(3, "La première."), SetText(4, "Ici aussi."))
    saved = save(two, slug, 1, SetText(3, "La seconde."), SetText(5, "Et là."), who="bo@example.org")
    assert [cue.text for cue in saved.content.cues[3:6]] == ["La première.", "Ici aussi.", "Et là."]
    assert [(c.mine, c.theirs) for c in saved.conflicts] == [(("La seconde.",), ("La première.",))]
    # Nothing of it stands: what the others saved is not theirs to undo.
    refused = save(two, slug, 1, SetText(3, "La troisième."))
    assert (saved.made, refused.made, refused.version.number) == (True, False, saved.version.number)
    with pytest.raises(BadInput):
        save(two, slug, 99, SetText(3, "x"))


def test_what_was_changed_elsewhere_becomes_a_version(library: Library, slug: str) -> None:
    history = History(library)
    save(history, slug, history.open(slug).version.number, SetText(0, "Corrigé."))
    cues = library.read(slug).cues
    library.rewrite(slug, cues=(*cues[:-1], replace(cues[-1], text="Changé par une commande.")))
    saved = save(history, slug, 2, SetText(1, "Corrigé aussi."))
    assert [c.text for c in (*saved.content.cues[:2], saved.content.cues[-1])] == [
        "Corrigé.",
        "Corrigé aussi.",
        "Changé par une commande.",
    ]
    assert [(v.who, v.kind) for v in history.versions(slug)][2] == ("", "outside")


def test_a_save_that_was_killed_half_way_is_completed(
    library: Library, slug: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    history = History(library)
    history.open(slug)
    rewrite = library.rewrite

    def killed(slug: str, **parts: object) -> None:
        rewrite(slug, cues=parts["cues"])  # type: ignore[arg-type]
        raise KeyboardInterrupt

    monkeypatch.setattr(library, "rewrite", killed)

    def change(content: Content) -> Content:
        return described(revise(content, [SetText(0, "Corrigé."), SetSummary("Neuf.")], FACTS), title="Le prêt")

    with pytest.raises(KeyboardInterrupt):
        history.save(slug, 1, change, "ada@example.org")
    found = History(Library(library.home)).open(slug)
    assert (found.version.number, found.version.kind) == (2, "edit")
    assert content_of(Library(library.home).read(slug)) == found.content
    assert (found.content.summary.text, found.content.particulars.title) == ("Neuf.", "Le prêt")


def test_what_is_said_of_a_talk_is_part_of_it_also_in_a_history_from_before(library: Library, slug: str) -> None:
    history = History(library)
    history.open(slug)
    save(history, slug, 1, SetText(2, "Un."))
    begun = library.folder(slug) / HISTORY / "000001.json"
    old = json.loads(begun.read_text())
    del old["whole"]["particulars"]  # as it was once
    begun.write_text(json.dumps(old))
    history = History(library)
    assert history.open(slug).version.number == 2  # nothing changed, since nothing is known
    history.amend(slug, partial(described, title="Le prêt"), "ada", "a changé la fiche")
    history.amend(slug, partial(described, date=dt.date(2026, 2, 4)), "bo", "a changé la fiche")
    assert History(library).at(slug, 1).particulars.title == "Essai"
    undone = history.undo(slug, 3, "ada")  # and nothing that was said since
    assert (library.details(slug).title, library.details(slug).date) == ("Essai", dt.date(2026, 2, 4))
    history.amend(slug, partial(described, title="La garantie"), "bo", "a changé la fiche")
    with pytest.raises(BadInput, match="ont changé depuis"):
        history.undo(slug, undone.version.number, "ada")
    path = library.folder(slug) / DETAILS
    path.write_text(path.read_text("utf-8").replace("La garantie", "La caution"), "utf-8")
    assert told(history.open(slug).version.delta) == "titre"
    history.restore(slug, 1, "ada")
    assert (library.details(slug).title, library.read(slug).cues[2].text) == ("Essai", lines(3)[2].text)


def test_a_damaged_version_is_said_and_forgotten_words_are_gone(library: Library, slug: str) -> None:
    history = History(library)
    save(history, slug, history.open(slug).version.number, SetText(0, "Un secret."))
    save(history, slug, 2, SetText(0, "Rien."))
    folder = library.folder(slug) / HISTORY
    (folder / "000002.json").write_text("{")
    with pytest.raises(DamagedFile, match=r"000002\.json"):
        History(library).at(slug, 1) and History(library).at(slug, 2)
    began = history.began(slug)
    with history.anew(slug, "ada@example.org", "a retiré un passage") as forget:
        forget(())
    assert history.began(slug) != began
    (first,) = history.versions(slug)
    assert (first.number, first.who, first.why) == (1, "ada@example.org", "a retiré un passage")
    # An editor that was open meanwhile counts lines, and versions, of what is gone.
    for late in (
        lambda: history.save(slug, 1, lambda content: content, "bo@example.org", began),
        lambda: history.undo(slug, 1, "bo@example.org", began),
        lambda: history.restore(slug, 1, "bo@example.org", began),
    ):
        with pytest.raises(BadInput, match="rechargez la page"):
            late()
    assert not any(b"secret" in path.read_bytes() for path in folder.iterdir())
    with pytest.raises(NotFound):
        history.open("2026-01-01-inconnue")


def test_two_processes_that_save_are_killed_and_nothing_saved_is_lost(tmp_path: Path) -> None:
    rng = random.Random(SEQUENCES)  # noqa: S311 - the same plan in every run
    kept = clashes = 0
    with _nursery() as nursery:
        for n in range(SEQUENCES):
            library = Library(tmp_path / f"home-{n}")
            slug = talk(library, "Essai", lines(12), chapters=CHAPTERS)
            told = []
            for seed in "12":  # killed, and taken up again by others
                told += _killed(nursery, library.home, slug, f"{n}{seed}", rng.random() * 0.3)
            history = History(library)
            last = history.open(slug)
            versions = history.versions(slug)
            assert content_of(library.read(slug), last.content.settled) == last.content
            assert [v.number for v in versions] == list(range(1, last.version.number + 1))
            assert not [v for v in versions if v.kind == "outside"], "a killed save was taken for somebody else's"
            undone = {v.of for v in versions if v.kind == "undo"}
            for who, number, kind, mark, conflicts in told:
                if kind in ("text", "add-chapter") and not conflicts:
                    assert versions[number - 1].who == who
                    assert mark in repr(versions[number - 1].delta), f"{mark} was saved as {number}"
                    kept += number not in undone
                    assert number in undone or mark in repr(last.content), f"{mark} was lost after {number}"
                clashes += conflicts
    _log.info("%d changes kept, %d conflicts told", kept, clashes)
    assert kept > SEQUENCES
    assert clashes or SEQUENCES < 50


@contextmanager
def _nursery() -> Iterator[subprocess.Popen[str]]:
    """Lend the process that makes people."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.transcripts.editors"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    ) as process:
        yield process
        process.kill()


def _killed(nursery: subprocess.Popen[str], home: Path, slug: str, seed: str, after: float) -> list[list[Any]]:
    """Let two people correct, kill them, and return what each was told."""
    assert nursery.stdin and nursery.stdout
    people = []
    for who in "ab":
        nursery.stdin.write(f"{home}\t{slug}\t{who}\t{seed}\n")
        nursery.stdin.flush()
        people.append(int(nursery.stdout.readline()))
    files = [home / f"told-{who}-{seed}" for who in "ab"]
    limit = time.monotonic() + 30
    while not all(file.exists() and file.stat().st_size for file in files):  # both are at work before the clock runs
        assert time.monotonic() < limit
        time.sleep(0.005)
    time.sleep(after)
    for person in people:
        os.kill(person, signal.SIGKILL)
    for person in people:
        while Path(f"/proc/{person}").exists():
            time.sleep(0.002)
    return [json.loads(line) for file in files for line in file.read_text().splitlines()]


def test_a_replaced_recording_is_a_draft_until_somebody_looked(tmp_path: Path, services: Services) -> None:
    library = services.library
    summary = "- Un point ([0:30](#t=30)).\n- Un autre ([0:10](#t=10))."
    chapters = (Chapter(0, 25, "Début"), Chapter(25, 35, "Suite"))
    slug = talk(
        library, "Essai", lines(12), chapters=chapters, summary=summary, recording=silence(tmp_path / "a.flac", 35)
    )
    assert opened(services, slug).notice == ""
    new = silence(tmp_path / "b.flac", 25)
    details = library.replace_recording(slug, new, Recording("", "1" * 64), 25.0)
    assert (details.status, details.duration, library.published()) == ("draft", 25.0, [])
    with library.media.local(str(library.recording(slug))) as kept:
        assert kept.read_bytes() == new.read_bytes()
    assert "L’enregistrement a été remplacé : il dure 0:25, l’ancien durait 0:34." in opened(services, slug).notice
    library.rewrite(slug, cues=library.read(slug).cues[:-1])  # changed elsewhere: nobody has compared the times by that
    assert opened(services, slug).notice
    assert not any(check.subject == "subtitles" and check.ok for check in checks(services, slug))
    with pytest.raises(
        BadInput, match="2 lignes, 1 chapitre, 1 lien du résumé après la fin de l’enregistrement, à 0:25"
    ):
        accept_recording(services, slug, "ada@example.org")
    assert opened(services, slug).notice
    library.rewrite(slug, cues=lines(8), chapters=chapters[:1], summary=Summary("- Un autre ([0:10](#t=10))."))
    assert accept_recording(services, slug, "ada@example.org").notice == ""
    assert opened(services, slug).notice == ""


def test_what_was_typed_before_others_words_came_is_joined_with_them_or_told(services: Services) -> None:
    chapters = (Chapter(0, 10, "Début"), Chapter(10, 20, "Milieu"), Chapter(20, 34, "Fin"))
    slug = talk(services.library, "Déjà", lines(12), chapters=chapters, summary="- Un.\n- Deux.\n- Trois.")
    first = opened(services, slug)
    before = [cue.text for cue in first.content.cues]
    theirs = (
        SetText(0, before[0].replace("Voici", "Voilà")),
        SetText(1, "Voilà."),
        SetSummary("- Un, et demi.\n- Deux.\n- Trois."),
        ChangeChapter(2, 20, "La fin"),
    )
    second = review.save(services, slug, first.number, theirs, "bo@example.org")
    mine = (
        SetText(0, before[0].replace("les autres", "tous les"), was=before[0]),
        SetText(1, "Ici.", was=before[1]),
        SetText(2, "Ici.", was=before[2]),
        SetSummary("- Un.\n- Deux.\n- Trois, et demi.", was="- Un.\n- Deux.\n- Trois."),
        ChangeChapter(0, 0, "Le début", was=(0, "Début")),
        ChangeChapter(0, 20, "La toute fin", was=(20, "Fin")),
        ChangeChapter(0, 21, "La toute fin", was=(20, "La toute fin")),
    )
    third = review.save(services, slug, second.number, mine, "ada@example.org")
    texts = [cue.text for cue in third.content.cues]
    assert texts[0] == before[0].replace("Voici", "Voilà").replace("les autres", "tous les")
    assert texts[1:4] == ["Voilà.", "Ici.", before[3]]
    assert third.content.summary.text == "- Un, et demi.\n- Deux.\n- Trois, et demi."
    assert [(c.start, c.title) for c in third.content.chapters] == [(0, "Le début"), (10, "Milieu"), (20, "La fin")]
    assert [(one.kind, one.mine, one.theirs) for one in third.conflicts] == [
        ("lines", ("Ici.",), ("Voilà.",)),
        ("chapters", ("0:21 La toute fin",), ("0:20 La fin",)),
    ]


def test_text_is_read_back_as_it_was_typed(library: Library, slug: str) -> None:
    history = History(library)
    saved = save(history, slug, history.open(slug).version.number, SetText(0, "Le <b>prêt</b> --> & &lt;i&gt; ’"))
    assert library.read(slug).cues[0] == Cue(
        0.0, 2.88, "Le <b>prêt</b> --> & &lt;i&gt; ’", saved.content.cues[0].speaker
    )
