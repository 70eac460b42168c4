"""What a library costs as it grows to a million passages, with a Chroma server: ``python -m tests.bench_scale PASSAGES…``

    python -m tests.bench_scale 20000 100000 1000000 [--folder FOLDER]

Each size grows from the one before; in FOLDER it is kept, and goes on there next time. Talks of about a hundred passages
are made of sentences of the demonstration, drawn at random, and go through the hub's own library, index and search. The
vectors of the demonstration's passages and sentences are real; those of the talks lie between two of them, drawn at random
and moved a little, because to embed a million passages takes two cores a day. So times, sizes and how many of the true
neighbours Chroma finds are measured, not whether results are good. The questions are those of ``tests/questions``.
"""

from __future__ import annotations

import argparse
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import partial
from itertools import accumulate, pairwise
from pathlib import Path
from statistics import median

import numpy as np
import psutil

from app.services import services
from app.settings import ROOT
from index.embedder import Embedder, Reading, Vectors
from index.passages import cut
from index.search import Searcher
from index.store import Index
from index.tokens import Tokens
from index.vectors import VectorsAway
from tests.app.machines import chroma, free_port
from tests.bench_export import say
from tests.bench_search import beside_the_embedding, spoken, talk
from tests.yardstick import note
from transcripts.files import write_folder
from transcripts.library import Library

PASSAGES, WORDS = 100, 6_000  # of a talk, about
_NEAREST = 100
_ROWS = 20_000  # passages compared at once


class Between(Embedder):
    """The real embedder, but for the vectors of passages: they lie between two real ones."""

    def __init__(self, real: Embedder, kept: Path) -> None:
        self.__dict__.update(real.__dict__)
        if not kept.exists():
            demo = Library(ROOT / "transcripts" / "demo")
            slugs = [slug for slug in demo.slugs() if (demo.root / slug / "transcript.vtt").exists()]
            found = [passage for slug in slugs for passage in cut(demo.read(slug), lambda _: True)]
            read = real.windows([p.head for p in found], [[s.text for s in p.sentences] for p in found])
            np.savez(
                kept,
                passages=np.array([one.vectors[0] for one in read]),
                sentences=np.vstack([one.vectors[1:] for one in read]),
                tokens=np.concatenate([one.tokens for one in read]),
            )
        with np.load(kept) as known:
            self._known, self._pieces = (known["passages"], known["sentences"]), known["tokens"]
        self._each = len(self._pieces) // len(self._known[1])  # tokens of a sentence
        self._rng = np.random.default_rng()

    def windows(self, heads: Sequence[str], passages: Sequence[Sequence[str]]) -> list[Reading]:
        whole, parts = self._draw(0, len(passages)), self._draw(1, sum(map(len, passages)))
        ends = accumulate((len(sentences) for sentences in passages), initial=0)
        return [
            Reading(np.vstack([one[None], parts[a:b]]), self._said(self._each * (b - a)))
            for one, (a, b) in zip(whole, pairwise(ends), strict=True)
        ]

    def _said(self, rows: int) -> Tokens:
        return self._pieces[self._rng.integers(len(self._pieces), size=rows)]

    def _draw(self, kind: int, rows: int) -> Vectors:
        known = self._known[kind]
        one, other = (known[self._rng.integers(len(known), size=rows)] for _ in range(2))
        share = self._rng.uniform(0.5, 1.0, (rows, 1))
        moved = share * one + (1 - share) * other + self._rng.normal(0, 0.02, one.shape)
        unit: Vectors = (moved / np.linalg.norm(moved, axis=1, keepdims=True)).astype(np.float32)
        return unit


def timed(work: Callable[..., object], *given: object) -> float:
    """Return the seconds that something takes."""
    began = time.perf_counter()
    work(*given)
    return time.perf_counter() - began


def answering(index: Index) -> float:
    """Return the seconds until Chroma finds a neighbour: it loads its graph, and takes in what it has not yet."""
    began, vector = time.perf_counter(), index.embedder.query("pour commencer")
    while True:
        try:
            index.vectors.near(vector, 1)
            return time.perf_counter() - began
        except VectorsAway:
            time.sleep(0.5)


def spread(seconds: Sequence[float]) -> str:
    """Say the median and what 95 of 100 stay under."""
    middle, late = np.percentile(seconds, [50, 95]) * 1000
    return f"p50 {middle:.0f} ms, p95 {late:.0f} ms"


def megabytes(process: psutil.Process) -> float:
    """Return what a process and its children hold in memory."""
    return float(sum(p.memory_info().rss for p in (process, *process.children(recursive=True))) / 1e6)


def grow(index: Index, library: Library, said: Sequence[str], talks: int) -> None:
    """Write talks until there are so many, and index them."""
    have = len(library.slugs())
    for number in range(have, talks):
        made = talk(number, said, WORDS)
        folder = library.root / made.details.slug
        folder.mkdir(parents=True)
        write_folder(folder, made)
    ends: list[float] = []
    index.synchronise(lambda *_: ends.append(time.perf_counter()))
    lasted = np.diff(ends)
    if len(lasted) > 20:
        first, last = (median(part) * 1000 for part in (lasted[:20], lasted[-20:]))
        say(
            f"  {len(lasted)} masterclasses indexed in {ends[-1] - ends[0]:.0f} s: {first:.0f} ms each at first, {last:.0f} at last"
        )
    say(f"  Chroma answers {answering(index):.1f} s later")


def sizes(folder: Path) -> None:
    """Say what lies on the disk."""
    for name in ("home/library", "home/index/words", "home/index/windows.db", "home/index/manifest.json", "chroma"):
        path = folder / name
        files = [path] if path.is_file() else [each for each in path.rglob("*") if each.is_file()]
        say(f"  {name}: {sum(each.stat().st_size for each in files) / 1e6:.0f} MB")


