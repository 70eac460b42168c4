"""The library keeps what it is given, and shows it whole or not at all."""

import datetime as dt
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from transcripts.days import PARIS
from transcripts.errors import BadInput, DamagedFile, MediaDown, NotFound, NotWritable
from transcripts.library import Library
from transcripts.model import Chapter, Cue, Details, Masterclass, Origin, Recording, Summary
from transcripts.prints import Prints

SLUG = "2026-05-12-le-pret"


def talk(slug: str = SLUG, recording: Recording | None = None) -> Masterclass:
    details = Details(
        slug=slug,
        title='Le « prêt » "participatif" \\ = [x]',
        date=dt.date(2026, 5, 12),
        theme="types-de-financeurs",
        speakers=("Ada", "Zoé d’Or"),
        status="draft",
        duration=12.5,
        language="fr",
        source="prêt.mp4",
        origin=Origin("imported", "abc", ("BSA Air",)),
        recording=recording,
    )
    cues = (Cue(0.0, 2.0, "Bonjour <à> tous & toutes.", "Ada"), Cue(2.0, 4.5, "Merci."))
    summary = Summary("- Un.\n- Deux.", "Ada", dt.date(2026, 6, 1))
    return Masterclass(details, cues, (Chapter(0.0, 4.5, "Début : 1"),), summary)


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path / "home")


def test_a_masterclass_is_read_back_as_it_was_added(library: Library) -> None:
    library.add(talk())
    assert library.read(SLUG) == talk()
    assert Library(library.home).read(SLUG) == talk()
    assert library.find_source("abc") == talk().details
    assert library.find_source("def") is None


def test_a_page_is_known_by_any_of_its_addresses(library: Library) -> None:
    seen = talk()
    page = "https://tube.example/videos/watch/9c9de5e8-0a1e-484a-b099-e80766180a6d"
    details = library.add(replace(seen, details=replace(seen.details, source=page)))
    for address in (page, "https://tube.example/w/kkGMgK9ZtnKfYAgnEtQxbv"):
        assert library.find_source(address) == details
    assert library.find_source("https://tube.example/w/kkGMgK9ZtnKfYAgnEtQxbw") is None


def test_a_taken_slug_gets_a_number(library: Library) -> None:
    assert [library.add(talk()).slug for _ in range(3)] == [SLUG, f"{SLUG}-2", f"{SLUG}-3"]
    assert library.slugs() == [SLUG, f"{SLUG}-2", f"{SLUG}-3"]


def test_publishing_and_taking_back_is_seen_by_every_reader(library: Library) -> None:
    reader = Library(library.home)
    library.add(talk())
    assert reader.published() == []
    assert library.set_status(SLUG, "published").status == "published"
    assert [d.slug for d in reader.published()] == [SLUG]
    library.set_status(SLUG, "draft")
    assert reader.published() == []
    assert reader.read(SLUG) == talk()


def test_a_correction_by_hand_survives_publishing(library: Library) -> None:
    library.add(talk())
    toml = library.root / SLUG / "masterclass.toml"
    toml.write_text("# Ma note\n" + toml.read_text("utf-8"), "utf-8")
    library.set_status(SLUG, "published")
    assert toml.read_text("utf-8").startswith("# Ma note\n")


def test_what_staff_change_is_written_and_all_else_stays(library: Library) -> None:
    library.add(talk())
    path = library.root / SLUG / "masterclass.toml"
    path.write_text(f"# Relu par Zoé\n{path.read_text('utf-8')}", "utf-8")
    consents = (("Ada", dt.date(2026, 5, 2)), ('Zoé "d’Or" = [x]', dt.date(2026, 5, 3)))
    when = dt.datetime(2026, 12, 3, 18, 30, tzinfo=PARIS)
    library.set_details(
        SLUG, title="Un autre titre", speakers=("Ada",), consents=consents, publish_at=when, event="2026-02-03"
    )
    found = Library(library.home).details(SLUG)
    assert found.event == "2026-02-03"
    assert (found.title, found.speakers, found.consents, found.publish_at) == (
        "Un autre titre",
        ("Ada",),
        consents,
        when,
    )
    assert found.origin == talk().details.origin
    assert path.read_text("utf-8").startswith("# Relu par Zoé\n")
    library.set_status(SLUG, "published")
    found = library.details(SLUG)
    assert (found.publish_at, found.consents) == (None, consents)
    library.set_details(SLUG, consents=())
    assert "consent" not in path.read_text("utf-8")


