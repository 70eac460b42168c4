"""Workers that are killed at any moment of a job leave what an undisturbed one does, and nothing half-written meanwhile.

``KILLS=20 pytest --log-cli-level=INFO tests/app/test_kills.py`` kills twenty times, and tells when: every fourth time in a talk of
several stretches, of which one is heard already. SECONDS=330 makes the other talk one of two stretches, and FILM=1 all of them
WebM films of which the sound is kept.
"""

import io
import logging
import os
import random
import signal
import subprocess
import time
import wave
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path

import av
import numpy as np
import pytest

from app.engine import CommandEngine, Place
from app.journal import Journal
from app.queue import Job, Queue
from app.services import Services
from index.embedder import Embedder
from index.quoted import Quoted
from index.search import Result
from ingest.audio import RATE
from ingest.stretches import LONGEST
from ingest.wishes import Outcome
from tests.conftest import make_home, run_hub, worker
from tests.ingest.server import Site, serve
from tests.test_flow import clip
from tests.yardstick import note
from transcripts.library import Library

KILLS = int(os.environ.get("KILLS", "1"))
SECONDS = float(os.environ.get("SECONDS", "40"))  # a stretch is five minutes at most
FILM = bool(os.environ.get("FILM"))
PRIVATE = {"HUB_SOURCES_PRIVATE": "1"}
DECODING = "Transcription: decoding"
GOING_ON = "Transcription: a stretch is kept"
NAMED = ("Téléchargement", DECODING, "Transcription", "Voix", "Chapitres et résumé", "Enregistrement", "Index")
ORDER = (*NAMED[:3], GOING_ON, *NAMED[3:])
PARTED = KILLS // 4  # kills in a talk of several stretches
BLINK = 0.2  # seconds: a stage that is over sooner can hardly be hit

_log = logging.getLogger(__name__)


@pytest.fixture(scope="module")
def same() -> Iterator[list[str]]:
    """The kills after which all was as it should be, counted also where one failed."""
    kills: list[str] = []
    yield kills
    if KILLS > 1:
        note("a worker killed so many times: the same result", len(kills), least=KILLS, digits=0)


@pytest.mark.parametrize(
    ("kills", "plan", "parts"),
    [
        pytest.param(KILLS - PARTED, NAMED, 1, id="whole"),
        *([pytest.param(PARTED, (GOING_ON,), 3, id="parted")] if PARTED else []),
    ],
)
def test_killed_workers_leave_what_an_undisturbed_one_does(
    tmp_path: Path, models: Path, services: Services, same: list[str], kills: int, plan: tuple[str, ...], parts: int
) -> None:
    embedder = services.embedder
    rng = random.Random(KILLS)  # noqa: S311 - the same plan in every run
    hit: Counter[str] = Counter()
    with serve(Site((film if FILM else mp3)(parted(clip(tmp_path, SECONDS * parts), parts)))) as site:
        link = site.url(f"/steady/2026-05-12-extrait.{'webm' if FILM else 'mp3'}")
        calm = make_home(tmp_path / "calm", models)
        with begun(calm, link) as (job, _):
            lasts = stages(calm, job)
        right, results, said = contents(calm), found(calm, embedder), told(calm)
        tries = count()
        while hit.total() < kills:
            home = make_home(tmp_path / f"killed-{next(tries)}", models)
            stage = plan[(hit.total() - kills) % len(plan)]  # a single kill falls into the last
            with begun(home, link) as (job, process):
                at = strike(home, job, process, stage, rng.uniform(0, lasts[stage]), right)
            if at is None:  # a faster machine than a moment ago: the job was over
                continue
            hit[at] += 1
            if (home / "library").exists() and list((home / "library").glob("2*")):
                assert found(home, embedder) == results
            with worker(home, **PRIVATE) as process:
                assert over(home, job, right).state == "done"
                process.send_signal(signal.SIGTERM)
                assert process.wait(60) == 0
            assert contents(home) == right
            assert found(home, embedder) == results
            assert told(home) == said
            assert not [path for path in (home / "work").iterdir() if path.is_dir()]
            same.append(at)
            _log.info("%d: killed in %s, same result", len(same), at)
    _log.info("killed in %s; undisturbed, stages last %s", dict(hit), {name: round(s, 2) for name, s in lasts.items()})
    assert 2 * len(plan) > kills or {stage for stage in plan if lasts[stage] > BLINK} <= set(hit)


