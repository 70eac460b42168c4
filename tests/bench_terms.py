"""How well the terms of the field are heard: ``python -m tests.bench_terms [SPEECH]`` prints tables.

The sentences of ``tests/speech/terms`` (a synthetic voice) are joined into talks of ten. SPEECH, a folder with
``manifest.jsonl`` as for `tests.bench`, is ordinary speech: what the corrector changes there is damage.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
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
from ingest.hotwords import hotwords
from ingest.rehearing import better, doubtful
from tests.bench import normal
from tests.yardstick import note
from transcripts.glossary import glossary
from transcripts.matching import lexicon, occurrences, words_of
from transcripts.model import Word

SENTENCES = Path(__file__).parent / "speech" / "terms"
_TALK = 10  # sentences
_GAP = 0.6  # seconds of silence between them
_STRETCHES = 1000  # no bound: what each second hearing costs is measured


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
    """Print term errors, word errors and time for each way to hear; then the damage on ordinary speech."""
    spoken = talks()
    listen(spoken[0].samples)
    names = ("plain", "corrector", "hotwords", "hotwords and corrector", "corrector and second hearing")
    ways = {name: Way([]) for name in names}
    stretches = kept = 0
    for talk in track(spoken, console=Console(stderr=True)):
        plain = timed(ways["plain"], listen, talk.samples)
        right = timed(ways["corrector"], corrected, plain)
        told = hotwords(written(plain), glossary())
        known = timed(ways["hotwords"], listen, talk.samples, told)
        timed(ways["hotwords and corrector"], corrected, known)
        began = time.perf_counter()
        twice, heard, won = again(talk, right)
        ways["corrector and second hearing"].took += time.perf_counter() - began
        ways["corrector and second hearing"].heard.append(twice)
        stretches, kept = stretches + heard, kept + won
    table = Table("way", "terms", "term errors", "accuracy", "fewer errors", "WER", "seconds more")
    total = sum(sum(talk.terms.values()) for talk in spoken)
    before = sum(errors(t, written(h)) for t, h in zip(spoken, ways["plain"].heard, strict=True))
    for name, way in ways.items():
        texts = [written(words) for words in way.heard]
        missed = sum(errors(t, text) for t, text in zip(spoken, texts, strict=True))
        wer = jiwer.wer([normal(talk.text) for talk in spoken], [normal(text) for text in texts])
        table.add_row(
            name,
            str(total),
            str(missed),
            f"{1 - missed / total:.3f}",
            f"{1 - missed / before:.0%}",
            f"{wer:.3f}",
            f"{way.took:.1f}",
        )
        if name == "corrector":
            note(
                "terms of the field: fewer errors than without the glossary",
                100 * (1 - missed / before),
                "%",
                least=25,
                digits=0,
            )
    Console().print(table)
    a_stretch = ways["corrector and second hearing"].took / max(1, stretches)
    pace = ways["plain"].took / sum(len(talk.samples) / audio.RATE for talk in spoken)
    Console().print(
        f"second hearing: {stretches} stretches heard again, {kept} kept, {a_stretch:.2f} s each; "
        f"5 % of the time of an hour's talk is {0.05 * 3600 * pace / a_stretch:.0f} stretches"
    )
    if speech:
        damage(speech)


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
