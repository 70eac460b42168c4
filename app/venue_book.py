"""The places that relay the association, as staff change them in the browser; ``lieux.toml`` keeps what they wrote by hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import tomlkit
from filelock import FileLock
from pydantic import ValidationError
from slugify import slugify

from transcripts.errors import BadInput, writing
from transcripts.files import replace_text
from transcripts.reasons import reason
from transcripts.staff_files import read_staff_file
from transcripts.venues import Venue, Venues

# What the form calls the fields of a place.
LABELS = {
    "name": "Nom",
    "city": "Ville",
    "region": "Région",
    "address": "Adresse",
    "about": "Ce qui s’y passe",
    "link": "Site",
    "latitude": "Latitude",
    "longitude": "Longitude",
}


class VenueBook:
    """The file of a home. Errors: `BadInput`, `BadStaffFile` for a file that a person has to mend first, `NotWritable`."""

    def __init__(self, home: Path) -> None:
        self._home, self._path = home, home / "lieux.toml"

    def keep(self, number: str | None, written: Mapping[str, str]) -> Venue:
        """Write a place down, a new one where ``number`` is None, and return it; ``written`` is what stands in each field.

        An empty field is left out; degrees may have a decimal comma.
        """
        with self._changing() as (document, there):
            if number is not None and number not in there:
                raise BadInput("Ce lieu n’est plus sur la liste : rien n’a changé ; rechargez la page.")
            venue = checked(number or _free(written.get("city", ""), there), written)
            fields = venue.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
            places = document.setdefault("place", tomlkit.aot())
            if number is None:
                entry = tomlkit.table()
                places.append(entry)
            else:
                entry = places[there.index(number)]
                for name in [name for name in entry if name not in fields]:
                    del entry[name]
            entry.update(fields)
        return venue

    def remove(self, number: str) -> None:
        """Take a place off the list; what the agenda says of it stays."""
        with self._changing() as (document, there):
            if number not in there:
                raise BadInput("Ce lieu n’est plus sur la liste : rien n’a changé.")
            del document["place"][there.index(number)]

    @contextmanager
    def _changing(self) -> Iterator[tuple[tomlkit.TOMLDocument, list[str]]]:
        """Lend the file to be changed, with the names of its places; it is written where nothing was refused."""
        with writing(self._home), FileLock(self._path.with_suffix(".lock")):
            known = read_staff_file(self._path, Venues).place if self._path.exists() else ()
            document = tomlkit.parse(self._path.read_text("utf-8-sig") if self._path.exists() else "")
            yield document, [venue.id for venue in known]
            replace_text(self._path, tomlkit.dumps(document))


def checked(number: str, written: Mapping[str, str]) -> Venue:
    """Return the place that the fields of its form describe. Raises `BadInput`."""
    values = {name: " ".join(text.split()) for name, text in written.items() if text.strip()}
    for name in ("latitude", "longitude"):
        if name in values:
            values[name] = values[name].replace(",", ".")
    if ("latitude" in values) != ("longitude" in values):
        raise BadInput("Un point sur la carte a une latitude et une longitude : rien n’a changé ; donnez les deux.")
    try:
        return Venue.model_validate({"id": number, **values})
    except ValidationError as error:
        said = reason(error, LABELS)
        raise BadInput(f"Le lieu n’est pas enregistré : {said} ; corrigez, et rien d’autre n’a changé.") from error


def _free(city: str, there: list[str]) -> str:
    begin = slugify(city, max_length=50) or "lieu"
    return next(name for name in (begin, *(f"{begin}-{n}" for n in range(2, len(there) + 3))) if name not in there)