def test_removing_takes_the_recording_too(library: Library, tmp_path: Path) -> None:
    sound = tmp_path / "prêt.WAV"
    sound.write_bytes(b"sound")
    kept = [library.add(talk(recording=Recording("", "abc")), sound).slug for _ in range(2)]
    assert library.recording(SLUG) == f"{SLUG}.wav"
    library.remove(SLUG)
    assert [p.name for p in (library.home / "media").iterdir()] == [f"{kept[1]}.wav"]
    assert library.slugs() == [kept[1]]
    assert sound.read_bytes() == b"sound"
    with pytest.raises(NotFound):
        library.read(SLUG)


def test_replacing_the_words_changes_what_the_index_follows(library: Library) -> None:
    library.add(talk())
    before = library.digest(SLUG), library.signature(SLUG)
    library.rewrite(SLUG, cues=(Cue(0.0, 1.0, "Autre."),))
    assert library.read(SLUG).cues == (Cue(0.0, 1.0, "Autre."),)
    assert library.digest(SLUG) != before[0]
    assert library.signature(SLUG) != before[1]


@pytest.mark.parametrize("slug", ["../../etc", "2026-05-12-a/../../b", "", ".", "2026-05-12-A", f"{SLUG}\n", SLUG])
def test_what_is_no_slug_finds_nothing_and_touches_nothing(library: Library, slug: str) -> None:
    for ask in (
        library.details,
        library.read,
        library.recording,
        library.remove,
        lambda s: library.set_status(s, "draft"),
        lambda s: library.rewrite(s, cues=()),
    ):
        with pytest.raises(NotFound):
            ask(slug)


def test_a_slug_that_leads_elsewhere_is_not_added(library: Library, tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        library.add(talk("../evil"))
    assert not list(tmp_path.rglob("evil*"))


@pytest.mark.parametrize("damage", ["title = ", "", "\x00", "status = 3\n", "date = 2026-05-12\ntitle = 'x'"])
def test_a_damaged_file_is_named_and_the_others_are_listed(library: Library, damage: str) -> None:
    library.add(talk())
    library.add(talk("2026-05-13-sain"))
    (library.root / SLUG / "masterclass.toml").write_text(damage, "utf-8")
    assert [d.slug for d in library.catalogue()] == ["2026-05-13-sain"]
    (error,) = library.damaged()
    assert f"{SLUG}/masterclass.toml" in str(error)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("masterclass.toml", b"title", b"\xff"),
        ("masterclass.toml", b"title", b"recording = 3\ntitle"),
        ("masterclass.toml", b"title", b"consent = 3\ntitle"),
        ("masterclass.toml", b"title", b"consent = {Ada = 'oui'}\ntitle"),
        ("masterclass.toml", b"title", b"publish_at = 'demain'\ntitle"),
        ("masterclass.toml", b"[transcript]", b"transcript = 3\n[other]"),
        ("masterclass.toml", b'["BSA Air"]', b"3"),
        ("masterclass.toml", b"title", b"x = " + b"[" * 5_000 + b"\ntitle"),
        ("transcript.vtt", b" --> ", b" "),
        ("transcript.vtt", b"00:00:02.000 --> ", b"00:00:09.000 --> "),
        ("summary.md", b"2026-06-01", b"hier"),
        ("summary.md", b"reviewed_by: ", b"[: "),
        ("summary.md", b"Un", b"\xff"),
    ],
)
def test_whatever_is_damaged_is_said_as_a_damaged_file(library: Library, name: str, old: bytes, new: bytes) -> None:
    library.add(talk())
    path = library.root / SLUG / name
    good = path.read_bytes()
    assert old in good
    path.write_bytes(good.replace(old, new))
    with pytest.raises(DamagedFile, match=f"{SLUG}/{name}"):
        library.read(SLUG)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("12.5", "inf", "« duration » n’est pas un nombre"),
        ("12.5", "nan", "« duration » n’est pas un nombre"),
        ("12.5", "-1.0", "« duration » doit valoir au moins 0"),
        ("12.5", "1e308", "« duration » doit valoir au plus"),
        ('["Ada", "Zoé d’Or"]', '"Ada"', "« speakers » n’est pas une liste entre crochets"),
        ('["Ada", "Zoé d’Or"]', '["Ada", 3]', "« speakers 2 » n’est pas un texte"),
        ("2026-05-12", "0001-01-01", "« date » n’est pas un jour"),
        ("2026-05-12", "9999-12-31", "« date » n’est pas un jour"),
        ("2026-05-12", "'12 mai'", "« date » n’est pas un jour"),
        ('"draft"', '"public"', "« status » n’est pas une des valeurs possibles : draft ou published"),
        ('"types-de-financeurs"', "3", "« theme » n’est pas un texte"),
        ('"fr"', "['fr']", "« language » n’est pas un texte"),
        ('"prêt.mp4"', "{}", "« source » n’est pas un texte"),
        ("[transcript]", "transcript = 3\n[other]", "« transcript » n’est pas une suite de lignes"),
        ('["BSA Air"]', '"BSA Air"', "« transcript hotwords » n’est pas une liste"),
        ("[transcript]", "publish_at = 9999-12-31T23:59:59Z\n[transcript]", "« publish_at » n’est pas un jour avec"),
        ("[transcript]", "recording = {file = 3, sha256 = 'x'}\n[transcript]", "« recording file » n’est pas un texte"),
        ("[transcript]", "consent = {Ada = true}\n[transcript]", "« consent Ada » n’est pas un jour"),
    ],
)
def test_a_card_of_which_one_value_cannot_be_says_which_and_takes_no_list_down(
    library: Library, old: str, new: str, said: str
) -> None:
    library.add(talk())
    library.add(talk("2026-05-13-sain"))
    path = library.root / SLUG / "masterclass.toml"
    good = path.read_text("utf-8")
    assert old in good
    path.write_text(good.replace(old, new), "utf-8")
    (error,) = library.damaged()
    assert said in str(error)
    assert [d.slug for d in library.catalogue()] == ["2026-05-13-sain"]


