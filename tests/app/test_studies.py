"""A document comes in as a recording does, by each way in, and leaves as completely."""

import datetime as dt
import json
import re
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app import adding, backup, demo, erasure, holding, jobs, papers, publishing
from app.cli import main
from app.people import Person, Role
from app.services import Services
from app.settings import ROOT, Settings
from app.study_page import taken_out
from app.uploads import TooLarge
from ingest.chapters import Vectors
from ingest.sources.sent import sent_name
from ingest.wishes import Outcome, Wishes
from transcripts.days import now
from transcripts.errors import BadInput, Gone, NotFound
from transcripts.library import Library
from transcripts.studies import Studies
from transcripts.study_files import pages_of
from transcripts.study_withdrawal import pieces
from transcripts.withdrawal import MARK

TEXT = """---
author: Odile Quénéhervé
---
# Les garanties en Armorique

Une garantie couvre une part du prêt que la banque accorde à une petite association du territoire.

## Méthode

L’enquête porte sur quarante dossiers déposés auprès des comités locaux pendant une année entière[^1].

[^1]: Les noms ont été retirés.
"""


def silent(stage: str, done: float, total: float) -> None:
    """Hear nothing of the progress."""


@pytest.fixture
def hub(tmp_path: Path) -> Services:
    """A hub that needs no model: all sentences are alike."""
    services = Services(Settings(home=tmp_path / "home"))

    def embed(texts: Sequence[str]) -> Vectors:
        return np.ones((len(texts), 1), dtype=np.float32)

    services.__dict__["pipeline"] = replace(services.pipeline, embed=embed)
    return services


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    path = tmp_path / "2026-02-03 garanties.md"
    path.write_text(TEXT, "utf-8")
    return path


def bring(hub: Services, source: Path | str, **wishes: object) -> Outcome:
    (outcome,) = jobs.ingest(hub, [str(source)], Wishes(**wishes), silent)  # type: ignore[arg-type]
    return outcome


def test_a_document_becomes_a_study_once(hub: Services, paper: Path) -> None:
    outcome = bring(hub, paper, speakers=("A. B.",), theme="types-de-financeurs")
    assert (outcome.status, outcome.cues, outcome.duration, outcome.error) == ("draft", 0, 0.0, None)
    study = hub.studies.read(str(outcome.slug))
    details = study.details
    assert (details.slug, details.title) == ("2026-02-03-les-garanties-en-armorique", "Les garanties en Armorique")
    assert (details.authors, details.theme, details.pages) == (("A. B.",), "types-de-financeurs", 1)
    assert [chapter.title for chapter in study.chapters] == ["Les garanties en Armorique", "Méthode"]
    assert re.search(r"\(\[p\.\u00a01\]\(#page=1\)\)", study.summary.text)
    assert hub.studies.original(details.slug).read_text("utf-8") == TEXT  # type: ignore[union-attr]
    again = bring(hub, paper)
    assert (again.status, again.slug) == ("unchanged", outcome.slug)
    unnamed = paper.with_name("2026-02-04 garanties.md")
    unnamed.write_text(TEXT + "Fin.\n", "utf-8")
    assert hub.studies.details(str(bring(hub, unnamed, unnamed=True).slug)).authors == ()


def test_what_fails_leaves_nothing(hub: Services, paper: Path, tmp_path: Path) -> None:
    bad = tmp_path / "faux.pdf"
    bad.write_bytes(b"PK\x03\x04 rien")
    assert "et non ce que dit son nom" in str(bring(hub, bad).error)
    assert "n’existe pas" in str(bring(hub, paper, theme="inconnu").error)
    first = bring(hub, paper)
    other = tmp_path / "autre.md"
    other.write_text("# Autre\n\nUne phrase qui ne dit rien de plus.", "utf-8")
    assert "déjà pris" in str(bring(hub, other, slug=first.slug).error)
    assert hub.studies.slugs() == [first.slug]
    assert not [path for path in (hub.settings.home / "work").iterdir() if path.is_dir()]


def test_a_folder_brings_its_documents(hub: Services, paper: Path, tmp_path: Path) -> None:
    folder = tmp_path / "dossier"
    folder.mkdir()
    original = next((ROOT / "transcripts" / "demo" / "studies").glob("*/original.pdf"))
    (folder / "rapport.pdf").write_bytes(original.read_bytes())
    (folder / "notes.md").write_text("pas une étude", "utf-8")
    outcomes = list(jobs.ingest(hub, [str(folder)], Wishes(), silent))
    assert [outcome.status for outcome in outcomes] == ["draft"]


def test_a_document_is_sent_and_read_by_the_queue(hub: Services, paper: Path) -> None:
    data = paper.read_bytes()
    sent = hub.uploads.begin("C:\\études\\Rapport.MD", len(data), "camille@example.org")
    with hub.uploads.appending(sent, 0) as append:
        append(data)
    whole = hub.uploads.complete(sent)
    (outcome,) = jobs.do(hub, sent_name(whole), Wishes(title="Envoyé"), silent)
    assert (outcome.status, hub.studies.details(str(outcome.slug)).source) == ("draft", "Rapport.MD")
    second = hub.uploads.begin("copie.md", len(data), "camille@example.org")
    with hub.uploads.appending(second, 0) as append:
        append(data)
    with pytest.raises(BadInput, match="déjà dans le hub, sous le titre « Envoyé »"):
        hub.uploads.complete(second)


