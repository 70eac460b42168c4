"""A stretch of a recording is made silent: sound encoded anew, picture copied, everything else left out."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler

from ingest.audio import Tape
from transcripts.errors import BadRecording

# What writes the sound that each of these reads; Vorbis, which PyAV cannot write well, becomes Opus in the same container.
_ENCODERS = {"mp3": "libmp3lame", "mp3float": "libmp3lame", "opus": "libopus", "vorbis": "libopus"}
_OPUS = 48_000  # samples a second, the rate that Opus has whatever it is given
_DRIFT = 1.0  # seconds by which what was written may be longer or shorter
_EDGE, _FAINT = 0.1, 0.01  # seconds, and share of full scale
_LEAST = 64_000  # bits a second, where a file does not say how many it has


def silence(source: Path, target: Path, start: float, end: float) -> None:
    """Write a recording to ``target`` (same suffix) with nothing to be heard from ``start`` to ``end`` (seconds).

    The picture stays. Titles, comments, chapters and subtitles inside the file do not: they may hold what was said. Raises
    `BadRecording` where the file cannot be written in its own format.
    """
    try:
        with av.open(source, metadata_errors="ignore") as given, av.open(target, "w") as made:
            sound = given.streams.audio[0]
            name = sound.codec_context.name
            writer = _ENCODERS.get(name, name)
            rate = _OPUS if writer == "libopus" else sound.codec_context.sample_rate
            encoder: Any = made.add_stream(writer, rate=rate)
            encoder.codec_context.layout = sound.codec_context.layout
            if sound.codec_context.bit_rate or "pcm" not in name:
                encoder.codec_context.bit_rate = sound.codec_context.bit_rate or _LEAST
            pictures = {
                stream.index: made.add_stream_from_template(stream)
                for stream in given.streams.video
                if not stream.disposition & stream.disposition.attached_pic
            }
            encoder.codec_context.open(strict=False)
            context = encoder.codec_context
            fit = AudioResampler(context.format, context.layout, context.sample_rate, context.frame_size or None)
            for packet in given.demux([sound, *(given.streams[index] for index in pictures)]):
                if packet.stream.index in pictures:
                    if packet.dts is not None:
                        packet.stream = pictures[packet.stream.index]
                        made.mux(packet)
                    continue
                for frame in sound.decode(packet):
                    for fitted in fit.resample(frame):
                        made.mux(encoder.encode(_silenced(fitted, start, end)))
            for fitted in fit.resample(None):
                made.mux(encoder.encode(_silenced(fitted, start, end)))
            made.mux(encoder.encode(None))
        if abs(_seconds(source) - _seconds(target)) > _DRIFT:
            raise ValueError("sa durée a changé")
    except (av.FFmpegError, ValueError, IndexError) as error:
        raise BadRecording(
            f"Le son de « {source.name} » ne peut pas être réécrit dans son format : rien n’a été retiré ; "
            "remplacez l’enregistrement par un fichier coupé, ou effacez la masterclass."
        ) from error


def is_silent(path: Path, spans: Iterable[tuple[float, float]]) -> bool:
    """Say whether nothing can be heard in some stretches of a recording (seconds), in order; their edges may ring a little."""
    tape = Tape(path)
    return not any((np.abs(tape.between(start + _EDGE, end - _EDGE)) > _FAINT).any() for start, end in spans)


def _seconds(path: Path) -> float:
    with av.open(path, metadata_errors="ignore") as container:
        return (container.duration or 0) / av.time_base


def _silenced(frame: AudioFrame, start: float, end: float) -> AudioFrame:
    if frame.time is None or frame.time >= end or frame.time + frame.samples / frame.sample_rate <= start:
        return frame
    first = max(0, round((start - frame.time) * frame.sample_rate))
    last = min(frame.samples, round((end - frame.time) * frame.sample_rate))
    samples = frame.to_ndarray()
    per = 1 if frame.format.is_planar else len(frame.layout.channels)
    samples[:, first * per : last * per] = 128 if frame.format.name.startswith("u8") else 0
    made = AudioFrame.from_ndarray(samples, frame.format.name, frame.layout.name)
    made.sample_rate, made.pts, made.time_base = frame.sample_rate, frame.pts, frame.time_base
    return made
