"""Which JavaScript runtimes are at hand: YouTube's players need one (yt-dlp #15012)."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.sources.guard import RUNTIMES


@dataclass(frozen=True, slots=True)
class Runtime:
    """A program found on this machine; ``usable`` says whether yt-dlp takes this version."""

    name: str
    version: str
    usable: bool


def javascript_runtimes() -> tuple[Runtime, ...]:
    """Return the runtimes found on this machine, usable ones first, as yt-dlp judges them; each is asked its version."""
    import yt_dlp  # noqa: F401 - it fills the table
    from yt_dlp.globals import supported_js_runtimes

    found = (kind().info for name, kind in supported_js_runtimes.value.items() if name in RUNTIMES)
    runtimes = [Runtime(one.name, one.version, one.supported) for one in found if one]
    return tuple(sorted(runtimes, key=lambda runtime: not runtime.usable))
