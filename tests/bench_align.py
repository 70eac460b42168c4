"""How well a corrected text gets its times: ``python -m tests.bench_align SPEECH`` edits twenty places in an hour of joined clips.

It is known when each clip begins and ends. Of ten, nobody had heard a word, of ten only the first half; a corrected text brings the
rest. Its times are guesses between neighbours first, and those of the sound when the job is done.
"""

import random
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from app import review
from app.jobs import do
from app.services import Services, services
from app.settings import Settings
from ingest import audio
from ingest.audio import RATE, Samples
from tests.bench import manifest
from tests.bench_long import joined
from tests.conftest import make_home
from tests.talks import talk
from tests.yardstick import note
from transcripts.alignment import cut_time
from transcripts.edits import Align
from transcripts.model import Cue

_LEAST = 4.0  # seconds of a clip that is edited
_FRAME = RATE // 50


def loud(samples: Samples) -> tuple[float, float]:
    """Return when the speech in a clip begins and ends (seconds): where it is a tenth as loud as in its louder parts."""
    frames = samples[: len(samples) // _FRAME * _FRAME].reshape(-1, _FRAME)
    power = np.sqrt((frames**2).mean(axis=1))
    above = np.flatnonzero(power > np.quantile(power, 0.9) / 10)
    return float(above[0] * _FRAME / RATE), float((above[-1] + 1) * _FRAME / RATE)


def times(cues: Sequence[Cue], first: int, last: int) -> tuple[float, float]:
    """Return when words ``first`` to ``last`` (exclusive) of a text begin and end, as its lines have it."""
    words = [(cue, n) for cue in cues for n in range(len(cue.text.split()))]
    (one, begin), (other, end) = words[first], words[last - 1]
    return cut_time(one, begin, ()), cut_time(other, end + 1, ())


def main(speech: Path) -> None:
    rows = manifest(speech)
    edges = [loud(audio.decode(speech / row["audio"])) for row in rows]
    with tempfile.TemporaryDirectory() as folder:
        home = make_home(Path(folder) / "home", services().settings.home / "models")
        hub = Services(Settings(home=home))
        said = joined(speech, rows, 1, Path(folder))
        spans = [(at + edges[i][0], at + edges[i][1]) for i, at in zip(said.clips, said.edges, strict=False)]
        texts = [" ".join(rows[i]["text"].split()) for i in said.clips]
        long = [n for n, (start, end) in enumerate(spans) if n % 3 == 1 and end - start > _LEAST and n + 1 < len(spans)]
        edited = sorted(random.Random(0).sample(long, 20))  # noqa: S311
        lost, halved = set(edited[::2]), set(edited[1::2])
        heard = [
            Cue(start, (start + end) / 2, " ".join(text.split()[: len(text.split()) // 2]))
            if n in halved
            else Cue(start, end, text)
            for n, ((start, end), text) in enumerate(zip(spans, texts, strict=True))
            if n not in lost
        ]
        slug = talk(hub.library, "Une heure", tuple(heard), recording=said.path)
        hub.library.set_details(slug, duration=said.edges[-1])
        opened = review.opened(hub, slug)
        began = time.monotonic()
        saved = review.save(hub, slug, opened.number, (Align(" ".join(texts)),), "")
        saving = time.monotonic() - began
        (job,) = hub.queue.jobs()
        began, busy = time.monotonic(), time.process_time()
        (_,) = do(hub, job.source, job.wishes, lambda *_: None)
        timing, busy = time.monotonic() - began, time.process_time() - busy
        begins = np.cumsum([0, *(len(text.split()) for text in texts)])
        table = Table("times", "median s off", "nine in ten", "worst", title="Begin and end of what was not heard")
        for name, cues in (("guessed", saved.content.cues), ("of the sound", hub.history.open(slug).content.cues)):
            off = []
            for n in edited:
                start, end = times(cues, begins[n], begins[n + 1])
                off += [abs(end - spans[n][1]), *([abs(start - spans[n][0])] if n in lost else [])]
            table.add_row(name, *(f"{value:.2f}" for value in (np.median(off), np.quantile(off, 0.9), max(off))))
            note(f"corrected text, 20 places in an hour: times {name}, median off", float(np.median(off)), "s")
    console = Console(width=140)
    console.print(table)
    console.print(
        f"saved after {saving:.1f} s; times of the sound after {timing:.0f} s, {busy:.0f} s of processor time"
    )
    note("corrected text, 20 places in an hour: processor time until its times are of the sound", busy, "s", digits=0)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
