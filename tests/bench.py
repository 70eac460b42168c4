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
from tests.yardstick import note
from transcripts.errors import BadRecording
from transcripts.model import Word


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
    kinds = {
        "asterisk, 60 characters and more": [r for r in rows if "asterisk" in r["audio"] and len(r["text"]) >= 60],
        "fleurs": [r for r in rows if "fleurs" in r["audio"]],
        "all": rows,
    }
    for kind, chosen in kinds.items():
        rates = []
        for by, hear in (
            ("the hub", lambda path: text_of(heard(path).words)),
            ("faster-whisper", lambda path: "".join(w.text for w in bare(audio.decode(path)))),
        ):
            found = jiwer.process_words(
                [normal(r["text"]) for r in chosen], [normal(hear(speech / r["audio"])) for r in chosen]
            )
            counts = map(str, (found.substitutions, found.deletions, found.insertions))
            table.add_row(f"{kind} ({len(chosen)})", by, f"{found.wer:.3f}", *counts)
            rates.append(found.wer)
        note(
            f"word error rate, {len(chosen)} clips ({kind}); at most faster-whisper’s",
            rates[0],
            most=rates[1],
            digits=4,
        )
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
    for name, samples in sounds.items():
        path = folder / f"{name}.wav"
        write(path, [samples.astype(np.float32)])
        try:
            found = heard(path)
        except BadRecording:
            table.add_row(name, "0", "")
            words = 0
        else:
            words = len(found.words)
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
        console.print(invented(Path(folder)))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
