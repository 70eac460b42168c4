"""How fast search is: ``python -m tests.bench_search [PASSAGES [TEXT.tsv]]`` prints a table.

A library of PASSAGES passages (10,000 unless said otherwise) is made of sentences drawn at random from the demonstration
talks, or from the last column of TEXT. Their vectors are those of some real passages, moved a little: only what is measured
is encoded. Each question is asked of the embedder alone, of the hub, and of Chroma and tantivy as they come, with the same
vectors and texts, in turn, so that whatever else the machine does weighs on all alike.
"""

import datetime as dt
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median

import chromadb
import numpy as np
import tantivy
from rich.console import Console
from rich.progress import track
from rich.table import Table

from app.engine import Place
from app.hub_engine import HubEngine
from app.services import services
from app.settings import ROOT
from index.embedder import Embedder, Reading, Vectors
from index.search import Searcher
from index.store import Index
from index.tokens import Tokens
from tests.yardstick import note
from transcripts.library import Library
from transcripts.model import Cue, Details, Masterclass, Origin
from transcripts.sentences import sentences

HOUR = 9_000  # words
_TALK = 140  # passages of a talk of an hour, about
_QUESTIONS = 60
_REAL = 64  # passages that are really encoded
_NEAREST = 100
_PAGE = 1_000


class Recombined(Embedder):
    """The real embedder, but for the vectors of passages: a few real ones, moved a little."""

    def __init__(self, real: Embedder, spoken: Sequence[str]) -> None:
        self.__dict__.update(real.__dict__)
        chance = random.Random(1)  # noqa: S311 - the same passages in every run
        whole = real.windows([""] * _REAL, [chance.sample(spoken, 5) for _ in range(_REAL)])
        self._known = np.vstack([read.vectors for read in whole])
        self._pieces = np.concatenate([read.tokens for read in whole])
        self._each = len(self._pieces) // len(self._known)  # tokens of a sentence
        self._rng = np.random.default_rng(0)

    def windows(self, heads: Sequence[str], passages: Sequence[Sequence[str]]) -> list[Reading]:
        return [Reading(self._draw(1 + len(found)), self._said(self._each * len(found))) for found in passages]

    def _said(self, rows: int) -> Tokens:
        return self._pieces[self._rng.integers(len(self._pieces), size=rows)]

    def _draw(self, rows: int) -> Vectors:
        drawn = self._known[self._rng.integers(len(self._known), size=rows)]
        moved = drawn + self._rng.normal(0, 0.02, drawn.shape).astype(np.float32)
        unit: Vectors = moved / np.linalg.norm(moved, axis=1, keepdims=True)
        return unit


class Bare:
    """Chroma and tantivy with their own settings, and the vectors and texts of an index: what a search is compared with."""

    def __init__(self, index: Index, folder: Path) -> None:
        texts = {
            place: passage.text
            for details in index.resources.published()
            for place, passage in index.passages(details.slug).items()
        }
        with index.vectors._passages() as passages:
            kept = passages.get(include=["embeddings"])
        quiet = chromadb.config.Settings(anonymized_telemetry=False)
        client = chromadb.PersistentClient(str(folder / "chroma"), settings=quiet)
        self._vectors = client.create_collection(
            "bare", embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
        )
        for begin in range(0, len(kept["ids"]), _PAGE):
            page = slice(begin, begin + _PAGE)
            self._vectors.add(ids=kept["ids"][page], embeddings=kept["embeddings"][page])
        schema = tantivy.SchemaBuilder().add_text_field("id", stored=True, tokenizer_name="raw").add_text_field("text")
        (folder / "tantivy").mkdir(parents=True)
        self._words = tantivy.Index(schema.build(), str(folder / "tantivy"))
        writer = self._words.writer()
        for place in kept["ids"]:
            writer.add_document(tantivy.Document(id=place, text=texts[place]))
        writer.commit()
        self._words.reload()

    def near(self, vector: Vectors) -> list[str]:
        """Return the ids of the passages nearest to a vector."""
        found = self._vectors.query(query_embeddings=[vector], n_results=_NEAREST, include=[])
        return list(found["ids"][0])

    def matching(self, question: str) -> list[str]:
        """Return the ids of the passages whose words match a question best."""
        query, _ = self._words.parse_query_lenient(question, ["text"])
        searcher = self._words.searcher()
        return [str(searcher.doc(place)["id"][0]) for _, place in searcher.search(query, _NEAREST, count=False).hits]


