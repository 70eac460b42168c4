"""Syntax trees, read in several threads at once."""

import ast
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

import index.embedder  # noqa: F401 - whoever embeds has it set

TEXT = "[" + "{'a': [(((1,),),)]}, " * 200 + "]"


class Slow:
    """What is collected in the middle of a tree, and lets another thread in."""

    def __init__(self) -> None:
        self.me = self

    def __del__(self) -> None:
        time.sleep(0.0001)


@pytest.fixture
def collecting() -> Iterator[None]:
    stop, interval = threading.Event(), sys.getswitchinterval()

    def litter() -> None:
        while not stop.wait(0.0005):
            Slow()

    thread = threading.Thread(target=litter)
    sys.setswitchinterval(1e-5)
    thread.start()
    yield
    stop.set()
    thread.join()
    sys.setswitchinterval(interval)


@pytest.mark.usefixtures("collecting")
def test_two_threads_read_syntax_trees_at_once() -> None:
    with ThreadPoolExecutor(2) as threads:
        read = list(threads.map(lambda _: len(ast.literal_eval(TEXT)), range(500)))
    assert set(read) == {200}