@contextmanager
def begun(home: Path, link: str) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Add a job and let a worker begin it."""
    assert run_hub(home, "ingest", "--later", "--publish", link, **PRIVATE).returncode == 0
    with worker(home, **PRIVATE) as process:
        yield Queue(home).jobs()[0].id, process


def stage_of(home: Path, job: Job) -> str:
    """Return the stage of a job; before the first words come, sound is decoded and speech looked for."""
    if job.stage != "Transcription":
        return job.stage
    if list((home / "work").glob("*/stretch-*.json")):
        return GOING_ON
    return "Transcription" if job.done else DECODING


def stages(home: Path, number: str) -> dict[str, float]:
    """Follow an undisturbed job to its end; return how many seconds each stage lasts."""
    queue, lasts, before = Queue(home), dict.fromkeys(ORDER, 0.0), time.monotonic()
    while (job := queue.job(number)).state in ("waiting", "running"):
        now = time.monotonic()
        stage = stage_of(home, job)
        lasts[stage] = lasts.get(stage, 0.0) + now - before
        before = now
        time.sleep(0.005)
    assert job.state == "done", job.error
    return lasts


def strike(
    home: Path, number: str, process: subprocess.Popen[bytes], stage: str, delay: float, right: dict[str, bytes]
) -> str | None:
    """Kill a worker so many seconds after a stage began; return the stage it was in, None when the job was over."""
    queue, until = Queue(home), float("inf")
    passed = ORDER[ORDER.index(stage) + 1 :]
    while time.monotonic() < until:
        job = queue.job(number)
        if job.state not in ("waiting", "running"):
            return None
        if until == float("inf") and stage_of(home, job) in (stage, *passed):
            until = time.monotonic() + delay
        assert_whole(home, right)
        time.sleep(0.002)
    process.kill()
    process.wait()
    job = queue.job(number)
    return stage_of(home, job) if job.state == "running" else None


def over(home: Path, number: str, right: dict[str, bytes]) -> Job:
    """Wait until a job is over, and return it."""
    queue = Queue(home)
    while (job := queue.job(number)).state in ("waiting", "running"):
        assert_whole(home, right)
        time.sleep(0.02)
    return job


def assert_whole(home: Path, right: dict[str, bytes]) -> None:
    """Whatever can be seen of a masterclass is all of it, to the letter."""
    seen = contents(home)
    if any(name.startswith("library/") for name in seen):
        assert seen == right
    else:
        assert seen.items() <= right.items()  # the recording comes first


def contents(home: Path) -> dict[str, bytes]:
    """Return the files of the library and the recordings, as they stand."""
    paths = [*(home / "library").glob("2*/*"), *(home / "media").glob("[!.]*")]
    return {str(path.relative_to(home)): path.read_bytes() for path in paths}


def told(home: Path) -> tuple[list[Outcome], list[tuple[str, str]]]:
    """Return what staff are told of the only job, and what the journal holds."""
    (job,) = Queue(home).jobs()
    entries = [(entry.what, entry.slug) for entry in Journal(home).entries()]
    return [replace(outcome, took=0.0) for outcome in job.outcomes], entries


def found(home: Path, embedder: Embedder) -> list[Result]:
    """Search as a command does."""
    with CommandEngine(Place(home / "index", home / "index"), embedder, Library(home), [Quoted()]).open(
        lambda done, total: None
    ) as engine:
        results = engine.search("prêt participatif").results
    assert results
    return list(results)


def parted(path: Path, parts: int) -> Path:
    """Put silence into a WAV file, so that each part of it is a stretch of its own."""
    with wave.open(str(path)) as file:
        form, said = file.getparams(), np.frombuffer(file.readframes(file.getnframes()), "<i2")
    silence = np.zeros(max(0, round(LONGEST * RATE) - len(said) // parts), "<i2")
    with wave.open(str(path), "wb") as file:
        file.setparams(form)
        for n, part in enumerate(np.array_split(said, parts)):
            file.writeframes(b"".join(piece.tobytes() for piece in ([silence] if n else []) + [part]))
    return path


def mp3(path: Path) -> bytes:
    """Return the sound of a WAV file as a small MP3."""
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="mp3") as target:
        stream = target.add_stream("libmp3lame", rate=RATE, layout="mono")
        stream.bit_rate = 32_000
        target.mux([*stream.encode(heard(path)), *stream.encode(None)])
    return buffer.getvalue()


def film(path: Path) -> bytes:
    """Return the sound of a WAV file under a small picture, as WebM."""
    buffer, sound = io.BytesIO(), heard(path)
    with av.open(buffer, "w", format="webm") as target:
        moving, stream = target.add_stream("libvpx", rate=1), target.add_stream("libopus", rate=RATE, layout="mono")
        moving.width, moving.height, moving.pix_fmt, stream.bit_rate = 64, 48, "yuv420p", 32_000
        for n in range(sound.samples // RATE):
            target.mux(moving.encode(av.VideoFrame.from_ndarray(np.full((48, 64, 3), n % 255, np.uint8))))
        target.mux([*moving.encode(None), *stream.encode(sound), *stream.encode(None)])
    return buffer.getvalue()


def heard(path: Path) -> av.AudioFrame:
    """Return the sound of a WAV file."""
    with wave.open(str(path)) as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2")
    frame = av.AudioFrame.from_ndarray(samples[None, :], format="s16", layout="mono")
    frame.sample_rate = RATE
    return frame
