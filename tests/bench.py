"""Measurements of hearing: ``make bench SPEECH=../shared/speech HOURS="1 3"`` prints them as tables.

SPEECH is a folder with ``manifest.jsonl``: ``{"audio": path, "seconds": …, "text": reference}`` a line.
"""

import json
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
import wave
from itertools import accumulate
from pathlib import Path
from statistics import median

import jiwer
import numpy as np
from num2words import num2words
from rich.console import Console
from rich.table import Table

from app.services import services
from ingest import audio
from ingest.audio import RATE, Samples
from ingest.cues import make_cues
from ingest.stretches import stretches
from ingest.transcription import Transcription, transcribe
from transcripts.model import Word

GAP = 1.0  # seconds of silence between joined clips
_NEAR = 15.0  # seconds on either side of a seam


def normal(text: str) -> str:
    """Return a text without case, punctuation or digits, to compare words with words."""
    spelt = re.sub(r"\d+", lambda m: f" {num2words(int(m[0]), lang='fr')} ", text.lower())
    return " ".join("".join(c if c.isalnum() else " " for c in spelt).split())


def heard(path: Path) -> Transcription:
    """Transcribe a file as the hub does."""
    with tempfile.TemporaryDirectory() as folder:
        return transcribe(
            path, services().transcriber, sha256="", language="fr", folder=Path(folder), progress=lambda done: None
        )


def text_of(words: tuple[Word, ...]) -> str:
    return " ".join(cue.text for cue in make_cues(words))


def bare(samples: Samples) -> list[Word]:
    """Transcribe with faster-whisper alone, called with the hub's options and its own voice detection."""
    transcriber = services().transcriber
    segments, _ = transcriber.pipeline().transcribe(samples, language="fr", vad_filter=True, **transcriber.options)
    return [Word(w.start, w.end, w.word) for segment in segments for w in segment.words]


def error_rates(speech: Path, rows: list[dict[str, str]]) -> Table:
    """Return word error rates by kind of clip, the hub beside faster-whisper alone."""
    table = Table("clips", "by", "WER", "substituted", "lost", "invented", title="Word error rate")
    kinds = {
        "asterisk, 60 characters and more": [r for r in rows if "asterisk" in r["audio"] and len(r["text"]) >= 60],
        "fleurs": [r for r in rows if "fleurs" in r["audio"]],
        "all": rows,
    }
    for kind, chosen in kinds.items():
        for by, hear in (
            ("the hub", lambda path: text_of(heard(path).words)),
            ("faster-whisper", lambda path: "".join(w.text for w in bare(audio.decode(path)))),
        ):
            found = jiwer.process_words(
                [normal(r["text"]) for r in chosen], [normal(hear(speech / r["audio"])) for r in chosen]
            )
            counts = map(str, (found.substitutions, found.deletions, found.insertions))
            table.add_row(f"{kind} ({len(chosen)})", by, f"{found.wer:.3f}", *counts)
    return table


def invented(folder: Path) -> Table:
    """Return how many words are invented where nobody speaks."""
    table = Table("minute of", "words", "taken out", title="Where nobody speaks")
    rng = np.random.default_rng(0)
    time_axis = np.arange(60 * RATE) / RATE
    chords = sum(np.sin(2 * np.pi * f * time_axis * (1 + 0.5 * (time_axis % 4 > 2))) for f in (220, 277, 330)) / 6
    sounds = {
        "silence": np.zeros(60 * RATE),
        "noise": rng.normal(0, 0.05, 60 * RATE),
        "tones": chords * (0.6 + 0.4 * np.sin(2 * np.pi * 2 * time_axis)),
        "hum": 0.1 * np.sin(2 * np.pi * 50 * time_axis) + rng.normal(0, 0.003, 60 * RATE),
    }
    from transcripts.errors import BadRecording

    for name, samples in sounds.items():
        path = folder / f"{name}.wav"
        write(path, [samples.astype(np.float32)])
        try:
            found = heard(path)
        except BadRecording:
            table.add_row(name, "0", "")
        else:
            table.add_row(name, str(len(found.words)), "; ".join(r.text for r in found.removed))
    return table


