"""Draw ``pages/static/fonts/narrow-space.woff``, a typeface of one sign: ``python -m tests.draw_space``.

Literata has no narrow no-break space (U+202F). A browser then takes half of its space, a tenth of an em, and 50 000 reads as 50000:
this one is a sixth of an em, as French typesetting has it.
"""

from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.ttLib.tables._g_l_y_f import Glyph

OUTPUT = Path(__file__).parents[1] / "pages/static/fonts/narrow-space.woff"
EM = 1000


def main() -> None:
    """Write it."""
    font = FontBuilder(EM, isTTF=True)
    names = [".notdef", "uni202F"]
    font.setupGlyphOrder(names)
    font.setupCharacterMap({0x202F: "uni202F"})
    font.setupGlyf({name: Glyph() for name in names})
    font.setupHorizontalMetrics(dict.fromkeys(names, (EM // 6, 0)))
    font.setupHorizontalHeader(ascent=800, descent=-200)
    font.setupOS2()
    font.setupPost()
    font.setupNameTable({"familyName": "Narrow space", "styleName": "Regular"})
    font.font.flavor = "woff"
    font.save(OUTPUT)


if __name__ == "__main__":
    main()
