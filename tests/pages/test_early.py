"""The first quotes of a search and of an answer, in the HTML that comes before Streamlit."""

import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.testclient import TestClient
from streamlit.runtime.context import ContextProxy

from app.ahead import Ahead
from app.clients import TooMany
from app.services import Services, services
from app.settings import Public, Settings
from index.search import EVERYTHING, Filters
from pages import early
from pages.shell import Shell

READER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/145.0"}
Ask = Callable[..., str]


@pytest.fixture(scope="module")
def shell(demo_home: Path) -> Iterator[Starlette]:
    """The shell before nothing, over a hub's engine in this process."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HUB_HOME", str(demo_home))
        patch.setattr(early, "_PATIENCE", 30.0)  # a slow machine must not count as a fault
        services.cache_clear()
        services().hub.search("prêt")
        yield Starlette(middleware=[Middleware(Shell, routes=[])])
        services().hub.stop()
        services.cache_clear()


@pytest.fixture
def get(shell: Starlette) -> Ask:
    """Ask for a page as a reader of this machine, or as somebody else."""

    def ask(path: str, address: str = "127.0.0.1", **query: str) -> str:
        answer = TestClient(shell, client=(address, 1), headers=READER).get(path, params=query)
        assert answer.status_code == 200
        return answer.text

    return ask


def test_quotes_stand_in_the_html_each_with_its_second(get: Ask) -> None:
    for path, query in (("/recherche", "prêt participatif"), ("/question", "Comment marche un prêt participatif ?")):
        page = get(path, q=query)
        assert "participatif" in page[page.index("hub-quote") :]
        assert re.search(r"href='/masterclass\?m=2026-11-12-[a-z0-9-]+&amp;t=\d", page)
        assert '<meta name="robots" content="noindex">' in page
    page = get("/recherche", q='"><script>alert(1)</script> prêt', theme="types-de-financeurs", x="'><b>")
    assert "<script>alert" not in page and "<b>" not in page
    assert "name='theme' value='types-de-financeurs'" in page


def test_the_script_of_the_page_need_not_search_again(get: Ask) -> None:
    page = get("/recherche", q="  fonds de\ngarantie", theme="systeme-monetaire-et-economique", annee="1850")
    assert "hub-quote" in page
    filters = Filters(theme="systeme-monetaire-et-economique")
    found = early.search("fonds de garantie", filters)
    assert found is not early.search("fonds de garantie", filters)  # taken once
    asked = get("/question", q="Qui crée la monnaie ?")
    assert early.ask("Qui crée la monnaie ?").citations[0].url.partition("&")[0] in asked
    page = get("/question", q="Quelle part du prêt une garantie couvre-t-elle ?", sorte="study")
    assert "href='/etude?e=" in page and "href='/masterclass?m=" not in page


def test_what_is_not_searched_early_is_a_page_all_the_same(
    get: Ask, shell: Starlette, monkeypatch: pytest.MonkeyPatch
) -> None:
    for query in ("", "?!…", "a" * 1001):
        assert "hub-quote" not in get("/recherche", q=query)
    assert "hub-quote" not in TestClient(shell, headers={"User-Agent": "Googlebot/2.1"}).get("/recherche?q=prêt").text
    said = ["hub-quote" in get("/question", "192.0.2.1", q=f"Qui crée la monnaie {n} ?") for n in range(13)]
    assert said == [True] * 12 + [False]  # as often as the API answers
    assert "role='status'><span class='hub-loading'>Recherche" in get(
        "/question", "192.0.2.1", q="Qui crée la monnaie ?"
    )
    monkeypatch.setattr(early, "_PATIENCE", 0.0)
    assert "hub-quote" not in get("/recherche", q="coopérative")
    assert early.search("coopérative", EVERYTHING).results


def test_an_open_page_asks_as_often_as_others_may(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here, address, done = Services(Settings(home=home, public=Public(answers=3, searches=1))), "192.0.2.3", list[str]()
    hub = SimpleNamespace(
        ready=True, ask=lambda text, kind: done.append(text) or text, search=lambda text, *_: done.append(text) or text
    )
    monkeypatch.setitem(vars(here), "hub", hub)
    monkeypatch.setattr(early, "services", lambda: here)
    monkeypatch.setattr(ContextProxy, "ip_address", property(lambda _: address))

    def begun(question: str) -> BaseException | None:
        scope = {"type": "http", "client": (address, 1), "query_string": f"q={question}".encode()}
        future = early._begin("question", Request(scope | {"headers": [(b"user-agent", b"Firefox")]}))
        assert future
        return future.exception(10)

    assert begun("monnaie") is None
    for question in ("monnaie", "euro", "monnaie"):  # the first of them was counted already
        early.ask(question)
    assert done == ["monnaie", "euro", "monnaie"]
    with pytest.raises(TooMany):
        early.ask("dette")
    assert isinstance(begun("dette"), TooMany)
    with pytest.raises(TooMany):
        early.ask("dette")
    early.search("garantie", EVERYTHING)
    with pytest.raises(TooMany):
        early.search("garantie", EVERYTHING)
    monkeypatch.setattr(ContextProxy, "ip_address", property(lambda _: None))  # so Streamlit tells of this machine
    early.search("garantie", EVERYTHING)


def test_no_more_is_begun_than_may_be_at_once() -> None:
    done: list[int] = []
    go = threading.Event()
    ahead = Ahead(2)

    def work() -> int:
        assert go.wait(10)
        done.append(1)
        return len(done)

    assert ahead.begin("a", work) and ahead.begin("b", work)
    assert ahead.begin("c", work) is None
    go.set()
    ahead.take("a", work), ahead.take("b", work)
    assert len(done) == 2
    ahead.take("a", work)
    assert len(done) == 3


def test_what_failed_early_is_done_again() -> None:
    ahead = Ahead(1)
    begun = ahead.begin("a", lambda: 1 // 0)
    assert begun and isinstance(begun.exception(), ZeroDivisionError)
    assert ahead.take("a", lambda: 2) == 2
