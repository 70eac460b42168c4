"""Staff name a voice once for the whole talk; prints of voices stay where they belong, and go with their talk."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from app import review
from app.erasure import erase
from app.services import Services
from app.settings import Settings, Speech
from app.voices import Voice, drop_prints, name_voice, proposals, voices
from tests.transcripts.test_library import SLUG, talk
from transcripts.edits import SetSpeaker, Shift
from transcripts.errors import BadInput, DamagedFile, NotWritable
from transcripts.library import Library
from transcripts.model import Cue
from transcripts.prints import Prints

LATER = "2026-06-09-la-garantie"
CUES = (
    Cue(0.0, 2.0, "Bonjour.", "Voix 1"),
    Cue(2.0, 4.5, "Une question ?", "Voix 2"),
    Cue(4.5, 9.0, "Oui.", "Voix 1"),
)


@pytest.fixture
def hub(tmp_path: Path) -> Services:
    return Services(Settings(home=tmp_path / "home", speech=Speech(prints=True)))


@pytest.fixture
def library(hub: Services) -> Library:
    library = hub.library
    for slug in (SLUG, LATER):
        made = talk(slug)
        library.add(replace(made, cues=CUES, details=replace(made.details, speakers=("Zoé d’Or",))))
    return library


def test_a_voice_gets_its_name_in_every_cue(hub: Services, library: Library) -> None:
    name_voice(hub, SLUG, "Voix 1", " Ada  Lovelace ", "terminal")
    assert [cue.speaker for cue in library.read(SLUG).cues] == ["Ada Lovelace", "Voix 2", "Ada Lovelace"]
    assert library.details(SLUG).speakers == ("Zoé d’Or", "Ada Lovelace")
    assert voices(hub, SLUG) == [Voice("Ada Lovelace", 6.5), Voice("Voix 2", 2.5)]
    assert not (library.home / "voices").exists()


@pytest.mark.parametrize(("voice", "name"), [("Voix 3", "Ada"), ("Voix 1", "  "), ("Voix 1", "<b>")])
def test_a_voice_that_is_not_there_or_a_name_that_is_none_changes_nothing(
    hub: Services, library: Library, voice: str, name: str
) -> None:
    with pytest.raises(BadInput, match="rien n’a changé"):
        name_voice(hub, SLUG, voice, name, "terminal")
    assert library.read(SLUG).cues == CUES


def test_a_voice_named_in_one_talk_is_proposed_in_the_next_and_forgotten_with_its_talk(
    hub: Services, library: Library
) -> None:
    prints = Prints(library.home)
    prints.keep(SLUG, {"Voix 1": [1.0, 0.0], "Voix 2": [0.0, 1.0]})
    prints.keep(LATER, {"Voix 1": [0.0, 1.0], "Voix 2": [0.96, 0.28]})
    assert [voice.proposed for voice in voices(hub, LATER)] == [None, None]
    name_voice(hub, SLUG, "Voix 1", "Ada Lovelace", "terminal")
    assert voices(hub, LATER) == [Voice("Voix 1", 6.5), Voice("Voix 2", 2.5, "Ada Lovelace", 0.96)]
    assert proposals(hub, LATER).names == {"Voix 2": "Ada Lovelace"}
    # Proposed only: nothing has been named by itself.
    assert library.read(LATER).cues == CUES
    assert (library.home / "voices" / f"{SLUG}.json").stat().st_mode & 0o077 == 0
    library.remove(SLUG)
    assert [path.stem for path in (library.home / "voices").iterdir()] == [LATER]
    assert voices(hub, LATER)[1] == Voice("Voix 2", 2.5)
    (library.root / LATER / "masterclass.toml").write_text("title =", "utf-8")
    erase(hub, LATER, "terminal")  # damaged, too
    assert not list((library.home / "voices").iterdir())


def test_a_print_follows_its_voice_also_where_a_name_is_taken_back(hub: Services, library: Library) -> None:
    prints = Prints(library.home)
    prints.keep(SLUG, {"Voix 1": [1.0, 0.0], "Voix 2": [0.0, 1.0]})

    def called() -> list[str]:
        return [name for name, _ in prints.read(SLUG)]

    name_voice(hub, SLUG, "Voix 1", "Ada", "terminal")
    name_voice(hub, SLUG, "Voix 2", "Ada", "terminal")  # a slip: both are one now
    assert called() == ["Ada", "Ada"]
    review.undo(hub, SLUG, 3, "terminal")
    assert called() == ["Ada", "Voix 2"]
    state = review.opened(hub, SLUG)
    review.save(hub, SLUG, state.number, (Shift(1.0), SetSpeaker(1, "Bo")), "terminal")
    assert called() == ["Ada", "Bo"]
    review.restore(hub, SLUG, 1, "terminal")
    assert called() == ["Voix 1", "Voix 2"]
    # As it was written once, and as nobody can read it: the text is saved all the same.
    path = library.home / "voices" / f"{SLUG}.json"
    path.write_text(json.dumps({"Voix 1": [1.0, 0.0], "Voix 2": [0.0, 1.0]}))
    name_voice(hub, SLUG, "Voix 2", "Bo", "terminal")
    assert prints.read(SLUG) == [("Voix 1", [1.0, 0.0]), ("Bo", [0.0, 1.0])]
    path.write_text("{")
    name_voice(hub, SLUG, "Bo", "Zoé", "terminal")
    assert library.read(SLUG).cues[1].speaker == "Zoé"


def test_a_hub_that_keeps_no_prints_proposes_nobody_and_erases_those_there_were(
    hub: Services, library: Library
) -> None:
    hub.prints.keep(SLUG, {"Ada": [1.0, 0.0]})
    hub.prints.keep(LATER, {"Voix 1": [1.0, 0.0], "Voix 2": [0.0, 1.0]})
    assert proposals(hub, LATER).names == {"Voix 1": "Ada"}
    drop_prints(hub)
    assert hub.prints.read(SLUG)
    other = Services(Settings(home=library.home))
    assert voices(other, LATER) == [Voice("Voix 1", 6.5), Voice("Voix 2", 2.5)]
    assert proposals(other, LATER).names == {} and "ne garde pas d’empreintes" in proposals(other, LATER).told
    drop_prints(other)
    assert not list((library.home / "voices").iterdir())


def test_prints_are_there_when_their_talk_is_or_neither(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    masterclass, slugs = library.read(SLUG), library.slugs()
    keep = Prints.keep

    def kept(prints: Prints, slug: str, vectors: dict[str, list[float]]) -> None:
        assert library.slugs() == slugs  # not to be seen yet: whoever is killed now does all of it again
        keep(prints, slug, vectors)

    monkeypatch.setattr(Prints, "keep", kept)
    added = library.add(masterclass, prints={"Voix 1": [1.0]}).slug
    assert Prints(library.home).read(added) == [("Voix 1", [1.0])]
    library.remove(added)
    (library.home / "voices").rmdir()
    (library.home / "voices").touch()
    with pytest.raises(NotWritable):
        library.add(masterclass, prints={"Voix 1": [1.0]})
    assert library.slugs() == slugs


def test_damaged_prints_are_said_and_keep_nobody_from_the_text(hub: Services, library: Library) -> None:
    hub.prints.keep(SLUG, {"Voix 1": [1.0]})
    (library.home / "voices" / f"{SLUG}.json").write_text(json.dumps([1, 2]))
    with pytest.raises(DamagedFile, match="abîmé"):
        voices(hub, SLUG)
    assert "abîmé" in proposals(hub, SLUG).told
