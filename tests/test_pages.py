"""The pages' script, without a browser."""

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app.queue import Job
from app.services import services
from app.settings import ROOT
from ingest.wishes import Wishes
from pages.plan import PAGES, Entry
from pages.player import reading
from tests.app.test_machines import until
from transcripts.days import today


@pytest.fixture
def app(demo_home: Path, monkeypatch: pytest.MonkeyPatch, cookies: dict[str, str]) -> Iterator[AppTest]:
    monkeypatch.setenv("HUB_HOME", str(demo_home))
    monkeypatch.syspath_prepend(str(ROOT))
    services.cache_clear()
    yield AppTest.from_file(str(ROOT / "pages" / "frame.py"), default_timeout=60)
    services().hub.stop()
    services.cache_clear()


def sound(app: AppTest) -> bool:
    """Say whether a page ran to its end, without a word of trouble."""
    return not app.exception and not any("hub-trouble" in block.proto.body for block in app.get("html"))


def test_the_catalogue_filters(app: AppTest) -> None:
    app.run()
    app.switch_page("masterclasses.py").run()
    assert [title.value for title in app.title] == ["Les masterclass"]
    app.selectbox(key="annee").select(2026).run()
    assert sound(app)
    assert not app.error


@pytest.mark.parametrize(
    "entry", [entry for entry in PAGES if not entry.role], ids=lambda entry: entry.path or "accueil"
)
def test_every_page_has_its_end_even_one_that_stops_early(app: AppTest, entry: Entry) -> None:
    app.run()
    app.switch_page(entry.file).run()
    assert sound(app)
    assert "hub-foot" in str(list(app.main.children.values())[-1].proto)


def test_a_page_opens_while_a_model_loads(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    def another_thread_parses(*_: object, **__: object) -> None:
        raise SystemError("AST constructor recursion depth mismatch")

    monkeypatch.setattr("ast.parse", another_thread_parses)
    app.run()
    assert sound(app)
    assert app.main.children


@pytest.mark.parametrize(("join", "shown"), [("member", False), ("public", True)])
def test_the_links_to_take_part_are_shown_to_whom_the_settings_say(
    app: AppTest, monkeypatch: pytest.MonkeyPatch, join: str, shown: bool
) -> None:
    monkeypatch.setenv("HUB_ACCESS_JOIN", join)
    app.run()
    app.switch_page("agenda.py").run()
    links = {event.join for event in services().calendar.coming() if event.join}
    assert links
    html = "".join(block.proto.body for block in app.get("html"))
    assert any(f"href='{link}'" in html for link in links) is shown


@pytest.mark.parametrize(("reading", "given"), [("public", True), ("member", False)])
def test_an_assistant_is_given_its_address_where_everybody_reads(
    demo_home: Path, monkeypatch: pytest.MonkeyPatch, reading: str, given: bool
) -> None:
    monkeypatch.setenv("HUB_HOME", str(demo_home))
    monkeypatch.setenv("HUB_ACCESS_READING", reading)
    services.cache_clear()
    partners = AppTest.from_file(str(ROOT / "pages/partenaires.py"), default_timeout=60).run()
    question = AppTest.from_file(str(ROOT / "pages/question.py"), default_timeout=60).run()
    assert sound(partners)
    assert any(code.value.endswith("/mcp") for code in partners.code) is given
    assert any("/partenaires" in block.proto.body for block in question.get("html")) is given
    services.cache_clear()


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("comment marche un prêt participatif ?", "Voici ce qui a été dit"),
        ("Quelle est la recette de la tarte aux pommes ?", "ne répond pas à cette question"),
    ],
)
def test_a_question_is_answered_or_declined(app: AppTest, question: str, said: str) -> None:
    app.run()
    app.query_params["q"] = question
    app.switch_page("question.py").run()
    assert sound(app)
    assert any(said in block.proto.body for block in app.get("html"))


def test_an_answer_is_judged_and_counted_without_who_did(app: AppTest) -> None:
    question = "À quoi sert un fonds de garantie ?"
    app.run()
    app.query_params["q"] = question
    app.switch_page("question.py").run()
    app.run()
    app.button[1].click().run()
    assert any("Merci" in text.value for text in app.markdown)
    report = services().statistics.report(today())
    assert [(q.question, q.count, q.unhelpful) for q in report.questions if "garantie" in q.question] == [
        (question, 1, 1)
    ]
    (judged,) = [j for j in report.answers if j.question == question]
    assert judged.moments[0].startswith("/masterclass?m=2026-")


def test_a_word_of_the_glossary_is_explained_by_what_is_published_now(app: AppTest) -> None:
    study = "2026-11-05-garantir-les-prets-des-petites-structures"
    app.query_params["terme"] = "modele-economique"

    def quoted() -> bool:
        app.switch_page("glossaire.py").run()
        assert sound(app)
        return any(f"e={study}" in block.proto.body for block in app.get("html"))

    assert quoted()
    services().studies.set_status(study, "draft")
    taken_back = not quoted()
    services().studies.set_status(study, "published")
    assert taken_back
    until(quoted)  # the index follows within seconds


def test_what_staff_explain_is_in_the_glossary_and_the_talks(app: AppTest, demo_home: Path) -> None:
    own = demo_home / "glossary.toml"
    own.write_text('[[term]]\nterm = "toit du gymnase"\ndefinition = "Où l’on pose des panneaux."\n', "utf-8")
    try:
        app.query_params["terme"] = "toit-du-gymnase"
        app.switch_page("glossaire.py").run()
        assert sound(app)
        shown = "".join(block.proto.body for block in app.get("html"))
        assert "Où l’on pose des panneaux." in shown and "Ajoutés par l’équipe" in shown
        assert "financer-un-projet-d-energie-citoyenne" in shown, "where it is explained"
        talk = services().library.read("2026-06-25-financer-un-projet-d-energie-citoyenne")
        terms = reading(talk, services().staff_glossary.explained())["terms"]
        assert ["toit du gymnase", "Où l’on pose des panneaux."] in terms
    finally:
        own.unlink()


def test_a_question_that_is_too_long_gets_a_sentence(app: AppTest) -> None:
    app.run()
    app.query_params["q"] = "a" * 10_000
    app.switch_page("question.py").run()
    assert not app.exception
    assert any("trop longue" in block.proto.body for block in app.get("html"))


def test_the_catalogue_says_how_far_a_new_masterclass_is_and_not_which(app: AppTest) -> None:
    app.run()
    app.switch_page("masterclasses.py").run()
    assert not app.caption
    queue = services().queue
    job = Job("1", "secret.mp4", Wishes(title="Secret"), added=time.time(), state="running", stage="Transcription")
    queue.save(replace(job, since=time.time() - 60, done=420, total=1000))
    app.run()
    assert "transcription, 42\u202f%, encore 1\u00a0min environ." in app.caption[0].value
    assert "ecret" not in app.caption[0].value
    queue.save(replace(job, state="done"))
