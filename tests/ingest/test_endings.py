"""A file that was cut is told, also where nothing in it tells its length."""

from pathlib import Path

import av
import numpy as np
import pytest

from ingest.endings import missing_end


def mp3(path: Path, rate: int, seconds: int, **options: str) -> bytes:
    """Write an MP3 of a tone; return it."""
    with av.open(path, "w", options=options) as target:
        stream = target.add_stream("libmp3lame", rate=rate, layout="mono")
        wave = (np.sin(np.arange(seconds * rate) * 0.1) * 9000).astype(np.int16)
        frame = av.AudioFrame.from_ndarray(wave[None], format="s16", layout="mono")
        frame.sample_rate = rate
        target.mux([*stream.encode(frame), *stream.encode(None)])
    return path.read_bytes()


@pytest.mark.parametrize("tags", [b"", b"ID3\x04\x00\x00\x00\x00\x02\x00" + bytes(256)])
def test_an_mp3_that_counts_its_frames_is_held_to_them(tmp_path: Path, tags: bytes) -> None:
    path = tmp_path / "counted.mp3"
    whole = tags + mp3(path, 44_100, 200, id3v2_version="0")
    path.write_bytes(whole)
    assert missing_end(path, 200.0) is None
    path.write_bytes(whole[: len(whole) * 96 // 100])
    assert missing_end(path, 192.0) == "Le fichier s’arrête à 3:12 au lieu de 3:19."


@pytest.mark.parametrize(("rate", "more"), [(44_100, b""), (16_000, b"TAG" + bytes(125))])
def test_an_mp3_cut_in_the_middle_of_a_frame_is_told(tmp_path: Path, rate: int, more: bytes) -> None:
    path = tmp_path / "bare.mp3"
    whole = mp3(path, rate, 6, write_xing="0")
    path.write_bytes(whole + more)
    assert missing_end(path, 6.0) is None
    path.write_bytes(whole[: len(whole) * 2 // 3 + 10])
    assert missing_end(path, 4.0) == "La fin du fichier manque : il s’arrête à 0:04."


@pytest.mark.parametrize(("form", "codec"), [("avi", "libmp3lame"), ("avi", "pcm_s16le"), ("caf", "pcm_s16le")])
def test_a_container_that_tells_its_size_is_held_to_it(tmp_path: Path, form: str, codec: str) -> None:
    path = tmp_path / f"talk.{form}"
    with av.open(path, "w") as target:
        stream = target.add_stream(codec, rate=16_000, layout="mono")
        wave = np.random.default_rng(4).integers(-9000, 9000, 328_000, np.int16)  # 20.5 seconds
        frame = av.AudioFrame.from_ndarray(wave[None], format="s16", layout="mono")
        frame.sample_rate = 16_000
        target.mux([*stream.encode(frame), *stream.encode(None)])
    whole = path.read_bytes()
    assert missing_end(path, 20.5) is None
    path.write_bytes(whole[: len(whole) * 6 // 10])
    assert missing_end(path, 12.0) == "Le fichier s’arrête à 0:12 au lieu de 0:20."


def test_a_caf_of_unknown_size_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "talk.caf"
    with av.open(path, "w") as target:
        stream = target.add_stream("pcm_s16le", rate=16_000, layout="mono")
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 160_000), np.int16), format="s16", layout="mono")
        frame.sample_rate = 16_000
        target.mux([*stream.encode(frame), *stream.encode(None)])
    whole = path.read_bytes()
    at = whole.index(b"data") + 4
    path.write_bytes(whole[:at] + b"\xff" * 8 + whole[at + 8 :])
    assert missing_end(path, 10.0) is None
