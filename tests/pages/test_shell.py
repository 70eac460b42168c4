"""The HTML around Streamlit, over real HTTP routes but without a browser."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import FileResponse, HTMLResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from app.gate import COOKIE
from app.people import Role
from app.services import services
from app.settings import ROOT
from pages.plan import PAGES, STATIC, Entry
from pages.shell import Shell


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[TestClient]:
    """The shell before an application that, as Streamlit does, answers any address with HTML."""
    for folder in ("library", "parcours"):
        shutil.copytree(ROOT / "transcripts/demo" / folder, tmp_path / folder)
    monkeypatch.setenv("HUB_HOME", str(tmp_path))
    services.cache_clear()
    ours = [Route("/page-a-nous", lambda request: HTMLResponse("<p>à nous</p>"))]
    anything = Route("/{path:path}", lambda request: FileResponse(__file__, media_type="text/html"))
    yield TestClient(Starlette(routes=[*ours, anything], middleware=[Middleware(Shell, routes=ours)]))
    services.cache_clear()


@pytest.mark.parametrize("entry", PAGES, ids=lambda entry: entry.path or "accueil")
def test_each_page_is_french_and_titled_before_any_script(client: TestClient, entry: Entry) -> None:
    if entry.role:
        assert client.get(f"/{entry.path}").status_code == 404
        client.cookies[COOKIE] = services().people.enter(services().people.invite("a@example.org", entry.role))
    page = client.get(f"/{entry.path}").text
    assert '<html lang="fr"' in page
    assert re.findall("<title>(.*?)</title>", page) == [f"{entry.title} — Masterclass, Opération Milliard"]
    assert page.count('name="description"') == 1
    assert "You need to enable JavaScript" not in page
    assert "SourceSans" not in page
    assert page.index("BACKEND_BASE_URL") < page.index('<script type="module"')
    assert '<div id="root">' in page
    for name in re.findall(r"\./app/static/([\w./-]+)", page):
        assert (STATIC / name).is_file()


def test_a_masterclass_says_its_title_and_a_draft_or_a_stranger_does_not(client: TestClient) -> None:
    known = client.get("/masterclass?m=2026-11-12-le-pret-participatif-et-les-quasi-fonds-propres").text
    assert "<title>Le prêt participatif et les quasi-fonds propres —" in known
    assert '<meta property="og:image" content="http://testserver/app/static/cover.png' in known
    assert "<h1>Le prêt participatif et les quasi-fonds propres</h1>" in known
    assert "href='/m/2026-11-12-le-pret-participatif-et-les-quasi-fonds-propres'>Lire le texte sans attendre" in known
    for slug in ("../../etc/passwd", '"><script>alert', "2026-01-01-inconnue"):
        answer = client.get("/masterclass", params={"m": slug})
        assert answer.status_code == 404
        assert "<title>Page introuvable —" in answer.text
        assert '<div id="root">' in answer.text  # the application, which shows the nearest titles
        assert "><script>alert" not in answer.text
    assert "<title>Écouter et lire —" in client.get("/masterclass?m=").text


def test_a_description_does_not_promise_sound_that_is_not_there(client: TestClient, tmp_path: Path) -> None:
    about = '<meta name="description" content="À {}\u00a0: Le prêt participatif'
    address = "/masterclass?m=2026-11-12-le-pret-participatif-et-les-quasi-fonds-propres"
    assert about.format("lire") in client.get(address).text
    shutil.copytree(ROOT / "transcripts/demo/media", tmp_path / "media")
    assert about.format("écouter et à lire") in client.get(address).text


def test_a_draft_is_there_for_those_who_may_read_it(client: TestClient) -> None:
    slug = "2026-11-12-le-pret-participatif-et-les-quasi-fonds-propres"
    services().library.set_status(slug, "draft")
    assert client.get(f"/masterclass?m={slug}").status_code == 404
    client.cookies[COOKIE] = services().people.enter(services().people.invite("a@example.org", Role.STAFF))
    assert client.get(f"/masterclass?m={slug}").status_code == 200


@pytest.mark.parametrize("address", ["/etude?e=", "/theme?nom=", "/parcours?p="])
def test_a_name_that_nothing_has_is_not_found(client: TestClient, address: str) -> None:
    answer = client.get(f"{address}inconnu")
    assert answer.status_code == 404
    assert "<title>Page introuvable —" in answer.text
    known = {"/theme?nom=": "parcours-de-financement", "/parcours?p=": "association-qui-demarre"}
    assert client.get(address + known.get(address, "")).status_code == 200


def test_what_is_no_page_is_not_found(client: TestClient) -> None:
    for address in ("/parts", "/frame", "/a/b", "/index.html"):
        answer = client.get(address)
        assert answer.status_code == 404
        assert "Cette page n’existe pas" in answer.text and "Les dernières masterclass" in answer.text
    assert client.get("/page-a-nous").text == "<p>à nous</p>"


def test_a_hub_for_members_names_nothing_to_those_who_lose_their_way(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUB_ACCESS_READING", "member")
    services.cache_clear()
    answer = client.get("/parts")
    assert answer.status_code == 404
    assert "Les dernières masterclass" not in answer.text


def test_an_old_citation_of_what_was_taken_away_says_so(client: TestClient) -> None:
    slug = "2026-11-12-le-pret-participatif-et-les-quasi-fonds-propres"
    known = client.get(f"/masterclass?m={slug}&t=83").text
    assert f'<link rel="canonical" href="http://testserver/m/{slug}">' in known
    assert "/oembed?url=http%3A%2F%2Ftestserver%2Fm%2F" in known
    services().library.remove(slug)
    gone = client.get(f"/masterclass?m={slug}&t=83")
    assert gone.status_code == 410
    assert "Cette page a été retirée" in gone.text


def test_what_pages_name_of_the_look_is_there() -> None:
    files = [path for path in (ROOT / "pages").rglob("*") if path.suffix in (".css", ".js", ".py")]
    used = {name for path in files for name in re.findall(r"var\((--hub-[\w-]+)", path.read_text("utf-8"))}
    assert used <= set(re.findall(r"(--hub-[\w-]+):", (ROOT / "pages/static/hub.css").read_text("utf-8")))
    assert "--hub-text" in used


def test_no_page_promises_an_answer_of_quotes_alone() -> None:
    for name in ("parts.py", "plan.py", "partenaires.py"):
        said = (ROOT / "pages" / name).read_text("utf-8")
        assert not re.search(r"cit(?:e|ent|ant) mot pour mot|réponse est faite de", said), "a model may word it"
