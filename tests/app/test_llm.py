"""A model's endpoint, whatever it does, holds nobody longer than it may."""

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import openai  # noqa: F401 - loaded before anything is timed
import pytest

from app import llm
from app.settings import Llm
from tests.model_server import model


@pytest.mark.parametrize("fault", ["drips headers", "repeats early hints", "trickles", "falls silent", "is compressed"])
def test_a_model_that_never_ends_is_hung_up_on_in_time(fault: str) -> None:
    """Nor does one that sends, compressed, a thousandth of what is to be read."""
    with model(fault=fault) as (url, asked):
        before = threading.active_count()
        began = time.monotonic()
        with pytest.raises(llm.ModelDown):
            llm.write(Llm(url=url, timeout=1.5), "Bonjour")
        assert time.monotonic() - began < 2.4
        assert asked
        # The server's own thread too, which ends when it is hung up on.
        while threading.active_count() > before and time.monotonic() - began < 5:
            time.sleep(0.05)
        assert threading.active_count() <= before


def test_a_model_is_asked_from_a_thread_that_has_a_loop_already() -> None:
    async def asks(url: str) -> str:
        return llm.write(Llm(url=url), "Bonjour")

    # In a thread of its own: a browser that earlier tests keep open holds this one's event loop.
    with model(lambda prompt: "Bonsoir") as (url, _), ThreadPoolExecutor(1) as thread:
        assert thread.submit(asyncio.run, asks(url)).result() == "Bonsoir"
