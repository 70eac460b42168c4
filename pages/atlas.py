"""The map of the places, as HTML: points that are links, named where there is room. Pure."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence

from transcripts.france import HEIGHT, OVERSEAS
from transcripts.regions import written
from transcripts.venues import Venue, placed

Box = tuple[float, float, float, float]
Spot = tuple[float, float]

# On a phone, in hundredths of the map's width: half a point, where a name begins, a letter, half a line.
_POINT, _GAP, _LETTER, _LINE = 2.4, 3.2, 2.0, 2.8


def atlas(venues: Sequence[Venue], region: str | None) -> str:
    """Return the map with the places that have coordinates, a region of it marked; each point leads to ``#lieu-<id>``."""
    on = [(venue, spot) for venue in venues if (spot := placed(venue))]
    sides = names([(spot, venue.city) for venue, spot in on])
    points = "".join(_point(venue, spot, side) for (venue, spot), side in zip(on, sides, strict=True))
    mark = f"#{written(region)}" if region else ""
    overseas = "".join(f"<span>{name}</span>" for name in OVERSEAS)
    return (
        f"<nav class='hub-map' aria-label='Carte des lieux'><img src='/app/static/france.svg{mark}' alt='' width='1000' "
        f"height='{10 * HEIGHT:.0f}'><ul>{points}</ul><p aria-hidden='true'>{overseas}</p></nav>"
        "<p class='hub-byline hub-source'>Fond de carte\u00a0: Natural Earth, domaine public.</p>"
    )


def names(points: Sequence[tuple[Spot, str]]) -> list[str]:
    """Return on which side of each point its name is written: ``east``, ``west``, or ``none`` where both are taken."""
    taken: list[Box] = [(x - _POINT, y - _POINT, x + _POINT, y + _POINT) for (x, y), _ in points]
    found = []
    for (x, y), name in points:
        long = _GAP + _LETTER * len(name)
        sides = {
            "east": (x + _GAP, y - _LINE, x + long, y + _LINE),
            "west": (x - long, y - _LINE, x - _GAP, y + _LINE),
        }
        side = next((side for side, box in sides.items() if _free(box, taken)), "none")
        taken += [sides[side]] if side in sides else []
        found.append(side)
    return found


def _free(box: Box, taken: Iterable[Box]) -> bool:
    west, north, east, south = box
    inside = west >= 0 and east <= 100
    return inside and all(east <= w or e <= west or south <= n or s <= north for w, n, e, s in taken)


def _point(venue: Venue, spot: Spot, side: str) -> str:
    x, y = spot
    return (
        f"<li class='hub-{side}' style='left:{x:.2f}%;top:{100 * y / HEIGHT:.2f}%'><a href='#lieu-{venue.id}' "
        f"title='{html.escape(venue.name)}'><span>{html.escape(venue.city)}</span></a></li>"
    )
