"""How well key points are chosen, and written sentences checked: ``python -m tests.bench_summary`` prints tables.

Chosen ones are compared with the summaries that people wrote of the demonstration talks; the weights were set on these.
Checked are sentences written by hand about the demonstration talks (tests/ingest/written.tsv): true ones, the same with the
lines of other sentences, with an invented end, and false ones. The rules were set on five talks; those on exchanges, on strong words and on
unsaid words came after the first run on the two that are called fresh.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from app.services import services
from app.settings import ROOT
from ingest.chapters import Vectors, draft_chapters
from ingest.summary import draft_summary
from tests.yardstick import note
from transcripts.glossary import glossary
from transcripts.library import Library
from transcripts.sentences import Sentence, content_words, sentences, split_sentences
from transcripts.support import Support

WRITTEN = Path(__file__).parent / "ingest" / "written.tsv"
FRESH = ("2026-09-03", "2026-09-17")
ENDS = (
    "et les voisins ont planté des pommiers",
    "dans un souci de transparence envers les citoyens",
    "ce qui garantit une gestion démocratique",
    "pour développer des activités durables et solidaires",
    "et la mairie fournit le local",
    "tout en respectant les valeurs coopératives",
    "après une réunion publique organisée au printemps",
    "car les banques exigent des comptes détaillés",
)


@dataclass(frozen=True)
class Example:
    talk: str
    lines: tuple[int, ...]
    kind: str
    text: str


def examples() -> list[Example]:
    with WRITTEN.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE) if not row[0].startswith("#")]
    return [Example(talk, tuple(int(n) - 1 for n in lines.split(",")), kind, text) for talk, lines, kind, text in rows]


def talk(date: str) -> tuple[list[Sentence], Vectors]:
    library = Library(ROOT / "transcripts" / "demo")
    spoken = sentences(library.read(next(slug for slug in library.slugs() if slug.startswith(date))).cues)
    return spoken, services().comparer.passages([s.text for s in spoken])


def elsewhere(example: Example, count: int, *, near: bool) -> Iterator[tuple[int, ...]]:
    """Yield the lines of other sentences: the ones beside those cited, or any of the talk."""
    last = example.lines[-1]
    for other in range(count):
        far = abs(other - last)
        if other not in example.lines and (far <= 3 if near else far > 3 and other % 7 == 0):
            yield tuple(
                sorted({min(max(0, other + i), count - 1) for i in range(len(example.lines))} - {*example.lines})
            )


def quoted() -> Table:
    """Compare the key points chosen of each talk with the summary that a person wrote."""
    table = Table("talk", "words", "F1 of content words", "mean cosine to the nearest, apart from the talk's own")
    library, scores = Library(ROOT / "transcripts" / "demo"), []
    for slug in library.slugs():
        if not (library.root / slug / "transcript.vtt").exists():
            continue
        masterclass = library.read(slug)
        said = sentences(masterclass.cues)
        by_hand = [part for line in masterclass.summary.text.split("\n") for part in split_sentences(line.lstrip("- "))]
        vectors, theirs = (services().embedder.passages(texts) for texts in ([s.text for s in said], by_hand))
        text = draft_summary(said, vectors, draft_chapters(said, vectors, glossary()), glossary())
        seconds = {
            int(second) for second in re.findall(r"^- .*#t=(\d+)", text.partition("\n## Questions")[0], re.MULTILINE)
        }
        mine = [i for i, s in enumerate(said) if int(s.start) in seconds]
        ours, right = (
            {w for t in texts for w in content_words(t)} for texts in ([said[i].text for i in mine], by_hand)
        )
        apart = [part - vectors.mean(axis=0) for part in (theirs, vectors[mine])]
        near, own = (part / np.linalg.norm(part, axis=1, keepdims=True) for part in apart)
        score = 2 * len(ours & right) / (len(ours) + len(right)), float((near @ own.T).max(axis=1).mean())
        scores.append(score)
        words = sum(len(said[i].text.split()) for i in mine)
        table.add_row(slug[:10], str(words), *(f"{value:.2f}" for value in score))
    for what, value in zip(("F1 of content words", "cosine to the nearest"), np.mean(scores, axis=0), strict=True):
        table.add_row("mean", "", f"{what} {value:.3f}")
        note(f"key points against summaries by hand: {what}", float(value))
    return table


def main() -> None:
    Console(width=120).print(quoted())
    table = Table("talks", "sentences", "tried", "kept", "dropped for")
    for part, chosen in (("tuned on", False), ("fresh", True)):
        some = [e for e in examples() if (e.talk in FRESH) == chosen]
        tried: dict[str, list[str | None]] = {}
        for date in sorted({e.talk for e in some}):
            spoken, vectors = talk(date)
            support = Support(spoken, vectors, glossary())
            mine = [e for e in some if e.talk == date]
            for example, vector in zip(mine, services().comparer.passages([e.text for e in mine]), strict=True):
                verdict = support.fault(example.text, example.lines, vector)
                kind = "true" if example.kind == "true" else "false"
                tried.setdefault(kind, []).append(verdict)
                if (verdict is None) != (example.kind == "true"):
                    Console().print(f"{date} {example.kind}: {verdict} {example.text}")
                    cosines = vectors @ vector
                    words = set(content_words(example.text))
                    there = {w for i in example.lines for w in content_words(spoken[i].text)}
                    Console().print(
                        f"   cosine {max(cosines[list(example.lines)]):.3f}, best {cosines.max():.3f}, words {len(words & there) / len(words):.2f}"
                    )
                if example.kind != "true":
                    continue
                for near in (True, False):
                    for lines in elsewhere(example, len(spoken), near=near):
                        verdict = support.fault(example.text, lines, vector)
                        tried.setdefault("true, lines beside" if near else "true, lines elsewhere", []).append(verdict)
                ended = [f"{example.text.rstrip('.')}, {end}." for end in ENDS]
                for text, other in zip(ended, services().comparer.passages(ended), strict=True):
                    tried.setdefault("true, an invented end", []).append(support.fault(text, example.lines, other))
        for kind, verdicts in tried.items():
            names, counts = np.unique([v for v in verdicts if v], return_counts=True)
            why = ", ".join(f"{n} {c}" for n, c in zip(names, counts, strict=True))
            table.add_row(part, kind, str(len(verdicts)), str(verdicts.count(None)), why)
            note(f"a model’s sentences, {part}, {kind}: kept of {len(verdicts)}", verdicts.count(None), digits=0)
    Console(width=120).print(table)


if __name__ == "__main__":
    main()
