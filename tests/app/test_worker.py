"""The workers that a hub runs beside itself."""

import time
from pathlib import Path

import psutil
import pytest

from app.queue import Queue
from app.worker import beside
from ingest.wishes import Wishes


def workers() -> list[psutil.Process]:
    return [child for child in psutil.Process().children() if "--with-parent" in child.cmdline()]


def test_a_worker_that_is_killed_is_followed_by_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUB_HOME", str(tmp_path))
    queue = Queue(tmp_path)
    with beside(1):
        while not (first := workers()):
            time.sleep(0.05)
        first[0].kill()
        job = queue.add(str(tmp_path / "nowhere.mp3"), Wishes())
        deadline = time.monotonic() + 60
        while queue.job(job.id).state in ("waiting", "running") and time.monotonic() < deadline:
            time.sleep(0.1)
        assert queue.job(job.id).state == "failed"
    assert not workers()
