"""A file that was cut is told, also where nothing in it tells its length."""

from pathlib import Path

import av
import numpy as np
import pytest

from ingest.endings import missing_end


@pytest.mark.parametrize(("rate", "more"), [(44_100, b""), (16_000, b"TAG" + bytes(125))])
def test_an_mp3_cut_in_the_middle_of_a_frame_is_told(tmp_path: Path, rate: int, more: bytes) -> None:
    path = tmp_path / "bare.mp3"
    with av.open(path, "w", options={"write_xing": "0"}) as target:
        stream = target.add_stream("libmp3lame", rate=rate, layout="mono")
        wave = (np.sin(np.arange(6 * rate) * 0.1) * 9000).astype(np.int16)
        frame = av.AudioFrame.from_ndarray(wave[None], format="s16", layout="mono")
        frame.sample_rate = rate
        target.mux([*stream.encode(frame), *stream.encode(None)])
    whole = path.read_bytes()
    path.write_bytes(whole + more)
    assert missing_end(path, 6.0) is None
    path.write_bytes(whole[: len(whole) * 2 // 3 + 10])
    assert missing_end(path, 4.0) == "La fin du fichier manque : il s’arrête à 0:04."
