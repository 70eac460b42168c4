"""Hours of clips joined with silences: ``python -m tests.bench_long SPEECH HOURS…`` prints time, memory, drift, seams.

Beside the hub, which hears stretches and hears again what was left out and terms that were nearly written: faster-whisper alone, on
all cores in batches of eight; and openai-whisper (left out where it is not installed) with the same weights, in single precision, on
the first ten minutes only, of which the others' losses stand beside its own. Whether a word is lost or doubled where a stretch ends
is told by aligning all that was heard with all that was said, and comparing the clips at a seam with the others.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import accumulate, pairwise
from pathlib import Path
from statistics import median

import jiwer
import numpy as np
from rich.console import Console
from rich.table import Table

from app import weights
from app.services import services
from ingest import audio
from ingest.audio import RATE
from ingest.stretches import stretches
from tests import openai_whisper
from tests.bench import alone as faster_whisper
from tests.bench import bare, heard, manifest, normal, write
from tests.conftest import make_home
from tests.yardstick import note
from transcripts.model import Word

GAP = 1.0  # seconds of silence between clips
_LAST = 600.0  # seconds at the end in which drift is measured
_PHRASE = 6  # words that may be heard twice at a seam
_FIRST = 600.0  # seconds that openai-whisper is asked to hear
HUB, BARE, OPENAI = "the hub", "faster-whisper", "openai-whisper, first 10 min"
JOB = "hub ingest, to the index"
HEARD = {HUB: " (second hearings included)", OPENAI: ""}  # what the time holds


@dataclass(frozen=True, slots=True)
class Talk:
    """Clips joined: reference texts, the second at which each begins (and the last ends), the file."""

    clips: tuple[int, ...]
    texts: tuple[str, ...]
    edges: tuple[float, ...]
    path: Path


def joined(speech: Path, rows: list[dict[str, str]], hours: float, folder: Path) -> Talk:
    """Join clips in an order that is the same in every run, all of them before any comes again."""
    rng = random.Random(0)  # noqa: S311
    sounds = [audio.decode(speech / row["audio"]) for row in rows]
    clips: list[int] = []
    while sum(len(sounds[i]) / RATE + GAP for i in clips) < hours * 3600:
        clips += rng.sample(range(len(rows)), len(rows))
    edges = list(accumulate((len(sounds[i]) / RATE + GAP for i in clips), initial=0.0))
    count = next(n for n, edge in enumerate(edges) if edge >= hours * 3600)
    path = folder / f"{hours:g}h.wav"
    write(path, [part for i in clips[:count] for part in (sounds[i], np.zeros(round(GAP * RATE), np.float32))])
    return Talk(
        tuple(clips[:count]), tuple(normal(rows[i]["text"]) for i in clips[:count]), tuple(edges[: count + 1]), path
    )


def errors(
    said: Sequence[str], heard_words: Sequence[Word]
) -> tuple[list[tuple[int, int, int]], list[tuple[int, float, float]]]:
    """Return words lost, words too many and words said, clip by clip; and how many words said once were heard twice, where both
    begin and end (seconds).

    All from one alignment.
    """
    spelt = [(each, word) for word in heard_words for each in normal(word.text).split()]
    found = jiwer.process_words(" ".join(said), " ".join(each for each, _ in spelt))
    clip_of = [clip for clip, text in enumerate(said) for _ in text.split()]
    lost, added = ([0] * len(said) for _ in range(2))
    twice: list[tuple[int, float, float]] = []
    for chunk in found.alignments[0]:
        if chunk.type == "delete":
            for word in range(chunk.ref_start_idx, chunk.ref_end_idx):
                lost[clip_of[word]] += 1
        elif chunk.type == "insert":
            clip = clip_of[min(chunk.ref_start_idx, len(clip_of) - 1)]
            added[clip] += chunk.hyp_end_idx - chunk.hyp_start_idx
            if again := repeated(found.hypotheses[0], chunk.hyp_start_idx, chunk.hyp_end_idx):
                twice.append((len(again) // 2, spelt[again[0]][1].start, spelt[again[-1]][1].end))
    return list(zip(lost, added, (len(text.split()) for text in said), strict=True)), twice


def repeated(words: Sequence[str], start: int, end: int) -> range:
    """Return where words that are too many, and those right before or after that say the same, stand, as where stretches overlap."""
    for n in range(min(_PHRASE, end - start), 0, -1):
        for middle in (start, end):
            if middle - n >= 0 and words[middle - n : middle] == words[middle : middle + n]:
                return range(middle - n, middle + n)
    return range(0)


def rates(counts: Sequence[tuple[int, int, int]], clips: set[int]) -> tuple[float, float]:
    """Return the percentages of words lost and added in some clips."""
    lost, added, words = (sum(counts[clip][column] for clip in clips) for column in range(3))
    return 100 * lost / max(1, words), 100 * added / max(1, words)


def at_seams(talk: Talk) -> tuple[list[float], set[int]]:
    """Return the seams that the hub makes in a talk (seconds), and the clips in which, or next to which, one lies."""
    seams = [stretch.end for stretch in stretches(audio.blocks(talk.path))][:-1]
    hit = {int(np.searchsorted(talk.edges, seam, side="right")) - 1 for seam in seams}
    return seams, {near for clip in hit for near in (clip - 1, clip, clip + 1) if 0 <= near < len(talk.clips)}


def drift(talk: Talk, words: Sequence[Word], alone: dict[int, float]) -> tuple[float, float]:
    """Return how far clips of the last minutes begin from where they begin when heard alone, at their known offset.

    The median in seconds, and the percentage of clips that are less than 0.3 s off.
    """
    off = []
    for clip, (start, end) in zip(talk.clips, pairwise(talk.edges), strict=True):
        first = next((w for w in words if start <= (w.start + w.end) / 2 < end), None)
        if first and clip in alone and start > talk.edges[-1] - _LAST:
            off.append(abs(first.start - start - alone[clip]))
    return median(off), 100 * float(np.mean(np.array(off) < 0.3))


def run_alone(by: str, path: Path) -> dict:
    """Do one thing with a file in a process of its own, so that its memory can be told."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench_long", "--alone", by, str(path)], capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def alone(by: str, path: Path) -> None:
    """The process of `run_alone`: what took how long (seconds), how much memory at most (MB), the words."""
    words: Sequence[Word] = ()
    if by == OPENAI:
        model = openai_whisper.load(Path(weights.whisper_model(services().settings, lambda line: None)))
    elif by == BARE:
        faster_whisper()
    else:
        services().transcriber.pipeline()
    began = time.perf_counter()
    if by == HUB:
        words = heard(path).words
    elif by == BARE:
        words = bare(audio.decode(path))
    else:
        beam = services().settings.speech.beam
        sound = audio.decode(path)[: round(_FIRST * RATE)]
        found = model.transcribe(sound, language="fr", beam_size=beam, fp16=False)
        words = [Word(s["start"], s["end"], f" {s['text']}") for s in found["segments"]]
    took = time.perf_counter() - began
    json.dump(
        {"took": took, "memory": _peak("self") / 1024, "words": [(w.start, w.end, w.text) for w in words]}, sys.stdout
    )