def test_what_a_later_hub_writes_beside_what_is_known_is_no_damage(library: Library) -> None:
    library.add(talk(recording=Recording("x.ogg", "abc")))
    path = library.root / SLUG / "masterclass.toml"
    text = (
        path.read_text("utf-8")
        .replace("[recording]", "[recording]\nframes = 25")
        .replace("[transcript]", "[transcript]\nbeam = 5")
    )
    path.write_text(f"event = 2026-02-03\n{text}", "utf-8")
    found = library.details(SLUG)
    assert (found.event, found.recording) == ("2026-02-03", Recording("x.ogg", "abc"))


def test_a_folder_that_leads_to_itself_is_named_and_the_others_are_listed(library: Library) -> None:
    library.add(talk())
    loop = library.root / "2026-05-13-boucle"
    loop.symlink_to(loop)
    assert [d.slug for d in library.catalogue()] == [SLUG]
    (error,) = library.damaged()
    assert "2026-05-13-boucle/masterclass.toml" in str(error)


def _spoil(path: Path) -> None:
    path.write_bytes(b"---\n[: \n---\n")


def _loop(path: Path) -> None:
    path.symlink_to(path)


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        ("transcript.vtt", _spoil),
        ("transcript.vtt", _loop),
        ("transcript.vtt", Path.mkdir),
        ("chapters.vtt", Path.mkdir),
        ("summary.md", _spoil),
        ("summary.md", Path.mkdir),
    ],
)
def test_what_cannot_be_read_is_told_and_set_aside_until_it_can(
    library: Library, name: str, damage: Callable[[Path], None]
) -> None:
    for slug in (SLUG, "2026-05-13-sain"):
        library.add(talk(slug))
        library.set_status(slug, "published")
    assert (library.examine(), library.damaged()) == (0, [])
    path = library.root / SLUG / name
    good = path.read_bytes()
    path.unlink()
    damage(path)
    for one in (library, Library(library.home)):  # another process, too
        assert one.examine() == 0
        (error,) = one.damaged()
        assert f"{SLUG}/{name}" in str(error)
        assert [d.slug for d in one.published()] == ["2026-05-13-sain"]
        assert len(one.catalogue()) == 2  # staff find it, to mend it
    (path.rmdir if path.is_dir() else path.unlink)()
    path.write_bytes(good)
    assert (library.damaged(), len(library.published())) == ([], 2)
    assert (library.examine(), library.damaged()) == (0, [])


