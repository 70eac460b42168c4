"""What members' assistants get, asked by the protocol's own client."""

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import anyio
import httpx
import pytest
from mcp import Client, StdioServerParameters
from mcp.client import Transport
from mcp.client.stdio import stdio_client

from app.assistants import address
from app.owner import Ownership
from app.services import Services
from app.settings import Settings
from tests.app.machines import until
from tests.browser.conftest import serve
from tests.conftest import run_hub
from transcripts.library import Library

SPOKEN = "2026-11-12-le-pret-participatif-et-les-quasi-fonds-propres"
WRITTEN = "2026-11-05-garantir-les-prets-des-petites-structures"
DRAFT = "2026-09-03-fondations-fonds-de-dotation-et-mecenat"


PUBLIC = "https://hub.example.org"
QUESTION = "Quelle est la recette de la tarte aux pommes ?"


def post(url: str, name: str, arguments: dict[str, str], **headers: str) -> httpx.Response:
    """Call a tool as an assistant of last year does, which opens no session."""
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": name, "arguments": arguments}}
    said = {"Accept": "application/json, text/event-stream", "MCP-Protocol-Version": "2025-06-18", **headers}
    return httpx.post(url, json=call, headers=said, trust_env=False, timeout=60)


def test_an_assistant_on_this_machine_searches_asks_and_reads(demo_home: Path) -> None:
    server = StdioServerParameters(
        command=str(Path(sys.executable).with_name("hub")),
        args=["mcp"],
        env={**os.environ, "HUB_HOME": str(demo_home), "HUB_PUBLIC_URL": PUBLIC},
    )
    talk(demo_home, stdio_client(server))


def test_an_assistant_elsewhere_needs_the_address_alone(demo_home: Path, tmp_path: Path) -> None:
    log = tmp_path / "log"
    process, hub = serve(demo_home, log, HUB_PUBLIC_URL=PUBLIC, HUB_PUBLIC_ANSWERS="1", HUB_QUEUE_WORKERS="0")
    url, elsewhere = f"{hub}/mcp", {"X-Forwarded-For": "203.0.113.9"}
    try:
        until(lambda: httpx.get(f"{hub}/readyz", trust_env=False).status_code == 200)
        talk(demo_home, url)
        answers = [post(url, "ask", {"question": QUESTION}, **elsewhere).json()["result"] for _ in range(2)]
        assert [answer.get("isError", False) for answer in answers] == [False, True]
        assert "réessayez dans" in answers[1]["content"][0]["text"]
        read = post(url, "read", {"slug": SPOKEN}, **elsewhere).json()["result"]["structuredContent"]
        assert read["url"].startswith(f"{PUBLIC}/")
        refused = httpx.get(url, trust_env=False, headers={"Accept": "text/event-stream"})
        assert (refused.status_code, refused.headers["allow"]) == (405, "POST")
        assert post(url, "read", {"slug": SPOKEN}, Origin="https://mallory.example").status_code == 403
        assert post(url, "read", {"slug": "x" * 1_000_001}).status_code == 413
    finally:
        process.terminate()
        process.wait(20)
    told = log.read_text("utf-8")
    assert '"route": "/mcp"' in told
    assert not any(word in told for word in ("tarte", SPOKEN, "203.0.113.9"))


def talk(home: Path, way: str | Transport) -> None:
    """Ask for all that an assistant may want, while one masterclass is a draft."""
    library = Library(home)

    async def talk() -> None:
        async with Client(way) as client:
            tools = {tool.name: tool for tool in (await client.list_tools()).tools}
            assert set(tools) == {"search", "ask", "read"}
            assert all(tool.annotations and tool.annotations.read_only_hint for tool in tools.values())

            reply = await client.call_tool("search", {"query": "prêt participatif"})
            assert not reply.is_error, reply.content
            found = reply.structured_content["result"]
            assert found[0]["slug"] == SPOKEN
            assert found[0]["url"].startswith(f"{PUBLIC}/masterclass?m={SPOKEN}&t=")

            answer = (
                await client.call_tool("ask", {"question": "Comment marche un prêt participatif ?"})
            ).structured_content
            assert answer["answered"]
            said = " ".join(" ".join(cue.text for cue in library.read(SPOKEN).cues).split())
            assert any(" ".join(c["quote"].split()) in said for c in answer["citations"])

            assert all(c["url"].startswith(f"{PUBLIC}/") for c in answer["citations"])
            declined = (await client.call_tool("ask", {"question": QUESTION})).structured_content
            assert not declined["answered"]
            assert declined["closest"]
            assert all(c["url"].startswith(f"{PUBLIC}/") for c in declined["closest"])

            part = (await client.call_tool("read", {"slug": SPOKEN, "start": 60})).structured_content
            assert part["text"].startswith("[")
            assert part["title"] == library.details(SPOKEN).title

            part = (await client.call_tool("read", {"slug": WRITTEN, "start": 3})).structured_content
            assert (part["kind"], part["url"].split("&")[1]) == ("study", "p=3")
            assert "[p. 3]" in part["text"]
            assert "[p. 1]" not in part["text"]

            for slug in (DRAFT, "2020-01-01-rien", "../../etc"):
                refused = await client.call_tool("read", {"slug": slug})
                assert refused.is_error
                assert "Aucune masterclass" in refused.content[0].text
            drafts = await client.call_tool("search", {"query": "fondations mécénat", "limit": 20})
            assert DRAFT not in {hit["slug"] for hit in drafts.structured_content["result"]}
            assert (await client.call_tool("ask", {"question": " "})).is_error

    library.set_status(DRAFT, "draft")
    try:
        # In a thread of its own: a browser that earlier tests keep open holds this one's event loop.
        with ThreadPoolExecutor(1) as thread:
            thread.submit(anyio.run, talk).result()
    finally:
        library.set_status(DRAFT, "published")


def test_addresses_are_those_of_the_hub_that_runs_or_said_to_be_missing(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HUB_PUBLIC_URL", raising=False)
    alone = run_hub(home, "mcp")
    assert "donnez HUB_PUBLIC_URL" in alone.stderr
    owner = Ownership(home / "index")
    assert owner.take("http://127.0.0.1:8501")
    try:
        assert address(Services(Settings(home=home))) == "http://127.0.0.1:8501"
        assert run_hub(home, "mcp").stderr == ""
    finally:
        owner.release()
