"""Make the demonstration library from its scripts: ``python transcripts/demo/build.py KOKORO.onnx VOICES.bin``.

For developers who change a script; the hub itself never runs it. A script with ``recording = true`` is spoken by the
Kokoro voice (``pip install kokoro-onnx soundfile``; the French voice ff_siwis) and written as Opus; its cues take the
times of the spoken sentences. The one named in `HEARD` gets no transcript: ``make run`` transcribes it.
Without a recording, times follow from a usual rate of speech.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from ingest.cues import make_cues  # noqa: E402
from transcripts.files import write_folder  # noqa: E402
from transcripts.model import Chapter, Cue, Details, Masterclass, Origin, Recording, Summary, Word  # noqa: E402
from transcripts.sentences import split_sentences  # noqa: E402

HEARD = "2026-10-15-d-ou-vient-la-monnaie"
_WORD = 60 / 165  # seconds a word at a usual rate of speech
_BREATH, _TURN = 0.35, 1.2  # seconds of silence after a sentence, and before a new paragraph
_SPEED = 1.27  # keeps 1,500 words under six minutes
_RATE = 24_000  # samples a second of the voice

# Says a sentence: its samples.
Voice = Callable[[str], np.ndarray]


def main(model: str, voices: str) -> None:
    """Write ``library/`` and ``media/`` beside this file."""
    for script in sorted((HERE / "scripts").glob("*.md")):
        build(script, lambda: _voice(model, voices))


def build(script: Path, voice: Callable[[], Voice]) -> None:
    """Make one masterclass from its script."""
    _, head, body = script.read_text("utf-8").split("+++", 2)
    about = tomllib.loads(head)
    slug = script.stem
    summary, *parts = re.split(
        r"^## (?!À retenir)", body.strip().replace("\u202f", " ").replace("’", "'"), flags=re.MULTILINE
    )[1:]
    say = voice() if about["recording"] else None
    clock, sound = 0.8, [np.zeros(int(0.8 * _RATE), np.float32)]
    cues: list[Cue] = []
    chapters: list[Chapter] = []
    speaker = None
    for part in parts:
        title, _, text = part.partition("\n")
        begin = clock
        for paragraph in filter(None, (p.strip() for p in text.split("\n\n"))):
            named = re.match(r"([A-ZÀ-Þ][\w'’-]+(?: [\w'’-]+){0,3}) : ", paragraph)
            if named and (named[1] in about["speakers"] or named[1] in ("Une participante", "Un participant")):
                speaker, paragraph = named[1], paragraph[named.end() :]
            for sentence in split_sentences(" ".join(paragraph.split())):
                if say:
                    samples = say(re.sub(r"(?<=\d) (?=\d{3}\b)", "", sentence))
                    sound += [samples, np.zeros(int(_BREATH * _RATE), np.float32)]
                    length = len(samples) / _RATE
                else:
                    length = len(sentence.split()) * _WORD
                cues += [Cue(c.start, c.end, c.text, speaker) for c in make_cues(_words(sentence, clock, length))]
                clock += length + _BREATH
            pause = _TURN - _BREATH
            clock += pause
            sound.append(np.zeros(int(pause * _RATE), np.float32))
        chapters.append(Chapter(round(begin, 3) if chapters else 0.0, round(clock, 3), title.strip()))
    recording = None
    if say:
        path = HERE / "media" / f"{slug}.ogg"
        path.parent.mkdir(exist_ok=True)
        write_opus(path, np.concatenate(sound))
        recording = Recording(path.name, hashlib.sha256(path.read_bytes()).hexdigest())
    details = Details(
        slug=slug,
        title=about["title"],
        date=about["date"],
        theme=about["theme"],
        speakers=tuple(about["speakers"]),
        status="published",
        duration=round(clock, 3),
        language="fr",
        source=script.name,
        origin=Origin("imported", recording.sha256 if recording else hashlib.sha256(script.read_bytes()).hexdigest()),
        recording=recording,
        demonstration=True,
    )
    review = ("l’équipe de démonstration (inventée)", dt.date(2026, 11, 20))
    folder = HERE / "library" / slug
    folder.mkdir(parents=True, exist_ok=True)
    text = summary.partition("\n")[2].strip()
    write_folder(folder, Masterclass(details, tuple(cues), tuple(chapters), Summary(text, *review)))
    if slug == HEARD:
        for name in ("transcript.vtt", "chapters.vtt", "summary.md"):
            (folder / name).unlink()


def _words(sentence: str, start: float, length: float) -> Iterator[Word]:
    """Share the time of a sentence among its words by their length."""
    total = len(sentence)
    at = 0
    for word in sentence.split():
        end = at + len(word) + 1
        yield Word(start + length * at / total, start + length * min(end, total) / total, f" {word}")
        at = end


def _voice(model: str, voices: str) -> Voice:
    from kokoro_onnx import Kokoro

    kokoro = Kokoro(model, voices)
    return lambda sentence: kokoro.create(sentence, voice="ff_siwis", speed=_SPEED, lang="fr-fr")[0]


def write_opus(path: Path, samples: np.ndarray) -> None:
    """Write the voice's mono samples as Opus of 24 kbit/s."""
    import av

    with av.open(str(path), "w") as container:
        stream = container.add_stream("libopus", rate=_RATE, layout="mono")
        stream.bit_rate = 24_000
        frame = av.AudioFrame.from_ndarray((samples * 32767).astype(np.int16)[None, :], format="s16", layout="mono")
        frame.sample_rate = _RATE
        for packet in (*stream.encode(frame), *stream.encode(None)):
            container.mux(packet)


if __name__ == "__main__":
    main(*sys.argv[1:])
