"""The places that relay the association, as staff write them in ``lieux.toml``, and where they stand on a map. Pure."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from transcripts.agenda import Link
from transcripts.regions import REGIONS
from transcripts.staff_files import Written

Text = Annotated[str, Field(min_length=1, max_length=300)]

# A coarse outline of metropolitan France, drawn for the hub from towns and capes along it: longitude, latitude.
MAINLAND = (
    (2.5, 51.1), (1.6, 50.9), (1.5, 50.2), (0.2, 49.7), (-1.1, 49.4), (-1.3, 49.7), (-1.9, 49.7), (-1.6, 48.7), (-3.0, 48.8),
    (-4.7, 48.5), (-4.4, 47.9), (-2.9, 47.5), (-2.1, 47.2), (-1.8, 46.5), (-1.2, 46.0), (-1.2, 44.7), (-1.7, 43.4), (-0.3, 42.8),
    (0.7, 42.7), (1.8, 42.4), (3.1, 42.4), (3.0, 43.1), (4.0, 43.6), (5.0, 43.3), (6.2, 43.0), (7.5, 43.8), (6.9, 44.4),
    (6.9, 45.8), (6.1, 46.3), (7.0, 47.5), (7.6, 47.6), (8.2, 48.9), (6.4, 49.5), (5.8, 49.5), (4.9, 50.1), (4.1, 50.0), (3.6, 50.5),
)  # fmt: skip
CORSICA = ((9.4, 43.0), (9.5, 42.2), (9.2, 41.4), (8.6, 41.9), (8.6, 42.4), (9.3, 42.7))
_WEST, _EAST, _SOUTH, _NORTH = -5.3, 10.1, 41.1, 51.4
# At the middle of France a degree of longitude is as long as so many of latitude.
_NARROW = 0.69
HEIGHT = 100 * (_NORTH - _SOUTH) / ((_EAST - _WEST) * _NARROW)


def _known(region: str) -> str:
    if region not in REGIONS:
        raise ValueError(f"« {region} » n’est pas une région")
    return region


class Venue(Written):
    """A place. ``latitude`` and ``longitude`` (degrees) put it on the map; without them it is in the list only."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,60}$")]
    name: Text
    city: Text
    region: Annotated[str, AfterValidator(_known)]
    about: str = Field("", max_length=1000)
    address: str = Field("", max_length=300)
    link: Link | None = None
    latitude: float | None = Field(None, ge=-90, le=90)
    longitude: float | None = Field(None, ge=-180, le=180)


class Venues(Written):
    """What ``lieux.toml`` says."""

    demonstration: bool = False
    place: tuple[Venue, ...] = ()

    @model_validator(mode="after")
    def _each_once(self) -> Venues:
        names = [venue.id for venue in self.place]
        if len(set(names)) != len(names):
            raise ValueError("deux lieux ont le même « id »")
        return self


def on_map(longitude: float, latitude: float) -> tuple[float, float]:
    """Return where a point stands on the map, from its upper left corner: 0 to 100 across, 0 to `HEIGHT` down."""
    return 100 * (longitude - _WEST) / (_EAST - _WEST), HEIGHT * (_NORTH - latitude) / (_NORTH - _SOUTH)


def placed(venue: Venue) -> tuple[float, float] | None:
    """Return where a place stands on the map, None where it is not on it."""
    if venue.longitude is None or venue.latitude is None:
        return None
    inside = _WEST <= venue.longitude <= _EAST and _SOUTH <= venue.latitude <= _NORTH
    return on_map(venue.longitude, venue.latitude) if inside else None
