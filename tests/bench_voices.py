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
from collections import Counter, defaultdict
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
REMARK = (0.8, 2.4)  # seconds


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


def remark(sound: Sound, chance: np.random.Generator) -> Sound:
    """Return what is said between two quiet moments, as long as a remark."""
    level = np.convolve(loudness(sound), np.ones(3) / 3, "same")
    while True:
        seconds = chance.uniform(*REMARK)
        begin = chance.uniform(0, len(sound) / audio.RATE - seconds)
        first, last = (
            max(at - 15, 0) + int(np.argmin(level[max(at - 15, 0) : at + 15]))
            for at in (int(begin * 50), int((begin + seconds) * 50))
        )
        piece = sound[first * _FRAME : last * _FRAME]
        if len(piece) and REMARK[0] <= len(piece := trimmed(piece)) / audio.RATE <= REMARK[1]:
            return piece


def talk(speaker: Sound, guests: Sequence[Sound], chance: np.random.Generator, asked: bool) -> Conversation:
    """Let voice 0 speak, and each guest make a remark; with ``asked``, guests ask a question of 3 to 5 seconds first."""
    halves = [(guest[: len(guest) // 2], guest[len(guest) // 2 :]) for guest in guests]
    said = [(trimmed(a[: int(chance.uniform(3, 5) * audio.RATE)]), i) for i, (a, _) in enumerate(halves, 1) if asked]
    said += [(remark(b, chance), i) for i, (_, b) in enumerate(halves, 1)]
    each = len(speaker) // (len(said) + 1)
    pieces: list[tuple[Sound, int]] = []
    for i in range(len(said) + 1):
        part = speaker[i * each : (i + 1) * each]
        # The speaker's own short breaths lie between pauses as remarks do.
        pieces += [
            (trimmed(part[: 2 * len(part) // 3]), 0),
            (remark(part[2 * len(part) // 3 :], chance), 0),
            *said[i : i + 1],
        ]
    parts: list[Sound] = []
    turns: list[Turn] = []
    at = 0
    for piece, who in pieces:
        silence = int(chance.uniform(0.2, 1.0) * audio.RATE)
        parts += [np.zeros(silence, np.float32), piece]
        turns.append(Turn((at + silence) / audio.RATE, (at + silence + len(piece)) / audio.RATE, who))
        at += silence + len(piece)
    sound = np.concatenate(parts)
    return Conversation(sound + chance.normal(0, 1e-4, len(sound)).astype(np.float32), tuple(turns))


def talks(pool: dict[str, list[Sound]], seeds: Sequence[int], asked: bool) -> list[Conversation]:
    """Return a talk with remarks for each seed; the speaker is one of two who have much to say."""
    made = []
    for seed in seeds:
        chance = np.random.default_rng(seed)
        speaker = ("asterisk", "demo")[seed % 2]
        others = sorted(
            name for name in set(pool) - {speaker, "demo"} if len(max(pool[name], key=len)) > 5 * audio.RATE
        )
        guests = [max(pool[name], key=len) for name in chance.choice(others, 3, replace=False)]
        made.append(talk(np.concatenate(pool[speaker])[: 90 * audio.RATE], guests, chance, asked))
    return made


def shared(one: Turn, other: Turn) -> float:
    """Return how long two turns are at once (seconds)."""
    return max(0.0, min(one.end, other.end) - max(one.start, other.start))


def mostly(turn: Turn, among: Sequence[Turn]) -> int | None:
    """Return the voice that is heard longest during a turn."""
    heard: Counter[int] = Counter()
    for other in among:
        heard[other.voice] += shared(turn, other)
    return max(heard, key=lambda voice: heard[voice]) if any(heard.values()) else None


def apart(real: Sequence[Turn], found: Sequence[Turn]) -> tuple[int, int]:
    """Return how many remarks are kept apart from the speaker, and how many false splits there are of the speaker."""
    talking = Counter(mostly(turn, found) for turn in real if turn.voice == 0)
    speaker = talking.most_common(1)[0][0]
    remarks = [turn for turn in real if turn.voice and turn.end - turn.start <= REMARK[1]]
    kept = sum(mostly(turn, found) not in (speaker, None) for turn in remarks)
    return kept, sum(turn.voice != speaker and mostly(turn, real) == 0 for turn in found)


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
    sound = audio.decode(sorted((ROOT / "transcripts/demo/media").glob("*.ogg"))[0])
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
    table = Table("remarks of 0.8 to 2.4 s", "talks", "kept apart", "false splits", "diarisation error")
    pool["demo"] = [sound * np.float32(0.06 / np.sqrt(np.mean(sound**2)))]
    for kind, asked in (("heard once", False), ("after a question", True)):
        made = talks(pool, SEEDS, asked)
        rate = DiarizationErrorRate(collar=0.5)
        kept = false = 0
        for one in made:
            turns = find_voices(hear(one.samples), reader(one.samples), services().voiceprint).turns
            rate(annotation(one.turns), annotation(turns), uem=Timeline([Segment(0, len(one.samples) / audio.RATE)]))
            more, wrong = apart(one.turns, turns)
            kept, false = kept + more, false + wrong
        table.add_row(kind, str(len(made)), f"{kept}/{3 * len(made)}", str(false), f"{abs(rate):.3f}")
        note(f"remarks, {kind}: kept apart, of {3 * len(made)}", kept, digits=0)
        note(f"remarks, {kind}: false splits", false, digits=0)
    Console().print(table)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
