"""How well search finds: ``python -m tests.bench_retrieval RETRIEVAL [TRAINING.jsonl…]``.

RETRIEVAL is a folder of sets (``corpus.jsonl``, ``queries.jsonl``, ``qrels.tsv``): each document is a passage, searched with
the hub's own analysis, windows and fusion, one configuration for all. The training files are joined to talks of four
topics each, cut into passages as the hub does; they are what settings are chosen on. Vectors are kept between runs in the
folder that the system gives to temporary files.
"""

import datetime as dt
import json
import re
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import ir_measures
import numpy as np
from ir_measures import Qrel, ScoredDoc, nDCG
from rich.console import Console
from rich.progress import track
from rich.table import Table

from app.services import services
from index.evaluate import DEPTH, Question, Span, measure_search
from index.search import SEARCHES, Searcher, merge_moments
from index.store import Index
from index.vectors import VectorStore
from index.windows import WindowStore
from index.words import WordStore
from transcripts.library import Library
from transcripts.model import Cue, Details, Masterclass, Origin
from transcripts.sentences import split_sentences

QUERIES = 500  # of each set, the first ones
_WORDS = 280  # of a document, its first ones: what the embedder reads at once
_TOPICS = 4  # a talk
_CUE, _SECONDS = 10, 0.35  # words of a cue, and how long each lasts
_CACHE = Path(tempfile.gettempdir()) / "masterclass-hub-bench"


def rows(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.open(encoding="utf-8") if line.strip()]


def stores(folder: Path, documents: list[dict]) -> SimpleNamespace:
    """Open the stores of a set, made at the first run."""
    embedder = services().embedder
    place = _CACHE / embedder.name.replace("/", "_") / folder.name
    opened = SimpleNamespace(
        embedder=embedder,
        vectors=VectorStore(place / "vectors"),
        words=WordStore(place / "words"),
        windows=WindowStore(place / "windows.db"),
    )
    texts = {d["id"]: " ".join(d["text"].split()[:_WORDS]) for d in documents}
    opened.words.replace("x", list(texts.items()))
    heads = {d["id"]: title for d in documents if not d["text"].startswith(title := d.get("title") or "")}
    new = sorted(set(texts) - opened.windows.present("x"), key=lambda i: -len(texts[i]))
    for begin in track(range(0, len(new), 64), f"{folder.name}: vectors"):
        ids = new[begin : begin + 64]
        read = embedder.windows([heads.get(i, "") for i in ids], [split_sentences(texts[i]) or [" "] for i in ids])
        opened.vectors.update("x", [], ids, np.array([one.vectors[0] for one in read]))
        opened.windows.update("x", [], ids, read)
    return opened


def retrieval(folder: Path) -> list[str]:
    """Return the row of a table on one set: nDCG@10 by words, by meaning and fused."""
    documents, queries = rows(folder / "corpus.jsonl"), rows(folder / "queries.jsonl")[:QUERIES]
    searcher = Searcher(stores(folder, documents))
    asked = {query["id"] for query in queries}
    relevant = [
        Qrel(qid, document, int(grade))
        for qid, document, grade in (line.split("\t") for line in (folder / "qrels.tsv").read_text().splitlines()[1:])
        if qid in asked
    ]
    figures = []
    for by in ("words", "meaning", "fused"):
        run = [
            ScoredDoc(query["id"], found.id, -float(rank))
            for query in queries
            for rank, found in enumerate(searcher.scored(query["text"], by=by)[:DEPTH])
        ]
        figures.append(ir_measures.calc_aggregate([nDCG @ 10], relevant, run)[nDCG @ 10])
    return [folder.name, str(len(documents)), str(len(queries)), *(f"{figure:.3f}" for figure in figures)]


def talks(file: Path) -> Iterator[tuple[Masterclass, list[Question]]]:
    """Yield talks joined of the passages of a training file, with their questions."""
    topics = defaultdict(list)
    for row in rows(file):
        topics[row["topic"]].append(row)
    names = list(topics)
    for number in range(0, len(names), _TOPICS):
        slug = f"2026-01-01-{file.stem.replace('_', '-')}-{number}"
        cues: list[Cue] = []
        questions = []
        for row in (row for name in names[number : number + _TOPICS] for row in topics[name]):
            words = list(re.finditer(r"\S+", row["passage"]))
            placed = []
            for run in (words[i : i + _CUE] for i in range(0, len(words), _CUE)):
                start = cues[-1].end if cues else 0.0
                cues.append(Cue(start, start + _SECONDS * len(run), row["passage"][run[0].start() : run[-1].end()]))
                placed.append((run[0].start(), run[-1].end(), cues[-1]))
            for asked in row["questions"]:
                begin = row["passage"].find(asked["answer"])
                over = [cue for a, b, cue in placed if a < begin + len(asked["answer"]) and begin < b]
                if begin >= 0:
                    span = Span(slug, over[0].start, over[-1].end)
                    questions.append(Question(row["id"], asked["text"], asked["style"], (span,)))
        title = names[number].capitalize()
        origin = Origin("imported", "")
        day = dt.date(2026, 1, 1)
        details = Details(slug, title, day, "x", (), "published", cues[-1].end, "fr", "x", origin)
        yield Masterclass(details, tuple(cues)), questions


def unseen(files: list[Path]) -> Table:
    """Return recall and MRR of the questions on joined talks, by style."""
    home = _CACHE / "talks"
    library = Library(home)
    questions = []
    for masterclass, asked in (talk for file in files for talk in talks(file)):
        if masterclass.details.slug not in library.slugs():
            library.add(masterclass)
        questions += asked
    index = Index(home / "index", library, services().embedder)
    index.synchronise()
    searcher = Searcher(index)
    title = f"{len(questions)} questions on {len(library.slugs())} joined talks: recall@1, recall@5, MRR@10"
    table = Table("style", "n", *SEARCHES, title=title)
    found = {
        by: measure_search(questions, [_places(searcher, q.question, by) for q in track(questions, by)])
        for by in SEARCHES
    }
    for style in ("all", *dict.fromkeys(q.kind for q in questions)):
        kept = [n for n, q in enumerate(questions) if style in ("all", q.kind)]
        cells = [
            " ".join(
                f"{np.mean([found[by][n][k] for n in kept]):.3f}" for k in ("recall_at_1", "recall_at_5", "mrr_at_10")
            )
            for by in SEARCHES
        ]
        table.add_row(style, str(len(kept)), *cells)
    return table


def _places(searcher: Searcher, question: str, by: str) -> list[Span]:
    hits = merge_moments(searcher.hits(question, by=by))[:DEPTH]
    return [Span(h.passage.slug, h.passage.start, h.passage.end) for h in hits]


def main(folder: Path, files: list[Path]) -> None:
    console = Console(width=120)
    table = Table("set", "documents", "queries", "words", "meaning", "fused", title="nDCG@10")
    for part in sorted(folder.iterdir()):
        if (part / "corpus.jsonl").exists():
            table.add_row(*retrieval(part))
    console.print(table)
    if files:
        console.print(unseen(files))


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]])
