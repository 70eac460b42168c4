"""How well the terms of the field are heard: ``python -m tests.bench_terms [SPEECH]`` prints tables.

The sentences of ``tests/speech/terms`` (a synthetic voice) are joined into talks of ten, heard with and without hotwords for
the whole talk, which the hub does not use, and as the hub does: with the corrector and one term for a sentence that is heard
again, here without its bound of so many sentences an hour. SPEECH, a folder with
``manifest.jsonl`` as for `tests.bench`, is ordinary speech: what the corrector changes there is damage.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jiwer
import numpy as np
from rich.console import Console
from rich.progress import track
from rich.table import Table

from app.services import services
from ingest import audio
from ingest.corrections import correct
from ingest.pipeline import HEARD_AGAIN
from ingest.rehearing import better, doubtful
from tests.bench import normal
from tests.yardstick import note
from transcripts.glossary import glossary
from transcripts.matching import lexicon, near_misses, occurrences, words_of
from transcripts.model import Word

SENTENCES = Path(__file__).parent / "speech" / "terms"
_TALK = 10  # sentences
_GAP = 0.6  # seconds of silence between them
_TITLE = 3  # terms that a title and a description name
PLAIN, CORRECTED, AGAIN = "plain", "corrector", "corrector and second hearing"
TOLD, TITLED = "hotwords of a first hearing", "hotwords of the title"
_STRETCHES = 1000  # no bound: what each second hearing costs is measured
# How alike words must sound to count as a term that was missed (0 to 1), and how long the term must sound at least
# (letters of `sound`): below, everything resembles something.
_NEARLY, _LONG = 0.75, 6


@dataclass(frozen=True)
class Talk:
    """Sound at `audio.RATE`, what is said, and how often each term is in it."""

    samples: np.ndarray
    text: str
    terms: Counter[str]


@dataclass
class Way:
    """A way to hear, and what it did: the words of each talk, and the seconds it took."""

    heard: list[list[Word]]
    took: float = 0.0


def hotwords(text: str, most: int = 12) -> tuple[str, ...]:
    """Return at most so many names of terms that occur in what was heard of a talk or nearly do, best first.

    A term that was nearly written comes before one that was: the recogniser knows the latter already.
    """
    known = lexicon(glossary())
    tokens = words_of(text)
    right = [
        (first, last, name)
        for first, last, name in occurrences(tokens, known)
        # "ami" is no AMI, nor "la nef" the Nef.
        if name.text.islower() or any(t.text[0].isupper() for t in tokens[first:last])
    ]
    covered = {i for first, last, _ in right for i in range(first, last)}
    merit: defaultdict[tuple[str, ...], float] = defaultdict(float)
    for _, _, name in right:
        merit[name.bases] += 1 + name.text[0].isupper()
    missed: dict[tuple[int, tuple[str, ...]], float] = {}
    for near in near_misses(tokens, known, _NEARLY):
        span = range(near.first, near.last)
        if len(near.name.sounds[0]) >= _LONG and not covered.intersection(span):
            # Windows that overlap are one miss.
            key = (near.first // 3, near.name.bases)
            missed[key] = max(missed.get(key, 0.0), near.likeness)
    for (_, bases), likeness in missed.items():
        # The surer and the longer, the better: 6 letters that are three quarters right are often chance.
        merit[bases] += 12 * (likeness - _NEARLY + 0.05)
    ranked = sorted(merit, key=lambda bases: (-merit[bases], bases))
    return tuple(known.right[bases].text.replace("’", "'") for bases in ranked[:most])


def listen(samples: np.ndarray, words: Sequence[str] = ()) -> list[Word]:
    """Transcribe, told these words if any."""
    transcriber = services().transcriber
    told: dict[str, Any] = {"hotwords": " ".join(words)} if words else {}
    segments, _ = transcriber.pipeline().transcribe(samples, language="fr", **told, **transcriber.options)
    return [Word(w.start, w.end, w.word) for segment in segments for w in segment.words or ()]


def written(words: Sequence[Word]) -> str:
    return "".join(word.text for word in words).strip()


def again(talk: Talk, words: list[Word]) -> tuple[list[Word], int, int]:
    """Hear doubtful stretches a second time; return the words, and how many stretches were heard and were kept."""
    made, reached, kept = [], 0, 0
    stretches = doubtful(words, glossary(), _STRETCHES)
    for stretch in stretches:
        first = words[stretch.first : stretch.last]
        sound = talk.samples[int(stretch.start * audio.RATE) : int(stretch.end * audio.RATE)]
        second = corrected(
            [Word(w.start + stretch.start, w.end + stretch.start, w.text) for w in listen(sound, stretch.hotwords)]
        )
        made += words[reached : stretch.first]
        if second and better(written(first), written(second), stretch.hotwords, glossary()):
            kept += 1
            first = second
        made += first
        reached = stretch.last
    return [*made, *words[reached:]], len(stretches), kept


def named(text: str) -> Counter[tuple[str, ...]]:
    """Count the terms in a text, whatever their number, case and accents."""
    return Counter(name.bases for _, _, name in occurrences(words_of(text), lexicon(glossary())))


def talks() -> list[Talk]:
    """Join the sentences."""
    rows = [json.loads(line) for line in (SENTENCES / "manifest.jsonl").read_text("utf-8").splitlines()]
    gap = np.zeros(int(_GAP * audio.RATE), np.float32)
    return [
        Talk(
            np.concatenate([part for row in some for part in (audio.decode(SENTENCES / row["audio"]), gap)]),
            " ".join(row["text"] for row in some),
            Counter(term for row in some for term in row["terms"]),
        )
        for some in (rows[i : i + _TALK] for i in range(0, len(rows), _TALK))
    ]


def errors(talk: Talk, text: str) -> int:
    """Count the terms of a talk that are not in what was heard."""
    found = named(text)
    return sum(
        max(0, count - found[tuple(token.base for token in words_of(term))]) for term, count in talk.terms.items()
    )


def corrected(words: list[Word]) -> list[Word]:
    return correct(words, glossary())[0]


def timed(way: Way, make: Callable[..., list[Word]], *given: Any) -> list[Word]:
    """Make the words of one talk, and add them and the time to a way."""
    began = time.perf_counter()
    words = make(*given)
    way.took += time.perf_counter() - began
    way.heard.append(words)
    return words


def main(speech: Path | None = None) -> None:
    """Print term errors, word errors and time for each way to hear, talk by talk too; then the damage on ordinary speech."""
    spoken = talks()
    listen(spoken[0].samples)
    ways: defaultdict[str, Way] = defaultdict(lambda: Way([]))
    stretches = kept = 0
    for talk in track(spoken, console=Console(stderr=True)):
        plain = timed(ways[PLAIN], listen, talk.samples)
        right = timed(ways[CORRECTED], corrected, plain)
        known = timed(ways[TOLD], listen, talk.samples, hotwords(written(plain)))
        timed(ways[f"{TOLD} and corrector"], corrected, known)
        titled = timed(ways[TITLED], listen, talk.samples, list(talk.terms)[:_TITLE])
        timed(ways[f"{TITLED} and corrector"], corrected, titled)
        began = time.perf_counter()
        twice, heard, won = again(talk, right)
        ways[AGAIN].took += time.perf_counter() - began
        ways[AGAIN].heard.append(twice)
        stretches, kept = stretches + heard, kept + won
    table = Table("way", "terms", "term errors", "accuracy", "fewer errors", "WER", "seconds more")
    total = sum(sum(talk.terms.values()) for talk in spoken)
    counts = {
        name: [errors(t, written(h)) for t, h in zip(spoken, way.heard, strict=True)] for name, way in ways.items()
    }
    before = sum(counts[PLAIN])
    for name, way in ways.items():
        missed = sum(counts[name])
        fewer = 1 - missed / before
        wer = jiwer.wer([normal(talk.text) for talk in spoken], [normal(written(words)) for words in way.heard])
        table.add_row(
            name, str(total), str(missed), f"{1 - missed / total:.3f}", f"{fewer:.0%}", f"{wer:.3f}", f"{way.took:.1f}"
        )
        note(f"terms of the field heard right, of {total}: {name}", total - missed, digits=0)
        if name == CORRECTED:
            note("terms of the field: fewer errors than without the glossary", 100 * fewer, "%", least=25, digits=0)
    console = Console(width=140)
    console.print(table)
    console.print(by_talk(spoken, ways, counts))
    a_stretch = ways[AGAIN].took / max(1, stretches)
    pace = ways[PLAIN].took / sum(len(talk.samples) / audio.RATE for talk in spoken)
    share = 100 * HEARD_AGAIN * a_stretch / (3600 * pace)
    console.print(f"second hearing: {stretches} stretches heard again, {kept} kept, {a_stretch:.2f} s each")
    note(f"second hearing of terms, {HEARD_AGAIN} sentences an hour: of the time of the first", share, "%", digits=1)
    if speech:
        damage(speech)


def by_talk(spoken: Sequence[Talk], ways: dict[str, Way], counts: dict[str, list[int]]) -> Table:
    """Return term errors and word error rate of each talk, by each way that hears it as a whole."""
    names = (PLAIN, TOLD, TITLED)
    table = Table("talk", *names, title="Term errors and WER, with hotwords and without")
    for n, talk in enumerate(spoken):
        wers = (jiwer.wer(normal(talk.text), normal(written(ways[name].heard[n]))) for name in names)
        table.add_row(str(n + 1), *(f"{counts[name][n]}, {wer:.3f}" for name, wer in zip(names, wers, strict=True)))
    return table


def damage(speech: Path) -> None:
    """Print what the corrector and the second hearing change in speech about other things."""
    rows = [json.loads(line) for line in (speech / "manifest.jsonl").read_text("utf-8").splitlines()]
    count = heard = kept = 0
    for row in track(rows, console=Console(stderr=True)):
        samples = audio.decode(speech / row["audio"])
        words, changes = correct(listen(samples), glossary())
        for change in changes:
            count += 1
            Console().print(f"{row['audio']}: « {change.heard} » → « {change.term} » ({row['text']})")
        twice, stretches, won = again(Talk(samples, row["text"], Counter()), words)
        heard, kept = heard + stretches, kept + won
        if won:
            Console().print(f"{row['audio']}: « {written(words)} » → « {written(twice)} » ({row['text']})")
    note(f"words put right in {len(rows)} clips of ordinary speech", count, most=0, digits=0)
    note(f"sentences changed by a second hearing in {len(rows)} clips of ordinary speech", kept, most=0, digits=0)
    Console().print(
        f"ordinary speech: {len(rows)} clips, {count} corrections, {heard} sentences heard again, {kept} changed"
    )


if __name__ == "__main__":
    main(*(Path(word) for word in sys.argv[1:2]))
