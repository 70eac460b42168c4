"""The second that an address names, and which masterclass an unknown address may have meant. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import TypeVar

from rapidfuzz import fuzz, process, utils

from transcripts.model import clock
from transcripts.resources import About

_Shown = TypeVar("_Shown", bound=About)
_CLOCK = re.compile(r"(?:(\d+):)?(\d{1,3}):(\d{1,2}(?:\.\d+)?)")
_NEAREST = 3


def moment(asked: str, duration: float) -> tuple[float | None, str]:
    """Return the second to start at, None for the beginning, and a sentence when it is not the one asked for.

    Seconds (``754.5``) and clock times (``12:34``, ``1:02:03``) are understood; ``duration`` is in seconds.
    """
    if not asked:
        return None, ""
    parts = _CLOCK.fullmatch(asked.strip())
    try:
        second = int(parts[1] or 0) * 3600 + int(parts[2]) * 60 + float(parts[3]) if parts else float(asked)
    except ValueError:
        second = math.nan
    if 0 <= second < duration:
        return second, ""
    if duration <= second < math.inf:
        return None, f"Le lien demande {clock(second)}, après la fin ({clock(duration)})\u00a0: voici le début."
    return None, "Le moment que demande le lien n’existe pas\u00a0: voici le début."


def nearest(asked: str, published: Iterable[_Shown]) -> list[_Shown]:
    """Return the masterclasses, or the studies, whose slug or title looks most like what was asked for, best first."""
    known = {details.slug: details for details in published}
    names = {slug: f"{slug[11:].replace('-', ' ')} {details.title}" for slug, details in known.items()}
    wanted = re.sub(r"^\d{4}-\d{2}-\d{2}", "", asked[:200]).replace("-", " ")
    best = process.extract(wanted, names, scorer=fuzz.token_set_ratio, processor=utils.default_process, limit=_NEAREST)
    return [known[slug] for _, score, slug in best if score >= 50]
