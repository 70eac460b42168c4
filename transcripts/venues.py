"""The places that relay the association, as staff write them in ``lieux.toml``, and where they stand on a map. Pure."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from transcripts.agenda import Link
from transcripts.france import on_map
from transcripts.regions import REGIONS
from transcripts.staff_files import Written

Text = Annotated[str, Field(min_length=1, max_length=300)]


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


def placed(venue: Venue) -> tuple[float, float] | None:
    """Return where a place stands on the map of France, None where it is not on it."""
    if venue.longitude is None or venue.latitude is None:
        return None
    return on_map(venue.longitude, venue.latitude)
