"""Files as sources: what lies in and beside a recording comes along."""

import datetime as dt
import io
import time
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from ingest.audio import probe
from ingest.sources import Limits, find_source
from ingest.sources.files import title_of
from ingest.work import work_folder
from tests.ingest.conftest import quiet
from tests.ingest.server import tone
from transcripts.errors import BadInput, BadRecording

VTT = b"WEBVTT\n\n00:00.000 --> 00:02.000\nLe pr\xc3\xaat participatif.\n\n00:02.000 --> 00:04.000\nUn quasi-fonds propre.\n"


def test_a_title_from_a_file_sent_by_a_mac_is_in_composed_letters() -> None:
    assert title_of(Path(unicodedata.normalize("NFD", "2026-05-12_le-mécénat.vtt"))) == "Le mécénat"


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


def test_a_folder_gives_what_lies_in_it_however_deep_and_whatever_the_camera(tmp_path: Path) -> None:
    inside = ["Carte/AVCHD/00001.MTS", "Carte/Dictaphone.WMA", "talk.mp3"]
    junk = [
        "$RECYCLE.BIN/$RA1B2C3.mp3",
        ".Trash/old.mp3",
        "._talk.mp3",
        ".~lock.étude.odt#",
        "notes.txt",
        "~$étude.docx",
    ]
    for name in (*inside, *junk):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(tone(form="mpegts") if path.suffix == ".MTS" else b"")
    source = find_source(str(tmp_path), Limits())
    names = list(source.names(str(tmp_path), quiet))
    assert names == [str(tmp_path / name) for name in inside]
    assert source.open(names[0], tmp_path, quiet).duration > 3
    with pytest.raises(BadInput, match="ne peut pas être ouvert"):  # as a folder below is named that is closed
        source.open(str(tmp_path / "Carte"), tmp_path, quiet)


def test_of_a_folder_with_nothing_to_read_what_is_there_is_said(tmp_path: Path) -> None:
    (tmp_path / "photo.JPG").touch()
    (tmp_path / "notes.txt").touch()
    (tmp_path / "~$étude.docx").touch()
    with pytest.raises(BadInput, match=r"ni document \(il y a là : \.jpg, \.txt\) : rien n’a été gardé"):
        list(find_source(str(tmp_path), Limits()).names(str(tmp_path), quiet))


@pytest.mark.parametrize(
    ("language", "names", "chosen"),
    [
        ("fr", ["talk.VTT"], "talk.VTT"),
        ("fr", ["talk.en.vtt", "talk.fr-FR.srt"], "talk.fr-FR.srt"),
        ("fr", ["talk.fr.vtt", "talk.srt"], "talk.srt"),
        ("en", ["talk.fr.vtt", "talk.en.vtt"], "talk.en.vtt"),
        ("fr", ["talk.en.vtt"], None),
        ("auto", ["talk.en.vtt"], "talk.en.vtt"),
        ("auto", ["talk.en.vtt", "talk.fr.vtt"], None),
        ("fr", ["talk.fr-x-autogen.vtt"], None),
    ],
)
def test_subtitles_beside_a_recording_are_those_in_its_language(
    tmp_path: Path, language: str, names: list[str], chosen: str | None
) -> None:
    recording = tmp_path / "talk.mp3"
    recording.write_bytes(tone())
    for name in names:
        (tmp_path / name).write_bytes(VTT)
    source = find_source(str(tmp_path), Limits(language=language))
    assert list(source.names(str(tmp_path), quiet)) == [str(recording)]  # none becomes a masterclass of its own
    material = source.open(str(recording), tmp_path, quiet)
    if chosen:
        assert material.cues and material.captions == f"Sous-titres du fichier « {chosen} »."
    else:
        assert not material.cues and material.note
        assert all(name in material.note for name in names)


def test_a_longer_name_is_another_recording(tmp_path: Path) -> None:
    for name in ("talk.mp3", "talk.2.vtt", "talk suite.vtt"):
        (tmp_path / name).write_bytes(VTT)
    names = find_source(str(tmp_path), Limits()).names(str(tmp_path), quiet)
    assert [Path(name).name for name in names] == ["talk suite.vtt", "talk.2.vtt", "talk.mp3"]


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