def test_a_transcript_that_is_missing_is_told_and_comes_back(library: Library) -> None:
    library.add(talk())
    transcript = library.root / SLUG / "transcript.vtt"
    transcript.rename(library.root / "away")
    library.examine()
    (error,) = library.damaged()
    assert "il manque" in str(error)
    (library.root / "away").rename(transcript)
    assert library.damaged() == []


def test_what_is_sound_is_read_once_by_all_processes_together(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    real = Library.read
    monkeypatch.setattr(Library, "read", lambda self, slug: (read.append(slug), real(self, slug))[1])
    slugs = [library.add(talk()).slug for _ in range(3)]
    assert library.examine(seconds=-1) == 3  # no time: nothing is known yet
    assert (read, library.damaged()) == ([], [])
    library.examine()
    Library(library.home).examine()
    library.examine()
    assert sorted(read) == sorted(slugs)
    library.rewrite(slugs[1], cues=(Cue(0.0, 1.0, "Autre."),))
    (library.root / slugs[2] / "transcript.vtt").unlink()
    for _ in range(2):  # what is damaged is read each time: it may be mended without a change to it
        library.examine()
    assert read[3:] == [slugs[1], slugs[2], slugs[2]]
    assert not any(slug in (library.root / ".sound").read_text() for slug in slugs)


def test_a_missing_transcript_is_a_damaged_file(library: Library) -> None:
    library.add(talk())
    (library.root / SLUG / "transcript.vtt").unlink()
    with pytest.raises(DamagedFile, match="il manque"):
        library.read(SLUG)


def test_reading_creates_nothing(library: Library) -> None:
    assert (library.slugs(), library.catalogue(), library.damaged(), library.published()) == ([], [], [], [])
    with pytest.raises(NotFound):
        library.read(SLUG)
    assert not library.home.exists()


def test_a_killed_writer_leaves_nothing_that_shows(library: Library) -> None:
    library.add(talk())
    left = library.root / ".staging-killed"
    left.mkdir()
    (left / "masterclass.toml").write_text("title =", "utf-8")
    assert [d.slug for d in library.catalogue()] == [SLUG]
    assert library.damaged() == []
    library.set_status(SLUG, "published")
    assert not left.exists()


def killed(doing: Callable[[], object], where: type, step: str) -> None:
    """Do something in a process that ends, as by a kill, where it comes to a step."""
    if not (child := os.fork()):
        setattr(where, step, lambda *_: os._exit(9))
        doing()
        os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9


def test_a_writer_that_was_killed_leaves_no_recording_and_no_voice(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound, other = tmp_path / "sound.mp3", "2026-06-01-un-autre"
    sound.write_bytes(b"sound")

    def add(slug: str) -> None:
        library.add(talk(slug, Recording("sound.mp3", "abc")), sound, prints={"Ada": [1.0, 0.0]})

    def left() -> set[str]:
        return {
            path.name for below in ("library", "media", "voices") for path in (library.home / below).glob("[.2]*-*")
        }

    add(other)
    alone = left()
    killed(lambda: add(SLUG), Path, "rename")
    assert library.slugs() == [other] and {f"{SLUG}.mp3", f"{SLUG}.json"} <= left()
    with monkeypatch.context() as away:
        away.setattr(library.media, "forget", lambda *_: _raise(MediaDown()))
        library.tidy()
    assert f"{SLUG}.mp3" in left()  # for the next one to do
    library.tidy()
    assert left() == alone and (library.home / "media" / f"{other}.mp3").exists()
    add(SLUG)
    killed(lambda: library.remove(SLUG), Prints, "forget")
    assert library.slugs() == [SLUG, other]
    library.remove(SLUG)
    assert left() == alone


def _raise(error: Exception) -> None:
    raise error


def test_a_refused_write_is_said_and_keeps_nothing(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.write_text("a file")
    with pytest.raises(NotWritable, match="HUB_HOME"):
        Library(home).add(talk())
    assert home.read_text() == "a file"
    assert Library(home).slugs() == []