def write(path: Path, parts: list[Samples]) -> None:
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        for part in parts:
            file.writeframes((part * 32767).astype("<i2").tobytes())


def long(speech: Path, rows: list[dict[str, str]], hours: float, folder: Path) -> list[str]:
    """Return the row of a table on hours of clips joined with silences: time, memory, drift, seams."""
    rng = random.Random(0)  # noqa: S311 - the same order in every run
    sounds = [audio.decode(speech / r["audio"]) for r in rows]
    by_itself = [heard(speech / r["audio"]).words for r in rows]
    order: list[int] = []
    while sum(len(sounds[i]) / RATE + GAP for i in order) < hours * 3600:
        order += rng.sample(range(len(rows)), len(rows))
    path = folder / f"{hours:g}h.wav"
    silence = np.zeros(round(GAP * RATE), np.float32)
    write(path, [part for i in order for part in (sounds[i], silence)])
    offsets = [0.0, *accumulate(len(sounds[i]) / RATE + GAP for i in order)]
    result = {by: run_alone(by, path) for by in ("hub", "bare")}
    words, other = ([Word(*w) for w in result[by]["words"]] for by in ("hub", "bare"))
    # Each clip begins in the whole where it began by itself, at its known offset.
    drifts = []
    for i, start, end in zip(order, offsets, offsets[1:], strict=False):
        first = next((w for w in words if start <= (w.start + w.end) / 2 < end), None)
        if first and by_itself[i] and start > offsets[-1] - 600:
            drifts.append(abs(first.start - start - by_itself[i][0].start))
    # Near the seams, beside what is heard without them.
    lost = doubled = 0
    seams = [stretch.end for stretch in stretches(audio.blocks(path))][:-1]
    for seam in seams:
        near = [normal("".join(w.text for w in ws if abs(w.start - seam) < _NEAR)) for ws in (other, words)]
        found = jiwer.process_words(*near)
        lost, doubled = lost + found.deletions, doubled + found.insertions
    wers = [
        jiwer.wer(
            normal(" ".join(rows[i]["text"] for i in order)),
            normal("".join(w[2] for w in result[by]["words"])),
        )
        for by in ("hub", "bare")
    ]
    seconds = offsets[-1]
    return [
        f"{hours:g}",
        f"{result['hub']['took'] / seconds:.3f}",
        f"{result['hub']['took'] / result['bare']['took']:.3f}",
        f"{result['hub']['memory']:.0f} / {result['bare']['memory']:.0f}",
        f"{median(drifts):.2f}, {np.mean(np.array(drifts) < 0.3):.0%} under 0.3",
        f"{len(seams)}: {lost} lost, {doubled} doubled",
        f"{wers[0]:.3f} / {wers[1]:.3f}",
    ]


def run_alone(by: str, path: Path) -> dict:
    """Hear a file in a process of its own, so that its memory can be told."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench", "--alone", by, str(path)], capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def alone(by: str, path: Path) -> None:
    services().transcriber.pipeline()
    began = time.perf_counter()
    words = heard(path).words if by == "hub" else bare(audio.decode(path))
    took = time.perf_counter() - began
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    json.dump({"took": took, "memory": memory, "words": [(w.start, w.end, w.text) for w in words]}, sys.stdout)


def main(speech: Path, hours: list[float]) -> None:
    rows = [json.loads(line) for line in (speech / "manifest.jsonl").read_text("utf-8").splitlines()]
    console = Console(width=140)
    console.print(error_rates(speech, rows))
    with tempfile.TemporaryDirectory() as folder:
        console.print(invented(Path(folder)))
        table = Table(
            "hours",
            "real-time factor",
            "time ÷ bare",
            "MB / bare",
            "clips of the last 10 min, s off",
            "seams",
            "WER / bare",
            title="Clips joined with silences; “bare” is faster-whisper alone",
        )
        for length in hours:
            table.add_row(*long(speech, rows, length, Path(folder)))
        console.print(table)


if __name__ == "__main__":
    if sys.argv[1] == "--alone":
        alone(sys.argv[2], Path(sys.argv[3]))
    else:
        main(Path(sys.argv[1]), [float(h) for h in sys.argv[2:]])
