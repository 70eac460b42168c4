"""Masterclasses made on the spot for tests: their words are given, their recordings are silence or a plain picture."""

import datetime as dt
import hashlib
from pathlib import Path

import av
import numpy as np

from ingest.audio import RATE, decode
from transcripts.library import Library
from transcripts.model import Chapter, Cue, Details, Masterclass, Origin, Recording, Summary, Trace, make_slug

DAY = dt.date(2026, 2, 3)


def silence(path: Path, seconds: int) -> Path:
    """Write a recording (FLAC, 8 kHz) in which nothing is heard."""
    with av.open(path, "w") as out:
        stream = out.add_stream("flac", rate=8000)
        stream.layout = "mono"
        for at in range(0, seconds, 60):
            frame = av.AudioFrame.from_ndarray(
                np.zeros((1, 8000 * min(60, seconds - at)), dtype=np.int16), "s16", "mono"
            )
            frame.sample_rate = 8000
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return path


def cut(recording: Path, path: Path, seconds: int, *, without: tuple[float, float] = (0.0, 0.0)) -> Path:
    """Write the first seconds of a recording as FLAC, ``without`` those between two."""
    first, last = (round(second * RATE) for second in without)
    samples = decode(recording)[: seconds * RATE]
    samples = (np.concatenate([samples[:first], samples[last:]]) * 32767).astype(np.int16)
    with av.open(path, "w") as out:
        stream = out.add_stream("flac", rate=RATE)
        stream.layout = "mono"
        frame = av.AudioFrame.from_ndarray(samples[None], "s16", "mono")
        frame.sample_rate = RATE
        out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return path


def film(path: Path, seconds: int) -> Path:
    """Write a video (VP8, 5 pictures a second) that grows lighter."""
    with av.open(path, "w") as out:
        stream = out.add_stream("libvpx", rate=5)
        stream.width, stream.height, stream.pix_fmt = 160, 90, "yuv420p"
        for n in range(5 * seconds):
            picture = np.full((90, 160, 3), 255 * n // (5 * seconds), dtype=np.uint8)
            out.mux(stream.encode(av.VideoFrame.from_ndarray(picture, "rgb24")))
        out.mux(stream.encode(None))
    return path


def talk(
    library: Library,
    title: str,
    cues: tuple[Cue, ...],
    *,
    chapters: tuple[Chapter, ...] = (),
    summary: str = "",
    recording: Path | None = None,
    video: bool = False,
    source: str = "essai.ogg",
    published: bool = True,
    trace: Trace | None = None,
    note: str = "",
    language: str = "fr",
    day: dt.date = DAY,
) -> str:
    """Add a masterclass to a library and return its slug; it lasts as long as its cues."""
    details = Details(
        slug=make_slug(day, title),
        title=title,
        date=day,
        theme="types-de-financeurs",
        speakers=("Personne Inventée",),
        status="published" if published else "draft",
        duration=cues[-1].end,
        language=language,
        source=source,
        origin=Origin("imported", hashlib.sha256(title.encode()).hexdigest(), note=note),
        recording=Recording("", "0" * 64, video) if recording else None,
    )
    return library.add(Masterclass(details, cues, chapters, Summary(summary)), recording, trace).slug


def lines(count: int, step: float = 2.88) -> tuple[Cue, ...]:
    """Return so many lines of a talk, one every ``step`` seconds; line n says « ligne n »."""
    words = "le prêt participatif de la coopérative se rembourse après les autres créanciers"
    return tuple(
        Cue(n * step, (n + 1) * step, f"Voici la ligne {n}, où {words}.", "Personne Inventée") for n in range(count)
    )
