"""What every request passes first: headers, bounds, names, numbers, measures; and that nobody's secrets are told."""

import json
import logging
import re
import shutil
import threading
import time
from collections.abc import AsyncGenerator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, asynccontextmanager, suppress
from pathlib import Path

import httpx
import pytest
from anyio.to_thread import current_default_thread_limiter
from prometheus_client.parser import text_string_to_metric_families
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from app import bounds, originals, takeaway
from app.access import COOKIE
from app.edge import edge
from app.logs import Lines, secrets_of
from app.people import Role
from app.places import STATIC, fresh
from app.public import Media, routes
from app.services import services
from app.settings import Llm, Queue, Settings, Staff
from app.turns import Busy, Turns, make_room
from tests.app.conftest import HEARD, READ
from tests.app.machines import left_waiting, listening, until
from tests.papers import original, paper
from transcripts.errors import Unavailable
from transcripts.library import Library


async def _swallow(request: Request) -> Response:
    return Response(str(len(await request.body())))


async def _stay(socket: WebSocket) -> None:
    await socket.accept()
    with suppress(WebSocketDisconnect):
        await socket.send_text(str(len(await socket.receive_bytes())))


@pytest.fixture
def client(library: Library, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    monkeypatch.setenv("HUB_PUBLIC_HOSTS", '["hub.example.org"]')
    monkeypatch.setenv("HUB_PUBLIC_PAGES", "6")
    services.cache_clear()
    ours = [
        *routes(),
        Route("/swallow", _swallow, methods=["POST"]),
        WebSocketRoute("/_stcore/stream", _stay),
        Route("/recherche", lambda _: Response("a page")),
        Route("/_stcore/{path:path}", lambda _: Response("Streamlit's own")),
        Mount("/app/static", StaticFiles(directory=STATIC)),
        Route("/short", lambda _: Response("Not here", 404)),
        Route("/counted/{number:int}", lambda _: Response("never")),
    ]
    middleware = [*edge(ours, ["recherche"], services().settings.public, "[::1]"), Middleware(Media)]
    with TestClient(
        Starlette(routes=ours, middleware=middleware), "https://hub.example.org", client=("127.0.0.1", 1)
    ) as client:
        yield client
    services.cache_clear()


def test_every_answer_has_the_usual_headers(client: TestClient) -> None:
    addresses = ["/m/", f"/m/{READ}", f"/m/{READ}.vtt", f"/media/{HEARD}", f"/embed/{HEARD}", "/api", "/feed.xml"]
    addresses += ["/healthz", "/nowhere", "/m/2026-01-01-nothing", "/entrer", "/api/search", "/swallow"]
    for address in addresses:
        headers = client.get(address).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy or "default-src 'self'" in policy, address
        assert "unsafe" not in policy, address
        assert "frame-ancestors" in policy or headers["content-type"].startswith("application/"), address
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["strict-transport-security"].startswith("max-age=31536000")
        assert "microphone=()" in headers["permissions-policy"]
        assert "referrer-policy" in headers
    assert "frame-ancestors *" in client.get(f"/embed/{HEARD}").headers["content-security-policy"]


def test_a_file_is_kept_for_as_long_as_its_address_has_the_mark_of_what_it_holds(client: TestClient) -> None:
    for name in ("hub.css", "hub.js", "fonts/literata-latin.woff2"):
        kept = client.get(f"/app/static/{fresh(name)}").headers["cache-control"]
        assert kept == "max-age=31536000, immutable"
        for mark in ("", "?", "?0123456789ab", f"?{fresh(name).partition('?')[2]}&a"):
            assert client.get(f"/app/static/{name}{mark}").headers["cache-control"] == "no-cache"
    assert client.get("/app/static/nothing.css").headers["cache-control"] == "no-store"


def test_a_style_names_typefaces_by_the_mark_of_what_they_hold() -> None:
    named = re.findall(r"url\((fonts/[^)]+)\)", (STATIC / "hub.css").read_text("utf-8"))
    assert len(named) == 4
    assert named == [fresh(one.partition("?")[0]) for one in named]


def test_what_the_frameworks_say_and_nobody_foresaw_becomes_a_sentence(client: TestClient, library: Library) -> None:
    for answer, status in (
        (client.get("/healthz", headers={"Host": "evil.example.net"}), 400),
        (client.get("/nowhere"), 404),
        (client.get("/sortir"), 405),
        (client.get("/short"), 404),
    ):
        assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
        assert answer.json()["status"] == status
        assert " : " in answer.json()["detail"]
    assert client.get("/sortir").headers["allow"] == "POST"
    shutil.rmtree(library.root)
    library.root.symlink_to(library.root)  # a disk that cannot be read any more
    broken = client.get("/api/masterclasses")
    assert (broken.status_code, broken.json()["title"]) == (500, "Internal Server Error")
    assert "x-request-id" in broken.headers
    page = client.get("/m/", headers={"Accept": "text/html"})
    assert page.status_code == 500
    assert "notée dans son journal" in page.text


def test_a_refusal_names_every_method_that_an_address_has(client: TestClient) -> None:
    def files(_: Request) -> Response:
        return Response("Method Not Allowed", 405, {"Allow": "GET, HEAD"}, "text/plain")

    everything = Route("/{path:path}", files, methods=None)
    client.app.router.routes.append(everything)  # type: ignore[attr-defined] # as Streamlit's files stand behind all
    for address, methods in (
        ("/entrer", "GET, HEAD, POST"),
        ("/atelier/envois", "OPTIONS, POST"),
        ("/atelier/envois/x", "DELETE, HEAD, PATCH"),
        (f"/atelier/revision/{READ}", "GET, HEAD, POST"),
        (f"/m/{READ}", "GET, HEAD"),
        ("/recherches", "GET, HEAD"),
    ):
        refused = client.put(address)
        assert (refused.status_code, refused.headers["allow"]) == (405, methods), address


_MANY = "9" * 5000  # more digits than Python makes a number of


def test_a_long_number_in_an_address_leads_nowhere(client: TestClient) -> None:
    below = ("/page-{}.webp", "/figure-{}.webp", "/tableau-{}.csv", "/tableau-{}")
    for address in (
        *(f"/e/x{end.format(_MANY)}" for end in below),
        f"/atelier/revision/x/historique/1-{_MANY}",
        *(f"/{what}/2026-01-01-{_MANY}" for what in ("m", "e", "media")),
    ):
        assert client.get(address).status_code == 404
    assert client.post(f"/e/x/page-{_MANY}.webp").status_code == 404


def test_no_route_of_ours_takes_more_digits_than_a_number_has() -> None:
    for route in routes():
        address = re.sub(r"\{[^}]+\}", _MANY, route.path)
        route.matches({"type": "http", "method": "GET", "path": address, "path_params": {}})  # raises nothing


def test_what_fails_while_a_route_is_sought_is_told_and_measured(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "hub.requests")
    failed = client.get(f"/counted/{_MANY}")
    assert (failed.status_code, failed.headers["content-type"]) == (500, "application/problem+json")
    line = caplog.records[-1]
    assert (line.name, line.route, line.status) == ("hub.requests", "other", 500)  # type: ignore[attr-defined]
    assert 'hub_requests_total{method="GET",route="other",status="500"}' in client.get("/metrics").text


def test_other_names_are_refused(client: TestClient) -> None:
    assert client.get("/healthz", headers={"Host": "evil.example.net"}).status_code == 400
    for ours in ("127.0.0.1:8501", "[::1]:8501"):
        assert client.get("/healthz", headers={"Host": ours}).status_code == 200
    assert client.get("/healthz", headers={"Host": "hub.example.org.evil.example.net"}).status_code == 400


def test_what_is_too_large_is_refused_before_it_is_read(client: TestClient) -> None:
    assert client.get("/healthz?" + "a" * 16_000).status_code == 414
    assert client.get("/healthz", headers={"X-Long": "a" * 32_000}).status_code == 431
    assert client.post("/swallow", content=b"a" * 1_000_001).status_code == 413
    assert client.post("/swallow", content=iter([b"a" * 600_000] * 2)).status_code == 413  # says nothing of its length
    assert client.post("/swallow", content=iter([b"a" * 400_000] * 2)).text == "800000"
    asks = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
    assert client.post("/mcp", content=iter([b"a" * 600_000] * 2), headers=asks).status_code == 413


@pytest.mark.parametrize("path", ["/entrer", "/mcp", "/swallow", "/healthz", "/atelier/texte"])
def test_a_body_that_never_comes_holds_no_line(client: TestClient, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "_SILENCE", 0.3)
    staff = services().people.enter(services().people.invite("camille@example.org", Role.STAFF))
    as_assistants_ask = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
    with listening(client.app) as port:
        told = left_waiting(port, f"POST {path}", b"a", 100, as_assistants_ask | {"Cookie": f"{COOKIE}={staff}"})
    assert told.startswith("HTTP/1.1 405 " if path == "/healthz" else "HTTP/1.1 408 ")  # which reads none
    assert "content-type: application/problem+json" in told


def test_a_body_that_comes_slowly_is_waited_for(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "_SILENCE", 0.5)

    def slowly() -> Iterator[bytes]:
        for _ in range(5):
            time.sleep(0.2)
            yield b"a" * 10

    with listening(client.app) as port:
        assert httpx.post(f"http://127.0.0.1:{port}/swallow", content=slowly(), trust_env=False).text == "50"


def test_an_open_page_says_no_more_at_once_than_somebody_writes(client: TestClient) -> None:
    with client.websocket_connect("wss://hub.example.org/_stcore/stream") as page:
        page.send_bytes(b"a" * 1_000_000)
        assert page.receive_text() == "1000000"
    with client.websocket_connect("wss://hub.example.org/_stcore/stream") as page:
        page.send_bytes(b"a" * 1_000_001)
        with pytest.raises(WebSocketDisconnect) as refused:
            page.receive_text()
    assert refused.value.code == 1009


def test_a_whole_talk_is_corrected_at_once(client: TestClient, library: Library) -> None:
    client.cookies[COOKIE] = services().people.enter(services().people.invite("camille@example.org", Role.STAFF))
    address = f"/atelier/revision/{READ}"
    whole = client.get(address).json()
    longer = [f"{text} {'Bien sûr. ' * (1_500_000 // 10 // len(whole['cues']))}" for _, _, text, _ in whole["cues"]]
    edits = [{"kind": "text", "at": at, "text": text} for at, text in enumerate(longer)]
    asked = {"version": whole["version"], "began": whole["began"], "edits": edits}
    assert client.post(address, json=asked).status_code == 200
    assert sum(len(cue.text) for cue in library.read(READ).cues) > 1_400_000


def test_a_crowd_finds_texts_while_no_more_pages_open(client: TestClient) -> None:
    here, there = (TestClient(client.app, "https://hub.example.org", client=(f"192.0.2.{n}", 1)) for n in (7, 8))
    stream = "wss://hub.example.org/_stcore/stream"
    with ExitStack() as held:
        for _ in range(2):  # a third of six
            held.enter_context(here.websocket_connect(stream))
        with pytest.raises(WebSocketDisconnect) as refused, here.websocket_connect(stream):
            pass
        assert refused.value.code == 1013
        assert (here.get("/recherche").status_code, there.get("/recherche").status_code) == (503, 200)
        for _ in range(4):
            held.enter_context(client.websocket_connect(stream))
        away = there.get("/recherche")
        assert (away.status_code, away.headers["retry-after"]) == (503, "60")
        assert "Beaucoup de monde lit en ce moment" in away.text
        assert 'href="/m/"' in away.text
        assert there.get("/m/").status_code == there.get("/api/masterclasses").status_code == 200
    assert here.get("/recherche").text == "a page"


def test_no_address_leads_to_another_site(client: TestClient) -> None:
    for path in ("//evil.example.net", "/%2F%2Fevil.example.net", "/m//evil.example.net", "/\\evil.example.net"):
        for query in ("", "?next=https://evil.example.net", "?url=//evil.example.net", "?m=//evil.example.net"):
            answer = client.get(f"https://hub.example.org{path}{query}", follow_redirects=False)
            assert "evil.example.net" not in answer.headers.get("location", "").partition("://")[2].partition("/")[0]
            assert not answer.headers.get("location", "").startswith(("//", "/\\"))


def test_a_request_is_told_and_measured_without_what_it_asks(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, "httpx2")  # the client's own
    caplog.set_level(logging.INFO, "hub.requests")
    caplog.handler.setFormatter(Lines(iter(())))
    answer = client.get(f"/m/{READ}?q=ma+banque", headers={"Cookie": "hub_session=abcdef"})
    line = json.loads(caplog.text.strip().splitlines()[-1])
    assert (line["route"], line["method"], line["status"]) == ("/m/{slug}", "GET", 200)
    assert line["request"] == answer.headers["x-request-id"]
    assert not any(word in caplog.text for word in ("banque", READ, "abcdef", "127.0.0.1"))
    found = {
        (sample.name, *(sample.labels.get(name, "") for name in ("route", "method", "status"))): sample.value
        for family in text_string_to_metric_families(client.get("/metrics").text)
        for sample in family.samples
    }
    assert found["hub_requests_total", "/m/{slug}", "GET", "200"] >= 1


@pytest.mark.parametrize(
    "address", ["/metrics", "/_stcore/metrics", "/_stcore/agent/openapi.json", "/_stcore/agent/mcp"]
)
def test_measures_are_for_this_machine(client: TestClient, address: str) -> None:
    away = TestClient(client.app, "https://hub.example.org", client=("192.0.2.7", 1))
    for method in ("GET", "POST"):
        for refused in (
            away.request(method, address),
            client.request(method, address, headers={"X-Forwarded-For": "127.0.0.1"}),
        ):
            assert (refused.status_code, refused.headers["content-type"]) == (404, "application/problem+json")
    assert client.get(address).status_code == 200
    assert away.get("/_stcore/health").status_code == 200


def test_a_hub_says_whether_it_is_ready(client: TestClient) -> None:
    told = client.get("/readyz")
    assert told.status_code == 503  # no index was opened
    assert told.json() | {"disk": True} == {
        "ready": False,
        "library": True,
        "media": True,
        "search": False,
        "vectors": False,
        "queue": True,
        "disk": True,
    }


def test_no_secret_and_no_address_is_ever_told(tmp_path: Path) -> None:
    settings = Settings(
        home=tmp_path,
        llm=Llm(url="http://127.0.0.1:1/v1", key="sk-abcdefgh"),
        staff=Staff(secret="geheim-42"),  # noqa: S106 - invented
        queue=Queue(url="redis://:motdepasse@127.0.0.1:1"),
    )
    try:
        raise RuntimeError(f"Bearer sk-abcdefgh, geheim-42, {settings.queue.url}, camille@example.org")
    except RuntimeError as error:
        record = logging.LogRecord("x", 40, "", 1, "%s", (str(error),), (type(error), error, error.__traceback__))
    for plain in (False, True):
        line = Lines(secrets_of(settings), plain=plain).format(record)
        assert "RuntimeError" in line
        assert not any(word in line for word in ("sk-abcdefgh", "geheim-42", "motdepasse", "camille"))
    assert not any(word in repr(settings) for word in ("sk-abcdefgh", "geheim-42"))


def test_some_work_some_wait_and_others_are_told_at_once() -> None:
    turns, done, sent_away = Turns("test", 1, 1, 5.0), [], []
    held, go = threading.Event(), threading.Event()

    def work() -> None:
        try:
            with turns.turn():
                held.set()
                go.wait(5)
                done.append(1)
        except Busy as busy:
            sent_away.append(busy)

    first = threading.Thread(target=work)
    first.start()
    held.wait(5)
    second = threading.Thread(target=work)
    second.start()
    time.sleep(0.1)
    began = time.monotonic()
    work()
    assert time.monotonic() - began < 0.5
    go.set()
    first.join()
    second.join()
    assert (len(done), len(sent_away)) == (2, 1)
    assert "recommencez" in str(sent_away[0])


def test_texts_are_read_at_once_while_all_wait_who_may(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    @asynccontextmanager
    async def lifespan(_: object) -> AsyncGenerator[None]:
        current_default_thread_limiter().total_tokens = 4  # as Streamlit does, which sets 28
        make_room()
        yield

    def gone(*_: object, **__: object) -> None:
        raise Unavailable("")

    services.cache_clear()
    study = services().studies.add(paper(), original(tmp_path / "rapport.pdf")).slug
    hub = services().hub
    monkeypatch.setattr(hub, "_current", gone)
    monkeypatch.setattr(takeaway, "_pdf", gone)
    monkeypatch.setattr(originals.subprocess, "run", gone)
    every = {
        "/api/ask?q=prêt": hub._asking,
        "/api/search?q=prêt": hub._searching,
        f"/m/{READ}.pdf": takeaway._TURNS,
        f"/e/{study}/page-1.webp": originals._TURNS,
    }
    with listening(Starlette(routes=routes(), lifespan=lifespan)) as port, ThreadPoolExecutor(60) as people:

        def status(path: str) -> int:
            return httpx.get(f"http://127.0.0.1:{port}{path}", timeout=60, trust_env=False).status_code

        waiting, taken = list[Future[int]](), list[tuple[Turns, int]]()
        for path, turns in every.items():
            monkeypatch.setattr(turns, "_patience", 60.0)
            most = turns._places._value
            taken.append((turns, most))
            for _ in range(most):
                turns._places.acquire()
            waiting += [people.submit(status, path) for _ in range(turns._queue._value)]
        try:
            until(lambda: not any(turns._queue._value for turns in every.values()), 20)
            assert status("/m/") == 200
            assert not any(one.done() for one in waiting)
        finally:
            for turns, most in taken:
                turns._places.release(most)
        assert [one.result() for one in waiting] == [503] * (10 + 16 + 9 + 9)
    services.cache_clear()
