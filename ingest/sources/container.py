"""What a media file says of what it holds, beside its sound: chapters, description, names, the right suffix."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import av

from transcripts.model import Chapter

_SUFFIXES = {"mp3": ".mp3", "ogg": ".ogg", "wav": ".wav", "flac": ".flac", "aac": ".aac", "avi": ".avi"}
_TRANSPORT = "mpegts"
# Formats that hold their own sound. Others are lists that lead FFmpeg to further files and addresses.
_SELF_CONTAINED = (
    "aac,ac3,aiff,amr,ape,asf,avi,caf,dts,eac3,flac,flv,matroska,mov,mp3,mp4,mpeg,mpegts,ogg,tta,w64,wav,webm,wv"
)


@dataclass(frozen=True, slots=True)
class Contents:
    """What a container tells; ``suffix`` is that of its format, "" when it is none of the usual."""

    description: str | None
    speakers: tuple[str, ...]
    chapters: tuple[Chapter, ...]
    suffix: str


def look(path: Path) -> Contents:
    """Read a container's tags and chapters, none of the sound. For a file that `ingest.audio.probe` accepts."""
    with av.open(path, metadata_errors="ignore") as container:
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


def browsable(path: Path) -> Path:
    """Return the file in a form that browsers play: a transport stream, as HLS sends it, is put into MP4, not re-encoded.

    A file whose suffix says another format than its own is renamed. Raises `av.FFmpegError` for what is no recording,
    a playlist among others: this is the first look at a file from elsewhere.
    """
    with av.open(path, metadata_errors="ignore", options={"format_whitelist": _SELF_CONTAINED}) as container:
        if container.format.name == _TRANSPORT:
            return _rewrapped(container, path)
    suffix = look(path).suffix
    if not suffix or path.suffix.lower() == suffix or {path.suffix.lower(), suffix} in _ALIKE:
        return path
    return path.replace(path.with_suffix(suffix))


_ALIKE = (
    {".mp4", ".m4a"}, {".mp4", ".m4v"}, {".mp4", ".mov"}, {".m4a", ".mov"},
    {".webm", ".mkv"}, {".ogg", ".opus"}, {".ogg", ".oga"},
)  # fmt: skip


def _rewrapped(source: av.container.InputContainer, path: Path) -> Path:
    streams = [stream for stream in source.streams if stream.type in ("audio", "video")]
    whole = path.with_name(f"{path.stem}.whole{'.mp4' if source.streams.video else '.m4a'}")
    with av.open(whole, "w") as target:
        into = {stream.index: target.add_stream_from_template(stream) for stream in streams}
        for packet in source.demux(streams):
            if packet.dts is not None:
                packet.stream = into[packet.stream.index]
                target.mux(packet)
    return whole
