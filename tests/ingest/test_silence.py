"""A stretch is silent in every kind of file that the hub keeps; picture and the rest of the sound stay."""

from pathlib import Path

import av
import numpy as np
import pytest

from ingest.audio import RATE, decode
from ingest.silence import is_silent, silence
from transcripts.errors import BadRecording

CODECS = {
    "a.mp3": "libmp3lame",
    "a.m4a": "aac",
    "a.ogg": "libopus",
    "a.opus": "libopus",
    "a.wav": "pcm_s16le",
    "a.flac": "flac",
    "a.webm": "libopus",
    "a.mkv": "aac",
    "a.mp4": "aac",
}
PICTURES = {"a.mp4": "mpeg4", "a.mkv": "mpeg4"}


def make(path: Path, seconds: float = 6.0) -> Path:
    """Write a tone, with moving pictures where the kind has them, and a title that says what is said."""
    rate = 48_000
    tone = (np.sin(np.arange(int(rate * seconds)) * 2 * np.pi * 440 / rate) * 8000).astype(np.int16)
    with av.open(path, "w") as container:
        container.metadata["title"] = "des paroles"
        sound = container.add_stream(CODECS[path.name], rate=rate, layout="mono")
        picture = container.add_stream(PICTURES[path.name], rate=10) if path.name in PICTURES else None
        if picture:
            picture.width, picture.height, picture.pix_fmt = 64, 48, "yuv420p"
            for n in range(int(10 * seconds)):
                frame = av.VideoFrame.from_ndarray(np.full((48, 64, 3), n * 4 % 255, np.uint8), format="rgb24")
                container.mux(picture.encode(frame))
            container.mux(picture.encode(None))
        whole = av.AudioFrame.from_ndarray(tone[None, :], "s16", "mono")
        whole.sample_rate = rate
        sound.codec_context.open(strict=False)
        context = sound.codec_context
        fit = av.AudioResampler(context.format, context.layout, context.sample_rate, context.frame_size or None)
        for fitted in [*fit.resample(whole), *fit.resample(None)]:
            container.mux(sound.encode(fitted))
        container.mux(sound.encode(None))
    return path


def loudness(samples: np.ndarray, start: float, end: float) -> float:
    return float(np.sqrt(np.mean(samples[round(start * RATE) : round(end * RATE)] ** 2)))


@pytest.mark.parametrize("name", CODECS)
def test_a_stretch_is_silent_and_the_rest_is_not(tmp_path: Path, name: str) -> None:
    source = make(tmp_path / name)
    target = tmp_path / f"quiet{source.suffix}"
    silence(source, target, 2.0, 4.0)
    before, after = decode(source), decode(target)
    assert len(after) == pytest.approx(len(before), abs=RATE // 5)
    assert loudness(after, 2.1, 3.9) < 0.001
    assert is_silent(target, [(2.0, 2.5), (3.0, 4.0)]) and not is_silent(source, [(2.0, 4.0)])
    for start, end in ((0.5, 1.8), (4.2, 5.5)):
        assert loudness(after, start, end) == pytest.approx(loudness(before, start, end), rel=0.1)
    with av.open(target) as container, av.open(source) as original:
        assert "paroles" not in str(container.metadata)
        assert container.streams.audio[0].codec_context.name == original.streams.audio[0].codec_context.name
        if name in PICTURES:
            assert sum(1 for _ in container.decode(video=0)) == 60


def test_what_is_no_recording_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.mp3").write_bytes(b"not sound" * 1000)
    with pytest.raises(BadRecording, match="rien n’a été retiré"):
        silence(tmp_path / "a.mp3", tmp_path / "b.mp3", 0, 1)
