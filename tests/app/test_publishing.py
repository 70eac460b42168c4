"""Nothing is public before it is ready and somebody, or the date, says so."""

import datetime as dt
import io
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from app import publishing, review, together
from app.again import ask_again, refusal, transcribe_again
from app.erasure import withdraw_passage
from app.logs import Lines
from app.people import Person, Role
from app.services import Services
from app.settings import Settings
from app.spreadsheet import compare, read
from app.steward import tending
from app.voices import name_voice
from tests.ingest.server import tone
from tests.talks import silence, talk
from transcripts.days import now
from transcripts.edits import SetSpeaker, Settle
from transcripts.errors import BadInput
from transcripts.formats import export, read_cues
from transcripts.model import THEMES, Cue, Difference, Recording, Removed, Summary, Trace, Word
from transcripts.revision import content_of, described

ME = Person("camille@example.org", Role.STAFF)
CUES = (Cue(0.0, 3.0, "Bonjour à tous."), Cue(3.0, 6.0, "Le prêt de La Nef est là."))

WORDS = (Word(0.0, 1.0, " Bonjour"), Word(4.0, 4.4, " Nef"))


@pytest.fixture
def hub(tmp_path: Path) -> Services:
    return Services(Settings(home=tmp_path / "home"))


def ready(hub: Services, title: str) -> str:
    """Add a draft that lacks nothing needed."""
    slug = talk(hub.library, title, CUES, published=False)
    hub.library.set_details(slug, speakers=("Ada",), consents=(("Ada", dt.date(2026, 2, 1)),))
    return slug


def found(hub: Services, slug: str) -> dict[str, tuple[bool, str]]:
    return {check.subject: (check.ok, check.found) for check in publishing.checks(hub, slug)}


def test_the_check_list_says_what_is_wrong_and_where(hub: Services, tmp_path: Path) -> None:
    cues = (Cue(0.0, 4.0, "Bonjour.", "Voix 1"), Cue(3.0, 9.0, " ", "Zoé"), Cue(2.0, 2.0, "Fin.", "Zoé"))
    note = "Le fichier s’arrête à 0:09 au lieu de 1:00."
    slug = talk(hub.library, "Essai", cues, summary="- Un.", source="essai.ogg", published=False, note=note)
    hub.library.set_details(slug, speakers=("Zoé", "Ada"), consents=(("Zoé", dt.date(2026, 2, 1)),))
    hub.library.rewrite(slug, trace=Trace(removed=(Removed(1, 2, "Sous-titres", "phantom"),)))
    checks = found(hub, slug)
    assert {subject for subject, (ok, _) in checks.items() if not ok} == set(checks) - {"times"}
    assert "nom du fichier" in checks["title"][1]
    assert checks["consent"][1] == "L’accord n’est pas noté pour Ada."
    assert "Voix 1" in checks["voices"][1]
    assert "1 passage retiré" in checks["doubts"][1]
    assert checks["notes"][1] == note
    assert "une ligne sans durée à 0:02, deux lignes en même temps à 0:02" in checks["subtitles"][1]
    hub.library.set_details(slug, title="Le prêt")
    assert found(hub, slug)["title"] == (True, "Le prêt")


def test_doubts_that_somebody_settled_are_no_longer_on_the_list(hub: Services) -> None:
    slug = talk(hub.library, "Essai", CUES, published=False)
    unsure, sure = Word(4.0, 4.4, " Nef", 0.2), Word(0.5, 1.0, " tous", 0.9)
    hub.library.rewrite(slug, trace=Trace((sure, unsure), (Removed(1, 2, "Sous-titres", "phantom"),)))
    assert found(hub, slug)["doubts"] == (False, "1 passage retiré par la machine, 1 mot dont la machine doutait.")
    state = review.opened(hub, slug)
    for n, doubt in enumerate(state.doubts):
        state = review.save(hub, slug, state.number, (Settle(doubt.name),), ME.email)
        assert found(hub, slug)["doubts"][0] is (n == 1)
    assert found(hub, slug)["doubts"] == (True, "Il n’en reste aucun.")


def test_publishing_asks_for_every_consent(hub: Services) -> None:
    slug = talk(hub.library, "Essai un", CUES, published=False)
    hub.library.set_details(slug, speakers=())
    with pytest.raises(BadInput, match="Personne n’est nommé"):
        publishing.publish(hub, slug, ME)
    hub.library.set_details(slug, speakers=("Ada",))
    with pytest.raises(BadInput, match="L’accord n’est pas noté pour Ada"):
        publishing.publish(hub, slug, ME)
    assert hub.library.published() == []
    hub.library.set_details(slug, consents=(("Ada", dt.date(2026, 2, 1)),))
    publishing.publish(hub, slug, ME)
    publishing.unpublish(hub, slug, ME)
    assert [(entry.who, entry.what) for entry in hub.journal.entries(slug)] == [
        ("camille@example.org", "a retiré de la publication"),
        ("camille@example.org", "a publié"),
    ]


