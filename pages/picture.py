"""A picture for each masterclass: fine interlaced lines, as on the share certificates that the talks are about. Pure.

Each theme has its own figure; the slug decides its proportions, so that the same talk always has the same picture.
"""

from __future__ import annotations

import hashlib
import math
import urllib.parse
from collections.abc import Callable, Iterator

from transcripts.model import THEMES

WIDTH, HEIGHT = 320, 180

# Ink and paper of each theme, in light and in dark; pages/static/hub.css has the inks for text.
_INKS = (
    ("#0c5c52", "#dcebe5", "#7fd1bf", "#173330"),
    ("#8a4a07", "#f3e6d3", "#ebb768", "#382a17"),
    ("#2f4f9e", "#e1e7f5", "#a9bdf7", "#1e2945"),
    ("#8b2f55", "#f4e1e9", "#f0a3bf", "#3a2230"),
)
_OTHER = ("#4b5b61", "#e5eae8", "#adbabb", "#26323a")

# Draws numbers from 0 to 1 (excluded), always the same for a slug.
Draw = Callable[[], float]


def picture(slug: str, theme: str) -> str:
    """Return an SVG of `WIDTH` by `HEIGHT`. A theme of the deployment's own takes a figure by its name."""
    known = list(THEMES)
    place = known.index(theme) if theme in known else hashlib.sha256(theme.encode()).digest()[0] % len(_FIGURES)
    ink, paper, dark_ink, dark_paper = _INKS[place] if theme in known else _OTHER
    lines = "".join(_FIGURES[place](_numbers(slug)))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"><style>'
        f"rect{{fill:{paper}}}g{{fill:none;stroke:{ink};stroke-width:.8}}"
        f"@media(prefers-color-scheme:dark){{rect{{fill:{dark_paper}}}g{{stroke:{dark_ink}}}}}"
        f'</style><rect width="{WIDTH}" height="{HEIGHT}"/><g>{lines}</g></svg>'
    )


def as_address(svg: str) -> str:
    """Return an SVG as the address of an image; there it follows the colour scheme of the page around it."""
    return f"data:image/svg+xml,{urllib.parse.quote(svg)}"


def _numbers(slug: str) -> Draw:
    digest = hashlib.shake_256(slug.encode()).digest(64)
    numbers = iter(byte / 256 for byte in digest)
    return lambda: next(numbers)


def _vehicles(draw: Draw) -> Iterator[str]:
    """Rings that hold each other, as parts of one whole."""
    count, size, reach = 18 + int(draw() * 14), 26 + draw() * 16, 34 + draw() * 18
    for x in (WIDTH * 0.28, WIDTH * 0.72) if draw() < 0.5 else (WIDTH * 0.18, WIDTH * 0.5, WIDTH * 0.82):
        for i in range(count):
            angle = 2 * math.pi * i / count
            cx, cy = x + reach * math.cos(angle), HEIGHT / 2 + reach * math.sin(angle)
            yield f'<circle cx="{cx:.1f}" cy="{cy:.1f}" r="{size:.1f}"/>'


def _funders(draw: Draw) -> Iterator[str]:
    """Flowers of unlike sizes that overlap: several givers, one project."""
    count = 12 + int(draw() * 8)
    for x in (0.2, 0.5, 0.8):
        length, thin = 44 + draw() * 50, 0.22 + draw() * 0.3
        yield from _flower(
            WIDTH * (x + (draw() - 0.5) * 0.1), HEIGHT * (0.4 + draw() * 0.2), length, length * thin, count
        )


def _paths(draw: Draw) -> Iterator[str]:
    """Waves that part and meet again from one side to the other."""
    waves, lines = 1 + int(draw() * 3), 22 + int(draw() * 10)
    steps = 2 * (waves + 1)
    wide, high, lean = WIDTH / steps, 34 + draw() * 26, (draw() - 0.5) * 50
    for i in range(lines):
        share = i / (lines - 1)
        middle, swing = HEIGHT / 2 + lean * (share - 0.5), high * math.cos(math.pi * share) * 2
        curve = f"M0 {middle:.1f}"
        for step in range(steps):
            top = middle + (swing if step % 2 else -swing)
            curve += f"q{wide / 2:.1f} {top - middle:.1f} {wide:.1f} 0"
        yield f'<path d="{curve}"/>'


def _money(draw: Draw) -> Iterator[str]:
    """One great rosette, as on a note or a coin."""
    outer, inner = 30 + int(draw() * 16), 14 + int(draw() * 8)
    x = WIDTH * (0.35 + draw() * 0.3)
    yield from _flower(x, HEIGHT / 2, 118 + draw() * 30, 40 + draw() * 24, outer)
    yield from _flower(x, HEIGHT / 2, 48 + draw() * 14, 14 + draw() * 12, inner)


def _flower(x: float, y: float, length: float, width: float, count: int) -> Iterator[str]:
    for i in range(count):
        turn = f"rotate({180 * i / count:.1f} {x:.1f} {y:.1f})"
        yield f'<ellipse cx="{x:.1f}" cy="{y:.1f}" rx="{length:.1f}" ry="{width:.1f}" transform="{turn}"/>'


_FIGURES = (_vehicles, _funders, _paths, _money)
