"""A disk without room: what is new is refused in a sentence, what was there is whole and served."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import uploads
from app.services import Services
from app.settings import Settings
from tests.conftest import make_home, run_hub
from tests.ingest.conftest import fetch
from tests.ingest.server import Site, serve, tone
from transcripts.errors import LinkDown, NotWritable

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


def fill(place: Path) -> Path:
    """Leave no room on a disk; return the file that takes it."""
    path = place / "ballast"
    with path.open("wb", buffering=0) as ballast, pytest.raises(OSError, match="space"):
        while True:
            ballast.write(b"x" * 4096)
    return path


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
    ballast = fill(small)
    done = run_hub(small, "ingest", str(second))
    assert done.returncode == 1
    assert "plein" in done.stderr
    assert "Traceback" not in done.stderr
    assert {path: path.read_bytes() for path in kept} == kept
    assert run_hub(small, "list").returncode == 0
    ballast.unlink()
    assert run_hub(small, "ingest", str(second)).returncode == 0


def test_a_transport_stream_that_the_disk_has_no_room_to_make_fit_is_kept(
    small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "_ROOM", 0)
    sending, data = Services(Settings(home=small)).uploads, tone(40, form="mpegts")
    sent = sending.begin("prêt.ts", len(data), "camille@example.org")
    with sending.appending(sent, 0) as append:
        append(data)
    ballast = fill(small)
    with pytest.raises(NotWritable, match=r"disque est plein"):
        sending.complete(sent)
    assert sorted(path.name for path in small.glob("uploads/*/*")) == ["received.ts", "upload.json"]
    ballast.unlink()
    assert sending.complete(sent).sha256
    assert sorted(path.name for path in small.glob("uploads/*/*")) == ["received.m4a", "upload.json"]
