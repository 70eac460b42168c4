"""Hours of sound are heard in stretches; no word is lost or doubled at a seam, and times stay right."""

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest

from app.settings import ROOT
from ingest.audio import RATE, Samples, Tape, blocks, decode
from ingest.endings import missing_end
from ingest.stretches import stretches, widest_silence
from transcripts.errors import BadRecording

SPOKEN = ROOT / "transcripts/demo/media/2026-11-12-le-pret-participatif-et-les-quasi-fonds-propres.ogg"


@pytest.fixture(scope="module")
def speech() -> Samples:
    return decode(SPOKEN)[: 90 * RATE]


def in_blocks(samples: Samples, size: int = 1024) -> Iterator[Samples]:
    for start in range(0, len(samples), size):
        yield samples[start : start + size]


def write(path: Path, samples: Samples, *, codec: str = "pcm_s16le", rate: int = RATE, start: float = 0.0) -> Path:
    """Write a recording of one or two channels, shape (channels, samples), whose sound begins at ``start`` seconds."""
    with av.open(path, "w") as container:
        stream = container.add_stream(codec, rate=rate, layout="mono" if len(samples) == 1 else "stereo")
        fine = (np.clip(samples, -1, 1) * 32767).astype(np.int16)
        for at in range(0, fine.shape[1], 1024):
            part = np.ascontiguousarray(fine[:, at : at + 1024].T.reshape(1, -1))
            frame = av.AudioFrame.from_ndarray(part, format="s16", layout=stream.layout)
            frame.sample_rate, frame.pts = rate, at + round(start * rate)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def seconds(path: Path) -> float:
    return sum(map(len, blocks(path))) / RATE


