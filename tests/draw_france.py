"""Draw ``pages/static/france.svg``, the map of France's regions: ``python -m tests.draw_france world_map.gpkg``.

``world_map.gpkg`` is Natural Earth (1:10m, version 4.1.0, public domain, naturalearthdata.com), simplified by the QGIS project for its
package: ``apt-get download qgis-common && dpkg-deb -x qgis-common*.deb .`` on Debian 12 leaves it in ``usr/share/qgis/resources/data``.
Its departments share their borders to the letter, so that a region is what is left when edges that occur twice are gone.
"""

import re
import sqlite3
import struct
import sys
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from transcripts.france import HEIGHT, on_map
from transcripts.regions import REGIONS, written

Point = tuple[float, float]
Ring = list[Point]

OUTPUT = Path(__file__).parents[1] / "pages/static/france.svg"
FINE = 10  # steps to a unit of the map: half a pixel where it is widest

# The departments by number, as the file names them (two of them wrongly).
DEPARTMENTS = dict(
    re.findall(
        r"(\w+) ([^,\n]+)",
        """
01 Ain, 02 Aisne, 03 Allier, 04 Alpes-de-Haute-Provence, 05 Hautes-Alpes, 06 Alpes-Maritimes, 07 Ardèche,
08 Ardennes, 09 Ariège, 10 Aube, 11 Aude, 12 Aveyron, 13 Bouches-du-Rhône, 14 Calvados, 15 Cantal, 16 Charente,
17 Charente-Maritime, 18 Cher, 19 Corrèze, 2a Corse-du-Sud, 2b Haute-Corse, 21 Côte-d'Or, 22 Côtes-d'Armor,
23 Creuse, 24 Dordogne, 25 Doubs, 26 Drôme, 27 Eure, 28 Eure-et-Loir, 29 Finistère, 30 Gard, 31 Haute-Garonne,
32 Gers, 33 Gironde, 34 Hérault, 35 Ille-et-Vilaine, 36 Indre, 37 Indre-et-Loire, 38 Isère, 39 Jura, 40 Landes,
41 Loir-et-Cher, 42 Loire, 43 Haute-Loire, 44 Loire-Atlantique, 45 Loiret, 46 Lot, 47 Lot-et-Garonne, 48 Lozère,
49 Maine-et-Loire, 50 Manche, 51 Marne, 52 Haute-Marne, 53 Mayenne, 54 Meurthe-et-Moselle, 55 Meuse, 56 Morbihan,
57 Moselle, 58 Nièvre, 59 Nord, 60 Oise, 61 Orne, 62 Pas-de-Calais, 63 Puy-de-Dôme, 64 Pyrénées-Atlantiques,
65 Hautes-Pyrénées, 66 Pyrénées-Orientales, 67 Bas-Rhin, 68 Haute-Rhin, 69 Rhône, 70 Haute-Saône, 71 Saône-et-Loire,
72 Sarthe, 73 Savoie, 74 Haute-Savoie, 75 Paris, 76 Seine-Maritime, 77 Seien-et-Marne, 78 Yvelines, 79 Deux-Sèvres,
80 Somme, 81 Tarn, 82 Tarn-et-Garonne, 83 Var, 84 Vaucluse, 85 Vendée, 86 Vienne, 87 Haute-Vienne, 88 Vosges,
89 Yonne, 90 Territoire de Belfort, 91 Essonne, 92 Hauts-de-Seine, 93 Seine-Saint-Denis, 94 Val-de-Marne,
95 Val-d'Oise, 971 Guadeloupe, 972 Martinique, 973 Guyane française, 974 La Réunion, 976 Mayotte
""",
    )
)


def rings(blob: bytes) -> Iterator[Ring]:
    """Yield the rings of a GeoPackage multipolygon (little-endian WKB after a header), each closed by its first point."""
    place = 8 + (0, 32, 48, 48, 64)[blob[3] >> 1 & 7]

    def number() -> int:
        nonlocal place
        (found,) = struct.unpack_from("<I", blob, place)
        place += 4
        return found

    place += 5  # byte order, "multipolygon"
    for _ in range(number()):
        place += 5  # byte order, "polygon"
        for _ in range(number()):
            values = struct.unpack_from(f"<{2 * number()}d", blob, place)
            place += 8 * len(values)
            yield list(zip(values[::2], values[1::2], strict=True))


def joined(parts: list[Ring]) -> Iterator[Ring]:
    """Yield the rings around several areas that lie side by side: their edges, less those that two of them share."""
    edges = {edge for ring in parts for edge in pairwise(ring)}
    onward = defaultdict(list)
    for start, end in sorted(edge for edge in edges if edge[::-1] not in edges):
        onward[start].append(end)
    while onward:
        ring = [next(iter(onward))]
        while ring[-1] in onward:
            ends = onward[ring[-1]]
            ring.append(ends.pop())
            if not ends:
                del onward[ring[-2]]
        yield ring


def drawn(ring: Ring) -> str:
    """Return a ring as a path in steps, empty where nothing of it is left at this scale."""
    steps = [tuple(round(FINE * value) for value in point) for point in map(lambda p: on_map(*p), ring) if point]
    path, before = "", steps[0]
    for x, y in steps[1:]:
        if (x, y) != before:
            path += f" {x - before[0]} {y - before[1]}"
            before = x, y
    return f"M{steps[0][0]} {steps[0][1]}l{path[1:]}z".replace(" -", "-") if path.count(" ") > 4 else ""


def main(source: Path) -> None:
    """Write the map."""
    with sqlite3.connect(source) as base:
        areas = {
            name: list(rings(blob))
            for name, blob in base.execute("SELECT name, geom FROM states_provinces WHERE adm0_a3 = 'FRA'")
        }
    paths = []
    for region, numbers in REGIONS.items():
        parts = [ring for number in numbers if number in DEPARTMENTS for ring in areas.pop(DEPARTMENTS[number])]
        paths.append(f'<path id="{written(region)}" d="{"".join(map(drawn, joined(parts)))}"/>')
    if areas:
        raise SystemExit(f"in no region: {', '.join(areas)}")
    OUTPUT.write_text(
        "<!-- The regions of France. Made with Natural Earth (public domain), by tests/draw_france.py. -->\n"
        f'<svg xmlns="http://www.w3.org/2000/svg" width="1000" height="{FINE * HEIGHT:.0f}" viewBox="0 0 1000 {FINE * HEIGHT:.0f}">\n'
        "<style>path{fill:#d3e6df;stroke:#f6f8f5;stroke-width:3;stroke-linejoin:round}path:target{fill:#8fc3b5}"
        "@media(prefers-color-scheme:dark){path{fill:#24433f;stroke:#12191d}path:target{fill:#3c776d}}</style>\n"
        + "\n".join(paths)
        + "\n</svg>\n",
        "utf-8",
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
