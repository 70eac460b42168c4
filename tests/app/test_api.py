"""The API, over the demonstration library and its real index."""

import json
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import schemathesis
import schemathesis.specs.openapi.definitions  # now: Python 3.11 cannot compile it from deep inside a test
from hypothesis import HealthCheck, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import negative_data_rejection
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from app import llm
from app.api import ENDPOINTS
from app.clients import Clients, TooMany, client_of
from app.engine import Place
from app.hub_engine import HubEngine
from app.logs import REQUEST
from app.public import routes
from app.services import services
from app.settings import Llm
from app.telemetry import Telemetry
from index.quoted import Quoted
from index.written import Written
from tests.html import faults
from tests.model_server import model
from transcripts.glossary import glossary

QUESTION = "Comment marche un prêt participatif ?"


@pytest.fixture(scope="module")
def api(demo_home: Path) -> Iterator[Starlette]:
    """The routes, over a hub's engine in this process."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HUB_HOME", str(demo_home))
        patch.setenv("HUB_PUBLIC_ORIGINS", '["https://partner.example"]')
        services.cache_clear()
        api = Starlette(routes=routes(), middleware=[Middleware(Telemetry, routes=routes(), pages=())])
        program = TestClient(api, client=("127.0.0.1", 1))
        # The index opens in the background.
        assert any(program.get("/api/search?q=monnaie").is_success for _ in range(10))
        yield api
        services().hub.stop()
        services.cache_clear()


@pytest.fixture
def client(api: Starlette) -> TestClient:
    """A program on this machine, which may ask as often as it likes."""
    return TestClient(api, client=("127.0.0.1", 1))


@pytest.mark.parametrize("mode", list(GenerationMode))
@pytest.mark.parametrize("path", [endpoint.path for endpoint in ENDPOINTS])
def test_it_does_what_it_says(api: Starlette, client: TestClient, path: str, mode: GenerationMode) -> None:
    """Requests that keep to the document, and that do not, get what it promises."""
    operation = schemathesis.openapi.from_asgi("/api/openapi.json", api)[path]["GET"]

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(max_examples=10, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    def check(case: Case) -> None:
        # The pattern of words knows the letters of ASCII only; words in others are welcome too.
        unasked = [negative_data_rejection] if path in ("/api/search", "/api/ask") else []
        case.call_and_validate(session=client, excluded_checks=unasked)

    check()


def test_it_says_what_it_does(client: TestClient, tmp_path: Path) -> None:
    document = client.get("/api/openapi.json").json()
    assert set(document["paths"]) == {endpoint.path for endpoint in ENDPOINTS}
    page = client.get("/api").text
    assert faults(tmp_path, page) == []
    for name in (*document["paths"], *document["components"]["schemas"], "text/event-stream"):
        assert name in page


def test_masterclasses_are_listed_and_read(client: TestClient) -> None:
    listed = client.get("/api/masterclasses", params={"limit": 3, "offset": 1}).json()
    assert listed["total"] == 8
    assert [m["date"] for m in listed["masterclasses"]] == sorted(
        (m["date"] for m in listed["masterclasses"]), reverse=True
    )
    slug = listed["masterclasses"][0]["slug"]
    assert client.get(f"/api/masterclasses/{slug}").json() == client.get(f"/m/{slug}.json").json()
    theme = client.get("/api/masterclasses", params={"theme": "types-de-financeurs"}).json()["masterclasses"]
    assert {m["theme"] for m in theme} == {"types-de-financeurs"}


@pytest.mark.parametrize(
    ("address", "named"),
    [
        ("/api/search", "« q »"),
        ("/api/search?q=%20", "aucun mot"),
        ("/api/search?q=a&limit=0", "« limit »"),
        ("/api/search?q=a&since=demain", "« since »"),
        ("/api/ask?q=" + "a" * 1001, "trop longue"),
    ],
)
def test_errors_say_what_is_wrong(client: TestClient, address: str, named: str) -> None:
    answer = client.get(address)
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
    said = answer.json()
    assert set(said) == {"type", "title", "status", "detail"}
    assert named in said["detail"]


def test_other_sites_may_read_only_when_they_are_named(client: TestClient) -> None:
    partner, other = ({"Origin": f"https://{name}.example"} for name in ("partner", "other"))
    assert client.get("/api/masterclasses", headers=partner).headers["access-control-allow-origin"] == partner["Origin"]
    assert "access-control-allow-origin" not in client.get("/api/masterclasses", headers=other).headers
    asked = {**partner, "Access-Control-Request-Method": "GET"}
    assert client.options("/api/search", headers=asked).status_code == 200
    assert "access-control-allow-credentials" not in client.get("/api/masterclasses", headers=partner).headers


def test_a_client_that_asks_too_often_waits(api: Starlette) -> None:
    busy, calm = TestClient(api, client=("192.0.2.1", 1)), TestClient(api, client=("192.0.2.2", 1))
    answers = [busy.get("/api/search?q=garantie&by=words&limit=1") for _ in range(61)]
    assert [a.status_code for a in answers] == [200] * 60 + [429]
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 60
    assert answers[-1].json()["title"] == "Too Many Requests"
    assert calm.get("/api/search?q=garantie&by=words&limit=1").status_code == 200
    assert busy.get("/api/masterclasses").status_code == 200


def test_a_clock_that_is_set_back_keeps_nobody_away(monkeypatch: pytest.MonkeyPatch) -> None:
    wall, own = time.time(), time.monotonic()
    clients = Clients()

    def ask(seconds: float, times: int) -> None:
        monkeypatch.setattr(time, "time", lambda: wall + seconds - 3600 * (seconds > 0))
        monkeypatch.setattr(time, "monotonic", lambda: own + seconds)
        for _ in range(times):
            clients.admit("192.0.2.1", "answers", 12)

    ask(0, 6)
    ask(30, 6)
    with pytest.raises(TooMany) as refused:
        ask(30, 1)
    assert refused.value.seconds == 30
    ask(61, 6)
    with pytest.raises(TooMany) as refused:
        ask(61, 1)
    assert refused.value.seconds == 29
    ask(122, 12)


def test_a_client_is_an_address_or_a_network() -> None:
    assert client_of("127.0.0.1") is client_of("::1") is client_of("::ffff:127.0.0.1") is None
    assert client_of("::ffff:192.0.2.1") == client_of("192.0.2.1") == "192.0.2.1"
    assert client_of("2001:db8::1") == client_of("2001:db8::ffff:1") != client_of("2001:db8:0:1::1")
    assert isinstance(Clients(), Clients)


def events(text: str) -> list[tuple[str, object]]:
    blocks = [block.split("\n") for block in text.strip().split("\n\n")]
    return [(kind.removeprefix("event: "), json.loads(data.removeprefix("data: "))) for kind, data in blocks]


def test_an_answer_comes_as_it_is_written(
    client: TestClient, demonstration: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sentence by sentence from a model, then whole; a question without words is refused before anything is sent."""

    def write(prompt: str) -> str:
        lines = [line.split("] ", 1) for line in prompt.splitlines() if line.startswith("[")]
        chosen = [(n.strip("["), text) for n, text in lines if 10 <= len(text.split()) <= 28][:5]
        return "".join(f"{n}: {text}\n" for n, text in chosen)

    stream = {"Accept": "text/event-stream"}
    with model(write) as (url, asked):
        wanted, requests = Llm(url=url), []

        def stream_noted(prompt: str) -> Iterator[str]:
            requests.append(REQUEST.get())
            return llm.stream(wanted, prompt, 20)

        written = Written(wanted.model, stream_noted, services().comparer.passages, glossary())
        index = shutil.copytree(demonstration / "index", tmp_path / "index")
        hub = HubEngine(Place(index, index), services().embedder, services().resources, [written, Quoted()])
        monkeypatch.setitem(vars(services()), "hub", hub)
        answer = client.get("/api/ask", params={"q": QUESTION}, headers=stream)
        hub.stop()
        refused = client.get("/api/ask", params={"q": " "}, headers=stream)
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert requests == [answer.headers["x-request-id"]]  # what is logged meanwhile says whose answer it is
    *statements, (kind, whole) = events(answer.text)
    assert asked
    assert kind == "answer"
    assert isinstance(whole, dict)
    assert whole["written_by"]
    assert whole["decision"]["probability"] >= whole["decision"]["threshold"]  # why it was answered
    assert len(statements) > 1
    assert [("statement", s["text"]) for s in whole["answer"]] == statements
    assert refused.status_code == 400