def exact(index: Index, folder: Path, questions: Sequence[str]) -> list[set[str]]:
    """Return the true neighbours of each question, by comparing it with every passage."""
    asked = np.array([index.embedder.query(question) for question in questions])
    best: list[list[tuple[float, str]]] = [[] for _ in questions]
    rows = sqlite3.connect(folder / "home" / "index" / "windows.db").execute("SELECT id, vectors FROM windows")
    while page := rows.fetchmany(_ROWS):
        width = asked.shape[1]
        found = np.array([np.frombuffer(blob, "<f2", width) for _, blob in page], np.float32) @ asked.T
        for number, cosines in enumerate(found.T):
            nearest = np.argsort(-cosines)[:_NEAREST]
            best[number] = sorted([*best[number], *((cosines[i], page[i][0]) for i in nearest)], reverse=True)[
                :_NEAREST
            ]
    return [{place for _, place in each} for each in best]


def ask(folder: Path, url: str) -> None:
    """Open a hub's index as a new process does, and measure it."""
    me = psutil.Process()
    library, embedder = Library(folder / "home"), Between(services().embedder, folder / "real.npz")
    embedder.query("pour commencer")
    bare = megabytes(me)
    began = time.perf_counter()
    index = Index(folder / "home" / "index", library, embedder, server=url)
    searcher = Searcher(index)
    say(f"  a hub searches after {time.perf_counter() - began:.1f} s, its model apart")
    say(
        f"  the whole library is compared with the index after {timed(index.synchronise):.1f} s more, again in {timed(index.synchronise):.1f} s"
    )
    say(f"  to list what is published, as a page does, takes {timed(library.published) * 1000:.0f} ms")
    lines = (ROOT / "tests" / "questions" / "reporting.jsonl").read_text("utf-8").splitlines()
    lines += (ROOT / "tests" / "questions" / "tuning.jsonl").read_text("utf-8").splitlines()
    questions = [json.loads(line)["question"] for line in lines]
    searcher.search(questions.pop())
    took: dict[str, list[float]] = {}
    for question in questions:
        embedder.question.cache_clear()
        took.setdefault("embedding alone", []).append(timed(embedder.query, question))
        embedder.question.cache_clear()
        took.setdefault("search", []).append(timed(searcher.search, question))
    for question in questions:
        embedder.question.cache_clear()
        vector = embedder.query(question)
        with index.vectors._passages() as passages:  # by Chroma's own client
            bare_query = partial(passages.query, query_embeddings=[vector], n_results=_NEAREST, include=[])
            took.setdefault("bare Chroma", []).append(timed(bare_query))
        took.setdefault("of it Chroma", []).append(timed(index.vectors.near, vector, _NEAREST))
        took.setdefault("of it words", []).append(timed(index.words.matching, question, _NEAREST))
        took.setdefault("the same search again", []).append(timed(searcher.search, question))
    for name, seconds in took.items():
        say(f"  {name}: {spread(seconds)}")
    ratio = beside_the_embedding(took)
    say(f"  a search takes {ratio:.2f} times as long as the embedding of its question (median; goal: at most 1.3)")
    note(f"search beside the embedding of its question, {index.vectors.count():,} passages", ratio, most=1.3)
    say(f"  the hub holds {megabytes(me):.0f} MB, {bare:.0f} of them before it opened the index")
    few = questions[::8]
    true = exact(index, folder, few)
    found = [set(index.vectors.near(embedder.query(q), _NEAREST)) for q in few]
    share = np.mean([len(a & b) / len(a) for a, b in zip(true, found, strict=True)])
    say(f"  Chroma finds {share:.0%} of the {_NEAREST} true neighbours of {len(few)} questions")
    waits = []
    for number in range(3):
        slug = library.add(talk(100_000 + number, spoken(None), WORDS)).slug
        waits.append(timed(index.synchronise))
        library.remove(slug)
        index.synchronise()
    say(f"  one more masterclass, embedding apart: {median(waits):.2f} s")


def main(wanted: Sequence[int], folder: Path) -> None:
    """Grow to each size and measure it."""
    library, said, real = Library(folder / "home"), spoken(None), services().embedder
    (folder / "home").mkdir(parents=True, exist_ok=True)
    for passages in wanted:
        say(f"{passages} passages wanted, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        with ExitStack() as running:
            server = running.enter_context(chroma(folder / "chroma", port))
            index = Index(folder / "home" / "index", library, Between(real, folder / "real.npz"), server=url)
            grow(index, library, said, passages // PASSAGES)
            say(f"  {index.vectors.count()} passages of {len(library.slugs())} masterclasses")
            say(f"  Chroma holds {megabytes(psutil.Process(server.pid)):.0f} MB after growing")
        sizes(folder)
        with chroma(folder / "chroma", port) as server:
            say(f"  Chroma, started again, answers after {answering(index):.1f} s")
            subprocess.run([sys.executable, "-m", "tests.bench_scale", "--ask", str(folder), url], check=True)
            say(f"  Chroma holds {megabytes(psutil.Process(server.pid)):.0f} MB")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--ask"]:
        ask(Path(sys.argv[2]), sys.argv[3])
    else:
        parser = argparse.ArgumentParser()
        parser.add_argument("passages", type=int, nargs="+")
        parser.add_argument("--folder", type=Path)
        given = parser.parse_args()
        with tempfile.TemporaryDirectory() as scratch:
            main(given.passages, given.folder or Path(scratch))
