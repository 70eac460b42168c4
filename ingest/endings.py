"""Whether a recording is whole: what its container says should be there, compared with what was heard."""

from __future__ import annotations

import re
import struct
from pathlib import Path

import av

from ingest.audio import opened
from transcripts.model import clock

# How much of the length that a container tells may be missing, in seconds; as a share, where FFmpeg reckons that length from the
# first packets.
_SECONDS, _SHARE = 5.0, 0.05
_COUNTED = re.compile(rb"Xing|Info|VBRI")  # of an MP3 whose first frame tells how many there are
_PAGE = 65_307  # bytes of an Ogg page at most
_UNKNOWN = (0, 0xFFFFFFFF)  # what a WAV that was written to a pipe says of its size


def missing_end(path: Path, heard: float) -> str | None:
    """Return a sentence for the reviewer when a file ends early, None when it is whole; ``heard`` are the seconds heard of it."""
    told, by = _told(path)
    reckoned = by == "aac" or (by == "mp3" and not _counted(path))
    most = _SHARE * told if reckoned else _SECONDS
    if told - heard > most:
        return f"Le fichier s’arrête à {clock(heard)} au lieu de {clock(told)}."
    if (by == "ogg" and not _ends(path)) or (by == "mp3" and _cut(path)):
        return f"La fin du fichier manque : il s’arrête à {clock(heard)}."
    return None


def _told(path: Path) -> tuple[float, str]:
    """Return how many seconds of sound a container tells, 0 when it does not know, and its format."""
    with opened(path) as container:
        name = container.format.name
        stream = container.streams.audio[0]
        if stream.duration is None or stream.time_base is None:
            told = (container.duration or 0) / av.time_base
        else:  # a picture may go on after the sound
            begin = (container.start_time or 0) / av.time_base
            told = float(((stream.start_time or 0) + stream.duration) * stream.time_base) - begin
    said = _SAID.get(name)
    return told * (said(path) if said else 1.0), name


def _riff(path: Path) -> float:
    """Return how many times as long as it is a WAV or AVI says that it is; FFmpeg goes by the file's size."""
    with path.open("rb") as file:
        (said,) = struct.unpack("<4xI", file.read(8))
    return 1.0 if said in _UNKNOWN else max(1.0, (said + 8) / path.stat().st_size)


def _caf(path: Path) -> float:
    """Return how many times as long as it is a CAF says that it is: up to the end of its sound, of which the length may be -1."""
    size = path.stat().st_size
    end: int = 8
    with path.open("rb") as file:
        while end + 12 <= size:
            file.seek(end)
            kind, length = struct.unpack(">4sq", file.read(12))
            end += 12 + max(0, length)
            if kind == b"data":
                return max(1.0, end / size)
    return 1.0


_SAID = {"wav": _riff, "avi": _riff, "caf": _caf}  # by FFmpeg's name of the format


def _counted(path: Path) -> bool:
    """Say whether an MP3 tells how many frames it has, in the first one, which comes after its tags."""
    with path.open("rb") as file:
        head = file.read(10)
        # Seven bits of each byte of the size.
        tags = 10 + sum(byte << shift for byte, shift in zip(head[6:], (21, 14, 7, 0), strict=False))
        file.seek(tags if head.startswith(b"ID3") else 0)
        return _COUNTED.search(file.read(200)) is not None


def _ends(path: Path) -> bool:
    """Say whether the last page of an Ogg file is the end of a stream."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 2 * _PAGE))
        tail = file.read()
    last = tail.rfind(b"OggS")
    return last >= 0 and last + 5 < len(tail) and bool(tail[last + 5] & 4)


def _cut(path: Path) -> bool:
    """Say whether an MP3 of even frames, which need not tell its length, ends in the middle of one."""
    last, sizes = None, set[int]()
    with opened(path) as container:
        for packet in container.demux(audio=0):
            if packet.size:
                if last:
                    sizes.add(last.size)
                last = packet
    even = bool(sizes) and max(sizes) - min(sizes) <= 1  # a byte of padding
    return last is not None and even and bytes(last)[:1] == b"\xff" and last.size < min(sizes)
