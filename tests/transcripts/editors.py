"""People who correct a masterclass in processes of their own, to be killed at any moment.

Run as a program, it makes one for each line it reads (home, slug, who, seed, separated by tabs) and prints its process.
"""

import datetime as dt
import json
import os
import random
import signal
import sys
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TextIO

from transcripts.edits import AddChapter, Edit, Join, SetText, Split
from transcripts.errors import BadInput
from transcripts.history import History
from transcripts.library import Library
from transcripts.revision import Facts, revise

FACTS = Facts((), 600.0, "Essai", dt.date(2026, 11, 26))


def correct(home: Path, slug: str, who: str, seed: int, told: TextIO) -> None:
    """Correct until killed; tell what was saved once it is: who, the version, its kind, a mark of its own, and conflicts."""
    rng = random.Random(f"{who}{seed}")  # noqa: S311 - the same plan in every run
    history = History(Library(home))
    shown = history.open(slug)
    saved: list[int] = []
    for n in range(10_000):
        time.sleep(rng.random() * 0.02)  # people leave each other room
        mark = f"{who}{seed}x{n}"
        if saved and rng.random() < 0.2:
            undone = saved.pop()
            try:
                shown = history.undo(slug, undone, who)
            except BadInput:  # somebody else has changed those lines since
                continue
            _tell(told, who, shown.version.number, "undo", undone, 0)
            continue
        edit = an_edit([cue.text for cue in shown.content.cues], mark, rng)
        before = shown.version.number
        try:
            shown = history.save(slug, before, partial(revise, edits=[edit], facts=FACTS), who)
        except BadInput:  # a line of one word cannot be cut
            continue
        if shown.version.number != before and not shown.conflicts:
            saved.append(shown.version.number)
        _tell(told, who, shown.version.number, edit.kind, mark, len(shown.conflicts))


def _tell(told: TextIO, *what: str | int) -> None:
    told.write(json.dumps(what) + "\n")
    told.flush()


def an_edit(texts: Sequence[str], mark: str, rng: random.Random) -> Edit:
    """Return an edit of a masterclass with these lines; most leave the mark in it."""
    at = rng.randrange(len(texts))
    kind = rng.random()
    if kind < 0.1 and at + 1 < len(texts):
        return Join(at)
    if kind < 0.2:
        return Split(at, texts[at].find(" ") + 1)
    if kind < 0.25:
        return AddChapter(round(rng.random() * 590, 3), mark)
    return SetText(at, f"{texts[at]} {mark}")


if __name__ == "__main__":
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        home, slug, who, seed = line.rstrip("\n").split("\t")
        process = os.fork()
        if not process:
            with (Path(home) / f"told-{who}-{seed}").open("w") as told:
                correct(Path(home), slug, who, int(seed), told)
        sys.stdout.write(f"{process}\n")
        sys.stdout.flush()
