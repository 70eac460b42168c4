"""What members' assistants get, asked by the protocol's own client."""

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import anyio
import pytest
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client

from app.assistants import address
from app.owner import Ownership
from app.services import Services
from app.settings import Settings
from tests.conftest import run_hub
from transcripts.library import Library

SPOKEN = "2026-11-12-le-pret-participatif-et-les-quasi-fonds-propres"
WRITTEN = "2026-11-05-garantir-les-prets-des-petites-structures"
DRAFT = "2026-09-03-fondations-fonds-de-dotation-et-mecenat"


def test_an_assistant_searches_asks_and_reads(demo_home: Path) -> None:
    library = Library(demo_home)
    library.set_status(DRAFT, "draft")
    server = StdioServerParameters(
        command=str(Path(sys.executable).with_name("hub")),
        args=["mcp"],
        env={**os.environ, "HUB_HOME": str(demo_home), "HUB_PUBLIC_URL": "https://hub.example.org"},
    )

    async def talk() -> None:
        async with Client(stdio_client(server)) as client:
            tools = {tool.name: tool for tool in (await client.list_tools()).tools}
            assert set(tools) == {"search", "ask", "read"}
            assert all(tool.annotations and tool.annotations.read_only_hint for tool in tools.values())

            found = (await client.call_tool("search", {"query": "prêt participatif"})).structured_content["result"]
            assert found[0]["slug"] == SPOKEN
            assert found[0]["url"].startswith(f"https://hub.example.org/masterclass?m={SPOKEN}&t=")

            answer = (
                await client.call_tool("ask", {"question": "Comment marche un prêt participatif ?"})
            ).structured_content
            assert answer["answered"]
            said = " ".join(" ".join(cue.text for cue in library.read(SPOKEN).cues).split())
            assert any(" ".join(c["quote"].split()) in said for c in answer["citations"])

            assert all(c["url"].startswith("https://hub.example.org/") for c in answer["citations"])
            declined = (
                await client.call_tool("ask", {"question": "Quelle est la recette de la tarte aux pommes ?"})
            ).structured_content
            assert not declined["answered"]
            assert declined["closest"]
            assert all(c["url"].startswith("https://hub.example.org/") for c in declined["closest"])

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
