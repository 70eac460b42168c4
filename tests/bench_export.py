"""How long a library takes to become a site of static files, and to be brought level again.

    python -m tests.bench_export [--masterclasses 1000] [--minutes 10]

Talks are made of the demonstration's, with their words exchanged so that no two are alike.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import random
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from app.services import Services
from app.settings import ROOT, Settings
from app.site import export_site
from transcripts.files import write_folder
from transcripts.library import Library
from transcripts.model import Chapter, Cue, Masterclass


def talk(number: int, minutes: float, talks: list[Masterclass]) -> Masterclass:
    """Return a talk of so many minutes, of other talks one after another, with other words here and there."""
    chance = random.Random(number)  # noqa: S311 - the same library each time
    cues: list[Cue] = []
    chapters: list[Chapter] = []
    words = [word for cue in talks[number % len(talks)].cues for word in cue.text.split()]
    while not cues or cues[-1].end < 60 * minutes:
        part, at = chance.choice(talks), cues[-1].end + 1 if cues else 0.0
        for cue in part.cues:
            said = [chance.choice(words) if chance.random() < 0.05 else word for word in cue.text.split()]
            cues.append(replace(cue, start=cue.start + at, end=cue.end + at, text=" ".join(said)))
        chapters += [replace(c, start=c.start + at, end=c.end + at) for c in part.chapters]
    cues = [cue for cue in cues if cue.end <= 60 * minutes]
    date = dt.date(2000, 1, 1) + dt.timedelta(number)
    details = replace(
        talks[number % len(talks)].details,
        slug=f"{date.isoformat()}-masterclass-{number}",
        date=date,
        title=f"Masterclass {number}",
        duration=60.0 * minutes,
        recording=None,
    )
    kept = tuple(c for c in chapters if c.end <= 60 * minutes)
    return Masterclass(details, tuple(cues), kept, talks[number % len(talks)].summary)


def say(line: str) -> None:
    """Print a line of the result at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    """Measure, and print a line for each step."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--masterclasses", type=int, default=1000)
    parser.add_argument("--minutes", type=float, default=10.0)
    asked = parser.parse_args()
    demo = Library(ROOT / "transcripts" / "demo")
    talks = [demo.read(slug) for slug in demo.slugs() if (demo.root / slug / "transcript.vtt").exists()]
    with tempfile.TemporaryDirectory() as scratch:
        home, site = Path(scratch) / "home", Path(scratch) / "site"
        for number in range(asked.masterclasses):
            made = talk(number, asked.minutes, talks)
            folder = home / "library" / made.details.slug
            folder.mkdir(parents=True)
            write_folder(folder, made)
        said = sum(len(cue.text.split()) for cue in made.cues)
        say(f"{asked.masterclasses} masterclasses of {asked.minutes:g} min ({said} words), {os.cpu_count()} cores")
        library = Library(home)
        for step in ("all anew", "nothing changed", "one changed"):
            if step == "one changed":
                slug = library.slugs()[-1]
                library.rewrite(slug, cues=library.read(slug).cues[:-1])
            began = time.perf_counter()
            done = export_site(Services(Settings(home=home)), site, "https://site.example.org", lambda *_: None)
            took = time.perf_counter() - began
            say(f"{step}: {took:.1f} s, {done.written} files written, {done.kept} kept")
        size = sum(path.stat().st_size for path in site.rglob("*") if path.is_file())
        say(f"{size / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
