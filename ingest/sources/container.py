"""What a media file says of what it holds, beside its sound: chapters, description, names, the right suffix."""

from __future__ import annotations

import heapq
import re
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import av
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.video.stream import VideoStream

from ingest.audio import opened
from transcripts.model import Chapter

_SUFFIXES = {"mp3": ".mp3", "ogg": ".ogg", "wav": ".wav", "flac": ".flac", "aac": ".aac", "avi": ".avi"}
_TRANSPORT = "mpegts"
_LATE = 0.1  # seconds after the picture from which sound begins late, and would lose its times without it
# The sound of a container, by FFmpeg's name of its decoder, that browsers play in such a container without the picture.
_ALONE = {"mp4": ("aac", "mp3", "mp3float"), "webm": ("opus", "libopus", "vorbis")}
# Suffixes that one format may go by.
_ALIKE = (
    {".mp4", ".m4a"}, {".mp4", ".m4v"}, {".mp4", ".mov"}, {".m4a", ".mov"},
    {".webm", ".mkv"}, {".ogg", ".opus"}, {".ogg", ".oga"},
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Contents:
    """What a container tells; ``suffix`` is that of its format, "" when it is none of the usual."""

    description: str | None
    speakers: tuple[str, ...]
    chapters: tuple[Chapter, ...]
    suffix: str


def look(path: Path) -> Contents:
    """Read a container's tags and chapters, none of the sound. For a file that `ingest.audio.probe` accepts."""
    with opened(path) as container:
        tags = {key.lower(): value.strip() for key, value in container.metadata.items()}
        name = container.format.name
        if "mp4" in name:
            suffix = ".mp4" if container.streams.video else ".m4a"
        else:
            suffix = ".webm" if "webm" in name else _SUFFIXES.get(name, "")
        return Contents(
            description=tags.get("description") or tags.get("synopsis") or None,
            speakers=tuple(filter(None, (one.strip() for one in re.split(r"[;/]", tags.get("artist", ""))))),
            chapters=tuple(
                Chapter(float(c["start"] * c["time_base"]), float(c["end"] * c["time_base"]), title)
                for c in container.chapters()
                if c["time_base"] and (title := c["metadata"].get("title", "").strip())
            ),
            suffix=suffix,
        )


def browsable(files: Sequence[Path], *, picture: bool = True) -> Path:
    """Return one file that browsers play: picture and sound that came apart are joined, a transport stream, as HLS sends
    it, is put into MP4; nothing is encoded anew. A file whose suffix says another format than its own is renamed.

    Without ``picture``, the sound of a film is all that is kept where it is of a kind that browsers play by itself, and begins
    with the picture: by itself it would begin at once, and captions and chapters would no longer be where they are spoken.

    Raises `av.FFmpegError` for what is no recording, a playlist among others, and `OSError` where the disk has no room.
    """
    with ExitStack() as stack:
        sources = [stack.enter_context(opened(file)) for file in files]
        film = [stream for source in sources for stream in source.streams.video if not _cover(stream)]
        sound = next((stream for source in sources for stream in source.streams.audio), None)
        kind = sources[0].format.name
        picture = picture or sound is None or any(_begin(sound) - _begin(shown) > _LATE for shown in film[:1])
        alone = sound is not None and any(sound.codec_context.name in _ALONE[one] for one in _ALONE if one in kind)
        if len(sources) > 1 or kind == _TRANSPORT or (film and alone and not picture):
            return _joined(sources, files[0], film[:1] if picture else [], sound)
    path, suffix = files[0], look(files[0]).suffix
    if not suffix or path.suffix.lower() == suffix or {path.suffix.lower(), suffix} in _ALIKE:
        return path
    return path.replace(path.with_suffix(suffix))


def _cover(stream: VideoStream) -> bool:
    return bool(stream.disposition & stream.disposition.attached_pic)


def _begin(stream: AudioStream | VideoStream) -> float:
    return float((stream.start_time or 0) * (stream.time_base or 0))


def _joined(
    sources: Sequence[InputContainer], path: Path, film: Sequence[VideoStream], sound: AudioStream | None
) -> Path:
    """Put a picture and a sound of some files into one, packet by packet in order of time."""
    streams = [*film, *([sound] if sound else [])]
    webm = all("webm" in source.format.name for source in sources)
    suffix = ".webm" if webm else ".mp4" if film else ".m4a"
    whole = path.with_name(f"whole{suffix}")
    # To the bit the same each time: its hash tells what of it was heard already, and WebM would number its tracks at random.
    bitexact = {"fflags": "+bitexact"}
    try:
        # Through a file of ours: PyAV keeps one of its own open, and its room taken, where the disk has no room for the rest.
        with whole.open("wb") as file, av.open(file, "w", container_options=bitexact) as target:
            target.metadata.update(sources[0].metadata)
            target.set_chapters(sources[0].chapters())
            into = {id(stream): target.add_stream_from_template(stream) for stream in streams}
            parts = [
                source.demux([stream for stream in streams if stream.container is source])
                for source in sources
                if any(stream.container is source for stream in streams)
            ]
            packets = ((packet for packet in part if packet.dts is not None) for part in parts)
            for packet in heapq.merge(*packets, key=lambda packet: (packet.dts or 0) * packet.time_base):
                packet.stream = into[id(packet.stream)]
                target.mux(packet)
    except BaseException:
        whole.unlink(missing_ok=True)
        raise
    return whole
