"""The library on disk keeps what it is given, whole, and nothing else."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from transcripts.errors import BadInput, DamagedFile, NotFound, NotWritable
from transcripts.library import Library
from transcripts.model import Chapter, Cue, Details, Masterclass, Origin, Recording, Summary, make_slug

DETAILS = Details(
    "2026-05-12-un-titre",
    'Un « titre » = "difficile"',
    dt.date(2026, 5, 12),
    "types-de-financeurs",
    ("Jeanne d'Été", "B"),
    "draft",
    12.5,
    "fr",
    "a.ogg",
    Origin("whisper-base", "ab", ("SCIC",)),
    Recording("a.ogg", "ab"),
)
TALK = Masterclass(
    DETAILS, (Cue(0, 2, "Bonjour."),), (Chapter(0, 2, "Début"),), Summary("- un\n- deux", "Zoé", dt.date(2026, 5, 13))
)


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path / "home")


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    path = tmp_path / "a.ogg"
    path.write_bytes(b"son")
    return path


def test_what_is_added_reads_back(library: Library, recording: Path) -> None:
    details = library.add(TALK, recording)
    kept = replace(DETAILS, recording=Recording(f"{DETAILS.slug}.ogg", "ab"))
    assert details == kept
    assert Library(library.home).read(DETAILS.slug) == replace(TALK, details=kept)
    assert library.recording(DETAILS.slug).read_bytes() == b"son"
    assert library.find_source("ab") == kept
    assert library.add(TALK, recording).slug == f"{DETAILS.slug}-2"


def test_publish_unpublish_and_remove(library: Library, recording: Path) -> None:
    slug = library.add(TALK, recording).slug
    assert library.published() == []
    assert library.set_status(slug, "published").status == "published"
    assert [d.slug for d in library.published()] == [slug]
    digest = library.digest(slug)
    library.set_cues(slug, (Cue(0, 2, "Bonsoir."),))
    assert library.digest(slug) != digest
    library.remove(slug)
    assert library.catalogue() == []
    assert [p.name for p in library.media.iterdir()] == []
    with pytest.raises(NotFound):
        library.read(slug)


@pytest.mark.parametrize("slug", ["..", "../../etc/passwd", "2026-05-12-../x", "", "2026-05-12-É", "x" * 5000])
def test_only_a_slug_becomes_a_path(library: Library, slug: str) -> None:
    with pytest.raises(NotFound):
        library.details(slug)
    with pytest.raises(BadInput):
        library.add(replace(TALK, details=replace(DETAILS, slug=slug, recording=None)))


def test_a_damaged_masterclass_is_set_aside(library: Library) -> None:
    library.add(replace(TALK, details=replace(DETAILS, recording=None)))
    other = library.add(replace(TALK, details=replace(DETAILS, slug="2026-05-13-autre", recording=None)))
    (library.root / DETAILS.slug / "masterclass.toml").write_text("title = ")
    assert library.catalogue() == [other]
    assert [error.path.name for error in library.damaged()] == ["masterclass.toml"]
    (library.root / other.slug / "transcript.vtt").write_bytes(b"")
    with pytest.raises(DamagedFile, match=r"transcript\.vtt"):
        library.read(other.slug)


def test_reading_creates_nothing_and_leftovers_are_invisible(library: Library) -> None:
    assert library.catalogue() == []
    assert not library.home.exists()
    (library.root / ".staging-x" / "y").mkdir(parents=True)
    assert library.slugs() == []
    library.add(replace(TALK, details=replace(DETAILS, recording=None)))
    assert sorted(p.name for p in library.root.iterdir()) == [".lock", DETAILS.slug]


def test_a_refusing_disk_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(NotWritable, match="rien n’a été modifié"):
        Library(tmp_path / "file" / "home").add(TALK)


def test_slugs() -> None:
    assert make_slug(dt.date(2026, 1, 2), "L’ESUS, c’est quoi ?") == "2026-01-02-l-esus-c-est-quoi"
    assert make_slug(dt.date(2026, 1, 2), "🎉") == "2026-01-02-masterclass"
    assert len(make_slug(dt.date(2026, 1, 2), "mot " * 99)) <= 90