def test_stretches_join_to_the_whole(speech: Samples) -> None:
    found = list(stretches(in_blocks(speech), longest=25))
    assert len(found) > 3
    assert np.array_equal(np.concatenate([s.samples for s in found]), speech)
    for stretch in found:
        assert stretch.end - stretch.start == pytest.approx(len(stretch.samples) / RATE)
        assert len(stretch.samples) <= 25 * RATE
        assert all(0 <= a < b <= len(stretch.samples) for a, b in stretch.speech)
    for stretch in found[:-1]:
        # Nobody is cut off in the middle of a word: it is quiet at the seam.
        assert np.abs(stretch.samples[-RATE // 50 :]).max() < 0.02


def test_going_on_from_a_stretch_gives_the_same_rest(speech: Samples) -> None:
    whole = list(stretches(in_blocks(speech), longest=25))
    rest = list(stretches(in_blocks(speech), start=whole[1].end, longest=25))
    assert [(s.start, s.end, s.speech) for s in rest] == [(s.start, s.end, s.speech) for s in whole[2:]]


def test_a_cut_falls_into_the_widest_silence() -> None:
    minute = 60 * RATE
    speech = (
        (0, 4 * minute + 10 * RATE),
        (4 * minute + 11 * RATE, 4 * minute + 30 * RATE),
        (4 * minute + 34 * RATE, 5 * minute),
    )
    assert widest_silence(speech, 5 * minute) == 4 * minute + 32 * RATE
    assert 4 * minute <= widest_silence((), 5 * minute) <= 5 * minute


def test_sound_that_starts_late_keeps_the_pictures_time(tmp_path: Path, speech: Samples) -> None:
    path = tmp_path / "late.mkv"
    with av.open(path, "w") as container:
        picture = container.add_stream("mpeg4", rate=10)
        picture.width, picture.height, picture.pix_fmt = 64, 64, "yuv420p"
        sound = container.add_stream("pcm_s16le", rate=RATE, layout="mono")
        for _ in range(50):
            container.mux(picture.encode(av.VideoFrame(64, 64, "yuv420p")))
        frame = av.AudioFrame.from_ndarray((speech[None, : 2 * RATE] * 32767).astype(np.int16), layout="mono")
        frame.sample_rate, frame.pts = RATE, 3 * RATE
        container.mux(sound.encode(frame))
        container.mux(picture.encode(None))
        container.mux(sound.encode(None))
    heard = decode(path)
    assert len(heard) == pytest.approx(5 * RATE, abs=RATE // 10)
    assert np.abs(heard[: int(2.9 * RATE)]).max() == 0
    assert np.abs(heard[3 * RATE :]).max() > 0.1


@pytest.mark.parametrize("rate", [8_000, 44_100])
def test_any_rate_and_a_silent_channel(tmp_path: Path, speech: Samples, rate: int) -> None:
    said = np.interp(np.arange(5 * rate) / rate, np.arange(5 * RATE) / RATE, speech[: 5 * RATE])
    heard = decode(write(tmp_path / "x.wav", np.stack([said, np.zeros_like(said)]), rate=rate))
    assert len(heard) == pytest.approx(5 * RATE, abs=RATE // 20)
    assert np.abs(heard).max() > 0.3 * np.abs(said).max()


def test_a_file_cut_short_gives_what_can_be_read(tmp_path: Path, speech: Samples) -> None:
    path = tmp_path / "cut.ogg"
    path.write_bytes(SPOKEN.read_bytes()[:200_000])
    assert 40 < seconds(path) < 120


def test_a_wrong_time_stamp_brings_no_hours_of_silence(tmp_path: Path, speech: Samples) -> None:
    path = tmp_path / "jump.mkv"
    with av.open(path, "w") as container:
        stream = container.add_stream("pcm_s16le", rate=RATE, layout="mono")
        for n in range(10):
            part = (speech[None, n * RATE : (n + 1) * RATE] * 32767).astype(np.int16)
            frame = av.AudioFrame.from_ndarray(part, layout="mono")
            frame.sample_rate, frame.pts = RATE, (n + 100_000 * (n > 4)) * RATE
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    assert sum(map(len, blocks(path))) == 10 * RATE


def test_sound_that_is_missing_is_told_and_a_picture_that_goes_on_is_not(tmp_path: Path, speech: Samples) -> None:
    for name, codec in (("x.wav", "pcm_s16le"), ("x.mkv", "aac"), ("x.flac", "flac"), ("x.ogg", "libopus")):
        path = write(tmp_path / name, speech[None, : 20 * RATE], codec=codec)
        assert missing_end(path, seconds(path)) is None
        path.write_bytes(path.read_bytes()[: path.stat().st_size * 6 // 10])
        assert "s’arrête à 0:1" in str(missing_end(path, seconds(path)))
    path = tmp_path / "x.mp4"
    with av.open(path, "w") as container:
        picture = container.add_stream("mpeg4", rate=10)
        picture.width, picture.height, picture.pix_fmt = 64, 64, "yuv420p"
        sound = container.add_stream("aac", rate=RATE, layout="mono")
        for _ in range(200):
            container.mux(picture.encode(av.VideoFrame(64, 64, "yuv420p")))
        frame = av.AudioFrame.from_ndarray((speech[None, : 8 * RATE] * 32767).astype(np.int16), layout="mono")
        frame.sample_rate = RATE
        container.mux([*sound.encode(frame), *picture.encode(None), *sound.encode(None)])
    assert missing_end(path, seconds(path)) is None


def test_what_cannot_be_decoded_is_said(tmp_path: Path) -> None:
    path = tmp_path / "x.wav"
    write(path, np.zeros((1, 10)))
    path.write_bytes(path.read_bytes()[:44])
    with pytest.raises(BadRecording, match="ne peut pas être décodé"):
        decode(path)


@pytest.mark.parametrize(
    ("name", "known", "unknown"),
    [("x.wav", b"fmt \x10\0\0\0\1\0", b"fmt \x10\0\0\0\x34\x12"), ("x.mkv", b"A_AAC", b"A_XYZ")],
)
def test_an_unknown_codec_is_said(tmp_path: Path, speech: Samples, name: str, known: bytes, unknown: bytes) -> None:
    path = write(tmp_path / name, speech[None, : 5 * RATE], codec="pcm_s16le" if name == "x.wav" else "aac")
    assert known in path.read_bytes()
    path.write_bytes(path.read_bytes().replace(known, unknown))
    with pytest.raises(BadRecording, match="ne peut pas être décodé"):
        decode(path)


def test_a_tape_gives_any_place_in_order(speech: Samples) -> None:
    tape = Tape(SPOKEN)
    for start, end in ((1.0, 2.0), (1.5, 1.7), (30.0, 61.5), (61.0, 80.0), (80.0, 80.0)):
        assert np.array_equal(tape.between(start, end), speech[round(start * RATE) : round(end * RATE)])
    assert len(tape.between(10_000, 10_001)) == 0
