"""Which of the captions that a site offers are taken: those that people made, in the talk's language."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from yt_dlp import YoutubeDL

Info = dict[str, Any]

_READABLE = ("vtt", "srt")


def choose(offered: dict[str, list[Info]], language: str) -> Info | None:
    """Return the captions in a language (``fr`` takes ``fr-FR`` too), None where there are none to read.

    ``offered`` are those that people made, and those of a machine that a site puts among them, such as "fr-x-autogen",
    which are left out; "auto" as a language takes the only one there is.
    """
    readable = {
        tongue: best
        for tongue, forms in offered.items()
        if (best := next((f for ext in _READABLE for f in forms if f.get("ext") == ext), None))
        and "auto" not in f"{tongue} {best.get('name')}".lower()
    }
    if language == "auto":
        return next(iter(readable.values())) if len(readable) == 1 else None
    same = sorted((t for t in readable if re.split(r"[-_]", t.lower())[0] == language.lower()), key=len)
    return readable[same[0]] if same else None


def fetch_captions(ydl: YoutubeDL, info: Info, language: str, folder: Path) -> Info:
    """Fetch the captions of a recording; return where they lie, or that this failed, and nothing where there are none."""
    best = choose(info.get("subtitles") or {}, language)
    if not best:
        return {}
    file = folder / f"captions.{best['ext']}"
    try:
        file.unlink(missing_ok=True)
        if "data" in best:
            file.write_text(best["data"], "utf-8")
        else:
            ydl.dl(str(file), {"http_headers": info.get("http_headers"), **best}, subtitle=True)
    except Exception:  # noqa: BLE001 - the sound is there: it can be transcribed
        return {"captions_failed": True}
    return {"captions": str(file)} if file.exists() else {"captions_failed": True}