def whole_job(path: Path) -> tuple[float, float]:
    """Bring a recording into an empty library by the command; return the seconds and the memory at most (MB)."""
    with tempfile.TemporaryDirectory() as folder:
        make_home(home := Path(folder) / "home", services().settings.home / "models")
        command = [Path(sys.executable).with_name("hub"), "ingest", path, "--publish"]
        began, most = time.perf_counter(), 0
        with subprocess.Popen(command, env={**os.environ, "HUB_HOME": str(home)}, stdout=subprocess.DEVNULL) as job:
            while job.poll() is None:
                with suppress(OSError, IndexError):  # it has just ended
                    most = max(most, _peak(job.pid))
                time.sleep(0.1)
        assert job.returncode == 0
        return time.perf_counter() - began, most / 1024


def _peak(process: int | str) -> int:
    """Return the most memory that a process has held (kB). Not by getrusage: that counts the parent's at the fork too."""
    return int(Path(f"/proc/{process}/status").read_text().split("VmHWM:")[1].split()[0])


def main(speech: Path, hours: list[float]) -> None:
    rows = manifest(speech)
    by_itself = {}
    for i, row in enumerate(rows):
        if words := heard(speech / row["audio"]).words:
            by_itself[i] = words[0].start
    table = Table(
        "hours", "by", "real-time factor", "÷ faster-whisper", "MB at most", "clips of the last 10 min, s off",
        "WER", "lost / added at seams", "elsewhere", "in the first 10 min",
        title="Clips joined with silences",
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        for length in hours:
            compare(joined(speech, rows, length, Path(folder)), by_itself, f"{length:g}", table)
    Console(width=160).print(table)


def compare(talk: Talk, by_itself: dict[int, float], hours: str, table: Table) -> None:
    """Have a talk heard by each, add a row for each to a table, and note the figures."""
    seams, near = at_seams(talk)
    number = len(seams)
    far = set(range(len(talk.clips))) - near
    first = {clip for clip, end in enumerate(talk.edges[1:]) if end <= _FIRST}
    paces: dict[str, float] = {}
    for by in (BARE, HUB, *[OPENAI] * (find_spec("whisper") is not None)):
        seconds = min(talk.edges[-1], _FIRST) if by == OPENAI else talk.edges[-1]
        result = run_alone(by, talk.path)
        words = [Word(*word) for word in result["words"]]
        said = [talk.texts[clip] for clip in sorted(first)] if by == OPENAI else talk.texts
        words = [word for word in words if word.start < talk.edges[len(said)]]
        counts, twice = errors(said, words)
        pace = paces[by] = result["took"] / seconds
        ratio = pace / paces[BARE]
        early = rates(counts, first)
        cells = ["", "", "", ""]
        if by != OPENAI:
            off, beside, elsewhere = drift(talk, words, by_itself), rates(counts, near), rates(counts, far)
            wer = jiwer.wer(" ".join(said), normal("".join(word.text for word in words)))
            cells = [f"{off[0]:.2f}, {off[1]:.0f} % under 0.3", f"{wer:.3f}", shown(beside), shown(elsewhere)]
        table.add_row(
            f"{hours}, {number} seams",
            by,
            f"{pace:.3f}",
            f"{ratio:.2f}",
            f"{result['memory']:.0f}",
            *cells,
            shown(early),
        )
        note(f"{hours} h: real-time factor, {by}", pace, digits=3)
        if by != BARE:
            most = 1.05 if by == HUB else None
            note(f"{hours} h: time beside faster-whisper’s, {by}{HEARD[by]}", ratio, most=most)
        note(f"{hours} h: memory of hearing, {by}", result["memory"], "MB", digits=0)
        if by == HUB:
            note(f"{hours} h: clips of the last 10 min, off by (median)", off[0], "s", most=0.3)
            note(f"{hours} h: clips of the last 10 min that are less than 0.3 s off", off[1], "%", digits=0)
            for name, here, there, most in zip(("lost", "added"), beside, elsewhere, (0, None), strict=True):
                note(f"{hours} h: words {name} at {number} seams beyond those elsewhere", here - there, "%", most=most)
            across = sum(n for n, start, end in twice if any(start <= seam <= end for seam in seams))
            note(f"{hours} h: words heard twice, before a seam and after it", across, most=0, digits=0)
            note(f"{hours} h: words heard twice elsewhere", sum(n for n, *_ in twice) - across, digits=0)
        parts = {" in the first 10 min": early}
        if by != OPENAI:
            note(f"{hours} h: word error rate, {by}", wer, digits=3)
            parts[""] = rates(counts, near | far)
        for where, part in parts.items():
            for name, rate in zip(("lost", "added"), part, strict=True):
                note(f"{hours} h: words {name}{where}, {by.partition(',')[0]}", rate, "%")
    took, memory = whole_job(talk.path)
    note(f"{hours} h: memory of the whole job", memory, "MB", most=1_500, digits=0)
    note(f"{hours} h: real-time factor of the whole job", took / talk.edges[-1], digits=3)
    table.add_row(hours, JOB, f"{took / talk.edges[-1]:.3f}", "", f"{memory:.0f}")


def shown(rate: tuple[float, float]) -> str:
    """Return percentages of words lost and added as they stand in the table."""
    return f"{rate[0]:.1f} % / {rate[1]:.1f} %"


if __name__ == "__main__":
    if sys.argv[1] == "--alone":
        alone(sys.argv[2], Path(sys.argv[3]))
    else:
        main(Path(sys.argv[1]), [float(h) for h in sys.argv[2:]])
