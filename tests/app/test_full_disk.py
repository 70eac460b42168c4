"""A disk without room: what is new is refused in a sentence, what was there is whole and served."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import make_home, run_hub
from tests.ingest.conftest import fetch
from tests.ingest.server import Site, serve, tone
from transcripts.errors import LinkDown

TALK = "WEBVTT\n\n00:00.000 --> 00:08.000\nLe prêt participatif numéro {} finance une coopérative.\n"


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A disk of one megabyte; only root may make one."""
    place = tmp_path / "small"
    place.mkdir()
    mount = shutil.which("mount")
    if os.geteuid() or not mount:
        pytest.skip("only root can make a small disk")
    if subprocess.run([mount, "-t", "tmpfs", "-o", "size=1m", "none", place], check=False).returncode:
        pytest.skip("no disk can be made here")
    yield place
    subprocess.run([mount.replace("mount", "umount"), place], check=True)


def test_a_link_that_would_fill_the_disk_is_one_sentence(small: Path) -> None:
    with serve(Site(tone())) as site, pytest.raises(LinkDown, match=r"plein.: ce qui a été reçu est gardé.; libérez"):
        fetch(site.url("/talk.mp3"), small)


def test_a_full_disk_is_one_sentence_and_loses_nothing(small: Path, tmp_path: Path, models: Path) -> None:
    make_home(small, models)
    for number in (1, 2):
        (tmp_path / f"2026-03-0{number} prêt {number}.vtt").write_text(TALK.format(number), "utf-8")
    first, second = sorted(tmp_path.glob("*.vtt"))
    assert run_hub(small, "ingest", str(first)).returncode == 0
    kept = {path: path.read_bytes() for path in (small / "library").rglob("*") if path.is_file()}
    with (small / "ballast").open("wb", buffering=0) as ballast, pytest.raises(OSError, match="space"):
        while True:
            ballast.write(b"x" * 4096)
    done = run_hub(small, "ingest", str(second))
    assert done.returncode == 1
    assert "plein" in done.stderr
    assert "Traceback" not in done.stderr
    assert {path: path.read_bytes() for path in kept} == kept
    assert run_hub(small, "list").returncode == 0
    (small / "ballast").unlink()
    assert run_hub(small, "ingest", str(second)).returncode == 0