def spoken(text: Path | None) -> list[str]:
    if text:
        return [line.rsplit("\t", 1)[-1] for line in text.read_text("utf-8").splitlines()[1:]]
    library = Library(ROOT / "transcripts" / "demo")
    slugs = [slug for slug in library.slugs() if (library.root / slug / "transcript.vtt").exists()]
    return [s.text for slug in slugs for s in sentences(library.read(slug).cues)]


def talk(number: int, said: Sequence[str], words: int) -> Masterclass:
    """A talk of so many words, of sentences drawn at random."""
    chance = random.Random(number)  # noqa: S311
    cues: list[Cue] = []
    while words > 0:
        text = chance.choice(said)
        start = cues[-1].end + 0.3 if cues else 0.0
        cues.append(Cue(start, start + 0.36 * len(text.split()), text))
        words -= len(text.split())
    day = dt.date(2020, 1, 1) + dt.timedelta(number)
    title = f"Séance {number}"
    origin = Origin("imported", str(number))
    details = Details(f"{day}-seance", title, day, "x", (), "published", cues[-1].end, "fr", "x", origin)
    return Masterclass(details, tuple(cues))


def timed(work: Callable[..., object], *given: object) -> float:
    began = time.perf_counter()
    work(*given)
    return time.perf_counter() - began


def questions(said: Sequence[str]) -> list[str]:
    """Questions of the demonstration, none twice: an answer that is remembered measures nothing."""
    chance = random.Random(2)  # noqa: S311
    return [f"Comment {' '.join(chance.choice(said).split()[:9])} ?" for _ in range(_QUESTIONS)]


def ask(index: Index, bare: Bare, asked: Sequence[str]) -> dict[str, list[float]]:
    """Return how long each question takes, in seconds, by each way to ask it."""
    searcher, took = Searcher(index), {}
    searcher.search("pour commencer")
    for question in asked:
        index.embedder.question.cache_clear()
        took.setdefault("embedding alone", []).append(timed(index.embedder.query, question))
        vector = index.embedder.query(question)
        took.setdefault("asked again", []).append(timed(searcher.search, question))
        index.embedder.question.cache_clear()
        took.setdefault("search", []).append(timed(searcher.search, question))
        took.setdefault("bare Chroma", []).append(timed(bare.near, vector))
        took.setdefault("bare tantivy", []).append(timed(bare.matching, question))
    return took


def beside_the_embedding(took: dict[str, list[float]]) -> float:
    """Return how much longer than its embedding a search takes, question by question: the median."""
    return median(a / b for a, b in zip(took["search"], took["embedding alone"], strict=True))


def shown(title: str, took: dict[str, list[float]]) -> Table:
    table = Table("", "median (ms)", "90 % under (ms)", "÷ embedding", title=title)
    alone = median(took["embedding alone"])
    for name, values in took.items():
        ratio = f"{median(values) / alone:.2f}"
        if name == "search":
            ratio += f" (question by question {beside_the_embedding(took):.2f})"
        table.add_row(name, f"{median(values) * 1000:.1f}", f"{np.quantile(values, 0.9) * 1000:.1f}", ratio)
    return table