def test_whoever_a_line_names_has_to_agree_too(hub: Services) -> None:
    slug = ready(hub, "Essai")
    review.save(hub, slug, review.opened(hub, slug).number, (SetSpeaker(0, "Bo"),), ME.email)
    with pytest.raises(BadInput, match="L’accord n’est pas noté pour Bo"):
        publishing.publish(hub, slug, ME)
    agreed = (("Ada", dt.date(2026, 2, 1)), ("Bo", dt.date(2026, 2, 2)))
    publishing.note_consents(hub, slug, agreed, ME)
    day = hub.library.details(slug).date
    publishing.describe(hub, slug, ME, title="Essai", date=day, people=("Ada",), theme="types-de-financeurs")
    assert publishing.publish(hub, slug, ME).consents == agreed


def test_what_is_due_is_published_also_after_a_restart(hub: Services) -> None:
    due, later, lacking = (ready(hub, title) for title in ("À présent", "Plus tard", "Sans accord"))
    with pytest.raises(BadInput, match="passé"):
        publishing.schedule(hub, due, now() - dt.timedelta(minutes=1), ME)
    publishing.schedule(hub, later, now() + dt.timedelta(hours=1), ME)
    for slug in (due, lacking):
        publishing.schedule(hub, slug, now() + dt.timedelta(seconds=60), ME)
        hub.library.set_details(slug, publish_at=now() - dt.timedelta(seconds=1))
    hub.library.set_details(lacking, consents=())
    assert publishing.standing(hub.library.details(later)).startswith("Prévue le ")
    restarted = Services(hub.settings)
    with tending(restarted):
        for _ in range(100):
            if restarted.library.details(lacking).publish_at is None:
                break
            time.sleep(0.05)
    assert [details.slug for details in restarted.library.published()] == [due]
    assert restarted.library.details(later).publish_at is not None
    assert "n’a pas publié à la date prévue" in restarted.journal.entries(lacking)[0].what


