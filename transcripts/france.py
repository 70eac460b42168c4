"""Where a longitude and a latitude stand on the map of France, ``pages/static/france.svg``. Pure.

The map is 100 wide and `HEIGHT` high, from its upper left corner. The regions overseas stand in a row below the mainland and
Corsica, each at a scale of its own. `tests/draw_france.py` draws it with these very sheets.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

HEIGHT = 108.5


@dataclass(frozen=True, slots=True)
class Sheet:
    """A part of the map: a conformal cone that touches the globe at a middle (degrees), which stands at ``x`` and ``y``.

    It reaches so many degrees of ``longitude`` and ``latitude`` to each side, and a degree of latitude is ``scale`` long there.
    """

    longitude: float
    latitude: float
    reach: tuple[float, float]
    x: float
    y: float
    scale: float

    def holds(self, longitude: float, latitude: float) -> bool:
        """Say whether a point (degrees) lies on this sheet."""
        return abs(longitude - self.longitude) <= self.reach[0] and abs(latitude - self.latitude) <= self.reach[1]

    def at(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Return where a point (degrees) stands on the map."""
        middle = math.radians(self.latitude)
        bend = math.sin(middle)
        far = (_rise(middle) / _rise(math.radians(latitude))) ** bend / math.tan(middle)
        angle = bend * math.radians(longitude - self.longitude)
        east, north = far * math.sin(angle), 1 / math.tan(middle) - far * math.cos(angle)
        return self.x + self.scale * math.degrees(east), self.y - self.scale * math.degrees(north)


def _rise(latitude: float) -> float:
    return math.tan(math.pi / 4 + latitude / 2)


MAINLAND = Sheet(3.0, 46.4, (8.5, 5.2), 53.0, 45.2, 9.5)
OVERSEAS = {
    "Guadeloupe": Sheet(-61.4, 16.2, (0.7, 0.5), 10, 100.8, 16),
    "Martinique": Sheet(-61.02, 14.65, (0.4, 0.4), 30, 100.8, 23),
    "Guyane": Sheet(-53.1, 3.95, (1.9, 2.1), 50, 100.8, 3.5),
    "La Réunion": Sheet(55.53, -21.12, (0.5, 0.5), 70, 100.8, 22),
    "Mayotte": Sheet(45.16, -12.82, (0.4, 0.4), 90, 100.8, 34),
}


def on_map(longitude: float, latitude: float) -> tuple[float, float] | None:
    """Return where a point (degrees) stands on the map, None where it is not on it."""
    found = (sheet for sheet in (MAINLAND, *OVERSEAS.values()) if sheet.holds(longitude, latitude))
    return next((sheet.at(longitude, latitude) for sheet in found), None)
