"""Who speaks when, measured: ``python -m tests.bench_voices ../shared/speech`` prints one table.

The folder holds ``manifest.jsonl``, ``{"audio": path, …}`` a line. Conversations are made of its clips: 1 to 4 voices
in turns of 2 to 20 seconds, silences of 0.2 to 1 second, one voice 20 dB below the others. Nothing is said twice, so the
voices that have one short clip speak two or three times. All asterisk clips are one voice; any other clip is one, but
for two that the same person reads.
"""

import itertools
import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from faster_whisper.vad import VadOptions, get_speech_timestamps
from pyannote.core import Annotation, Segment, Timeline
from pyannote.metrics.diarization import DiarizationErrorRate
from rich.console import Console
from rich.table import Table

from app.services import services
from app.settings import ROOT
from ingest import audio
from ingest.voices import Turn, find_voices
from tests.yardstick import note
from transcripts.model import Word

Sound = npt.NDArray[np.float32]

# Read by one person: cosine 0.95, the same pitch and the same noise. The nearest other pair is at 0.85.
SAME = {"fleurs-fr-007": "fleurs-fr-001"}
SEEDS = range(100, 112)  # the thresholds were chosen on seeds 0 to 9
_FRAME = audio.RATE // 50


@dataclass(frozen=True)
class Conversation:
    """Sound and who really spoke when."""

    samples: Sound
    turns: tuple[Turn, ...]


def voices(folder: Path) -> dict[str, list[Sound]]:
    """Return the clips of each voice, at one level and without the silence around them."""
    found: dict[str, list[Sound]] = defaultdict(list)
    for line in (folder / "manifest.jsonl").read_text("utf-8").splitlines():
        path = folder / json.loads(line)["audio"]
        name = "asterisk" if "asterisk" in path.parent.name else SAME.get(path.stem, path.stem)
        sound = audio.decode(path)
        found[name].append(trimmed(sound * np.float32(0.06 / np.sqrt(np.mean(sound**2)))))
    return found


