"""The regions of France, and in which of them an address lies. Pure."""

from __future__ import annotations

import re

from slugify import slugify

# Region to the numbers and names of its departments; those overseas have three figures.
REGIONS: dict[str, dict[str, str]] = {
    "Auvergne-Rhône-Alpes": {"01": "Ain", "03": "Allier", "07": "Ardèche", "15": "Cantal", "26": "Drôme", "38": "Isère", "42": "Loire", "43": "Haute-Loire", "63": "Puy-de-Dôme", "69": "Rhône", "73": "Savoie", "74": "Haute-Savoie"},
    "Bourgogne-Franche-Comté": {"21": "Côte-d’Or", "25": "Doubs", "39": "Jura", "58": "Nièvre", "70": "Haute-Saône", "71": "Saône-et-Loire", "89": "Yonne", "90": "Territoire de Belfort"},
    "Bretagne": {"22": "Côtes-d’Armor", "29": "Finistère", "35": "Ille-et-Vilaine", "56": "Morbihan"},
    "Centre-Val de Loire": {"18": "Cher", "28": "Eure-et-Loir", "36": "Indre", "37": "Indre-et-Loire", "41": "Loir-et-Cher", "45": "Loiret"},
    "Corse": {"20": "Corse", "2a": "Corse-du-Sud", "2b": "Haute-Corse"},
    "Grand Est": {"08": "Ardennes", "10": "Aube", "51": "Marne", "52": "Haute-Marne", "54": "Meurthe-et-Moselle", "55": "Meuse", "57": "Moselle", "67": "Bas-Rhin", "68": "Haut-Rhin", "88": "Vosges"},
    "Hauts-de-France": {"02": "Aisne", "59": "Nord", "60": "Oise", "62": "Pas-de-Calais", "80": "Somme"},
    "Île-de-France": {"75": "Paris", "77": "Seine-et-Marne", "78": "Yvelines", "91": "Essonne", "92": "Hauts-de-Seine", "93": "Seine-Saint-Denis", "94": "Val-de-Marne", "95": "Val-d’Oise"},
    "Normandie": {"14": "Calvados", "27": "Eure", "50": "Manche", "61": "Orne", "76": "Seine-Maritime"},
    "Nouvelle-Aquitaine": {"16": "Charente", "17": "Charente-Maritime", "19": "Corrèze", "23": "Creuse", "24": "Dordogne", "33": "Gironde", "40": "Landes", "47": "Lot-et-Garonne", "64": "Pyrénées-Atlantiques", "79": "Deux-Sèvres", "86": "Vienne", "87": "Haute-Vienne"},
    "Occitanie": {"09": "Ariège", "11": "Aude", "12": "Aveyron", "30": "Gard", "31": "Haute-Garonne", "32": "Gers", "34": "Hérault", "46": "Lot", "48": "Lozère", "65": "Hautes-Pyrénées", "66": "Pyrénées-Orientales", "81": "Tarn", "82": "Tarn-et-Garonne"},
    "Pays de la Loire": {"44": "Loire-Atlantique", "49": "Maine-et-Loire", "53": "Mayenne", "72": "Sarthe", "85": "Vendée"},
    "Provence-Alpes-Côte d’Azur": {"04": "Alpes-de-Haute-Provence", "05": "Hautes-Alpes", "06": "Alpes-Maritimes", "13": "Bouches-du-Rhône", "83": "Var", "84": "Vaucluse"},
    "Outre-mer": {"971": "Guadeloupe", "972": "Martinique", "973": "Guyane", "974": "La Réunion", "976": "Mayotte"},
}  # fmt: skip


def written(region: str) -> str:
    """Return a region's name as addresses and files write it: ``ile-de-france``."""
    return slugify(region.replace("’", "'"))


_BY_NUMBER = {number: region for region, departments in REGIONS.items() for number in departments}
_BY_NAME = {
    **{written(name): region for region, departments in REGIONS.items() for name in departments.values()},
    **{written(region): region for region in REGIONS},
    "paca": "Provence-Alpes-Côte d’Azur",
    "idf": "Île-de-France",
    "reunion": "Outre-mer",
}
_POSTCODE = re.compile(r"\b(?:(97\d) ?\d{2}|(2[ab]|\d{2}) ?\d{3})\b")
_PARTS = re.compile(r"[,;/()]|\s[-–—]\s")


def region_of(place: str) -> str | None:
    """Return the region of a place, None where it is not told, or not one.

    A place is a region (« bretagne »), a department (« Morbihan », « 35 », « 2A »), a postcode, or a town with one of these
    (« 35000 Rennes », « Rennes (35) », « Rennes, Bretagne »): a town alone may be in several.
    """
    text = place.strip().lower()
    codes = [match[1] or match[2] for match in _POSTCODE.finditer(text)]
    found = {_BY_NUMBER.get(code) for code in codes} or {
        region
        for part in (text, *_PARTS.split(text))
        if (region := _BY_NAME.get(written(part)) or _BY_NUMBER.get(part.strip().zfill(2)))
    }
    return found.pop() if len(found) == 1 else None