def main(passages: int, text: Path | None) -> None:
    console, said, real = Console(width=120), spoken(text), services().embedder
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        library = Library(home)
        for number in track(range(-(-passages // _TALK)), "talks"):
            library.add(talk(number, said, HOUR))
        index = Index(home / "index", library, Recombined(real, said))
        index.synchronise()
        asked, bare = questions(said), Bare(index, home / "bare")
        idle = ask(index, bare, asked)
        console.print(shown(f"{index.vectors.count()} passages, {len(asked)} questions", idle))
        note("search beside the embedding of its question", beside_the_embedding(idle), most=1.3)
        # A transcription beside it: another process that computes as hard.
        busy = subprocess.Popen([sys.executable, "-m", "tests.bench_search", "--hear"])
        try:
            time.sleep(15)
            both = ask(index, bare, asked)
            console.print(shown("The same while a recording is transcribed", both))
            slower = median(both["search"]) / median(idle["search"])
            console.print(f"a search then takes {slower:.2f} times as long as without it (goal: at most 2)")
            note("search while a recording is transcribed, beside search alone", slower, most=2)
        finally:
            busy.terminate()
            busy.wait()
        rows = Table("", "seconds", title="Keeping the index level, vectors really encoded")
        index.embedder = real
        correct(library, "ornithorynque")
        spent = time.process_time()
        corrected = timed(index.synchronise)
        took = f"{corrected:.2f} ({time.process_time() - spent:.2f} of a processor)"
        rows.add_row(f"one cue corrected among {index.vectors.count()} passages", took)
        note("one corrected cue in the index", corrected, "s", most=2)
        library.add(talk(100_000, said, HOUR))
        rows.add_row("one hour of talk more", f"{(hour := timed(index.synchronise)):.1f}")
        note("one hour of talk more in the index", hour, "s", most=15, digits=1)
        rows.add_row("nothing changed", f"{timed(index.synchronise):.3f}")
        load, waits = os.getloadavg()[0], visible(library, home / "index", real, asked)
        label = f"from the correction of a cue until a hub finds it (load {load:.0f})"
        rows.add_row(label, " ".join(f"{wait:.2f}" for wait in waits))
        note("from the correction of a cue until a hub finds it, the slowest", max(waits), "s", most=2)
        console.print(rows)


def correct(library: Library, word: str) -> None:
    """Write a word that nobody has said into a line of the first talk."""
    slug = library.slugs()[0]
    cues = list(library.read(slug).cues)
    cues[50] = replace(cues[50], text=f"Une phrase corrigée par quelqu’un qui relit\u00a0: {word}.")
    library.rewrite(slug, cues=tuple(cues))


def visible(library: Library, folder: Path, embedder: Embedder, asked: Sequence[str]) -> list[float]:
    """Return how many seconds corrections of one cue take until a hub that follows the library finds each, watching included."""
    hub = HubEngine(Place(folder, folder), embedder, library, [])
    hub.start()
    try:
        while not hub.ready:
            time.sleep(0.1)
        for question in asked:  # a hub that has run for a while
            hub.search(question)
        waits = []
        for word in ("girafe", "pangolin", "salamandre", "tapir", "colibri"):
            began = time.perf_counter()
            correct(library, word)
            while not any(word in found.text for found in hub.search(word, 3).results):
                time.sleep(0.1)
            waits.append(time.perf_counter() - began)
            time.sleep(5)
        return waits
    finally:
        hub.stop()


def hear() -> None:
    """Transcribe a recording of the demonstration, over and over."""
    from ingest import audio

    library = Library(ROOT / "transcripts" / "demo")
    file = next(path for path in sorted((library.home / "media").iterdir()))
    sound = audio.decode(file)
    transcriber = services().transcriber
    while True:
        segments, _ = transcriber.pipeline().transcribe(sound, language="fr", vad_filter=True, **transcriber.options)
        list(segments)


if __name__ == "__main__":
    if sys.argv[1:] == ["--hear"]:
        hear()
    else:
        main(int(sys.argv[1]) if sys.argv[1:] else 10_000, Path(sys.argv[2]) if sys.argv[2:] else None)