def loudness(sound: Sound) -> npt.NDArray[np.float64]:
    """Return the level of each 20 ms, in dB."""
    frames = sound[: len(sound) // _FRAME * _FRAME].reshape(-1, _FRAME).astype(np.float64)
    return 10 * np.log10(np.mean(frames**2, axis=1) + 1e-10)


def trimmed(sound: Sound) -> Sound:
    """Cut the silence at both ends."""
    level = loudness(sound)
    loud = np.flatnonzero(level > np.percentile(level, 95) - 25)
    return sound[loud[0] * _FRAME : (loud[-1] + 1) * _FRAME]


def cut(sound: Sound, seconds: float) -> tuple[Sound, Sound]:
    """Cut at the quietest moment within half a second of a time."""
    at = int(seconds * 50)
    if len(sound) < (seconds + 2.5) * audio.RATE:
        return sound, sound[:0]
    near = loudness(sound)[at - 25 : at + 25]
    at = (at - 25 + int(np.argmin(np.convolve(near, np.ones(5), "same")[2:-2])) + 2) * _FRAME
    return sound[:at], sound[at:]


def conversation(pool: dict[str, list[Sound]], names: Sequence[str], seed: int, longest: float = 150) -> Conversation:
    """Let voices speak in turn until one has nothing more to say."""
    chance = np.random.default_rng(seed)
    left = {}
    for name in names:
        clips = [pool[name][i] for i in chance.permutation(len(pool[name]))]
        gap = np.zeros(int(0.3 * audio.RATE), np.float32)
        left[name] = np.concatenate([part for clip in clips for part in (clip, gap)])[: int(longest * audio.RATE)]
    quiet = names[chance.integers(len(names))]
    parts: list[Sound] = []
    turns: list[Turn] = []
    at, last = 0, ""
    while at < longest * audio.RATE:
        ready = [n for n in names if len(left[n]) > 2 * audio.RATE and (n != last or len(names) == 1)]
        if not ready:
            break
        # Who has spoken least comes first, so that every voice is heard.
        spoken = {n: sum(t.end - t.start for t in turns if t.voice == names.index(n)) for n in ready}
        last = min(ready, key=lambda n: (spoken[n] > 0, chance.random()))
        piece, left[last] = cut(
            left[last],
            float(chance.uniform(2, 20)) if len(left[last]) > 25 * audio.RATE else float(chance.uniform(2, 6)),
        )
        piece = trimmed(piece)
        silence = int(chance.uniform(0.2, 1.0) * audio.RATE)
        parts += [np.zeros(silence, np.float32), piece * np.float32(0.1 if last == quiet and len(names) > 1 else 1)]
        start = at + silence
        at = start + len(piece)
        turns.append(Turn(start / audio.RATE, at / audio.RATE, names.index(last)))
    sound = np.concatenate(parts)
    return Conversation(sound + chance.normal(0, 1e-4, len(sound)).astype(np.float32), tuple(turns))


def conversations(pool: dict[str, list[Sound]], seeds: Sequence[int]) -> dict[str, list[Conversation]]:
    """Return conversations by kind, one a seed and kind."""
    made = defaultdict(list)
    readers = sorted(set(pool) - {"asterisk"})
    for seed in seeds:
        chance = np.random.default_rng(seed)
        for count in (1, 2, 3, 4):
            # Every other conversation is a talk with questions: the voice with minutes of speech, and readers.
            main = ["asterisk"] if count == 1 or seed % 2 == 0 else []
            names = [*main, *chance.choice(readers, count - len(main), replace=False)]
            made[f"{count}"].append(conversation(pool, names, seed))
    return made


def annotation(turns: Sequence[Turn]) -> Annotation:
    whole = Annotation()
    for turn in turns:
        whole[Segment(turn.start, turn.end)] = str(turn.voice)
    return whole


def hear(sound: Sound) -> list[Word]:
    """Return the speech that Silero's detector hears, in words of 0.3 s: what Whisper loses is not counted here."""
    options = VadOptions(min_silence_duration_ms=200, speech_pad_ms=30)
    words = []
    for stretch in get_speech_timestamps(sound, options):
        start, end = stretch["start"] / audio.RATE, stretch["end"] / audio.RATE
        edges = np.linspace(start, end, max(1, round((end - start) / 0.3)) + 1).tolist()
        words += [Word(a, b, " mot") for a, b in itertools.pairwise(edges)]
    return words


def reader(sound: Sound) -> Callable[[float, float], Sound]:
    return lambda start, end: sound[int(start * audio.RATE) : int(end * audio.RATE)]


def main(folder: Path) -> None:
    """Print diarisation error, voices counted right, and the time it takes."""
    pool = voices(folder)
    chosen = conversations(pool, SEEDS)
    talk = sorted((ROOT / "transcripts/demo/media").glob("*.ogg"))[0]
    sound = audio.decode(talk)
    chosen["1, a talk of 7 minutes"] = [Conversation(sound, (Turn(0, len(sound) / audio.RATE, 0),))]
    table = Table(
        "voices",
        "conversations",
        "seconds",
        "diarisation error",
        "confusion",
        "counted right",
        "counts",
        "real-time factor",
    )
    services().voiceprint([sound[: 2 * audio.RATE]])  # loaded before the clock runs
    for kind, made in chosen.items():
        rate = DiarizationErrorRate(collar=0.5)  # 0.25 s on each side of a boundary
        counts, took = [], 0.0
        for one in made:
            words = hear(one.samples)
            began = time.perf_counter()
            turns = find_voices(words, reader(one.samples), services().voiceprint).turns
            took += time.perf_counter() - began
            rate(annotation(one.turns), annotation(turns), uem=Timeline([Segment(0, len(one.samples) / audio.RATE)]))
            counts.append((len({t.voice for t in one.turns}), len({t.voice for t in turns})))
        seconds = sum(len(one.samples) for one in made) / audio.RATE
        table.add_row(
            kind,
            str(len(made)),
            f"{seconds:.0f}",
            f"{abs(rate):.3f}",
            f"{rate[:]['confusion'] / rate[:]['total']:.3f}",
            f"{sum(real == found for real, found in counts)}/{len(made)}",
            " ".join(str(found) for _, found in counts),
            f"{took / seconds:.4f}",
        )
        note(f"voices, {kind}: diarisation error", abs(rate), digits=3)
        note(f"voices, {kind}: counted right, of {len(made)}", sum(a == b for a, b in counts), digits=0)
    Console().print(table)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
