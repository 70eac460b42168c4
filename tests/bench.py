"""Measurements of hearing: ``python -m tests.bench SPEECH`` prints what is misheard in clips, and invented in noise.

SPEECH is a folder with ``manifest.jsonl``: ``{"audio": path, "seconds": …, "text": reference}`` a line.
"""

import json
import re
import sys
import tempfile
import wave
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import jiwer
import numpy as np
from num2words import num2words
from rich.console import Console
from rich.table import Table

from app import weights
from app.services import services
from ingest import audio
from ingest.audio import RATE, Samples
from ingest.cues import make_cues
from ingest.transcription import Transcription, transcribe
from tests.music import music
from tests.yardstick import note
from transcripts.errors import BadRecording
from transcripts.model import Word

_MINUTE = 60.0  # seconds


def normal(text: str) -> str:
    """Return a text without case, punctuation or digits, to compare words with words."""
    spelt = re.sub(r"\d+", lambda m: f" {num2words(int(m[0]), lang='fr')} ", text.lower())
    return " ".join("".join(c if c.isalnum() else " " for c in spelt).split())


def heard(path: Path) -> Transcription:
    """Hear a file as the hub does, both second hearings included: of what was left out, and of terms that were nearly written."""
    with tempfile.TemporaryDirectory() as folder:
        said = transcribe(
            path, services().transcriber, sha256="", language="fr", folder=Path(folder), progress=lambda done: None
        )
    words, *_ = services().pipeline.terms_put_right(path, said, lambda stage, done, total: None)
    return replace(said, words=words)


def text_of(words: tuple[Word, ...]) -> str:
    return " ".join(cue.text for cue in make_cues(words))


@lru_cache(maxsize=1)
def alone() -> Any:
    """Return faster-whisper by itself, on all cores, with the hub's weights."""
    from faster_whisper import BatchedInferencePipeline, WhisperModel

    wanted = services().settings
    folder = weights.whisper_model(wanted, lambda line: None)
    return BatchedInferencePipeline(WhisperModel(folder, device="cpu", compute_type=wanted.speech.compute))


def bare(samples: Samples) -> list[Word]:
    """Transcribe with faster-whisper alone: its own batch and voice detection, with the hub's beam and word times."""
    segments, _ = alone().transcribe(
        samples, language="fr", vad_filter=True, beam_size=services().settings.speech.beam, word_timestamps=True
    )
    return [Word(w.start, w.end, w.word) for segment in segments for w in segment.words]


def error_rates(speech: Path, rows: list[dict[str, str]]) -> Table:
    """Return word error rates by kind of clip, the hub beside faster-whisper alone."""
    table = Table("clips", "by", "WER", "substituted", "lost", "invented", title="Word error rate")
    ours = [heard(speech / row["audio"]) for row in rows]
    read = {
        "the hub": [normal(text_of(one.words)) for one in ours],
        "faster-whisper": [normal("".join(w.text for w in bare(audio.decode(speech / row["audio"])))) for row in rows],
    }
    kinds = {
        "asterisk, 60 characters and more": lambda row: "asterisk" in row["audio"] and len(row["text"]) >= 60,
        "fleurs": lambda row: "fleurs" in row["audio"],
        "all": lambda row: True,
    }
    for kind, wanted in kinds.items():
        chosen = [i for i, row in enumerate(rows) if wanted(row)]
        found = []
        for by, texts in read.items():
            one = jiwer.process_words([normal(rows[i]["text"]) for i in chosen], [texts[i] for i in chosen])
            found.append((one.wer, one.deletions, one.insertions))
            counts = map(str, (one.substitutions, one.deletions, one.insertions))
            table.add_row(f"{kind} ({len(chosen)})", by, f"{one.wer:.3f}", *counts)
        measures = (("word error rate", 4), ("words lost", 0), ("words invented", 0))
        for (what, digits), mine, theirs in zip(measures, *found, strict=True):
            note(f"{what}, {len(chosen)} clips ({kind}); at most faster-whisper’s", mine, most=theirs, digits=digits)
    taken = sum(len(normal(part.text).split()) for one in ours for part in one.removed)
    note(f"words taken out as invented in {len(rows)} clips of speech", taken, most=0, digits=0)
    return table


def invented(folder: Path, said: Samples) -> Table:
    """Return how many words are invented where nobody speaks, and in music before something ``said``."""
    table = Table("minute of", "words", "taken out", title="Where nobody speaks")
    rng = np.random.default_rng(0)
    at = np.arange(round(_MINUTE * RATE)) / RATE
    chords = sum(np.sin(2 * np.pi * f * at * (1 + 0.5 * (at % 4 > 2))) for f in (220, 277, 330)) / 6
    sounds = {
        "silence": np.zeros(len(at)),
        "noise": rng.normal(0, 0.05, len(at)),
        "tones": chords * (0.6 + 0.4 * np.sin(2 * np.pi * 2 * at)),
        "hum": 0.1 * np.sin(2 * np.pi * 50 * at) + rng.normal(0, 0.003, len(at)),
        "synthetic music": music(_MINUTE),
        "synthetic music before a talk": np.concatenate([music(_MINUTE), said]),
    }
    for name, samples in sounds.items():
        path = folder / f"{name}.wav"
        write(path, [samples.astype(np.float32)])
        try:
            found = heard(path)
        except BadRecording:
            table.add_row(name, "0", "")
            words = 0
        else:
            words = sum((word.start + word.end) / 2 < _MINUTE for word in found.words)
            table.add_row(name, str(words), "; ".join(r.text for r in found.removed))
        note(f"words invented in a minute of {name}", words, most=0, digits=0)
    return table


def manifest(speech: Path) -> list[dict[str, str]]:
    """Return the clips of a folder."""
    return [json.loads(line) for line in (speech / "manifest.jsonl").read_text("utf-8").splitlines()]


def write(path: Path, parts: list[Samples]) -> None:
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        for part in parts:
            file.writeframes((part * 32767).astype("<i2").tobytes())


def main(speech: Path) -> None:
    rows = manifest(speech)
    console = Console(width=140)
    console.print(error_rates(speech, rows))
    with tempfile.TemporaryDirectory() as folder:
        console.print(invented(Path(folder), audio.decode(speech / rows[0]["audio"])))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
