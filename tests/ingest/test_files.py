"""Files as sources: what lies in and beside a recording comes along."""

import datetime as dt
import io
import time
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from ingest.audio import probe
from ingest.sources import Limits, find_source
from ingest.work import work_folder
from tests.ingest.conftest import quiet
from tests.ingest.server import tone
from transcripts.errors import BadInput, BadRecording

VTT = b"WEBVTT\n\n00:00.000 --> 00:02.000\nLe pr\xc3\xaat participatif.\n\n00:02.000 --> 00:04.000\nUn quasi-fonds propre.\n"


def test_chapters_and_subtitles_beside_a_file_come_along(tmp_path: Path) -> None:
    recording = tmp_path / "2026-05-12_Mécénat.mp4"
    with av.open(recording, "w") as target, av.open(io.BytesIO(tone(form="mp4"))) as source:
        target.metadata["artist"] = "Marie Dupont; Paul Martin"
        target.metadata["description"] = "Les fondations."
        target.set_chapters(
            [
                {
                    "id": n,
                    "start": n * 2000,
                    "end": n * 2000 + 2000,
                    "time_base": Fraction(1, 1000),
                    "metadata": {"title": title},
                }
                for n, title in enumerate(("Début", "Suite"))
            ]
        )
        stream = target.add_stream_from_template(source.streams.audio[0])
        for packet in source.demux(audio=0):
            if packet.dts is not None:
                packet.stream = stream
                target.mux(packet)
    recording.with_suffix(".vtt").write_bytes(VTT)
    (tmp_path / "autre.srt").write_bytes(b"1\n00:00:00,000 --> 00:00:01,000\nBonjour\n")
    source = find_source(str(tmp_path), Limits())
    names = list(source.names(str(tmp_path), quiet))
    assert [Path(name).name for name in names] == [recording.name, "autre.srt"]
    material = source.open(names[0], tmp_path, quiet)
    assert [(c.start, c.end, c.title) for c in material.chapters] == [(0, 2, "Début"), (2, 4, "Suite")]
    assert material.speakers == ("Marie Dupont", "Paul Martin") and material.description == "Les fondations."
    assert len(material.cues) == 2 and material.captions and material.date == dt.date(2026, 5, 12)


@pytest.mark.parametrize("given", ["--exec=touch evil", "-"])
def test_what_looks_like_an_option_is_only_a_file_that_is_not_there(tmp_path: Path, given: str) -> None:
    with pytest.raises(BadInput, match="ne peut pas être ouvert"):
        find_source(given, Limits()).open(given, tmp_path, quiet)


@pytest.mark.parametrize("suffix", [".mp3", ".mp4", ".mkv", ".avi", ".ts", ""])
def test_fifty_gigabytes_of_nothing_are_refused_soon(tmp_path: Path, suffix: str) -> None:
    recording = tmp_path / f"Enregistrement{suffix}"
    with recording.open("wb") as file:
        file.truncate(50_000_000_000)  # takes no room
    began = time.monotonic()
    with pytest.raises(BadRecording, match="rien n’a été gardé"):
        find_source(str(recording), Limits()).open(str(recording), tmp_path, quiet)
    assert time.monotonic() - began < 30


def test_a_playlist_under_the_name_of_a_sound_is_none(tmp_path: Path) -> None:
    (tmp_path / "secret.ts").write_bytes(tone(form="mpegts"))
    listing = tmp_path / "a.mp3"
    listing.write_text("#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\nsecret.ts\n#EXT-X-ENDLIST\n")
    with pytest.raises(BadRecording, match="n’est pas un enregistrement"):
        find_source(str(listing), Limits()).open(str(listing), tmp_path, quiet)


def test_whoever_waits_for_the_same_source_can_be_stopped(tmp_path: Path) -> None:
    def stop() -> None:
        raise KeyboardInterrupt

    with work_folder(tmp_path, "a", stop) as folder, ThreadPoolExecutor(1) as pool:

        def wait() -> None:
            with work_folder(tmp_path, "a", stop):
                pass

        with pytest.raises(KeyboardInterrupt):
            pool.submit(wait).result(10)
        assert folder.is_dir()


def test_what_a_browser_recorded_is_as_long_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "meeting.webm"
    with av.open(path, "w", options={"live": "1"}) as target:
        stream = target.add_stream("libopus", rate=48_000, layout="mono")
        frame = av.AudioFrame.from_ndarray(np.full((1, 5 * 48_000), 900, np.int16), format="s16", layout="mono")
        frame.sample_rate = 48_000
        target.mux([*stream.encode(frame), *stream.encode(None)])
    with av.open(path) as container:
        assert not container.duration
    assert probe(path).duration == pytest.approx(5, abs=0.1)