def test_what_staff_may_not_send(hub: Services) -> None:
    for name in ("macros.docm", "ancien.doc"):
        with pytest.raises(BadInput, match="sans macros"):
            hub.uploads.begin(name, 10, "camille@example.org")
    with pytest.raises(TooLarge, match="par parties"):
        hub.uploads.begin("énorme.pdf", 10**9, "camille@example.org")
    sent = hub.uploads.begin("faux.docx", 8, "camille@example.org")
    with hub.uploads.appending(sent, 0) as append:
        append(b"%PDF-1.7")
    with pytest.raises(BadInput, match=r"« faux\.docx » est un PDF"):
        hub.uploads.complete(sent)
    assert hub.uploads.all() == []


def test_the_command_knows_studies(
    hub: Services, paper: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    slug = str(bring(hub, paper).slug)
    monkeypatch.setenv("HUB_HOME", str(hub.settings.home))

    def run(*words: str) -> str:
        monkeypatch.setattr("sys.argv", ["hub", *words])
        with pytest.raises(SystemExit) as done:
            main()
        shown = capsys.readouterr()
        return shown.out if not done.value.code else shown.err

    (listed,) = json.loads(run("list", "--json"))
    assert (listed["slug"], listed["kind"], listed["pages"], listed["duration"]) == (slug, "study", 1, 0.0)
    assert "p. 1  Méthode" in run("show", slug)
    assert json.loads(run("export", slug, "--format", "json"))["slug"] == slug
    assert "quarante dossiers" in run("export", slug, "--format", "txt")
    assert "pas de sous-titres" in run("export", slug, "--format", "srt")
    run("publish", slug)
    assert hub.studies.details(slug).status == "published"
    run("unpublish", slug)
    assert hub.studies.details(slug).status == "draft"
    assert "Aucune masterclass ni étude" in run("show", "2020-01-01-rien")


def test_staff_correct_a_page_and_publish(hub: Services, paper: Path) -> None:
    slug, by = str(bring(hub, paper).slug), Person("camille@example.org", Role.STAFF)
    blocks = hub.studies.read(slug).blocks
    text = pages_of(blocks)[1]
    assert text.startswith("# Les garanties en Armorique")
    papers.correct(hub, slug, 1, text, text.replace("quarante", "cinquante"), by)
    assert "cinquante dossiers" in hub.studies.read(slug).blocks[3].text
    with pytest.raises(BadInput, match="pendant que vous l’écriviez"):
        papers.correct(hub, slug, 1, text, text, by)
    seen = pages_of(hub.studies.read(slug).blocks)[1]
    for wrong in ("", "a <!-- page 2 -->\n\n<!-- page 7 -->\n\nb"):
        with pytest.raises(BadInput, match="rien n’a changé"):
            papers.correct(hub, slug, 1, seen, wrong, by)
    papers.go_back(hub, slug, 1, by)
    assert hub.studies.read(slug).blocks == blocks
    publishing.describe(
        hub, slug, by, title=" Autre ", date=dt.date(2026, 1, 2), people=("B",), theme="types-de-financeurs"
    )
    publishing.read_summary(hub, slug, "Camille", by, "Relu.")
    assert publishing.publish(hub, slug, by).status == "published"
    study = hub.studies.read(slug)
    assert (study.details.title, study.details.authors, study.summary.reviewed_by) == ("Autre", ("B",), "Camille")
    assert publishing.unpublish(hub, slug, by).status == "draft"
    assert len(hub.journal.entries(slug)) == 6
    steps = papers.steps(hub, slug)
    assert [(step.version.why, step.what) for step in steps] == [
        ("a relu le résumé", "résumé"),
        ("a changé la fiche", "personnes, titre, date, thème"),
        ("est revenu à l’état n° 1", "texte"),
        ("a corrigé la page 1", "texte"),
        ("", ""),
    ]
    papers.go_back(hub, slug, steps[-2].version.number, by)
    assert hub.studies.details(slug).title == "Les garanties en Armorique"


def test_a_study_is_planned_as_a_masterclass_is(hub: Services, paper: Path) -> None:
    slug, by = str(bring(hub, paper).slug), Person("camille@example.org", Role.STAFF)
    publishing.schedule(hub, slug, now() + dt.timedelta(hours=1), by)
    assert publishing.standing(hub.studies.details(slug)).startswith("Prévue le ")
    assert publishing.publish_due(hub) == []
    hub.studies.set_details(slug, publish_at=now() - dt.timedelta(seconds=1))
    assert publishing.publish_due(hub) == [slug]
    details = hub.studies.details(slug)
    assert (details.status, details.publish_at) == ("published", None)
    with pytest.raises(BadInput, match="étude est déjà publiée"):
        publishing.schedule(hub, slug, now() + dt.timedelta(hours=1), by)
    # What would say nothing is not published, and why is written down.
    hub.studies.set_details(slug, status="draft", publish_at=now() - dt.timedelta(seconds=1))
    hub.studies.amend(slug, lambda study: replace(study, blocks=()))
    assert publishing.publish_due(hub) == []
    assert "n’a pas de texte" in hub.journal.entries(slug)[0].what


def test_a_passage_is_taken_out_of_text_summary_versions_and_original(
    hub: Services, paper: Path, tmp_path: Path
) -> None:
    slug, by = str(bring(hub, paper, publish=True).slug), Person("camille@example.org", Role.STAFF)
    text = pages_of(hub.studies.read(slug).blocks)[1]
    papers.correct(hub, slug, 1, text, text.replace("Méthode", "La méthode"), by)  # leaves an earlier text
    found = pieces(hub.studies.read(slug))
    at = next(n for n, piece in enumerate(found) if "quarante dossiers" in piece.text)
    hub.pins.pin_passage("Sur quoi porte l’enquête ?", slug, found[at].text, by.email)
    assert (quote := hub.pins.answer("sur quoi porte une enquête")) and quote.sentence.text == found[at].text
    with pytest.raises(BadInput, match="entre-temps"):
        erasure.withdraw_from_study(hub, slug, at, at, "another text", by.email)
    erasure.withdraw_from_study(hub, slug, at, at, hub.studies.digest(slug), by.email)
    study = hub.studies.read(slug)
    assert [b.text for b in study.blocks if MARK in b.text] == [MARK]
    assert "Une garantie couvre" in study.summary.text and "quarante" not in study.summary.text
    assert (hub.studies.original(slug), len(hub.studies.versions(slug)), hub.pins.all()) == (None, 1, ())
    left = [
        path for path in hub.settings.home.rglob("*") if path.is_file() and b"quarante dossiers" in path.read_bytes()
    ]
    assert left == []
    assert "n’est plus proposé" in taken_out(study, None)
    # A document without the passage takes the original's place.
    data = b"# Les garanties\n\nSans le passage, mais avec tout le reste."
    sent = hub.uploads.begin("expurgé.md", len(data), by.email)
    with hub.uploads.appending(sent, 0) as append:
        append(data)
    adding.replace_original(hub, slug, hub.uploads.complete(sent).id, by)
    assert hub.studies.original(slug).read_bytes() == data  # type: ignore[union-attr]
    assert (hub.uploads.all(), hub.studies.details(slug).status) == ([], "published")


def test_what_is_erased_is_found_nowhere(hub: Services, paper: Path) -> None:
    slug = str(bring(hub, paper, publish=False).slug)
    hub.studies.set_status(slug, "published")
    hub.journal.note("camille@example.org", "a publié", slug)
    hub.statistics.read(slug)
    (hub.settings.home / "parcours").mkdir()
    (hub.settings.home / "parcours" / "a.toml").write_text(f'etapes = ["{slug}"]')
    assert erasure.erase(hub, slug, "camille@example.org") == ["parcours/a.toml"]
    left = {
        path.relative_to(hub.settings.home).as_posix()
        for path in hub.settings.home.rglob("*")
        if path.is_file() and (b"Armorique" in path.read_bytes() or slug.encode() in path.read_bytes())
    }
    assert left == {"parcours/a.toml"}
    with pytest.raises(Gone, match="étude"):
        hub.studies.details(slug)
    with pytest.raises(NotFound):
        holding.holder(hub, slug)


def test_a_backup_holds_studies(hub: Services, paper: Path, tmp_path: Path) -> None:
    slug = str(bring(hub, paper).slug)
    backup.back_up(hub.settings.home, tmp_path / "b.zip")
    assert f"files/studies/{slug}/original.md" in zipfile.ZipFile(tmp_path / "b.zip").namelist()
    before = hub.studies.read(slug)
    hub.studies.remove(slug)
    (hub.studies.root / "2026-01-01-apres").mkdir()
    (hub.studies.root / "2026-01-01-apres" / "study.toml").write_text("title = 'Après'")
    backup.restore(hub.settings.home, tmp_path / "b.zip")
    assert hub.studies.slugs() == [slug]
    assert Studies(hub.settings.home).read(slug) == before


def test_the_demonstration_has_a_study_and_takes_it_away(hub: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    ready = Studies(ROOT / "transcripts" / "demo")
    (slug,) = ready.slugs()
    assert demo._add_studies(hub.studies) == 1
    assert demo._add_studies(hub.studies) == 0
    details = hub.studies.details(slug)
    assert details.demonstration
    assert hub.studies.original(slug).stat().st_size < 150_000  # type: ignore[union-attr]
    assert Library(hub.settings.home).slugs() == []
    demo.remove(hub, silent)
    assert hub.studies.slugs() == []
