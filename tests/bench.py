"""Measurements: ``make bench SPEECH=../shared/speech`` prints one table.

SPEECH is a folder with ``manifest.jsonl``: ``{"audio": path, "seconds": …, "text": reference}`` a line.
"""

import json
import re
import sys
import time
from pathlib import Path

import jiwer
import numpy as np
from num2words import num2words
from rich.console import Console
from rich.table import Table

from app.services import services
from ingest import audio


def normal(text: str) -> str:
    """Return a text without case, punctuation or digits, to compare words with words."""
    spelt = re.sub(r"\d+", lambda m: f" {num2words(int(m[0]), lang='fr')} ", text.lower())
    return " ".join("".join(c if c.isalnum() else " " for c in spelt).split())


def main(speech: Path) -> None:
    """Print word error rates by kind of clip, and the time of the hub beside faster-whisper's own."""
    rows = [json.loads(line) for line in (speech / "manifest.jsonl").read_text("utf-8").splitlines()]
    transcriber = services().transcriber
    sounds = {row["audio"]: audio.decode(speech / row["audio"]) for row in rows}
    transcriber.transcribe(sounds[rows[0]["audio"]], language="fr", progress=lambda done: None)
    table = Table("clips", "seconds", "WER", "substituted", "lost", "invented", "real-time factor")
    for kind, chosen in (
        (
            "asterisk, 60 characters and more",
            [r for r in rows if "asterisk" in r["audio"] and len(r["text"]) >= 60],
        ),
        ("fleurs", [r for r in rows if "fleurs" in r["audio"]]),
    ):
        began = time.perf_counter()
        heard = [
            " ".join(
                c.text for c in transcriber.transcribe(sounds[r["audio"]], language="fr", progress=lambda d: None).cues
            )
            for r in chosen
        ]
        took = time.perf_counter() - began
        seconds = sum(len(sounds[r["audio"]]) for r in chosen) / audio.RATE
        errors = jiwer.process_words([normal(r["text"]) for r in chosen], [normal(h) for h in heard])
        table.add_row(
            f"{kind} ({len(chosen)})",
            f"{seconds:.0f}",
            f"{errors.wer:.3f}",
            *map(str, (errors.substitutions, errors.deletions, errors.insertions)),
            f"{took / seconds:.3f}",
        )
    Console().print(table)

    gap = np.zeros(audio.RATE, np.float32)
    joined = np.concatenate([part for row in rows for part in (sounds[row["audio"]], gap)])
    ours, bare = [], []
    for _ in range(3):
        began = time.perf_counter()
        transcriber.transcribe(joined, language="fr", progress=lambda done: None)
        ours.append(time.perf_counter() - began)
        began = time.perf_counter()
        segments, _ = transcriber.pipeline().transcribe(joined, language="fr", **transcriber.options)
        list(segments)
        bare.append(time.perf_counter() - began)
    Console().print(
        f"{len(joined) / audio.RATE:.0f} s of joined clips: the hub {min(ours):.1f} s, faster-whisper alone {min(bare):.1f} s, "
        f"ratio {min(ours) / min(bare):.3f} (best of 3 in turn)"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