def test_what_fails_only_now_stays_planned_holds_nothing_else_up_and_is_not_named(
    hub: Services, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.handler.setFormatter(Lines(iter(())))
    slugs = [ready(hub, title) for title in ("Une", "Deux")]
    for slug in slugs:
        hub.library.set_details(slug, publish_at=now() - dt.timedelta(seconds=1))
    text = hub.library.folder(slugs[1]) / "transcript.vtt"  # the latest comes first
    whole = text.read_bytes()
    text.write_bytes(b"\xff")
    assert publishing.publish_due(hub) == slugs[:1]
    assert "publishing a masterclass: Le fichier" in caplog.text
    assert "deux" not in caplog.text
    text.write_bytes(whole)
    assert publishing.publish_due(hub) == slugs[1:]


def test_a_word_goes_into_the_glossary_whatever_other_talks_are_like(hub: Services) -> None:
    here, whole, damaged = (talk(hub.library, title, CUES, published=False) for title in ("Ici", "Là", "Abîmée"))
    (hub.library.folder(damaged) / "transcript.vtt").write_bytes(b"\xff")
    assert [one.slug for one in review.add_term(hub, here, "la nef", "La Nef", ME.email)] == [whole]


def test_a_summary_is_read_by_somebody_with_a_name(hub: Services) -> None:
    slug = talk(hub.library, "Essai", CUES, summary="- Un.", published=False)
    for name in ("", " ", "camille@example.org"):
        with pytest.raises(BadInput):
            publishing.read_summary(hub, slug, name, ME)
    publishing.read_summary(hub, slug, " Camille  Invention ", ME)
    summary = hub.library.read(slug).summary
    assert (summary.text, summary.reviewed_by) == ("- Un.", "Camille Invention")
    assert isinstance(summary, Summary)


def test_whatever_staff_do_to_a_talk_is_in_its_history_and_can_be_taken_back(hub: Services) -> None:
    slug = talk(hub.library, "Essai", (Cue(0.0, 3.0, "Bonjour.", "Voix 1"),), summary="- Un.", published=False)
    hub.library.set_details(slug, consents=(("Personne Inventée", dt.date(2026, 2, 1)),))
    before = hub.history.open(slug).content
    name_voice(hub, slug, "Voix 1", "Ada", ME.email)
    details = hub.library.details(slug)
    people, theme = (*details.speakers, "Zoé"), "parcours-de-financement"
    publishing.describe(hub, slug, ME, title="Le prêt", date=dt.date(2026, 2, 4), people=people, theme=theme)
    agreed = (("Personne Inventée", dt.date(2026, 2, 1)), ("Ada", dt.date(2026, 2, 5)))
    publishing.note_consents(hub, slug, agreed, ME)
    publishing.read_summary(hub, slug, "Camille", ME)
    table = read(f"identifiant;personnes;titre\n{slug};Ada;Un prêt\n".encode())
    together.apply(hub, compare(table, hub.library.catalogue(), THEMES).changes, ME)
    assert hub.library.details(slug).consents == agreed[1:]
    together.set_theme(hub, [slug], "types-de-financeurs", ME)
    assert {(version.who, version.kind) for version in hub.history.versions(slug)[1:]} == {(ME.email, "edit")}
    sittings = review.sittings(hub, slug)
    assert [sitting.what for sitting in sittings] == [
        "dans une sélection : thème",
        "a changé par un tableau : personnes, titre, accords",
        "a relu le résumé : résumé relu",
        "accords",
        "a changé la fiche : personnes, titre, date, thème",
        "1 ligne attribuée, personnes",
        "état au début de la relecture",
    ]
    readings, _ = review.difference(hub, slug, sittings[4].first, sittings[4].last)
    assert [(one.where, *one.words) for one in readings[1:]] == [
        ("Titre", ("gone", "Essai"), ("new", "Le prêt")),
        ("Date", ("gone", "3"), ("new", "4"), ("same", "février 2026")),
        (
            "Thème",
            ("gone", "Types"),
            ("new", "Parcours"),
            ("same", "de"),
            ("gone", "financeurs"),
            ("new", "financement"),
        ),
    ]
    (agreement,), _ = review.difference(hub, slug, sittings[3].first, sittings[3].last)
    assert agreement.words[-1] == ("new", "\n Ada, le 5 février 2026")
    assert "sauf les accords" in review.restore(hub, slug, 1, ME.email).notice
    assert review.sittings(hub, slug)[0].what.startswith("retour à l’état du ")
    # A consent that somebody took back must not come back with a text.
    assert content_of(hub.library.read(slug)) == described(before, consents=agreed[1:])
    with pytest.raises(BadInput, match="à venir"):
        publishing.note_consents(hub, slug, (("Ada", dt.date(2999, 1, 1)),), ME)


def test_a_difference_is_settled_one_way_or_the_other(hub: Services) -> None:
    slug = talk(hub.library, "Essai", CUES, published=False)
    one, two = Difference(3.0, 6.0, "La Nef", "l’Anef"), Difference(0.0, 3.0, "Bonjour", "Bonsoir")
    hub.library.rewrite(slug, trace=Trace(differences=(one, two)))
    publishing.settle(hub, slug, one, ME, take=False)
    publishing.settle(hub, slug, two, ME, take=True)
    assert [cue.text for cue in hub.library.read(slug).cues] == ["Bonsoir à tous.", "Le prêt de La Nef est là."]
    assert hub.library.trace(slug).differences == ()
    assert [(version.who, version.kind) for version in hub.history.versions(slug)][1:] == [(ME.email, "edit")]


def test_what_was_heard_takes_the_place_of_the_very_words_that_stand_there(hub: Services) -> None:
    cues = (
        Cue(0.0, 3.0, "Sans doute sa valeur."),
        Cue(3.0, 6.0, "Elle va de mal en pis"),
        Cue(6.0, 9.0, "mais le prêt."),
        Cue(9.0, 12.0, "Le prix du prix sa valeur."),
    )
    slug = talk(hub.library, "Essai", cues, published=False)
    short = Difference(0.0, 3.0, "sa", "ça")
    across = Difference(3.0, 9.0, "en pis mais", "empirant mais là")
    line, twice = Difference(6.0, 9.0, "là le prêt.", ""), Difference(9.0, 12.0, "prix", "prit")
    elsewhere = Difference(9.0, 12.0, "Sans", "Cent")
    for one, why in ((twice, "plusieurs fois"), (elsewhere, "ont changé depuis")):
        hub.library.rewrite(slug, trace=Trace(differences=(one,)))
        with pytest.raises(BadInput, match=why):
            publishing.settle(hub, slug, one, ME, take=True)
    assert hub.library.read(slug).cues == cues
    for one in (short, across, line):
        hub.library.rewrite(slug, trace=Trace(differences=(one,)))
        publishing.settle(hub, slug, one, ME, take=True)
    assert [cue.text for cue in hub.library.read(slug).cues] == [
        "Sans doute ça valeur.",
        "Elle va de mal empirant mais",
        cues[3].text,
    ]


def test_what_several_settle_at_once_is_all_settled(hub: Services) -> None:
    slug = talk(hub.library, "Essai", CUES, published=False)
    differences = tuple(Difference(n / 4, n / 4 + 0.2, f"un {n}", f"deux {n}") for n in range(12))
    hub.library.rewrite(slug, trace=Trace(differences=(*differences, Difference(5.0, 6.0, "reste", "peste"))))
    with ThreadPoolExecutor(4) as several:
        list(several.map(lambda one: publishing.settle(hub, slug, one, ME, take=False), differences))
    assert [one.kept for one in hub.library.trace(slug).differences] == ["reste"]


def test_many_at_once_tell_each_refusal_and_do_the_rest(hub: Services, tmp_path: Path) -> None:
    good = ready(hub, "Prête")
    bad = talk(hub.library, "Pas prête", CUES, published=False)
    tally = together.publish(hub, [good, bad, "2026-01-01-absente"], ME)
    assert tally.done == 1
    assert len(tally.refused) == 2
    together.set_theme(hub, [good, bad], "parcours-de-financement", ME)
    table = f"identifiant;date;statut;personnes\n{good};12 mai 2026;brouillon;\n{bad};;publiée;Zoé | Ada\n"
    plan = compare(read(table.encode("cp1252")), hub.library.catalogue(), THEMES)
    assert len(plan.changes) == 4
    tally = together.apply(hub, plan.changes, ME)
    assert (tally.done, len(tally.refused)) == (1, 1)
    assert (hub.library.details(good).date, hub.library.details(good).status) == (dt.date(2026, 5, 12), "draft")
    assert hub.library.details(bad).speakers == ("Zoé", "Ada")
    assert {details.theme for details in hub.library.catalogue()} == {"parcours-de-financement"}
    with zipfile.ZipFile(io.BytesIO(together.archive(hub, [good, bad]))) as taken:
        assert sorted(taken.namelist()) == sorted(f"{slug}.{form}" for slug in (good, bad) for form in ("md", "vtt"))
        assert read_cues(taken.read(f"{good}.vtt")) == hub.library.read(good).cues
        assert taken.read(f"{bad}.md").decode() == export(hub.library.read(bad), "md")


def test_only_what_gains_by_it_is_transcribed_again(hub: Services, tmp_path: Path) -> None:
    without = talk(hub.library, "Sans son", CUES)
    imported = talk(hub.library, "Importée", CUES, recording=silence(tmp_path / "a.flac", 6))
    for slug, reason in ((without, "gardé l’enregistrement"), (imported, "faits ailleurs")):
        with pytest.raises(BadInput, match=reason):
            ask_again(hub, slug, ME)
    details = hub.library.details(imported)
    hub.library.set_hearing(imported, Trace(), replace(details.origin, model="tiny"), details.recording)
    assert ask_again(hub, imported, ME).source == f"encore:{imported}"
    with pytest.raises(BadInput, match="déjà dans la file"):
        ask_again(hub, imported, ME)


def test_what_was_withdrawn_is_not_heard_again_in_another_recording(hub: Services, tmp_path: Path) -> None:
    cues, words = (*CUES, Cue(6.0, 7.0, "Merci.")), (*WORDS, Word(6.2, 6.6, " Merci."))
    slug = talk(hub.library, "Essai", cues, trace=Trace(words), recording=silence(tmp_path / "a.flac", 7))
    details = hub.library.details(slug)
    hub.library.set_hearing(slug, Trace(words), replace(details.origin, model="tiny"), details.recording)
    withdraw_passage(hub, slug, 0, 1, ME.email)
    assert refusal(hub, hub.library.details(slug)) is None
    (other := tmp_path / "b.mp3").write_bytes(tone(7.0))
    hub.library.replace_recording(slug, other, Recording("", "1" * 64), 7.0)
    hub.history.accept_recording(slug, ME.email)
    with pytest.raises(BadInput, match="Un passage en a été retiré"):
        ask_again(hub, slug, ME)
    # Of the new recording this passage is silent, and the first one is not.
    withdraw_passage(hub, slug, 3, 3.9, ME.email)
    with pytest.raises(BadInput, match="Un passage en a été retiré"):
        transcribe_again(hub, slug, ME.email, lambda *_: None)
