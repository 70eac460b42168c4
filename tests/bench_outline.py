"""How well chapters are cut: ``python -m tests.bench_outline`` prints a table.

Against the chapters made by hand of the demonstration talks, and on talks joined from pieces of them at known seconds.
The baseline is NLTK's TextTiling (Hearst, 1997). Seeds from 100 on were never looked at while the cut was tuned.
"""

import random
from collections.abc import Callable
from itertools import pairwise
from statistics import mean

import numpy as np
from nltk.metrics.segmentation import pk, windowdiff
from nltk.tokenize.texttiling import TextTilingTokenizer
from rich.console import Console
from rich.table import Table

from app.services import services
from app.settings import ROOT
from ingest.chapters import Vectors, draft_chapters
from tests.yardstick import note
from transcripts.library import Library
from transcripts.sentences import Sentence, content_words, sentences

NEAR = 20.0  # seconds
Talk = tuple[list[Sentence], Vectors, list[float]]  # and the seconds at which its subject changes


def by_hand() -> list[Talk]:
    library = Library(ROOT / "transcripts" / "demo")
    talks = []
    for slug in library.slugs():
        if not (library.root / slug / "transcript.vtt").exists():
            continue
        masterclass = library.read(slug)
        spoken = sentences(masterclass.cues)
        vectors = services().embedder.passages([s.text for s in spoken])
        talks.append((spoken, vectors, [c.start for c in masterclass.chapters[1:]]))
    return talks


def joined(talks: list[Talk], seed: int) -> Talk:
    """Join 6 to 10 pieces of 2 to 6 minutes, two neighbours never from one talk."""
    rng = random.Random(seed)  # noqa: S311 - the same talks in every run
    spoken: list[Sentence] = []
    rows, cuts, last = [], [], -1
    for _ in range(rng.randint(6, 10)):
        last = rng.choice([i for i in range(len(talks)) if i != last])
        said, vectors, _ = talks[last]
        length = rng.uniform(120, 360)
        begin = rng.uniform(0, max(1.0, said[-1].end - length))
        inside = [i for i, s in enumerate(said) if begin <= s.start < begin + length]
        offset = (spoken[-1].end + 0.5 if spoken else 0.0) - said[inside[0]].start
        if spoken:
            cuts.append(said[inside[0]].start + offset)
        spoken += [Sentence(said[i].start + offset, said[i].end + offset, said[i].text) for i in inside]
        rows += [vectors[i] for i in inside]
    return spoken, np.array(rows), cuts


def ours(spoken: list[Sentence], vectors: Vectors) -> list[float]:
    return [chapter.start for chapter in draft_chapters(spoken, vectors)[1:]]


def text_tiling(spoken: list[Sentence], vectors: Vectors) -> list[float]:
    """NLTK's TextTiling; every sentence is a paragraph, so that it may cut anywhere."""
    words = {w for s in spoken for w in s.text.lower().split()}
    stop = [w for w in words if not content_words(w)]
    texts = [" ".join(s.text.split()) for s in spoken]
    tiles = TextTilingTokenizer(stopwords=stop).tokenize("\n\n".join(texts) + "\n\n")
    starts, seen = [], 0
    for tile in tiles[:-1]:
        seen += len([line for line in tile.split("\n\n") if line.strip()])
        starts.append(spoken[min(seen, len(spoken) - 1)].start)
    return starts


def f1(right: list[float], found: list[float]) -> float:
    """Return F1 of boundaries: each right one may be found once, within `NEAR` seconds."""
    left, hits = list(right), 0
    for second in found:
        near = [r for r in left if abs(r - second) <= NEAR]
        if near:
            left.remove(min(near, key=lambda r: abs(r - second)))
            hits += 1
    return 2 * hits / max(1, len(right) + len(found))


def marks(cuts: list[float], end: float) -> str:
    """Return a second a character, 1 where a part begins."""
    edges = {int(cut) for cut in cuts}
    return "".join("1" if second in edges else "0" for second in range(int(end) + 1))


def main() -> None:
    talks = by_hand()
    sets = {
        "by hand": talks,
        "joined, tuned on": [joined(talks, seed) for seed in range(8)],
        "joined, fresh": [joined(talks, seed) for seed in range(100, 112)],
    }
    ways: dict[str, Callable[[list[Sentence], Vectors], list[float]]] = {"the hub": ours, "TextTiling": text_tiling}
    table = Table("talks", "by", "F1 within 20 s", "Pk", "WindowDiff", "parts found ÷ right")
    for name, some in sets.items():
        for way, cut in ways.items():
            scores = []
            for spoken, vectors, right in some:
                found = cut(spoken, vectors)
                reference, guess = marks(right, spoken[-1].end), marks(found, spoken[-1].end)
                window = max(2, len(reference) // (2 * (len(right) + 1)))
                scores.append(
                    (
                        f1(right, found),
                        pk(reference, guess, window),
                        windowdiff(reference, guess, window),
                        (len(found) + 1) / (len(right) + 1),
                    )
                )
            means = [mean(column) for column in zip(*scores, strict=True)]
            table.add_row(f"{name} ({len(some)})", way, *(f"{value:.2f}" for value in means))
            for measure, value in zip(("F1 within 20 s", "Pk", "WindowDiff"), means, strict=False):
                note(f"chapters of {len(some)} talks {name}: {measure}, {way}", value)
    Console(width=110).print(table)
    lengths = [b - a for talk in talks for a, b in pairwise([0.0, *ours(talk[0], talk[1]), talk[0][-1].end])]
    Console().print(f"Chapters of the demonstration talks last {min(lengths):.0f} to {max(lengths):.0f} s.")


if __name__ == "__main__":
    main()
