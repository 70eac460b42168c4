"""The regions of France, and in which of them an address lies. Pure."""

from __future__ import annotations

import re

from slugify import slugify

# Region to the numbers of its departments; those overseas have three figures.
REGIONS: dict[str, tuple[str, ...]] = {
    "Auvergne-Rhône-Alpes": ("01", "03", "07", "15", "26", "38", "42", "43", "63", "69", "73", "74"),
    "Bourgogne-Franche-Comté": ("21", "25", "39", "58", "70", "71", "89", "90"),
    "Bretagne": ("22", "29", "35", "56"),
    "Centre-Val de Loire": ("18", "28", "36", "37", "41", "45"),
    "Corse": ("20", "2a", "2b"),
    "Grand Est": ("08", "10", "51", "52", "54", "55", "57", "67", "68", "88"),
    "Hauts-de-France": ("02", "59", "60", "62", "80"),
    "Île-de-France": ("75", "77", "78", "91", "92", "93", "94", "95"),
    "Normandie": ("14", "27", "50", "61", "76"),
    "Nouvelle-Aquitaine": ("16", "17", "19", "23", "24", "33", "40", "47", "64", "79", "86", "87"),
    "Occitanie": ("09", "11", "12", "30", "31", "32", "34", "46", "48", "65", "66", "81", "82"),
    "Pays de la Loire": ("44", "49", "53", "72", "85"),
    "Provence-Alpes-Côte d’Azur": ("04", "05", "06", "13", "83", "84"),
    "Outre-mer": ("971", "972", "973", "974", "976"),
}


def written(region: str) -> str:
    """Return a region's name as addresses and files write it: ``ile-de-france``."""
    return slugify(region.replace("’", "'"))


_BY_NUMBER = {number: region for region, numbers in REGIONS.items() for number in numbers}
_BY_NAME = {written(region): region for region in REGIONS} | {
    "paca": "Provence-Alpes-Côte d’Azur",
    "idf": "Île-de-France",
    **dict.fromkeys(("guadeloupe", "martinique", "guyane", "la-reunion", "mayotte"), "Outre-mer"),
}


def region_of(place: str) -> str | None:
    """Return the region of a name (« bretagne »), a department's number (« 35 », « 2A ») or a postcode; None if unknown."""
    text = place.strip().lower()
    number = re.fullmatch(r"(97\d)\d{2}|(2[ab]|\d{2})\d{3}|(97\d|2[ab]|\d{1,2})", text)
    if number:
        found = next(group for group in number.groups() if group)
        return _BY_NUMBER.get(found.zfill(2))
    return _BY_NAME.get(written(text))
